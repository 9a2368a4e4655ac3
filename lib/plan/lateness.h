/* Telemetry: how late events arrive and how late they are delivered. Pure. */
#ifndef ALS_PLAN_LATENESS_H
#define ALS_PLAN_LATENESS_H

#include "base/histogram.h"

enum { ALS_LATENESS_AGES = 8 };

struct als_lateness {
    struct als_histogram arrival;       /* ingestion - timestamp */
    struct als_histogram delivery;      /* delivered - ingestion */
    uint64_t by_age[ALS_LATENESS_AGES]; /* new events by the age at which they were found */
    uint64_t ahead;                     /* dated after they were delivered */
    uint64_t beyond_horizon;            /* ingested later than the horizon allows, seen by chance */
    int64_t longest_invisible;          /* the longest visibility delay proven */
};

struct als_lateness_event {
    int64_t timestamp;
    int64_t ingestion; /* ALS_TIME_MAX: unknown */
    int64_t began;     /* B(timestamp) when it was found */
    int64_t now;
};

/* A new event. ages: as als_planner_ages() gives them. */
void als_lateness_observe(struct als_lateness *lateness, const struct als_lateness_event *event,
                          const int64_t *ages, size_t age_count);

#endif
