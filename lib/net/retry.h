/* How long to wait before an attempt: exponential backoff with full jitter. Pure. */
#ifndef ALS_NET_RETRY_H
#define ALS_NET_RETRY_H

#include <stdint.h>

#include "base/random.h"

struct als_retry {
    int failures; /* in a row */
};

/* Counts a failure and answers the wait in ms: uniform in [0, min(base * 2^(failures - 1), 20 s))
 * as the SDKs' standard mode has it, never below hint_ms (what the server asked for, capped; 0:
 * nothing). */
int64_t als_retry_wait_ms(struct als_retry *retry, struct als_random *random, int64_t base_ms,
                          int64_t hint_ms);

#endif
