#include "base/random.h"

#include <sys/random.h>
#include <time.h>

struct als_random als_random_from_system(void)
{
    struct als_random random = {0};
    if (getrandom(&random.state, sizeof random.state, GRND_NONBLOCK) != sizeof random.state)
        random.state = (uint64_t)time(NULL) ^ (uint64_t)(uintptr_t)&random;
    return random;
}

/* SplitMix64 (Steele, Lea, Flood 2014): jitter needs spread, not secrecy. */
uint64_t als_random_next(struct als_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t als_random_below(struct als_random *random, int64_t limit)
{
    if (limit < 1)
        return 0;
    return (int64_t)(als_random_next(random) % (uint64_t)limit);
}
