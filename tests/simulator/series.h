#ifndef SIM_SERIES_H
#define SIM_SERIES_H

#include "event_store.h"
#include "generator.h"

/*
 * Generated events at a steady rate, synthesised from their index when asked for: a month of them
 * takes no memory. Without `count` it never ends, and what lies behind the clock does not exist
 * yet: a live log group without anyone writing to it.
 */
struct sim_series {
    struct sim_generator generator;
    int64_t start_ms;
    double per_second;
    uint64_t count;             /* 0: without end */
    uint32_t streams;           /* spread over so many; 0 means 1 */
    int64_t ingestion_delay_ms; /* at most; ingestion_time - timestamp */
    int64_t visible_delay_ms;   /* at most; visible_at - ingestion_time */
    double late_share;          /* of events that stay invisible up to late_ms instead */
    int64_t late_ms;
};

int64_t sim_series_timestamp(const struct sim_series *series, uint64_t index);
int64_t sim_series_ingestion_time(const struct sim_series *series, uint64_t index);
int64_t sim_series_visible_at(const struct sim_series *series, uint64_t index);
uint32_t sim_series_stream(const struct sim_series *series, uint64_t index);
/* The first index whose timestamp is not before `timestamp`; may be `count`. */
uint64_t sim_series_seek(const struct sim_series *series, int64_t timestamp);
/* False behind the last event that can exist at `now_ms`. */
bool sim_series_exists(const struct sim_series *series, uint64_t index, int64_t now_ms);

#endif
