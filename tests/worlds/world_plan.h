/* What a world is like: everything follows from its seed. Times are milliseconds. */
#ifndef WORLD_PLAN_H
#define WORLD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORLD_REGIONS = 3 };

#define WORLD_SECOND INT64_C(1000)
#define WORLD_MINUTE (60 * WORLD_SECOND)
#define WORLD_HOUR   (60 * WORLD_MINUTE)
#define WORLD_DAY    (24 * WORLD_HOUR)
#define WORLD_AHEAD  (2 * WORLD_HOUR) /* CloudWatch Logs takes events dated that far ahead */

/* What a host does with a batch, in per cent; the rest is accepted at once. */
struct world_host {
    bool by_event;
    unsigned hold, later;
    unsigned nack, drop; /* of what is held */
    int64_t longest_hold_ms;
};

struct world_plan {
    uint64_t seed;
    size_t regions;
    int64_t begin, end;  /* server time; begin: the source starts */
    int64_t first_event; /* event time; events of before begin are history */
    int64_t start_time;  /* the option; 0: beginning */
    int64_t poll, horizon, margin;
    double rate;     /* events a second and region */
    bool huge_group; /* 25,000 events in one millisecond */
    size_t page_events;
    unsigned empty_pages, empty_every;
    size_t scan_events;
    bool end_time_exclusive;
    double quota;       /* calls a second that the service grants; 0: no limit */
    double fault_share; /* of the requests */
    bool faults_of_tokens;
    int64_t outage_from, outage_until; /* of the last region */
    int64_t wall_ahead_ms;
    bool clock_jumps;
    int64_t disturb_every; /* pauses, stops, crashes and clock jumps; 0: never */
    bool stored;           /* positions are: the source can crash */
    size_t max_inflight, max_recent_ids;
    unsigned parallelism;
    struct world_host host;
};

struct world_plan world_plan_of(uint64_t seed);
void world_plan_print(const struct world_plan *plan);

/* A whole number in [least, most], drawn from a state of sim_random_next(). */
int64_t world_draw(uint64_t *random, int64_t least, int64_t most);
bool world_chance(uint64_t *random, double share);

#endif
