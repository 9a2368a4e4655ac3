/* A store that survives the source: what was written before a crash, torn writes, late and failed
 * ones included, is what the next source finds. */
#ifndef CRASH_STORE_H
#define CRASH_STORE_H

#include "awslogsrc/store.h"
#include "buffer.h"
#include "virtual_aws.h"
#include "world_plan.h"

struct crash_slot {
    char *region;
    struct sim_buffer text;
    int64_t covers_ms; /* monotonic: when the last write that was stored was asked for */
    /* A write not answered yet. */
    struct crash_store *owner;
    struct als_timer timer;
    awslogsrc_store_write *write;
    const char *data;
    size_t size;
    int kind;
    int64_t asked_ms;
};

struct crash_store {
    struct virtual_aws *aws;
    awslogsrc_store *store;
    uint64_t random;
    bool crashed; /* nothing is stored any more */
    uint64_t writes;
    struct crash_slot slots[WORLD_REGIONS];
};

void crash_store_init(struct crash_store *store, struct virtual_aws *aws, uint64_t seed);
void crash_store_clear(struct crash_store *store);

/* Before the source is freed: its last writes come to nothing, perhaps. And: it goes on. */
void crash_store_crash(struct crash_store *store);
void crash_store_recover(struct crash_store *store);

/* What was acknowledged before this (monotonic) time is stored. */
int64_t crash_store_covers(const struct crash_store *store, const char *region);

#endif
