/* Who did it: one user name for every kind of identity that CloudTrail knows. */
#ifndef ALS_NORMALIZE_ACTOR_H
#define ALS_NORMALIZE_ACTOR_H

#include "normalize/record.h"

/* From the fields of userIdentity. */
void als_actor_derive(awslogsrc_record *record);

#endif
