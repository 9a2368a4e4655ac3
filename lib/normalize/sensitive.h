/* Operations that an analyst wants to see even where they are allowed. */
#ifndef ALS_NORMALIZE_SENSITIVE_H
#define ALS_NORMALIZE_SENSITIVE_H

#include "base/text.h"

/* service: the first label of eventSource. */
bool als_sensitive_is(struct als_text service, struct als_text operation);

#endif
