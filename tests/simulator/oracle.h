#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include "group.h"

/* Says "every event exactly once, byte-identical" without an order. */
struct sim_oracle {
    uint64_t events;
    /*
     * Sum mod 2^64 of the first 8 bytes (big-endian) of SHA-256 over
     * region NUL log_stream NUL timestamp NUL ingestion_time NUL event_id NUL message
     */
    uint64_t hash;
};

void sim_oracle_add(struct sim_oracle *oracle, const struct sim_group *group, const char *region,
                    const struct sim_event *event);
/* Every event of the group that is visible at now_ms. */
struct sim_oracle sim_oracle_of(const struct sim_group *group, const char *region, int64_t now_ms);

#endif
