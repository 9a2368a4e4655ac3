#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_monotonic_ms(void *self)
{
    (void)self;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t system_wall_ms(void *self)
{
    (void)self;
    return read_clock(CLOCK_REALTIME);
}

struct als_clock als_clock_system(void)
{
    return (struct als_clock){system_monotonic_ms, system_wall_ms, NULL};
}

int64_t als_clock_monotonic_ms(const struct als_clock *clock)
{
    return clock->monotonic_ms(clock->self);
}

int64_t als_clock_wall_ms(const struct als_clock *clock)
{
    return clock->wall_ms(clock->self);
}
