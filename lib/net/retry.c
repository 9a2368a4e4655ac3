#include "net/retry.h"

enum { LONGEST_WAIT_MS = 20000, LONGEST_HINT_MS = 60000, MOST_DOUBLINGS = 30 };

int64_t als_retry_wait_ms(struct als_retry *retry, struct als_random *random, int64_t base_ms,
                          int64_t hint_ms)
{
    int doublings = retry->failures < MOST_DOUBLINGS ? retry->failures : MOST_DOUBLINGS;
    int64_t ceiling = base_ms << doublings;
    retry->failures++;
    if (ceiling > LONGEST_WAIT_MS)
        ceiling = LONGEST_WAIT_MS;
    int64_t wait = als_random_below(random, ceiling + 1);
    if (hint_ms > LONGEST_HINT_MS)
        hint_ms = LONGEST_HINT_MS;
    return wait > hint_ms ? wait : hint_ms;
}
