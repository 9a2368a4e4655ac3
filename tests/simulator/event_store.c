#include "event_store.h"

#include "buffer.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 512 };

struct sim_chunk {
    size_t count;
    struct sim_record records[CHUNK];
};

int sim_key_compare(const struct sim_key *a, const struct sim_key *b)
{
    if (a->timestamp != b->timestamp)
        return a->timestamp < b->timestamp ? -1 : 1;
    if (a->ingestion_time != b->ingestion_time)
        return a->ingestion_time < b->ingestion_time ? -1 : 1;
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* How many chunks begin at or before the key. */
static size_t chunks_before(const struct sim_store *store, const struct sim_key *key)
{
    size_t low = 0;
    size_t high = store->chunk_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sim_key_compare(&store->chunks[middle]->records[0].key, key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many records of the chunk are at or before the key. */
static size_t records_before(const struct sim_chunk *chunk, const struct sim_key *key)
{
    size_t low = 0;
    size_t high = chunk->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sim_key_compare(&chunk->records[middle].key, key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct sim_chunk *insert_chunk(struct sim_store *store, size_t at)
{
    if (store->chunk_count == store->chunk_capacity) {
        store->chunk_capacity = store->chunk_capacity ? store->chunk_capacity * 2 : 16;
        store->chunks = sim_reallocate(store->chunks, store->chunk_capacity * sizeof(void *));
    }
    memmove(&store->chunks[at + 1], &store->chunks[at], (store->chunk_count - at) * sizeof(void *));
    store->chunk_count++;
    struct sim_chunk *chunk = sim_reallocate(NULL, sizeof *chunk);
    chunk->count = 0;
    return store->chunks[at] = chunk;
}

static void split_chunk(struct sim_store *store, size_t at)
{
    struct sim_chunk *left = store->chunks[at];
    struct sim_chunk *right = insert_chunk(store, at + 1);
    right->count = left->count - left->count / 2;
    left->count -= right->count;
    memcpy(right->records, &left->records[left->count], right->count * sizeof *right->records);
}

void sim_store_put(struct sim_store *store, const struct sim_record *record)
{
    if (store->chunk_count == 0)
        insert_chunk(store, 0);
    size_t at = chunks_before(store, &record->key);
    at -= at > 0;
    size_t index = records_before(store->chunks[at], &record->key);
    if (store->chunks[at]->count == CHUNK) {
        /* In order: leave the full chunk full. Late: make room on both sides. */
        if (index == CHUNK)
            insert_chunk(store, at + 1);
        else
            split_chunk(store, at);
        if (index == CHUNK || index > store->chunks[at]->count) {
            index -= store->chunks[at]->count;
            at++;
        }
    }
    struct sim_chunk *chunk = store->chunks[at];
    memmove(&chunk->records[index + 1], &chunk->records[index],
            (chunk->count - index) * sizeof *chunk->records);
    chunk->records[index] = *record;
    chunk->count++;
    store->count++;
}

struct sim_place sim_store_seek(const struct sim_store *store, const struct sim_key *after)
{
    size_t at = chunks_before(store, after);
    if (at == 0)
        return (struct sim_place){0, 0};
    struct sim_place place = {at - 1, records_before(store->chunks[at - 1], after)};
    if (place.index == store->chunks[place.chunk]->count)
        place = (struct sim_place){at, 0};
    return place;
}

const struct sim_record *sim_store_at(const struct sim_store *store, struct sim_place place)
{
    if (place.chunk >= store->chunk_count || place.index >= store->chunks[place.chunk]->count)
        return NULL;
    return &store->chunks[place.chunk]->records[place.index];
}

struct sim_place sim_store_next(const struct sim_store *store, struct sim_place place)
{
    if (++place.index >= store->chunks[place.chunk]->count)
        place = (struct sim_place){place.chunk + 1, 0};
    return place;
}

void sim_store_clear(struct sim_store *store)
{
    for (size_t i = 0; i < store->chunk_count; i++) {
        for (size_t j = 0; j < store->chunks[i]->count; j++)
            free(store->chunks[i]->records[j].message);
        free(store->chunks[i]);
    }
    free(store->chunks);
    *store = (struct sim_store){0};
}
