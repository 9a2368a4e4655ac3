/* What events are told apart by: keyed hashes, so that nobody can choose events that look alike. */
#ifndef ALS_PLAN_EVENT_ID_H
#define ALS_PLAN_EVENT_ID_H

#include <stdint.h>

#include "base/keyed_hash.h"

struct als_event_id { /* SipHash-2-4-128 under the cursor's key */
    unsigned char bytes[ALS_KEYED_HASH_SIZE];
};

/* The id of an event with an eventId and an ingestion time. */
void als_event_id_of(const struct als_keyed_hash *hash, struct als_text event_id,
                     struct als_event_id *id);
/* The id of one that lacks either: insert it with ingestion ALS_TIME_MAX. */
void als_event_id_of_content(const struct als_keyed_hash *hash, struct als_text stream,
                             int64_t timestamp, struct als_text message, struct als_event_id *id);

#endif
