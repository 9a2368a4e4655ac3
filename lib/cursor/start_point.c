#include "cursor/start_point.h"

#include "base/error.h"

static int64_t resolve(const struct als_time_setting *time, int64_t now, int64_t unset)
{
    switch (time->kind) {
    case ALS_TIME_NOW: return now;
    case ALS_TIME_BEGINNING: return 0;
    case ALS_TIME_ABSOLUTE: return time->ms;
    case ALS_TIME_BEFORE_NOW: return time->ms < now ? now - time->ms : 0;
    case ALS_TIME_UNSET:
    default: return unset;
    }
}

int als_start_point_fingerprint(const struct als_settings *settings, const char *region,
                                struct als_cursor_fingerprint *out)
{
    bool exact = settings->filter_syntax == ALS_FILTER_EXACT;
    bool ours = als_settings_filter_is_ours(settings);
    struct als_cursor_origin origin = {
        .region = als_text_of(region),
        .log_group = als_text_of(settings->log_group),
        .log_stream = als_text_of(settings->log_stream),
        .log_stream_prefix = als_text_of(settings->log_stream_prefix),
        .filter_pattern = als_text_of(ours ? settings->filter_text : settings->filter_pattern),
        .filter_syntax = exact ? ALS_TEXT("exact") : ALS_TEXT("aws")};
    return als_cursor_fingerprint(&origin, out);
}

int als_start_point_cursor(const struct als_start_point *start, struct als_random *random,
                           struct als_cursor *out, awslogsrc_error **error)
{
    struct als_cursor_fingerprint fingerprint;
    unsigned char key[ALS_KEYED_HASH_KEY_SIZE];
    int status = als_start_point_fingerprint(start->settings, start->region, &fingerprint);
    if (status != 0)
        return als_error_set(error, status, "out of memory");
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)als_random_next(random);
    int64_t floor = resolve(&start->settings->start_time, start->now, start->now);
    status = als_cursor_init(out, &fingerprint, key, floor, start->settings->visibility_margin);
    return status == 0 ? 0 : als_error_set(error, status, "out of memory");
}

struct als_planner_options als_start_point_plan(const struct als_start_point *start)
{
    const struct als_settings *settings = start->settings;
    return (struct als_planner_options){
        .poll_interval = settings->poll_interval,
        .horizon = settings->late_arrival_horizon,
        .end_time = resolve(&settings->end_time, start->now, ALS_TIME_MAX),
        .once = settings->once,
        .backfill_parallelism = (unsigned)settings->backfill_parallelism,
        .max_recent_ids = (size_t)settings->max_recent_ids};
}
