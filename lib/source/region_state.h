/* The state of a region as the host is told it, and what failures make of it: waiting for the next
 * attempt, or, where somebody waits for the end, failed for good. */
#ifndef ALS_SOURCE_REGION_STATE_H
#define ALS_SOURCE_REGION_STATE_H

#include "net/loop.h"
#include "source/recovery.h"
#include "source/source.h"

enum { ALS_REGION_STATE_ERRORS = 64 }; /* numbers of AWSLOGSRC_E_*, without their sign */

struct als_region_state {
    awslogsrc_source *source;
    struct als_loop *loop;
    const char *region;
    int now;             /* AWSLOGSRC_REGION_* */
    int trouble;         /* the code of the error told last */
    bool untold;         /* the state was set where no callback may run */
    int64_t retry_at_ms; /* wall time of the next attempt; 0: none is planned */
    uint64_t errors[ALS_REGION_STATE_ERRORS]; /* how often each came */
    struct als_recovery recovery;
};

void als_region_state_start(struct als_region_state *state);
void als_region_state_stop(struct als_region_state *state); /* what has ended stays so */

/* Tells the host what start or stop, which it calls itself, have made of the state. */
void als_region_state_tell(struct als_region_state *state);

/* Tells the host where the state, or the kind of trouble, is another one. */
void als_region_state_enter(struct als_region_state *state, int now);

/* A call or a page came to nothing. The state is WAITING afterwards, or FAILED. */
void als_region_state_fail(struct als_region_state *state, const awslogsrc_error *error,
                           int64_t retry_after_ms);
void als_region_state_fail_with(struct als_region_state *state, int code, const char *message);

/* There are no keys to sign with. The state is WAITING_FOR_CREDENTIALS afterwards, or FAILED.
 * retry_at_ms: wall time of the next attempt to get some. */
void als_region_state_wait(struct als_region_state *state, const awslogsrc_error *error,
                           int64_t retry_at_ms);

void als_region_state_succeed(struct als_region_state *state);

const char *als_region_state_name(int state); /* "caught_up" */

/* Started, not stopped, and with work left. */
bool als_region_state_runs(const struct als_region_state *state);

#endif
