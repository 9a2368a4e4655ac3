/* Many sources on one context in virtual time, on log groups that are written at steady rates; and
 * what came of it: each event counted, each call measured. */
#ifndef FLEET_H
#define FLEET_H

#include "awslogsrc/awslogsrc.h"
#include "group.h"
#include "virtual_aws.h"

enum { FLEET_SERIES = 2, FLEET_LAG_STEP_MS = 50, FLEET_LAGS = 72000 };

/* A log group that a source reads. */
struct fleet_group {
    struct fleet *fleet;
    struct sim_group *group;
    const char *region, *name;
    struct sim_series series[FLEET_SERIES];
    unsigned char *seen[FLEET_SERIES]; /* whether each event was delivered */
    size_t series_count;
    uint64_t delivered, repeated, unknown;
    uint64_t polls; /* calls that read up to now, since fleet_measure() ... */
    int64_t first_poll, last_poll, longest_poll;
    uint64_t lag_count;
    int64_t lag_sum, lag_most; /* from visible to delivered */
};

struct fleet_traffic {
    const char *region;
    uint64_t calls, throttled; /* since fleet_measure() */
    int64_t *times;            /* of the last calls */
    size_t first, count, capacity;
    size_t most; /* in any ten seconds */
};

struct fleet {
    struct virtual_aws aws;
    int64_t begin_ms; /* server time */
    struct fleet_group **groups;
    size_t group_count;
    awslogsrc_source **sources;
    size_t source_count;
    struct fleet_traffic traffic[8];
    size_t traffic_count;
    struct als_timer look;
    uint64_t lags[FLEET_LAGS]; /* from visible to delivered, of events dated since ... */
    int64_t measured_since;
    uint64_t lag_count;
};

void fleet_init(struct fleet *fleet, uint64_t seed);
void fleet_clear(struct fleet *fleet);

struct fleet_group *fleet_add_group(struct fleet *fleet, const char *region, const char *name);
/* Its generator's names and seed are filled in. It must have an end (count). */
void fleet_put_series(struct fleet_group *group, const struct sim_series *series);

/* A source that reads the group called so in these regions. more: names and values of options,
 * NULL-terminated. */
awslogsrc_source *fleet_add_source(struct fleet *fleet, const char *regions, const char *group,
                                   const char *const *more);

void fleet_run(struct fleet *fleet, int64_t ms);

/* Forgets what was measured of calls and lags: the next figures begin here. */
void fleet_measure(struct fleet *fleet);

/* Events that are visible, and were not delivered. */
uint64_t fleet_missing(const struct fleet *fleet);
uint64_t fleet_delivered(const struct fleet *fleet);
uint64_t fleet_repeated(const struct fleet *fleet); /* or not known at all */

/* Of the time between two polls, on average over each group: the shortest and the longest. */
void fleet_intervals(const struct fleet *fleet, int64_t *shortest, int64_t *longest);
int64_t fleet_lag(const struct fleet *fleet, double share); /* quantile in ms */

#endif
