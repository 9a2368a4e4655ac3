/* How long to wait before an attempt, exponential backoff with full jitter, and how often to
 * attempt a call: as the SDKs' standard mode of 2026 has it
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). Pure. */
#ifndef ALS_NET_RETRY_H
#define ALS_NET_RETRY_H

#include <stdbool.h>
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

/* Retries of calls cost tokens, and successes bring them back: a service in trouble is not asked
 * three times as often as one that is not. */
struct als_retry_quota {
    int tokens;
    int paid; /* for the last retry */
};

void als_retry_quota_init(struct als_retry_quota *quota);

/* After so many failures in a row: whether the call may be attempted again by itself, and pays for
 * it.
 */
bool als_retry_quota_take(struct als_retry_quota *quota, int failures, bool throttled);

/* A call succeeded, after so many failures. */
void als_retry_quota_succeed(struct als_retry_quota *quota, int failures);

#endif
