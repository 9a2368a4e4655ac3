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

/* A descriptor to be read. */
struct als_watch {
    int fd;
    void (*fn)(void *user_data); /* runs as long as there is something to read, or the end */
    void *user_data;
    struct als_watch *next, *previous;
};

struct als_child_process;

struct als_loop {
    struct als_clock clock;
    struct als_timers timers;
    struct als_http http;
    struct als_random random;
    struct als_log log;
    struct als_waker *waker;
    void (*timers_changed)(struct als_loop *loop); /* optional: an earlier timer was armed */
    int (*watch)(struct als_loop *loop, struct als_watch *watch); /* both NULL: no descriptors */
    void (*unwatch)(struct als_loop *loop, struct als_watch *watch);
    struct als_child_process *unburied; /* killed, and not gone yet */
};

static inline int64_t als_loop_now_ms(const struct als_loop *loop)
{
    return als_clock_monotonic_ms(&loop->clock);
}

void als_loop_arm(struct als_loop *loop, struct als_timer *timer, int64_t due_ms);
void als_loop_disarm(struct als_loop *loop, struct als_timer *timer);

/* 0, or AWSLOGSRC_E_SYSTEM with the cause in errno. Descriptors are closed after unwatching. */
int als_loop_watch(struct als_loop *loop, struct als_watch *watch);
void als_loop_unwatch(struct als_loop *loop, struct als_watch *watch);

#endif
