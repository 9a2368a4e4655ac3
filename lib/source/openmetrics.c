#include "source/openmetrics.h"

#include <stdio.h>
#include <string.h>

#include "awslogsrc/version.h"
#include "base/error.h"
#include "source/figure.h"

#define PREFIX "awslogsrc_"

/* Histograms show every second of the buckets from 64 ms to 70 min: so many lines are enough. */
enum { FIRST_BOUND = 6, LAST_BOUND = 22, BOUND_STEP = 2 };

struct exposition {
    const awslogsrc_context *context;
    const awslogsrc_source *only;
    struct als_buffer *out;
    struct als_buffer labels; /* of every region, in order, each ended by NUL: made once */
};

/* A region, and its labels without the brace that ends them. */
struct subject {
    const struct als_region_reader *reader;
    const char *labels;
};

/* A sample of one region: the family, and what tells it from the others of the family. */
struct series {
    const char *metric, *unit, *suffix;
    const char *label, *value; /* a further label, or NULL */
};

typedef void write_fn(struct als_buffer *out, const struct subject *subject, const void *what);

/* --- lines --- */

static const char *unit_of(enum als_figure_unit unit)
{
    switch (unit) {
    case ALS_FIGURE_BYTES: return "_bytes";
    case ALS_FIGURE_DURATION:
    case ALS_FIGURE_TIME: return "_seconds";
    default: return "";
    }
}

static void family(struct als_buffer *out, const struct series *series, const char *type,
                   const char *help)
{
    als_buffer_format(out, "# TYPE " PREFIX "%s%s %s\n", series->metric, series->unit, type);
    if (*series->unit != '\0')
        als_buffer_format(out, "# UNIT " PREFIX "%s%s %s\n", series->metric, series->unit,
                          series->unit + 1);
    als_buffer_format(out, "# HELP " PREFIX "%s%s %s.\n", series->metric, series->unit, help);
}

/* [OpenMetrics 1.0, ABNF: escaped-string] */
static void escaped(struct als_buffer *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            als_buffer_append_string(out, "\\n");
            continue;
        }
        if (*value == '"' || *value == '\\')
            als_buffer_append_char(out, '\\');
        als_buffer_append_char(out, *value);
    }
}

static void label(struct als_buffer *out, const char *name, const char *value)
{
    als_buffer_append_char(out, ',');
    als_buffer_append_string(out, name);
    als_buffer_append_string(out, "=\"");
    escaped(out, value);
    als_buffer_append_char(out, '"');
}

/* Sources may share a name; series must not. */
static void source_label(struct als_buffer *out, const awslogsrc_source *source)
{
    als_buffer_append_string(out, "{source=\"");
    escaped(out, source->settings.name);
    if (source->namesake > 0)
        als_buffer_format(out, "#%u", source->namesake + 1);
    als_buffer_append_char(out, '"');
}

static void region_labels(struct als_buffer *out, const struct als_region_reader *reader)
{
    source_label(out, reader->source);
    label(out, "log_group", reader->source->settings.log_group);
    label(out, "region", reader->region);
}

/* All of a line but its value. */
static void sample(struct als_buffer *out, const struct series *series,
                   const struct subject *subject)
{
    als_buffer_append_string(out, PREFIX);
    als_buffer_append_string(out, series->metric);
    als_buffer_append_string(out, series->unit);
    als_buffer_append_string(out, series->suffix);
    als_buffer_append_string(out, subject->labels);
    if (series->label != NULL)
        label(out, series->label, series->value);
    als_buffer_append_string(out, "} ");
}

static void whole(struct als_buffer *out, int64_t value)
{
    als_buffer_append_int(out, value);
    als_buffer_append_char(out, '\n');
}

static void seconds(struct als_buffer *out, int64_t ms)
{
    als_buffer_format(out, "%s%lld.%03d\n", ms < 0 ? "-" : "",
                      (long long)(ms < 0 ? -(ms / 1000) : ms / 1000),
                      (int)(ms < 0 ? -(ms % 1000) : ms % 1000));
}

/* --- what a region has of each family --- */

static void write_figure(struct als_buffer *out, const struct subject *subject, const void *what)
{
    const struct als_figure *figure = what;
    int64_t value = als_figure_value(figure, subject->reader);
    if (value == ALS_FIGURE_UNKNOWN)
        return;
    sample(out,
           &(struct series){.metric = figure->metric,
                            .unit = unit_of(figure->unit),
                            .suffix = figure->counter ? "_total" : ""},
           subject);
    if (figure->unit == ALS_FIGURE_DURATION || figure->unit == ALS_FIGURE_TIME)
        seconds(out, value);
    else
        whole(out, value);
}

static void write_histogram(struct als_buffer *out, const struct subject *subject, const void *what)
{
    const struct als_figure_histogram *figure = what;
    const struct als_histogram *histogram = figure->of(subject->reader);
    char bound[32];
    struct series series = {figure->metric, "_seconds", "_bucket", "le", bound};
    uint64_t below = 0;
    size_t next = 0;
    for (size_t last = FIRST_BOUND; last <= LAST_BOUND; last += BOUND_STEP) {
        while (next <= last)
            below += histogram->buckets[next++];
        int64_t ms = als_histogram_bound(last);
        (void)snprintf(bound, sizeof bound, "%d.%03d", (int)(ms / 1000), (int)(ms % 1000));
        sample(out, &series, subject);
        whole(out, (int64_t)below);
    }
    series.value = "+Inf";
    sample(out, &series, subject);
    whole(out, (int64_t)histogram->count);
    series = (struct series){figure->metric, "_seconds", "_count", NULL, NULL};
    sample(out, &series, subject);
    whole(out, (int64_t)histogram->count);
    series.suffix = "_sum";
    sample(out, &series, subject);
    seconds(out, histogram->sum);
}

static void write_states(struct als_buffer *out, const struct subject *subject, const void *what)
{
    (void)what;
    for (int state = AWSLOGSRC_REGION_STARTING; state <= AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS;
         state++) {
        sample(out,
               &(struct series){"region_state", "", "", PREFIX "region_state",
                                als_region_state_name(state)},
               subject);
        whole(out, subject->reader->state.now == state);
    }
}

static void write_errors(struct als_buffer *out, const struct subject *subject, const void *what)
{
    (void)what;
    for (int i = 1; i < ALS_REGION_STATE_ERRORS; i++) {
        if (subject->reader->state.errors[i] == 0)
            continue;
        sample(out, &(struct series){"errors", "", "_total", "error", als_error_name(-i)}, subject);
        whole(out, (int64_t)subject->reader->state.errors[i]);
    }
}

/* --- the exposition --- */

static const awslogsrc_source *next_source(const struct exposition *exposition,
                                           const awslogsrc_source *source)
{
    if (exposition->only != NULL)
        return source == NULL ? exposition->only : NULL;
    return source == NULL ? exposition->context->sources : source->next;
}

static void make_labels(struct exposition *exposition)
{
    als_buffer_init(&exposition->labels, exposition->out->ceiling);
    for (const awslogsrc_source *source = NULL;
         (source = next_source(exposition, source)) != NULL;) {
        for (size_t i = 0; i < source->reader_count; i++) {
            region_labels(&exposition->labels, source->readers[i]);
            als_buffer_append_char(&exposition->labels, '\0');
        }
    }
}

static void each_region(const struct exposition *exposition, write_fn *write, const void *what)
{
    const char *labels = als_buffer_string(&exposition->labels);
    for (const awslogsrc_source *source = NULL;
         (source = next_source(exposition, source)) != NULL;) {
        for (size_t i = 0; i < source->reader_count; i++, labels += strlen(labels) + 1)
            write(exposition->out, &(struct subject){source->readers[i], labels}, what);
    }
}

static void write_context(const struct exposition *exposition)
{
    struct als_buffer *out = exposition->out;
    family(out, &(struct series){.metric = "build", .unit = ""}, "info",
           "The library that tells these figures");
    als_buffer_append_string(out, PREFIX "build_info{version=\"" AWSLOGSRC_VERSION "\"} 1\n");
    family(out, &(struct series){.metric = "inflight", .unit = "_bytes"}, "gauge",
           "Events read and not acknowledged yet, of every source of the process's context");
    als_buffer_append_string(out, PREFIX "inflight_bytes ");
    whole(out, (int64_t)exposition->context->inflight_bytes);
}

static void write_families(const struct exposition *exposition)
{
    struct als_buffer *out = exposition->out;
    family(out, &(struct series){.metric = "region_state", .unit = ""}, "stateset",
           "What a region of a source is doing");
    each_region(exposition, write_states, NULL);
    family(out, &(struct series){.metric = "errors", .unit = ""}, "counter",
           "Failures by kind; the kinds are the names of the library's errors");
    each_region(exposition, write_errors, NULL);
    for (const struct als_figure *figure = als_figures; figure->name != NULL; figure++) {
        if (figure->metric == NULL)
            continue;
        family(out, &(struct series){.metric = figure->metric, .unit = unit_of(figure->unit)},
               figure->counter ? "counter" : "gauge", figure->help);
        each_region(exposition, write_figure, figure);
    }
    for (const struct als_figure_histogram *each = als_figure_histograms; each->name != NULL;
         each++) {
        family(out, &(struct series){.metric = each->metric, .unit = "_seconds"}, "histogram",
               each->help);
        each_region(exposition, write_histogram, each);
    }
}

int als_openmetrics_write(const awslogsrc_context *context, const awslogsrc_source *only,
                          struct als_buffer *out)
{
    struct exposition exposition = {.context = context, .only = only, .out = out};
    make_labels(&exposition);
    int status = exposition.labels.status;
    if (status == 0) {
        write_context(&exposition);
        write_families(&exposition);
        status = als_buffer_append_string(out, "# EOF\n");
    }
    als_buffer_clear(&exposition.labels);
    return status;
}
