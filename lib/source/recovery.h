/* When to try again after a failure, when it is worth telling, and when to give up. One for each
 * region: no failure of one delays another. A call is attempted three times (net/retry) before that
 * is anybody's trouble; from then on the region waits, longer each time. Pure; times are monotonic
 * milliseconds. */
#ifndef ALS_SOURCE_RECOVERY_H
#define ALS_SOURCE_RECOVERY_H

#include <stdbool.h>

#include "net/retry.h"

struct als_recovery {
    struct als_retry retry; /* failures in a row */
    struct als_retry_quota quota;
    int64_t not_before_ms; /* no call before */
    int64_t progress_ms;   /* of the last page or acknowledgement */
    bool once;             /* somebody waits for the end: hopeless failures are final */
    bool retries;          /* the last failure was one of a call that is attempted again */
};

struct als_failure {
    int code;               /* AWSLOGSRC_E_* */
    int64_t retry_after_ms; /* what the server asked for; 0: nothing */
};

void als_recovery_start(struct als_recovery *recovery, bool once, int64_t now);
void als_recovery_progress(struct als_recovery *recovery, int64_t now);
void als_recovery_succeed(struct als_recovery *recovery, int64_t now);

/* Notes that there are no keys to sign with, for which code is the reason; they are looked for all
 * the time. Whether to go on waiting. */
bool als_recovery_may_wait(struct als_recovery *recovery, int code, int64_t now);

/* Notes a failure. Returns the wait before the next call, or -1: give up. */
int64_t als_recovery_fail(struct als_recovery *recovery, const struct als_failure *failure,
                          int64_t now, struct als_random *random);

#endif
