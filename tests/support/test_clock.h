/* A clock that goes on only when a test says so. For one test program, whose link wraps
 * clock_gettime. */
#ifndef TEST_CLOCK_H
#define TEST_CLOCK_H

#include <stdint.h>
#include <time.h>

static int64_t test_clock_us = 1000000;
static int64_t test_clock_step_us; /* taken by each look at it */

int __wrap_clock_gettime(clockid_t id, struct timespec *now);

int __wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    (void)id;
    test_clock_us += test_clock_step_us;
    now->tv_sec = (time_t)(test_clock_us / 1000000);
    now->tv_nsec = (long)(test_clock_us % 1000000) * 1000;
    return 0;
}

#endif
