#include "source/region_state.h"

#include "base/error.h"

void als_region_state_start(struct als_region_state *state)
{
    state->now = AWSLOGSRC_REGION_STARTING;
    state->trouble = 0;
    state->retry_at_ms = 0;
    state->untold = true;
    als_recovery_start(&state->recovery, state->source->settings.once,
                       als_loop_now_ms(state->loop));
}

void als_region_state_stop(struct als_region_state *state)
{
    if (state->now == AWSLOGSRC_REGION_FAILED || state->now == AWSLOGSRC_REGION_DONE ||
        state->now == AWSLOGSRC_REGION_STOPPED)
        return;
    state->now = AWSLOGSRC_REGION_STOPPED;
    state->trouble = 0;
    state->retry_at_ms = 0;
    state->untold = true;
}

void als_region_state_tell(struct als_region_state *state)
{
    if (!state->untold)
        return;
    state->untold = false;
    als_source_report(state->source, state->region, state->now, NULL, 0);
}

const char *als_region_state_name(int state)
{
    static const char *const names[] = {
        "starting", "reading", "caught_up", "waiting",
        "failed",   "done",    "stopped",   "waiting_for_credentials"};
    return names[state];
}

static void tell(struct als_region_state *state, int now, const awslogsrc_error *error,
                 int64_t retry_at_ms)
{
    int trouble = error == NULL ? 0 : error->code;
    bool same = state->now == now && state->trouble == trouble;
    state->now = now;
    state->trouble = trouble;
    state->untold = false;
    state->retry_at_ms = retry_at_ms;
    if (!same)
        als_source_report(state->source, state->region, now, error, retry_at_ms);
}

void als_region_state_enter(struct als_region_state *state, int now)
{
    tell(state, now, NULL, 0);
}

static void count(struct als_region_state *state, int code)
{
    if (code < 0 && code > -ALS_REGION_STATE_ERRORS)
        state->errors[-code]++;
}

void als_region_state_fail(struct als_region_state *state, const awslogsrc_error *error,
                           int64_t retry_after_ms)
{
    int64_t now = als_loop_now_ms(state->loop);
    struct als_failure failure = {error->code, retry_after_ms};
    count(state, error->code);
    int64_t wait = als_recovery_fail(&state->recovery, &failure, now, &state->loop->random);
    als_log_write(&state->loop->log, AWSLOGSRC_LOG_INFO, "%s", als_error_message(error));
    if (wait < 0)
        tell(state, AWSLOGSRC_REGION_FAILED, error, 0);
    else
        tell(state, AWSLOGSRC_REGION_WAITING, error, als_clock_wall_ms(&state->loop->clock) + wait);
}

void als_region_state_wait(struct als_region_state *state, const awslogsrc_error *error,
                           int64_t retry_at_ms)
{
    awslogsrc_error *own = als_error_copy(error);
    als_error_prefix(&own, "%s: ", state->region);
    count(state, error->code);
    if (als_recovery_may_wait(&state->recovery, error->code, als_loop_now_ms(state->loop)))
        tell(state, AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS, own, retry_at_ms);
    else
        tell(state, AWSLOGSRC_REGION_FAILED, own, 0);
    als_error_free(own);
}

void als_region_state_fail_with(struct als_region_state *state, int code, const char *message)
{
    awslogsrc_error *error = NULL;
    als_error_set(&error, code, "%s: %s: %s", state->region, als_error_text(code), message);
    als_region_state_fail(state, error, 0);
    als_error_free(error);
}

void als_region_state_succeed(struct als_region_state *state)
{
    als_recovery_succeed(&state->recovery, als_loop_now_ms(state->loop));
    if (state->now != AWSLOGSRC_REGION_CAUGHT_UP)
        als_region_state_enter(state, AWSLOGSRC_REGION_READING);
}

bool als_region_state_runs(const struct als_region_state *state)
{
    return state->source->state == ALS_SOURCE_RUNNING && state->now != AWSLOGSRC_REGION_FAILED &&
           state->now != AWSLOGSRC_REGION_DONE;
}
