/* test_fan_out [SOURCES [REGIONS [CALLS_PER_SECOND [MINUTES]]]]: many sources in one process,
 * regions with quotas: every event once, within the quotas, nobody starved. With arguments: figures
 * only. */
#include "testing.h"

#include <inttypes.h>
#include <malloc.h>
#include <time.h>

#include "fleet.h"
#include "random.h"
#include "service.h"

static const char *const regions[] = {"eu-west-1", "eu-west-2", "us-west-2", "ap-south-1"};

struct shape {
    unsigned sources, regions;
    double quota; /* calls a second in a region */
    int64_t minutes;
};

struct figures {
    uint64_t events, missing, repeated;
    double above_quota;        /* the most calls in ten seconds, in parts of the quota */
    double throttled;          /* share of the calls after the first minute */
    double calls;              /* a second in a region */
    int64_t shortest, longest; /* mean poll intervals */
    int64_t lag_p50, lag_p99, lag_most;
    double memory_mib; /* a heap with the simulator in it */
    double processor;  /* seconds of it for a second, likewise */
};

enum { MINUTE = 60 * 1000 };

static double heap_mib(void)
{
    return (double)mallinfo2().uordblks / 1048576;
}

static double processor_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fill(struct fleet *fleet, const struct shape *shape)
{
    for (unsigned i = 0; i < shape->sources; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "group-%u", i);
        for (unsigned j = 0; j < shape->regions; j++) {
            struct sim_series series = {.generator.kind = SIM_VPC_FLOW,
                                        .start_ms = fleet->begin_ms + i % 7 * 111,
                                        .per_second = 0.5,
                                        .count = (uint64_t)shape->minutes * 30,
                                        .streams = 3,
                                        .ingestion_delay_ms = 800,
                                        .visible_delay_ms = 2000,
                                        .late_share = 0.01,
                                        .late_ms = 90000};
            fleet_put_series(fleet_add_group(fleet, regions[j], name), &series);
        }
    }
}

static void open_sources(struct fleet *fleet, const struct shape *shape)
{
    static const char *const more[] = {
        "late_arrival_horizon", "10m", "visibility_margin", "2m", "start_time", "-1m", NULL};
    char list[128] = "";
    for (unsigned j = 0; j < shape->regions; j++) {
        size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%s%s", j > 0 ? "," : "", regions[j]);
    }
    for (unsigned i = 0; i < shape->sources; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "group-%u", i);
        (void)fleet_add_source(fleet, list, name, more);
    }
}

static void judge_traffic(const struct fleet *fleet, const struct shape *shape, int64_t seconds,
                          struct figures *figures)
{
    uint64_t calls = 0, throttled = 0;
    for (size_t i = 0; i < fleet->traffic_count; i++) {
        const struct fleet_traffic *traffic = &fleet->traffic[i];
        double most = (double)traffic->most / (10 * shape->quota);
        figures->above_quota = most > figures->above_quota ? most : figures->above_quota;
        calls += traffic->calls;
        throttled += traffic->throttled;
    }
    figures->throttled = (double)throttled / (double)calls;
    figures->calls = (double)calls / (double)seconds / shape->regions;
}

/* Reads while events are written, and as long again as the last may wait for their turn. */
static struct figures run(const struct shape *shape)
{
    static struct fleet fleet;
    struct figures figures = {0};
    fleet_init(&fleet, 1);
    sim_service_set_quota(fleet.aws.service, NULL, "FilterLogEvents", shape->quota);
    fill(&fleet, shape);
    double before = heap_mib();
    open_sources(&fleet, shape);
    /* The first minute, and a first call for everybody. */
    int64_t start = MINUTE + (int64_t)(2000 * shape->sources / shape->quota);
    fleet_run(&fleet, start);
    fleet_measure(&fleet);
    double began = processor_s();
    fleet_run(&fleet, shape->minutes * MINUTE - start);
    figures.processor = (processor_s() - began) * 1000 / (double)(shape->minutes * MINUTE - start);
    judge_traffic(&fleet, shape, (shape->minutes * MINUTE - start) / 1000, &figures);
    fleet_intervals(&fleet, &figures.shortest, &figures.longest);
    figures.memory_mib = heap_mib() - before;
    fleet_run(&fleet, 20 * MINUTE);
    figures.lag_p50 = fleet_lag(&fleet, 0.5);
    figures.lag_p99 = fleet_lag(&fleet, 0.99);
    figures.lag_most = fleet_lag(&fleet, 1);
    figures.missing = fleet_missing(&fleet);
    figures.repeated = fleet_repeated(&fleet);
    figures.events = fleet_delivered(&fleet);
    fleet_clear(&fleet);
    return figures;
}

static void print(const struct shape *shape, const struct figures *figures)
{
    printf("%u sources, %u regions, %.0f calls/s: %" PRIu64 " events, %" PRIu64 " missing, %" PRIu64
           " repeated; %.2f calls/s, at most %.3f of the quota in 10 s, %.2f %% throttled\n",
           shape->sources, shape->regions, shape->quota, figures->events, figures->missing,
           figures->repeated, figures->calls, figures->above_quota, 100 * figures->throttled);
    printf("poll intervals %.1f to %.1f s, lag p50 %.1f s, p99 %.1f s, at most %.1f s; %.1f MiB, "
           "%.1f %% of a core, simulator included\n",
           (double)figures->shortest / 1000, (double)figures->longest / 1000,
           (double)figures->lag_p50 / 1000, (double)figures->lag_p99 / 1000,
           (double)figures->lag_most / 1000, figures->memory_mib, 100 * figures->processor);
}

static void test_fan_out__more_sources_than_calls__share_them_and_lose_nothing(void **state)
{
    (void)state;
    struct shape shape = {150, 2, 10, 15};
    if (test_is_long())
        shape = (struct shape){500, 4, 10, 60};
    struct figures figures = run(&shape);
    print(&shape, &figures);
    assert_int_equal(figures.missing, 0);
    assert_int_equal(figures.repeated, 0);
    assert_true(figures.above_quota <= 1.05);
    assert_true(figures.throttled < 0.02);
    assert_true((double)figures.longest <= 1.5 * (double)figures.shortest);
    assert_true(figures.memory_mib < 256);
    assert_true(figures.processor < 0.1);
}

/* The live edges leave little: re-reading from the youngest age on never came to the old ones. */
static void test_fan_out__hardly_calls_for_all__old_times_are_read_again_too(void **state)
{
    (void)state;
    struct shape shape = {70, 1, 10, 30};
    struct figures figures = run(&shape);
    print(&shape, &figures);
    assert_int_equal(figures.missing, 0);
    assert_int_equal(figures.repeated, 0);
}

/* Where polls are far apart, the next one reads along what the last one came too early for. It was
 * left to re-reading, which comes to everybody after minutes only. */
static void test_fan_out__visible_after_the_poll__comes_with_the_next(void **state)
{
    enum { SOURCES = 150, LATE = 13000 };
    static const char *const more[] = {"start_time", "-5m", NULL};
    static struct fleet fleet;
    int64_t shortest = 0, longest = 0;
    (void)state;
    fleet_init(&fleet, 1);
    sim_service_set_quota(fleet.aws.service, NULL, "FilterLogEvents", 3);
    for (unsigned i = 0; i < SOURCES; i++) {
        char name[32];
        struct sim_series series = {.generator = {.kind = SIM_VPC_FLOW, .seed = i},
                                    .start_ms = fleet.begin_ms + i * 7,
                                    .per_second = 0.05,
                                    .count = 20,
                                    .ingestion_delay_ms = LATE / 4,
                                    .visible_delay_ms = LATE};
        (void)snprintf(name, sizeof name, "group-%u", i);
        fleet_put_series(fleet_add_group(&fleet, regions[0], name), &series);
        (void)fleet_add_source(&fleet, regions[0], name, more);
    }
    fleet_measure(&fleet);
    fleet_run(&fleet, 20 * MINUTE);
    fleet_intervals(&fleet, &shortest, &longest);
    print_message("polls %.1f to %.1f s, lag at most %.1f s\n", (double)shortest / 1000,
                  (double)longest / 1000, (double)fleet_lag(&fleet, 1) / 1000);
    assert_int_equal(fleet_missing(&fleet), 0);
    assert_true(fleet_lag(&fleet, 1) < 3 * longest);
    fleet_clear(&fleet);
}

/* One of the sources, perhaps the one that calls, stops, starts, pauses or goes on. */
static void disturb(struct fleet *fleet)
{
    uint64_t draw = sim_random_next(&fleet->random);
    awslogsrc_source *source = fleet->sources[draw % fleet->source_count];
    switch (draw >> 32 & 3) {
    case 0: (void)awslogsrc_source_stop(source); break;
    case 1: (void)awslogsrc_source_pause(source); break;
    case 2: (void)awslogsrc_source_resume(source); break;
    default: (void)awslogsrc_source_start(source, NULL); break;
    }
}

static void test_fan_out__stopped_and_started_in_callbacks__loses_nothing(void **state)
{
    (void)state;
    static struct fleet fleet;
    struct shape shape = {20, 2, 10, 20};
    fleet_init(&fleet, 2);
    sim_service_set_quota(fleet.aws.service, NULL, "FilterLogEvents", shape.quota);
    fill(&fleet, &shape);
    open_sources(&fleet, &shape);
    fleet.disturb = disturb;
    for (int minute = 0; minute < 25; minute++) {
        fleet_run(&fleet, MINUTE);
        (void)awslogsrc_source_start(fleet.sources[minute % 20], NULL); /* somebody has to call */
        (void)awslogsrc_source_resume(fleet.sources[minute % 20]);
    }
    fleet.disturb = NULL;
    for (size_t i = 0; i < fleet.source_count; i++) {
        (void)awslogsrc_source_start(fleet.sources[i], NULL);
        (void)awslogsrc_source_resume(fleet.sources[i]);
    }
    fleet_run(&fleet, 20 * MINUTE);
    assert_int_equal(fleet_missing(&fleet), 0);
    assert_int_equal(fleet_repeated(&fleet), 0);
    fleet_clear(&fleet);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fan_out__more_sources_than_calls__share_them_and_lose_nothing),
        cmocka_unit_test(test_fan_out__stopped_and_started_in_callbacks__loses_nothing),
        cmocka_unit_test(test_fan_out__visible_after_the_poll__comes_with_the_next),
        cmocka_unit_test(test_fan_out__hardly_calls_for_all__old_times_are_read_again_too)};
    if (argc == 1)
        return cmocka_run_group_tests(tests, NULL, NULL);
    struct shape shape = {500, 4, 10, 60};
    shape.sources = (unsigned)strtoul(argv[1], NULL, 10);
    shape.regions = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : shape.regions;
    shape.quota = argc > 3 ? strtod(argv[3], NULL) : shape.quota;
    shape.minutes = argc > 4 ? strtoll(argv[4], NULL, 10) : shape.minutes;
    if (shape.sources == 0 || shape.regions == 0 || shape.regions > 4 || shape.quota <= 0)
        return 2;
    struct figures figures = run(&shape);
    print(&shape, &figures);
    return 0;
}
