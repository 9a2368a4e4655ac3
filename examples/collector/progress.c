#include "progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "console.h"

enum { WIDEST_LINE = 1024, USUAL_WIDTH = 80, MOST_NAMED = 6 };

struct line {
    char text[WIDEST_LINE];
    size_t used;
    size_t width;
};

int64_t progress_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

void progress_init(struct progress *progress, bool quiet)
{
    *progress = (struct progress){.live = !quiet && isatty(STDERR_FILENO) == 1};
    progress->began_ms = progress->drawn_ms = progress_now_ms();
}

static size_t terminal_width(void)
{
    struct winsize size = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
        return USUAL_WIDTH;
    return size.ws_col <= WIDEST_LINE ? size.ws_col : WIDEST_LINE;
}

/* What does not fit into the line is left out. */
static void add(struct line *line, const char *format, ...) AWSLOGSRC_PRINTF(2, 3);
static void add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = line->width - line->used;
    int size = vsnprintf(line->text + line->used, room, format, arguments);
    if (size > 0)
        line->used += (size_t)size < room ? (size_t)size : room - 1;
    va_end(arguments);
}

static const char *state_name(int state)
{
    switch (state) {
    case AWSLOGSRC_REGION_STARTING: return "starting";
    case AWSLOGSRC_REGION_READING: return "reading";
    case AWSLOGSRC_REGION_CAUGHT_UP: return "caught up";
    case AWSLOGSRC_REGION_WAITING: return "waiting";
    case AWSLOGSRC_REGION_FAILED: return "failed";
    case AWSLOGSRC_REGION_DONE: return "done";
    case AWSLOGSRC_REGION_STOPPED: return "stopped";
    case AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS: return "waiting for credentials";
    default: return "unknown";
    }
}

static void add_each(struct line *line, const struct region_table *regions)
{
    for (size_t i = 0; i < regions->count; i++) {
        const struct region *region = &regions->regions[i];
        add(line, "%s %s/%s %s", i == 0 ? "" : ",", region->source, region->name,
            state_name(region->state));
        if (region->trouble != 0)
            add(line, " (%s)", awslogsrc_strerror(region->trouble));
    }
}

static bool is_same(const struct region *a, const struct region *b)
{
    return a->state == b->state && a->trouble == b->trouble;
}

/* "38 caught up, 2 waiting (throttled)" */
static void add_counts(struct line *line, const struct region_table *regions)
{
    for (size_t i = 0, counted = 0; i < regions->count && counted < regions->count; i++) {
        const struct region *region = &regions->regions[i];
        size_t before = 0, same = 0;
        for (size_t k = 0; k < regions->count; k++) {
            bool equal = is_same(region, &regions->regions[k]);
            before += equal && k < i;
            same += equal;
        }
        if (before > 0)
            continue;
        add(line, "%s %zu %s", counted == 0 ? "" : ",", same, state_name(region->state));
        if (region->trouble != 0)
            add(line, " (%s)", awslogsrc_strerror(region->trouble));
        counted += same;
    }
}

/* A moving average over about two seconds. */
static void measure(struct progress *progress)
{
    int64_t now = progress_now_ms();
    double seconds = (double)(now - progress->drawn_ms) / 1000;
    if (seconds <= 0)
        return;
    double weight = seconds < 2 ? seconds / 2 : 1;
    double latest = (double)(progress->events - progress->drawn_events) / seconds;
    progress->rate += weight * (latest - progress->rate);
    progress->drawn_ms = now;
    progress->drawn_events = progress->events;
}

int progress_timeout_ms(const struct progress *progress)
{
    if (!progress->live)
        return -1;
    int64_t left = progress->drawn_ms + PROGRESS_INTERVAL_MS - progress_now_ms();
    return left > 0 ? (int)left : 0;
}

void progress_draw(struct progress *progress, const struct region_table *regions)
{
    struct line line = {.width = terminal_width()};
    if (!progress->live)
        return;
    measure(progress);
    add(&line, "%" PRIu64 " events, %.0f/s%s", progress->events, progress->rate,
        regions->count == 0 ? "" : ":");
    if (regions->count <= MOST_NAMED)
        add_each(&line, regions);
    else
        add_counts(&line, regions);
    (void)fprintf(stderr, "\r%s\033[K", line.text);
    (void)fflush(stderr);
    progress->shown = true;
}

void progress_hide(struct progress *progress)
{
    if (progress->shown)
        (void)fputs("\r\033[K", stderr);
    progress->shown = false;
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

void progress_summarize(const struct progress *progress, const struct region_table *regions)
{
    size_t failed = region_table_count(regions, AWSLOGSRC_REGION_FAILED);
    double seconds = (double)(progress_now_ms() - progress->began_ms) / 1000;
    if (failed == 0)
        console_say("%" PRIu64 " event%s from %zu region%s in %.1f s", progress->events,
                    plural(progress->events), regions->count, plural(regions->count), seconds);
    else
        console_say("%" PRIu64 " event%s from %zu region%s in %.1f s; %zu failed", progress->events,
                    plural(progress->events), regions->count, plural(regions->count), seconds,
                    failed);
}
