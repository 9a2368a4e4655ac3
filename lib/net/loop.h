/* What everything above the network sees of the loop: clocks, timers, HTTP, chance and the log. The
 * reactor drives one in real time; tests drive one in virtual time. */
#ifndef ALS_NET_LOOP_H
#define ALS_NET_LOOP_H

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "net/http.h"
#include "net/timers.h"
#include "net/waker.h"

struct als_loop {
    struct als_clock clock;
    struct als_timers timers;
    struct als_http http;
    struct als_random random;
    struct als_log log;
    struct als_waker *waker;
    void (*timers_changed)(struct als_loop *loop); /* optional: an earlier timer was armed */
};

static inline int64_t als_loop_now_ms(const struct als_loop *loop)
{
    return als_clock_monotonic_ms(&loop->clock);
}

void als_loop_arm(struct als_loop *loop, struct als_timer *timer, int64_t due_ms);
void als_loop_disarm(struct als_loop *loop, struct als_timer *timer);

#endif
