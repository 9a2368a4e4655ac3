/* The ids of delivered events that a later scan could return again and that coverage alone cannot
 * decide. Open addressing in shards that grow and shrink one by one, so that neither takes a second
 * copy of the table nor long. Pure but for the random key it is given. */
#ifndef ALS_PLAN_RECENT_IDS_H
#define ALS_PLAN_RECENT_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "plan/coverage.h"
#include "plan/event_id.h"
#include "plan/margin.h"

enum { ALS_RECENT_IDS_SHARDS = 64 };

struct als_id_slot;
struct als_id_batch;

struct als_id_shard {
    struct als_id_slot *slots;
    uint32_t capacity;
    uint32_t used;
};

struct als_recent_ids {
    struct als_id_shard shards[ALS_RECENT_IDS_SHARDS];
    struct als_id_batch *batches; /* the ids not acknowledged yet, by batch */
    size_t batch_count;
    size_t batch_capacity;
    size_t count;
    unsigned next_shard; /* where the next release goes on */
};

void als_recent_ids_init(struct als_recent_ids *ids);
void als_recent_ids_clear(struct als_recent_ids *ids);

bool als_recent_ids_contains(const struct als_recent_ids *ids, const struct als_event_id *id);

/* Adds an id that batch (not 0) is about to deliver; one that is there already stays as it is.
 * 0 or AWSLOGSRC_E_NO_MEMORY (nothing changed). */
int als_recent_ids_insert(struct als_recent_ids *ids, uint64_t batch, const struct als_event_id *id,
                          int64_t timestamp, int64_t ingestion);
/* Adds an acknowledged id out of a cursor. */
int als_recent_ids_restore(struct als_recent_ids *ids, const struct als_event_id *id,
                           int64_t timestamp, int64_t ingestion);

/* Batch was acknowledged: its ids belong to the cursor. An unknown batch is ignored. */
void als_recent_ids_acknowledge(struct als_recent_ids *ids, uint64_t batch);
/* Batch was refused or given up: its events are new again. */
void als_recent_ids_forget(struct als_recent_ids *ids, uint64_t batch);

/* Drops acknowledged ids for which coverage decides, in one shard a call (well under a
 * millisecond) or in all. Returns how many. */
size_t als_recent_ids_release(struct als_recent_ids *ids, const struct als_coverage *coverage,
                              const struct als_margin *margin);
size_t als_recent_ids_release_all(struct als_recent_ids *ids, const struct als_coverage *coverage,
                                  const struct als_margin *margin);

size_t als_recent_ids_count(const struct als_recent_ids *ids);
size_t als_recent_ids_memory(const struct als_recent_ids *ids); /* bytes allocated */

/* Where a read begun now would free most: the window of at most width ms of event time that holds
 * most acknowledged ids ingested at ingested_by or earlier, estimated from a sample. false: none.
 */
bool als_recent_ids_densest(const struct als_recent_ids *ids, int64_t ingested_by, int64_t width,
                            int64_t *start, int64_t *end);

/* Walks the ids a cursor holds: the acknowledged ones, and those of batch where that is not 0 (the
 * cursor as it will be once batch is acknowledged). Start with a zeroed iterator; change nothing
 * meanwhile. */
struct als_recent_ids_iterator {
    unsigned shard;
    size_t slot;
};
struct als_recent_id {
    struct als_event_id id;
    int64_t timestamp;
    int64_t ingestion; /* rounded up to seconds, or ALS_TIME_MAX */
};
bool als_recent_ids_next(const struct als_recent_ids *ids, uint64_t batch,
                         struct als_recent_ids_iterator *iterator, struct als_recent_id *out);

#endif
