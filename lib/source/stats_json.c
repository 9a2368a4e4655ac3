#include "source/stats_json.h"

#include "awslogsrc/version.h"
#include "base/error.h"
#include "base/json.h"
#include "source/figure.h"

/* Writes ,"NAME": in front of a value. */
static void member(struct als_buffer *out, const char *name)
{
    als_buffer_append_string(out, ",\"");
    als_buffer_append_string(out, name);
    als_buffer_append_string(out, "\":");
}

static void text(struct als_buffer *out, const char *name, const char *value)
{
    member(out, name);
    als_json_write_text(out, als_text_of(value));
}

static void number(struct als_buffer *out, const char *name, int64_t value)
{
    member(out, name);
    if (value == ALS_FIGURE_UNKNOWN)
        als_buffer_append_string(out, "null");
    else
        als_buffer_append_int(out, value);
}

static void time_or_null(struct als_buffer *out, const char *name, int64_t ms)
{
    bool known = ms > ALS_TIME_NEVER && ms < ALS_TIME_MAX;
    number(out, name, known ? ms : ALS_FIGURE_UNKNOWN);
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

static void errors(struct als_buffer *out, const struct als_region_state *state)
{
    bool first = true;
    member(out, "errors");
    als_buffer_append_char(out, '{');
    for (int i = 1; i < ALS_REGION_STATE_ERRORS; i++) {
        if (state->errors[i] == 0)
            continue;
        als_buffer_append_string(out, first ? "\"" : ",\"");
        als_buffer_append_string(out, als_error_name(-i));
        als_buffer_append_string(out, "\":");
        als_buffer_append_int(out, (int64_t)state->errors[i]);
        first = false;
    }
    als_buffer_append_char(out, '}');
}

static void found_at_age(struct als_buffer *out, const struct als_region_reader *reader)
{
    member(out, "found_at_age");
    for (size_t i = 0; i < ALS_PLANNER_AGES; i++) {
        als_buffer_append_char(out, i == 0 ? '[' : ',');
        als_buffer_append_int(out, (int64_t)reader->reading.lateness.by_age[i]);
    }
    als_buffer_append_char(out, ']');
}

static void map(struct als_buffer *out, const struct als_region_reader *reader)
{
    const struct als_coverage *coverage = &reader->reading.cursor.coverage;
    member(out, "map");
    als_buffer_append_char(out, '[');
    for (size_t i = 0;
         reader->phase == ALS_READER_READING && i < als_coverage_piece_count(coverage); i++) {
        int64_t start = 0, end = 0, began = 0;
        als_coverage_piece_at(coverage, i, &start, &end, &began);
        als_buffer_append_string(out, i == 0 ? "{\"start_ms\":" : ",{\"start_ms\":");
        als_buffer_append_int(out, start);
        time_or_null(out, "end_ms", end);
        time_or_null(out, "read_at_ms", began);
        als_buffer_append_char(out, '}');
    }
    als_buffer_append_char(out, ']');
}

static void region(struct als_buffer *out, const struct als_region_reader *reader)
{
    als_buffer_append_string(out, "{\"region\":");
    als_json_write_text(out, als_text_of(reader->region));
    text(out, "state", als_region_state_name(reader->state.now));
    for (const struct als_figure *figure = als_figures; figure->name != NULL; figure++)
        number(out, figure->name, als_figure_value(figure, reader));
    errors(out, &reader->state);
    found_at_age(out, reader);
    for (const struct als_figure_histogram *each = als_figure_histograms; each->name != NULL;
         each++)
        histogram(out, each->name, each->of(reader));
    map(out, reader);
    als_buffer_append_char(out, '}');
}

int als_stats_json_write(const awslogsrc_source *source, struct als_buffer *out)
{
    als_buffer_append_string(out, "{\"version\":\"" AWSLOGSRC_VERSION "\"");
    text(out, "source", source->settings.name);
    text(out, "log_group", source->settings.log_group);
    text(out, "filtered_by",
         als_settings_filter_is_ours(&source->settings) ? "library"
         : *source->settings.filter_pattern != '\0'     ? "service"
                                                        : "nobody");
    number(out, "inflight_bytes", (int64_t)source->context->inflight_bytes);
    member(out, "regions");
    als_buffer_append_char(out, '[');
    for (size_t i = 0; i < source->reader_count; i++) {
        if (i > 0)
            als_buffer_append_char(out, ',');
        region(out, source->readers[i]);
    }
    als_buffer_append_string(out, "]}");
    return out->status;
}
