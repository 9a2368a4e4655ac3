/* Two clocks behind a function table, so that tests run on virtual time. */
#ifndef ALS_BASE_CLOCK_H
#define ALS_BASE_CLOCK_H

#include <stdint.h>

struct als_clock {
    int64_t (*monotonic_ms)(void *self);
    int64_t (*wall_ms)(void *self); /* since 1970 UTC */
    void *self;
};

struct als_clock als_clock_system(void);
int64_t als_clock_monotonic_ms(const struct als_clock *clock);
int64_t als_clock_wall_ms(const struct als_clock *clock);

#endif
