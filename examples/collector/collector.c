#include "collector.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "metrics.h"
#include "progress.h"
#include "shipper.h"
#include "signals.h"

enum {
    RECEIVER_PATIENCE_MS = 60000, /* with once */
    LAST_SHIPMENT_MS = 3000
};

struct collector {
    const struct arguments *arguments;
    awslogsrc_context *context;
    struct feed *feeds;
    size_t feed_count;
    struct region_table regions;
    struct progress progress;
    struct output output;        /* standard output, or a file */
    struct event_writer *writer; /* for it */
    struct shipper *shipper;     /* to a syslog receiver, in place of both */
    struct metrics *metrics;     /* NULL: not served */
    bool failed;                 /* nothing can be written any more, or nothing noted */
    bool not_noted;              /* with --once: a position that is not kept */
    bool troubled;               /* and it was told: the receiver cannot be reached */
};

struct feed {
    struct collector *collector;
    const struct configured_source *configured;
    awslogsrc_source *source;
};

static void fail(struct collector *collector, const char *what, const char *cause)
{
    progress_hide(&collector->progress);
    console_say("%s: %s", what, cause);
    collector->failed = true;
}

/* Errors come with a status too: only what does not is told from here. */
static void tell_warning(void *user_data, int level, const char *message)
{
    struct collector *collector = user_data;
    if (level != AWSLOGSRC_LOG_WARNING)
        return;
    progress_hide(&collector->progress);
    console_say("%s", message);
}

/* Accepted is what has been written. */
static int write_batch(struct feed *feed, awslogsrc_batch *batch)
{
    struct collector *collector = feed->collector;
    const char *output = collector->arguments->destination.name;
    int code = 0;
    for (size_t i = 0; code == 0 && i < awslogsrc_batch_count(batch); i++)
        code = event_writer_write(collector->writer, &collector->output, feed->configured->name,
                                  batch, awslogsrc_batch_event(batch, i));
    if (code != 0)
        fail(collector, output, awslogsrc_strerror(code));
    else if (!output_flush(&collector->output))
        fail(collector, output,
             collector->output.error == ETIMEDOUT ? "nobody reads what is left"
                                                  : strerror(collector->output.error));
    if (collector->failed)
        return AWSLOGSRC_LATER;
    collector->progress.events += awslogsrc_batch_count(batch);
    return AWSLOGSRC_ACCEPT;
}

/* Nothing new is taken once the command is to end: what it has is shipped first. */
static int ship_batch(struct feed *feed, awslogsrc_batch *batch)
{
    if (signals_stopped() || !shipper_take(feed->collector->shipper, feed->configured->name, batch))
        return AWSLOGSRC_LATER;
    return AWSLOGSRC_HOLD;
}

static int take_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct feed *feed = user_data;
    (void)source;
    if (feed->collector->failed)
        return AWSLOGSRC_LATER;
    return feed->collector->shipper != NULL ? ship_batch(feed, batch) : write_batch(feed, batch);
}

static bool option_is(const struct feed *feed, const char *name, const char *value)
{
    const char *set = "";
    return awslogsrc_options_get(feed->configured->options, name, &set, NULL) == 0 &&
           strcasecmp(set, value) == 0;
}

static bool is_once(const struct feed *feed)
{
    return option_is(feed, "once", "true") || option_is(feed, "once", "yes");
}

/* Following without a position that is kept would repeat everything one day. With --once the other
 * regions finish first. A lock is let go of by the process that has it. */
static void heed_state(const struct feed *feed, int code)
{
    struct collector *collector = feed->collector;
    if (code != AWSLOGSRC_E_STORE && code != AWSLOGSRC_E_CURSOR_DAMAGED &&
        code != AWSLOGSRC_E_CURSOR_VERSION && code != AWSLOGSRC_E_CURSOR_FOREIGN)
        return;
    collector->not_noted = true;
    collector->failed = collector->failed || !is_once(feed);
}

static void take_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    const struct feed *feed = user_data;
    struct collector *collector = feed->collector;
    const char *name = feed->configured->name;
    struct region *row = region_table_row(&collector->regions, name, region);
    (void)source;
    (void)retry_at_ms;
    if (row != NULL) {
        row->state = state;
        row->trouble = awslogsrc_error_code(error);
    }
    heed_state(feed, awslogsrc_error_code(error));
    if (error == NULL ||
        (row != NULL && !region_table_is_news(row, awslogsrc_error_code(error), progress_now_ms())))
        return;
    progress_hide(&collector->progress);
    console_error(name, error);
}

/* Files are named by options; the rest of what this machine refuses is nobody's usage. */
static int exit_code_of(const awslogsrc_error *error)
{
    int class = awslogsrc_error_class(error);
    bool system = class == AWSLOGSRC_CLASS_SYSTEM || class == AWSLOGSRC_CLASS_INTERNAL;
    return system && awslogsrc_error_code(error) != AWSLOGSRC_E_FILE ? EXIT_FAILED : EXIT_USAGE;
}

static int refuse(const char *source, awslogsrc_error *error)
{
    int code = exit_code_of(error);
    console_error(source, error);
    awslogsrc_error_free(error);
    return code;
}

static int open_feed(struct feed *feed)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_source_new(feed->collector->context, feed->configured->options, &feed->source,
                             &error) != 0)
        return refuse(feed->configured->name, error);
    (void)awslogsrc_source_on_batch(feed->source, take_batch, feed, NULL);
    (void)awslogsrc_source_on_status(feed->source, take_status, feed, NULL);
    return EXIT_DONE;
}

static int open_feeds(struct collector *collector, const struct configuration *configuration)
{
    int code = EXIT_DONE;
    collector->feeds = calloc(configuration->count, sizeof *collector->feeds);
    if (collector->feeds == NULL) {
        console_say("out of memory");
        return EXIT_FAILED;
    }
    collector->feed_count = configuration->count;
    for (size_t i = 0; i < configuration->count; i++) {
        struct feed *feed = &collector->feeds[i];
        *feed = (struct feed){.collector = collector, .configured = &configuration->sources[i]};
        int opened = open_feed(feed);
        if (code == EXIT_DONE)
            code = opened;
    }
    return code;
}

static int start_feeds(struct collector *collector)
{
    for (size_t i = 0; i < collector->feed_count; i++) {
        awslogsrc_error *error = NULL;
        const struct feed *feed = &collector->feeds[i];
        if (awslogsrc_source_start(feed->source, &error) != 0)
            return refuse(feed->configured->name, error);
        if (!is_once(feed) && option_is(feed, "state_dir", ""))
            console_say("source %s: state_dir is not set: positions live in memory only, and a "
                        "restart begins at start_time again",
                        feed->configured->name);
    }
    return EXIT_DONE;
}

static bool is_running(const struct collector *collector)
{
    for (size_t i = 0; i < collector->feed_count; i++) {
        if (awslogsrc_source_is_running(collector->feeds[i].source))
            return true;
    }
    return false;
}

static int sooner(int a_ms, int b_ms)
{
    if (a_ms < 0 || b_ms < 0)
        return a_ms < 0 ? b_ms : a_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

static bool all_once(const struct collector *collector)
{
    for (size_t i = 0; i < collector->feed_count; i++) {
        if (!is_once(&collector->feeds[i]))
            return false;
    }
    return true;
}

/* Told when it begins and when it is over. Whoever waits for the end waits so long at most. */
static void heed_receiver(struct collector *collector)
{
    const char *name = collector->arguments->destination.name;
    int64_t since_ms = 0;
    const char *trouble = shipper_trouble(collector->shipper, &since_ms);
    if ((trouble != NULL) != collector->troubled) {
        progress_hide(&collector->progress);
        if (trouble != NULL)
            console_say("%s: %s; trying again", name, trouble);
        else
            console_say("%s: connected", name);
    }
    collector->troubled = trouble != NULL;
    if (trouble != NULL && all_once(collector) &&
        progress_now_ms() - since_ms > RECEIVER_PATIENCE_MS)
        fail(collector, name, trouble);
}

static void ship(struct collector *collector)
{
    int code = shipper_process(collector->shipper);
    collector->progress.events = shipper_events_shipped(collector->shipper);
    const char *why = code == AWSLOGSRC_E_TOO_LARGE
                          ? "an event is larger than --max-message, and --oversize refuses it"
                          : awslogsrc_strerror(code);
    if (code != 0)
        fail(collector, collector->arguments->destination.name, why);
    else
        heed_receiver(collector);
}

/* One turn of the loop: waits for whatever comes first, and deals with it. */
static int turn(struct collector *collector)
{
    struct metrics *metrics = collector->metrics;
    struct shipper *shipper = collector->shipper;
    struct pollfd ready[] = {
        {.fd = awslogsrc_context_fd(collector->context), .events = POLLIN}, {.fd = -1}, {.fd = -1}};
    int timeout = progress_timeout_ms(&collector->progress);
    if (metrics != NULL) {
        ready[1] = (struct pollfd){.fd = metrics_fd(metrics), .events = POLLIN};
        timeout = sooner(timeout, metrics_timeout_ms(metrics));
    }
    if (shipper != NULL) {
        ready[2] = (struct pollfd){.fd = shipper_fd(shipper), .events = shipper_events(shipper)};
        timeout = sooner(timeout, shipper_timeout_ms(shipper));
    }
    if (poll(ready, sizeof ready / sizeof ready[0], timeout) < 0)
        return errno == EINTR ? 0 : AWSLOGSRC_E_SYSTEM;
    if (metrics != NULL)
        metrics_process(metrics);
    if (shipper != NULL)
        ship(collector);
    return ready[0].revents == 0 ? 0 : awslogsrc_context_process(collector->context);
}

/* A file that was moved away is made anew; where that fails, the old one is written to. */
static void reopen_output(struct collector *collector)
{
    const struct destination *destination = &collector->arguments->destination;
    int fd = open(destination->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        progress_hide(&collector->progress);
        console_say("%s: %s", destination->name, strerror(errno));
        return;
    }
    (void)close(collector->output.fd);
    collector->output.fd = fd;
}

/* What was read when the command is told to end, it ships, for a while. */
static int ship_rest(struct collector *collector)
{
    int status = 0;
    int64_t end_ms = progress_now_ms() + LAST_SHIPMENT_MS;
    while (status >= 0 && collector->shipper != NULL && !collector->failed &&
           !shipper_is_idle(collector->shipper) && !collector->troubled &&
           progress_now_ms() < end_ms)
        status = turn(collector);
    return status >= 0 ? awslogsrc_context_process(collector->context) : status;
}

static int loop(struct collector *collector)
{
    int status = 0;
    progress_draw(&collector->progress, &collector->regions);
    while (status >= 0 && is_running(collector) && !collector->failed && !signals_stopped()) {
        status = turn(collector);
        if (signals_take_hangup())
            reopen_output(collector);
        if (progress_timeout_ms(&collector->progress) == 0)
            progress_draw(&collector->progress, &collector->regions);
    }
    if (status >= 0 && signals_stopped())
        status = ship_rest(collector);
    progress_hide(&collector->progress);
    return status;
}

static int follow(struct collector *collector)
{
    int status = loop(collector);
    if (status < 0) {
        console_say("%s", awslogsrc_strerror(status));
        return EXIT_FAILED;
    }
    if (!collector->arguments->quiet)
        progress_summarize(&collector->progress, &collector->regions);
    if (collector->failed || collector->not_noted ||
        region_table_count(&collector->regions, AWSLOGSRC_REGION_FAILED) > 0)
        return EXIT_FAILED;
    return EXIT_DONE;
}

/* An event that a killed command left unfinished must not have the next one's text behind it. */
static bool ends_within_event(const char *path, char delimiter)
{
    struct stat about;
    char last = delimiter;
    int fd = stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0
                 ? open(path, O_RDONLY | O_CLOEXEC)
                 : -1;
    if (fd < 0)
        return false;
    bool read = pread(fd, &last, 1, about.st_size - 1) == 1;
    (void)close(fd);
    return read && last != delimiter;
}

static int open_file(struct collector *collector)
{
    const struct destination *destination = &collector->arguments->destination;
    char delimiter = collector->arguments->style.nul ? '\0' : '\n';
    int fd = open(destination->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        console_say("%s: %s", destination->name, strerror(errno));
        return EXIT_USAGE;
    }
    output_init(&collector->output, fd);
    if (ends_within_event(destination->path, delimiter))
        output_char(&collector->output, delimiter);
    signals_catch_hangup();
    return EXIT_DONE;
}

static int open_output(struct collector *collector)
{
    const struct arguments *arguments = collector->arguments;
    awslogsrc_error *error = NULL;
    output_init(&collector->output, STDOUT_FILENO);
    struct event_writer *writer = event_writer_new(&arguments->style, &error);
    if (writer == NULL)
        return refuse(NULL, error);
    if (destination_is_syslog(&arguments->destination)) {
        collector->shipper =
            shipper_new(&arguments->destination, writer, arguments->output_ca_file);
        return collector->shipper == NULL ? EXIT_USAGE : EXIT_DONE;
    }
    collector->writer = writer;
    int code = arguments->destination.kind == DESTINATION_FILE ? open_file(collector) : EXIT_DONE;
    collector->output.hurries = signals_stopped;
    return code;
}

static int serve_metrics(struct collector *collector)
{
    const char *address = collector->arguments->metrics;
    if (address == NULL)
        return EXIT_DONE;
    collector->metrics = metrics_listen(address, collector->context);
    if (collector->metrics == NULL)
        return EXIT_FAILED;
    if (!collector->arguments->quiet)
        console_say("metrics at %s", metrics_url(collector->metrics));
    return EXIT_DONE;
}

static void clear(struct collector *collector)
{
    signals_release();
    metrics_close(collector->metrics);
    shipper_free(collector->shipper);
    event_writer_free(collector->writer);
    if (collector->output.fd > STDERR_FILENO)
        (void)close(collector->output.fd);
    output_clear(&collector->output);
    for (size_t i = 0; i < collector->feed_count; i++)
        awslogsrc_source_free(collector->feeds[i].source);
    free(collector->feeds);
    awslogsrc_context_free(collector->context);
    region_table_clear(&collector->regions);
}

int collector_run(const struct arguments *arguments, const struct configuration *configuration)
{
    struct collector collector = {.arguments = arguments};
    awslogsrc_error *error = NULL;
    progress_init(&collector.progress, arguments->quiet);
    if (awslogsrc_context_new(&collector.context, &error) != 0)
        return refuse(NULL, error);
    (void)awslogsrc_context_set_log(collector.context, AWSLOGSRC_LOG_WARNING, tell_warning,
                                    &collector, NULL);
    signals_catch(collector.context);
    int code = open_feeds(&collector, configuration);
    if (code == EXIT_DONE)
        code = open_output(&collector);
    if (code == EXIT_DONE)
        code = serve_metrics(&collector);
    if (code == EXIT_DONE)
        code = start_feeds(&collector);
    if (code == EXIT_DONE)
        code = follow(&collector);
    clear(&collector);
    return code;
}
