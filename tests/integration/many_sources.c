/* Hundreds of sources in four regions each, in one process on one thread, over real sockets with
 * TLS, against a simulator that allows ten calls a second and region; it runs in a process of its
 * own. Prints figures, and fails where they are not what a collector needs.
 *
 *     many_sources [SOURCES LIVE_S IDLE_S]
 *
 * Events come for LIVE_S seconds, and for IDLE_S more there is nothing new. A short run tells
 * little about rates: it checks that every event came once, and prints the rest. */
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <signal.h>

#include "awslogsrc/awslogsrc.h"
#include "certificate.h"
#include "server.h"

enum {
    REGIONS = 4,
    QUOTA = 10, /* calls a second and region: what AWS allows in these */
    WINDOW_MS = 10000,
    MINUTE_MS = 60000,
    SETTLED_MS = 120000, /* from here on poll intervals are looked at */
    EVENTS = 20,         /* in each group and region */
    EDGE_MS = 2000,      /* a read that ends so close to now is of the live edge */
    GIVE_UP_MS = 600000, /* past the end of the events */
    LONG_S = 300,        /* as long as that, rates mean something */
};

#define MOST_OVER_QUOTA 1.05
#define MOST_THROTTLED  0.02
#define MOST_INTERVAL   1.5 /* times another's */
#define MOST_MEMORY_MIB 256
#define MOST_IDLE_CPU   0.1

static const char *const regions[REGIONS] = {"eu-west-1", "us-west-2", "ap-southeast-2",
                                             "eu-west-3"};

struct plan {
    unsigned sources;
    int64_t live_ms, idle_ms;
};

static bool is_meaningful(const struct plan *plan)
{
    return plan->live_ms + plan->idle_ms >= LONG_S * 1000;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "many_sources: %s failed\n", what);
    exit(EXIT_FAILURE);
}

static int64_t clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- AWS, in a process of its own --- */

struct report {
    uint64_t calls, late_calls, throttled, late_throttled; /* late: after the first minute */
    double over_quota; /* the most calls in any ten seconds of a region, over those allowed */
    double shortest_ms, longest_ms, mean_ms; /* of the poll intervals of group and region */
    int64_t longest_gap_ms;
    unsigned polled; /* of so many groups and regions an interval is known */
};

struct polls {
    int64_t first_ms, last_ms, longest_gap_ms;
    unsigned count;
};

static void group_name(char *out, size_t size, unsigned number)
{
    (void)snprintf(out, size, "group/%03u", number);
}

static struct sim_service *make_service(const struct plan *plan, int64_t start_ms)
{
    struct sim_service *service = sim_service_new(1);
    sim_service_add_key(service, "AKIDEXAMPLE", "secret", NULL);
    sim_service_log(service)->keep = true;
    for (unsigned i = 0; i < plan->sources * REGIONS; i++) {
        const char *region = regions[i % REGIONS];
        char name[32];
        group_name(name, sizeof name, i / REGIONS);
        struct sim_group *group = sim_service_add_group(service, region, name, start_ms - 86400000);
        const struct sim_series series = {
            .generator = {.kind = SIM_TEXT, .seed = i, .account = "123456789012", .region = region},
            .start_ms = start_ms + i * 7 % 1000,
            .per_second = EVENTS * 1000.0 / (double)plan->live_ms,
            .count = EVENTS,
            .ingestion_delay_ms = is_meaningful(plan) ? 3000 : 0,
            .visible_delay_ms = is_meaningful(plan) ? 10000 : 0};
        must(sim_group_put_series(group, &series), "putting events");
    }
    for (int i = 0; i < REGIONS; i++)
        sim_service_set_quota(service, regions[i], "FilterLogEvents", QUOTA);
    return service;
}

static double most_over_quota(const struct sim_call_log *log, const char *region)
{
    size_t most = 0, in_window = 0;
    for (size_t last = 0, first = 0; last < log->count; last++) {
        in_window += strcmp(log->calls[last].region, region) == 0;
        for (; log->calls[first].time_ms <= log->calls[last].time_ms - WINDOW_MS; first++)
            in_window -= strcmp(log->calls[first].region, region) == 0;
        most = in_window > most ? in_window : most;
    }
    return (double)most / (QUOTA * WINDOW_MS / 1000.0);
}

static bool is_of_live_edge(const struct sim_call *call)
{
    return !call->has_token && call->status == 200 && call->group != NULL &&
           call->start_time < call->time_ms - EDGE_MS && call->end_time > call->time_ms - EDGE_MS &&
           call->end_time <= call->time_ms + EDGE_MS;
}

static struct polls *polls_of(struct polls *all, const struct sim_call *call)
{
    size_t region = 0;
    while (region < REGIONS - 1 && strcmp(regions[region], call->region) != 0)
        region++;
    return &all[strtoul(call->group + strlen("group/"), NULL, 10) * REGIONS + region];
}

static void measure_intervals(const struct sim_call_log *log, const struct plan *plan,
                              int64_t from_ms, struct report *report)
{
    size_t count = (size_t)plan->sources * REGIONS;
    struct polls *all = calloc(count, sizeof *all);
    double sum = 0;
    must(all != NULL, "memory");
    for (size_t i = 0; i < log->count; i++) {
        const struct sim_call *call = &log->calls[i];
        if (call->time_ms < from_ms || !is_of_live_edge(call))
            continue;
        struct polls *polls = polls_of(all, call);
        int64_t gap = polls->count == 0 ? 0 : call->time_ms - polls->last_ms;
        polls->longest_gap_ms = gap > polls->longest_gap_ms ? gap : polls->longest_gap_ms;
        polls->first_ms = polls->count++ == 0 ? call->time_ms : polls->first_ms;
        polls->last_ms = call->time_ms;
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].count < 2)
            continue;
        double mean = (double)(all[i].last_ms - all[i].first_ms) / (all[i].count - 1);
        sum += mean;
        report->shortest_ms =
            report->polled == 0 || mean < report->shortest_ms ? mean : report->shortest_ms;
        report->longest_ms = mean > report->longest_ms ? mean : report->longest_ms;
        if (all[i].longest_gap_ms > report->longest_gap_ms)
            report->longest_gap_ms = all[i].longest_gap_ms;
        report->polled++;
    }
    report->mean_ms = report->polled == 0 ? 0 : sum / report->polled;
    free(all);
}

static struct report judge(struct sim_service *service, const struct plan *plan, int64_t start_ms)
{
    const struct sim_call_log *log = sim_service_log(service);
    struct report report = {0};
    for (size_t i = 0; i < log->count; i++) {
        bool late = log->calls[i].time_ms >= start_ms + MINUTE_MS;
        bool throttled = log->calls[i].status != 200;
        report.calls++;
        report.throttled += throttled;
        report.late_calls += late;
        report.late_throttled += late && throttled;
    }
    for (int i = 0; i < REGIONS; i++) {
        double over = most_over_quota(log, regions[i]);
        report.over_quota = over > report.over_quota ? over : report.over_quota;
    }
    measure_intervals(log, plan, start_ms + (is_meaningful(plan) ? SETTLED_MS : 0), &report);
    return report;
}

struct aws {
    pid_t process;
    int in, out;
    uint16_t port;
    int64_t start_ms;
    char ca_file[64];
};

static void serve(const struct plan *plan, struct aws *aws, const struct sim_certificate *keys)
{
    char end = 0;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct sim_service *service = make_service(plan, aws->start_ms);
    struct sim_server *server = sim_server_start(
        service, &(struct sim_server_options){.key = keys->key, .certificate_chain = keys->chain});
    must(server != NULL, "the server");
    aws->port = sim_server_port(server);
    must(write(aws->out, &aws->port, sizeof aws->port) > 0 && read(aws->in, &end, 1) == 1, "pipe");
    sim_server_stop(server);
    struct report report = judge(service, plan, aws->start_ms);
    must(write(aws->out, &report, sizeof report) == sizeof report, "pipe");
    _exit(0);
}

static void start_aws(const struct plan *plan, struct aws *aws)
{
    int there[2], back[2];
    struct sim_certificate keys;
    (void)snprintf(aws->ca_file, sizeof aws->ca_file, "/tmp/awslogsrc-many-XXXXXX");
    int fd = mkstemp(aws->ca_file);
    must(fd >= 0 && sim_certificate_make(&keys, NULL) == 0, "the certificate");
    ssize_t size = (ssize_t)strlen(keys.authority);
    must(write(fd, keys.authority, (size_t)size) == size && close(fd) == 0, "writing it");
    must(pipe(there) == 0 && pipe(back) == 0, "pipe");
    aws->start_ms = clock_ms(CLOCK_REALTIME);
    aws->process = fork();
    must(aws->process >= 0, "fork");
    aws->in = aws->process == 0 ? there[0] : back[0];
    aws->out = aws->process == 0 ? back[1] : there[1];
    (void)close(aws->process == 0 ? there[1] : there[0]);
    (void)close(aws->process == 0 ? back[0] : back[1]);
    if (aws->process == 0)
        serve(plan, aws, &keys);
    sim_certificate_clear(&keys);
    must(read(aws->in, &aws->port, sizeof aws->port) == sizeof aws->port, "the simulator");
}

static struct report stop_aws(const struct aws *aws)
{
    struct report report = {0};
    must(write(aws->out, "", 1) == 1 && read(aws->in, &report, sizeof report) == sizeof report,
         "the simulator's report");
    (void)waitpid(aws->process, NULL, 0);
    (void)unlink(aws->ca_file);
    return report;
}

/* --- the host --- */

/* What came of one source. */
struct feed {
    struct host *host;
    awslogsrc_source *source;
    size_t came;
};

struct host {
    const struct plan *plan;
    const struct aws *aws;
    awslogsrc_context *context;
    struct feed *feeds;
    uint64_t *ids; /* of the events that came */
    size_t expected, came;
    uint64_t wakeups;
};

static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static int take_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct feed *feed = user_data;
    struct host *host = feed->host;
    (void)source;
    feed->came += awslogsrc_batch_count(batch);
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        size_t size = 0;
        const char *id = awslogsrc_event_event_id(awslogsrc_batch_event(batch, i), &size);
        must(host->came < 2 * host->expected, "once each");
        host->ids[host->came++] = hash_of(id, size);
    }
    return AWSLOGSRC_ACCEPT;
}

static void open_source(struct host *host, unsigned number)
{
    char url[64], name[32];
    awslogsrc_options *options = NULL;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", host->aws->port);
    group_name(name, sizeof name, number);
    const char *const settings[][2] = {
        {"regions", "eu-west-1,us-west-2,ap-southeast-2,eu-west-3"},
        {"log_group", name},
        {"endpoint_url", url},
        {"ca_file", host->aws->ca_file},
        {"access_key", "AKIDEXAMPLE"},
        {"secret_key", "secret"},
        {"start_time", "-5m"},
    };
    must(awslogsrc_options_new(&options, NULL) == 0, "options");
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        must(awslogsrc_options_set(options, settings[i][0], settings[i][1], NULL) == 0,
             settings[i][0]);
    struct feed *feed = &host->feeds[number];
    feed->host = host;
    must(awslogsrc_source_new(host->context, options, &feed->source, NULL) == 0 &&
             awslogsrc_source_on_batch(feed->source, take_batch, feed, NULL) == 0 &&
             awslogsrc_source_start(feed->source, NULL) == 0,
         "starting a source");
    awslogsrc_options_free(options);
}

static void open_host(struct host *host)
{
    unsigned count = host->plan->sources;
    host->expected = (size_t)count * REGIONS * EVENTS;
    host->feeds = calloc(count, sizeof *host->feeds);
    host->ids = calloc(2 * host->expected + 1, sizeof *host->ids);
    must(host->feeds != NULL && host->ids != NULL, "memory");
    must(awslogsrc_context_new(&host->context, NULL) == 0, "a context");
    for (unsigned i = 0; i < count; i++)
        open_source(host, i);
}

static void run_until(struct host *host, int64_t until_ms, bool or_all_came)
{
    for (;;) {
        int64_t left = until_ms - clock_ms(CLOCK_REALTIME);
        if (left <= 0 || (or_all_came && host->came >= host->expected))
            return;
        must(awslogsrc_context_poll(host->context, (int)left) >= 0, "poll");
        host->wakeups++;
    }
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static size_t different(struct host *host)
{
    size_t count = 0;
    qsort(host->ids, host->came, sizeof *host->ids, compare);
    for (size_t i = 0; i < host->came; i++)
        count += i == 0 || host->ids[i] != host->ids[i - 1];
    return count;
}

static void close_host(struct host *host)
{
    for (unsigned i = 0; i < host->plan->sources; i++)
        awslogsrc_source_free(host->feeds[i].source);
    awslogsrc_context_free(host->context);
    free(host->feeds);
    free(host->ids);
}

/* --- figures --- */

struct figure {
    const char *name, *unit;
    double value, most;
};

static bool tell_figure(const struct plan *plan, const struct figure *figure)
{
    bool good = figure->value <= figure->most;
    printf("%-40s %10.3f %-5s", figure->name, figure->value, figure->unit);
    if (is_meaningful(plan))
        printf(" at most %g: %s", figure->most, good ? "ok" : "MISSED");
    printf("\n");
    return good || !is_meaningful(plan);
}

static double memory_mib(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void tell_exposition(const struct host *host)
{
    char *text = NULL;
    size_t size = 0;
    int64_t began = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    must(awslogsrc_context_stats_openmetrics(host->context, &text, &size, NULL) == 0, "figures");
    printf("OpenMetrics of all: %.1f MiB in %" PRId64 " ms\n", (double)size / (1 << 20),
           clock_ms(CLOCK_PROCESS_CPUTIME_ID) - began);
    awslogsrc_source_stats_free(text);
}

/* The map of a source says what it has read, and when. */
static void tell_incomplete(const struct host *host)
{
    for (unsigned i = 0; i < host->plan->sources; i++) {
        char *text = NULL;
        const struct feed *feed = &host->feeds[i];
        if (feed->came == (size_t)REGIONS * EVENTS)
            continue;
        must(awslogsrc_source_stats_json(feed->source, &text, NULL, NULL) == 0, "statistics");
        printf("source %u: %zu events: %s\n", i, feed->came, text);
        awslogsrc_source_stats_free(text);
    }
}

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static bool tell(const struct plan *plan, const struct report *report, double idle_cpu)
{
    bool good = true;
    printf("calls %" PRIu64 ", throttled %" PRIu64
           "; poll interval mean %.1f s, from %.1f to %.1f, "
           "longest gap %.1f s, of %u readers\n",
           report->calls, report->throttled, report->mean_ms / 1000, report->shortest_ms / 1000,
           report->longest_ms / 1000, (double)report->longest_gap_ms / 1000, report->polled);
    const struct figure figures[] = {
        {"memory", "MiB", memory_mib(), MOST_MEMORY_MIB},
        {"most calls in 10 s, of those allowed", "", report->over_quota, MOST_OVER_QUOTA},
        {"throttled after the first minute", "", share(report->late_throttled, report->late_calls),
         MOST_THROTTLED},
        {"longest poll interval, of the shortest", "",
         report->polled == 0 ? 0 : report->longest_ms / report->shortest_ms, MOST_INTERVAL},
        {"readers without a poll interval", "", plan->sources * REGIONS - report->polled, 0},
        {"processor, nothing new to read", "cores", idle_cpu, MOST_IDLE_CPU},
    };
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        good &= tell_figure(plan, &figures[i]);
    return good;
}

int main(int argc, char **argv)
{
    const char *is_long = getenv("AWSLOGSRC_LONG");
    bool large = is_long != NULL && strcmp(is_long, "1") == 0;
    struct plan plan = large ? (struct plan){500, 420000, 300000} : (struct plan){12, 4000, 1000};
    struct aws aws = {0};
    struct host host = {.plan = &plan, .aws = &aws};
    if (argc == 4) {
        plan.sources = (unsigned)strtoul(argv[1], NULL, 10);
        plan.live_ms = strtoll(argv[2], NULL, 10) * 1000;
        plan.idle_ms = strtoll(argv[3], NULL, 10) * 1000;
    }
    start_aws(&plan, &aws);
    open_host(&host);
    run_until(&host, aws.start_ms + plan.live_ms, false);
    run_until(&host, aws.start_ms + plan.live_ms + GIVE_UP_MS, true);
    int64_t caught_up = clock_ms(CLOCK_REALTIME), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    run_until(&host, caught_up + plan.idle_ms, false);
    double idle_cpu =
        (double)(clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)(plan.idle_ms + 1);
    struct report report = stop_aws(&aws);
    size_t events = different(&host);
    printf("%u sources in %d regions: %zu events of %zu, %zu more than once; %" PRIu64
           " wake-ups; all there %.1f s after the last\n",
           plan.sources, REGIONS, events, host.expected, host.came - events, host.wakeups,
           (double)(caught_up - aws.start_ms - plan.live_ms) / 1000);
    bool exact = events == host.expected && host.came == events;
    bool good = tell(&plan, &report, idle_cpu);
    tell_exposition(&host);
    tell_incomplete(&host);
    close_host(&host);
    return exact && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
