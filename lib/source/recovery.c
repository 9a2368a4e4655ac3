#include "source/recovery.h"

#include "base/error.h"

enum {
    THROTTLED_BASE_MS = 1000, /* backoff as in the SDKs' standard mode of 2026 */
    TRANSIENT_BASE_MS = 50,
    LONGEST_HINT_MS = 5000,  /* that the server's hint adds to it */
    REFUSED_WAIT_MS = 30000, /* denied, missing, wrong keys: somebody has to act first */
    NO_PROGRESS_MS = 60000,  /* with once: how long failures may go on */
    /* With once: unknown hosts, refused ports and locks seldom mend themselves, though a name
     * server or a proxy may be starting anew. */
    MOST_FAILED_OPENINGS = 3,
    OPENING_MS = 5000
};

void als_recovery_start(struct als_recovery *recovery, bool once, int64_t now)
{
    *recovery = (struct als_recovery){.progress_ms = now, .once = once};
    als_retry_quota_init(&recovery->quota);
}

void als_recovery_progress(struct als_recovery *recovery, int64_t now)
{
    recovery->progress_ms = now;
}

void als_recovery_succeed(struct als_recovery *recovery, int64_t now)
{
    als_retry_quota_succeed(&recovery->quota, recovery->retry.failures);
    recovery->retry.failures = 0;
    recovery->not_before_ms = 0;
    recovery->progress_ms = now;
}

static bool is_hopeless(const struct als_recovery *recovery, int code, int64_t now)
{
    if (now - recovery->progress_ms >= NO_PROGRESS_MS)
        return true;
    switch (code) {
    case AWSLOGSRC_E_NAME_LOOKUP:
    case AWSLOGSRC_E_CONNECT:
        return recovery->retry.failures >= MOST_FAILED_OPENINGS &&
               now - recovery->progress_ms >= OPENING_MS;
    case AWSLOGSRC_E_TLS:
    case AWSLOGSRC_E_LOCKED:
    case AWSLOGSRC_E_STORE: return recovery->retry.failures >= MOST_FAILED_OPENINGS;
    case AWSLOGSRC_E_CREDENTIALS_EXPIRED: return true; /* fixed keys do not come back */
    default: return als_error_row(code)->retryable == 0;
    }
}

bool als_recovery_may_wait(struct als_recovery *recovery, int code, int64_t now)
{
    if (recovery->retry.failures == 0)
        recovery->progress_ms = now;
    recovery->retry.failures++;
    if (!recovery->once)
        return true;
    if (code == AWSLOGSRC_E_CREDENTIALS_EXPIRED) /* these are replaced, sooner or later */
        return now - recovery->progress_ms < NO_PROGRESS_MS;
    return !is_hopeless(recovery, code, now);
}

/* Failures that have no cause to last: the same call may succeed at once. */
static bool is_fleeting(int code)
{
    switch (code) {
    case AWSLOGSRC_E_THROTTLED:
    case AWSLOGSRC_E_SERVICE:
    case AWSLOGSRC_E_CLOCK_SKEW: /* the answer has set it right */
    case AWSLOGSRC_E_CONNECT:
    case AWSLOGSRC_E_TIMEOUT:
    case AWSLOGSRC_E_NETWORK:
    case AWSLOGSRC_E_PROTOCOL: return true;
    default: return false;
    }
}

int64_t als_recovery_fail(struct als_recovery *recovery, const struct als_failure *failure,
                          int64_t now, struct als_random *random)
{
    bool throttled = failure->code == AWSLOGSRC_E_THROTTLED;
    /* Before the first failure nobody was waiting for this region: a host may take its time with a
     * batch. */
    if (recovery->retry.failures == 0)
        recovery->progress_ms = now;
    int64_t wait = als_retry_wait_ms(&recovery->retry, random,
                                     throttled ? THROTTLED_BASE_MS : TRANSIENT_BASE_MS, 0);
    int64_t hint = failure->retry_after_ms;
    if (hint > wait)
        wait = hint < wait + LONGEST_HINT_MS ? hint : wait + LONGEST_HINT_MS;
    recovery->retries = is_fleeting(failure->code) &&
                        als_retry_quota_take(&recovery->quota, recovery->retry.failures, throttled);
    if (als_error_row(failure->code)->retryable == 0)
        wait = REFUSED_WAIT_MS + als_random_below(random, REFUSED_WAIT_MS);
    if (recovery->once && is_hopeless(recovery, failure->code, now))
        return -1;
    recovery->not_before_ms = now + wait;
    return wait;
}
