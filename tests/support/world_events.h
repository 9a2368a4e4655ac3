/* The events of a seeded world: late, early, simultaneous, and visible after a while. */
#ifndef WORLD_EVENTS_H
#define WORLD_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

enum { WORLD_MARGIN = 300000, WORLD_HORIZON = 3600000 };
#define WORLD_START INT64_C(1700000000000)

struct world_event {
    int64_t timestamp, ingestion, visible;
    bool anonymous; /* came without an ingestion time */
    bool delivered, acknowledged, may_repeat;
    bool pending; /* the state does not hold it as acknowledged */
    bool safe;    /* acknowledged when the last checkpoint was taken */
};

struct world_events {
    uint64_t seed;
    struct als_random *random;
    struct world_event *all; /* in the order in which the service returns them */
    size_t count;
};

void world_events_make(struct world_events *events, double hours, double events_per_second);

#endif
