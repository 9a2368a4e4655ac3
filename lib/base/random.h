/* Random numbers for jitter and hash keys; seeded from the kernel, or by a test. */
#ifndef ALS_BASE_RANDOM_H
#define ALS_BASE_RANDOM_H

#include <stdint.h>

struct als_random {
    uint64_t state;
};

struct als_random als_random_from_system(void);
uint64_t als_random_next(struct als_random *random);
int64_t als_random_below(struct als_random *random,
                         int64_t limit); /* 0 .. limit - 1; 0 where limit < 1 */

#endif
