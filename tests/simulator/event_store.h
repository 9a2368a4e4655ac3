#ifndef SIM_EVENT_STORE_H
#define SIM_EVENT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CloudWatch Logs' order: event time, then ingestion time, then order of arrival. */
struct sim_key {
    int64_t timestamp;
    int64_t ingestion_time;
    uint64_t sequence;
};

int sim_key_compare(const struct sim_key *a, const struct sim_key *b);

struct sim_record {
    struct sim_key key;
    int64_t visible_at;
    uint32_t stream;
    uint32_t message_length;
    char *message; /* owned by the store */
};

/*
 * Records in order, in chunks: appending costs nothing, a late one moves at most one chunk.
 * All zero is an empty store.
 */
struct sim_store {
    struct sim_chunk **chunks;
    size_t chunk_count;
    size_t chunk_capacity;
    uint64_t count;
};

struct sim_place {
    size_t chunk;
    size_t index;
};

void sim_store_put(struct sim_store *store, const struct sim_record *record);
/* The first record behind `after`. */
struct sim_place sim_store_seek(const struct sim_store *store, const struct sim_key *after);
/* NULL behind the last one. */
const struct sim_record *sim_store_at(const struct sim_store *store, struct sim_place place);
struct sim_place sim_store_next(const struct sim_store *store, struct sim_place place);
void sim_store_clear(struct sim_store *store);

#endif
