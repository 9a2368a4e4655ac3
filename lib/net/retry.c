#include "net/retry.h"

enum { LONGEST_WAIT_MS = 20000, LONGEST_HINT_MS = 60000, MOST_DOUBLINGS = 30 };

enum {
    MOST_ATTEMPTS = 3,
    MOST_TOKENS = 500,
    COST = 14,
    COST_THROTTLED = 5,
    FIRST_SUCCESS = 1 /* what a call brings that had to be attempted once only */
};

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

void als_retry_quota_init(struct als_retry_quota *quota)
{
    *quota = (struct als_retry_quota){.tokens = MOST_TOKENS};
}

bool als_retry_quota_take(struct als_retry_quota *quota, int failures, bool throttled)
{
    int cost = throttled ? COST_THROTTLED : COST;
    if (failures >= MOST_ATTEMPTS || quota->tokens < cost)
        return false;
    quota->tokens -= cost;
    quota->paid = cost;
    return true;
}

void als_retry_quota_succeed(struct als_retry_quota *quota, int failures)
{
    quota->tokens += failures == 0 ? FIRST_SUCCESS : quota->paid;
    quota->paid = 0;
    if (quota->tokens > MOST_TOKENS)
        quota->tokens = MOST_TOKENS;
}
