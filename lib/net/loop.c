#include "net/loop.h"

#include <errno.h>

#include "awslogsrc/error.h"

void als_loop_arm(struct als_loop *loop, struct als_timer *timer, int64_t due_ms)
{
    int64_t next = als_timers_next_due(&loop->timers);
    als_timers_arm(&loop->timers, timer, due_ms);
    if (due_ms < next && loop->timers_changed != NULL)
        loop->timers_changed(loop);
}

void als_loop_disarm(struct als_loop *loop, struct als_timer *timer)
{
    als_timers_disarm(&loop->timers, timer);
}

int als_loop_watch(struct als_loop *loop, struct als_watch *watch)
{
    if (loop->watch != NULL)
        return loop->watch(loop, watch);
    errno = ENOSYS;
    return AWSLOGSRC_E_SYSTEM;
}

void als_loop_unwatch(struct als_loop *loop, struct als_watch *watch)
{
    if (loop->unwatch != NULL)
        loop->unwatch(loop, watch);
}
