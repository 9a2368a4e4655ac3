/* Timers ordered by due time: an intrusive pairing heap, so that arming one cannot fail. */
#ifndef ALS_NET_TIMERS_H
#define ALS_NET_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct als_timer {
    void (*fn)(void *user_data); /* runs once for each arming; may arm the timer again */
    void *user_data;
    int64_t due_ms; /* monotonic */
    uint64_t order; /* among timers due together, the one armed first runs first */
    bool armed;
    struct als_timer *child, *next, *previous; /* previous: the sibling before, or the parent */
};

struct als_timers {
    struct als_timer *root;
    uint64_t armings;
};

void als_timers_arm(struct als_timers *timers, struct als_timer *timer, int64_t due_ms);
void als_timers_disarm(struct als_timers *timers, struct als_timer *timer);
int64_t als_timers_next_due(const struct als_timers *timers); /* INT64_MAX where none is armed */

/* Runs at most limit timers that were due at now_ms when this was called, those armed meanwhile not
 * included; returns how many ran. */
int als_timers_run(struct als_timers *timers, int64_t now_ms, int limit);

#endif
