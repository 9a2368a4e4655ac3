#include "source/stats.h"

#include "awslogsrc/version.h"
#include "base/json.h"
#include "source/region_reader.h"

/* Writes ,"NAME": in front of a value. */
static void member(struct als_buffer *out, const char *name)
{
    als_buffer_append_string(out, ",\"");
    als_buffer_append_string(out, name);
    als_buffer_append_string(out, "\":");
}

static void number(struct als_buffer *out, const char *name, int64_t value)
{
    member(out, name);
    als_buffer_append_int(out, value);
}

static void time_or_null(struct als_buffer *out, const char *name, int64_t ms)
{
    member(out, name);
    if (ms <= ALS_TIME_NEVER || ms >= ALS_TIME_MAX)
        als_buffer_append_string(out, "null");
    else
        als_buffer_append_int(out, ms);
}

static void histogram(struct als_buffer *out, const char *name,
                      const struct als_histogram *histogram)
{
    member(out, name);
    als_buffer_append_string(out, "{\"count\":");
    als_buffer_append_int(out, (int64_t)histogram->count);
    number(out, "sum_ms", histogram->sum);
    number(out, "max_ms", histogram->max);
    number(out, "p50_ms", als_histogram_quantile(histogram, 0.5));
    number(out, "p99_ms", als_histogram_quantile(histogram, 0.99));
    member(out, "buckets");
    for (size_t i = 0; i < ALS_HISTOGRAM_BUCKETS; i++) {
        als_buffer_append_char(out, i == 0 ? '[' : ',');
        als_buffer_append_int(out, (int64_t)histogram->buckets[i]);
    }
    als_buffer_append_string(out, "]}");
}

static void lateness(struct als_buffer *out, const struct als_lateness *lateness)
{
    member(out, "lateness");
    als_buffer_append_string(out, "{\"ahead\":");
    als_buffer_append_int(out, (int64_t)lateness->ahead);
    number(out, "beyond_horizon", (int64_t)lateness->beyond_horizon);
    number(out, "longest_invisible_ms", lateness->longest_invisible);
    member(out, "found_at_age");
    for (size_t i = 0; i < ALS_PLANNER_AGES; i++) {
        als_buffer_append_char(out, i == 0 ? '[' : ',');
        als_buffer_append_int(out, (int64_t)lateness->by_age[i]);
    }
    als_buffer_append_char(out, ']');
    histogram(out, "arrival", &lateness->arrival);
    histogram(out, "delivery", &lateness->delivery);
    als_buffer_append_char(out, '}');
}

static void map(struct als_buffer *out, const struct als_coverage *coverage)
{
    member(out, "map");
    for (size_t i = 0; i < als_coverage_piece_count(coverage); i++) {
        int64_t start = 0, end = 0, began = 0;
        als_coverage_piece_at(coverage, i, &start, &end, &began);
        als_buffer_append_string(out, i == 0 ? "[{\"start\":" : ",{\"start\":");
        als_buffer_append_int(out, start);
        time_or_null(out, "end", end);
        time_or_null(out, "read_at", began);
        als_buffer_append_char(out, '}');
    }
    als_buffer_append_char(out, ']');
}

static void position(struct als_buffer *out, const struct als_reading *reading)
{
    const struct als_cursor *cursor = &reading->cursor;
    number(out, "events_delivered", (int64_t)reading->delivered);
    number(out, "events_known", (int64_t)reading->repeated);
    time_or_null(out, "position_ms", als_cursor_position(cursor));
    number(out, "lag_ms", als_cursor_lag(cursor));
    time_or_null(out, "settled_before_ms", als_coverage_floor(&cursor->coverage));
    number(out, "visibility_margin_ms", als_margin_widest(&cursor->margin));
    number(out, "recent_ids", (int64_t)als_recent_ids_count(&cursor->ids));
    number(out, "recent_ids_bytes", (int64_t)als_recent_ids_memory(&cursor->ids));
    map(out, &cursor->coverage);
    lateness(out, &reading->lateness);
}

static void region(struct als_buffer *out, const struct als_region_reader *reader)
{
    static const char *const states[] = {"starting", "reading", "caught_up", "waiting",
                                         "failed",   "done",    "stopped"};
    als_buffer_append_string(out, "{\"region\":");
    als_json_write_text(out, als_text_of(reader->region));
    member(out, "state");
    als_json_write_text(out, als_text_of(states[reader->state.now]));
    number(out, "error", reader->state.trouble);
    number(out, "failures_in_a_row", reader->state.recovery.retry.failures);
    number(out, "pages", (int64_t)reader->pages);
    number(out, "events_read", (int64_t)reader->events);
    if (reader->phase == ALS_READER_READING)
        position(out, &reader->reading);
    als_buffer_append_char(out, '}');
}

int als_stats_write(const awslogsrc_source *source, struct als_buffer *out)
{
    als_buffer_append_string(out, "{\"version\":\"" AWSLOGSRC_VERSION "\"");
    member(out, "source");
    als_json_write_text(out, als_text_of(source->settings.name));
    member(out, "log_group");
    als_json_write_text(out, als_text_of(source->settings.log_group));
    number(out, "inflight_bytes", (int64_t)source->context->inflight_bytes);
    member(out, "regions");
    for (size_t i = 0; i < source->reader_count; i++) {
        als_buffer_append_char(out, i == 0 ? '[' : ',');
        region(out, source->readers[i]);
    }
    als_buffer_append_string(out, source->reader_count == 0 ? "[]}" : "]}");
    return out->status;
}
