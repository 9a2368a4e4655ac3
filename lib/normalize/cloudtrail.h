/* CloudTrail events: management, data, insight and network activity events, service events and
 * sign-ins, of all event versions. */
#ifndef ALS_NORMALIZE_CLOUDTRAIL_H
#define ALS_NORMALIZE_CLOUDTRAIL_H

#include "normalize/record.h"

/* What a text that looks like an object turned out to be. */
enum als_cloudtrail_answer {
    ALS_CLOUDTRAIL_EVENT,
    ALS_CLOUDTRAIL_RECORDS, /* {"Records": [...]}: ALS_FIELD_RECORDS has the array */
    ALS_CLOUDTRAIL_OTHER,   /* JSON, but no event; some fields may be set */
    ALS_CLOUDTRAIL_INVALID  /* no JSON, or nested too deeply */
};

/* Reads the object; any: whatever it is counts as an event. */
enum als_cloudtrail_answer als_cloudtrail_read(awslogsrc_record *record, struct als_text text,
                                               bool any);

#endif
