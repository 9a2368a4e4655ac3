/* Much to read and little time: backfill beside a live edge, a slow consumer, a limit of events, in
 * virtual time. */
#include "testing.h"

#include <inttypes.h>
#include <malloc.h>

#include "fleet.h"
#include "service.h"
#include "source/context.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, POLL = 10 * SECOND };

static const int64_t day = INT64_C(24) * HOUR;

static struct fleet fleet;

static int setup(void **state)
{
    (void)state;
    fleet_init(&fleet, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fleet_clear(&fleet);
    return 0;
}

/* So many events over the time before the beginning; none is younger than an hour. */
static void put_history(struct fleet_group *group, uint64_t count, int64_t length_ms)
{
    fleet_put_series(group,
                     &(struct sim_series){.generator.kind = SIM_VPC_FLOW,
                                          .start_ms = fleet.begin_ms - length_ms - HOUR,
                                          .per_second = (double)count * 1000 / (double)length_ms,
                                          .count = count});
}

static void put_live(struct fleet_group *group, double per_second, int64_t length_ms)
{
    fleet_put_series(
        group, &(struct sim_series){.generator.kind = SIM_VPC_FLOW,
                                    .start_ms = fleet.begin_ms,
                                    .per_second = per_second,
                                    .count = (uint64_t)(per_second * (double)length_ms / 1000),
                                    .ingestion_delay_ms = 500,
                                    .visible_delay_ms = 1500});
}

static void put_backfill_world(uint64_t events)
{
    fleet.aws.least_latency_ms = fleet.aws.most_latency_ms = 600;
    sim_service_set_quota(fleet.aws.service, NULL, "FilterLogEvents", 10);
    struct fleet_group *group = fleet_add_group(&fleet, "eu-west-1", "group");
    put_history(group, events, 30 * day);
    put_live(group, 50, HOUR);
}

static bool history_is_read(void)
{
    const struct fleet_group *group = fleet.groups[0];
    for (uint64_t i = 0; i < group->series[0].count; i++) {
        if (group->seen[0][i] == 0)
            return false;
    }
    return true;
}

struct backfill {
    int64_t took_ms;
    int64_t lag_p99;
    uint64_t missing, repeated;
};

static struct backfill run_backfill(uint64_t events, const char *parallelism,
                                    const char *max_inflight)
{
    struct backfill result = {0};
    const char *const more[] = {
        "start_time", "-32d",         "eps_throttle", "0", "backfill_parallelism",
        parallelism,  "max_inflight", max_inflight,   NULL};
    fleet_init(&fleet, 1);
    put_backfill_world(events);
    (void)fleet_add_source(&fleet, "eu-west-1", "group", more);
    fleet_measure(&fleet);
    int64_t began = fleet.aws.now_ms;
    while (!history_is_read() && fleet.aws.now_ms < began + HOUR)
        fleet_run(&fleet, SECOND);
    result.took_ms = fleet.aws.now_ms - began;
    result.lag_p99 = fleet_lag(&fleet, 0.99);
    fleet_run(&fleet, HOUR + 10 * MINUTE);
    result.missing = fleet_missing(&fleet);
    result.repeated = fleet_repeated(&fleet);
    fleet_clear(&fleet);
    return result;
}

static void test_backlog__backfill_in_parallel__is_faster_and_the_edge_stays_live(void **state)
{
    (void)state;
    uint64_t events = test_is_long() ? 2000000 : 400000;
    struct backfill one = run_backfill(events, "1", "32MiB");
    struct backfill four = run_backfill(events, "4", "32MiB");
    struct backfill wide = run_backfill(events, "4", "64MiB"); /* room for a page of each */
    printf(
        "%" PRIu64
        " events of history: %.1f s one by one, %.1f s in 4 slices, %.1f s with 64 MiB; live lag "
        "p99 %.1f, %.1f, %.1f s\n",
        events, (double)one.took_ms / 1000, (double)four.took_ms / 1000,
        (double)wide.took_ms / 1000, (double)one.lag_p99 / 1000, (double)four.lag_p99 / 1000,
        (double)wide.lag_p99 / 1000);
    assert_int_equal(one.missing + four.missing + wide.missing, 0);
    assert_int_equal(one.repeated + four.repeated + wide.repeated, 0);
    assert_true((double)one.took_ms >= 2 * (double)four.took_ms);
    /* Slices have to widen first. */
    assert_true((double)one.took_ms >= (test_is_long() ? 3 : 2) * (double)wide.took_ms);
    assert_true(one.lag_p99 < 3 * POLL && four.lag_p99 < 3 * POLL && wide.lag_p99 < 3 * POLL);
}

static void test_backlog__events_per_second__hold_for_all_regions_together(void **state)
{
    static const char *const more[] = {"start_time", "-1d", "eps_throttle", "500", NULL};
    static const char *const regions[] = {"eu-west-1", "eu-west-2", "us-west-2"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fleet_group *group = fleet_add_group(&fleet, regions[i], "group");
        put_history(group, 20000, HOUR);
        put_live(group, 20, 10 * MINUTE);
    }
    (void)fleet_add_source(&fleet, "eu-west-1,eu-west-2,us-west-2", "group", more);
    fleet_run(&fleet, 100 * SECOND);
    assert_in_range(fleet_delivered(&fleet), 90 * 500, 101 * 500);
    /* No region waits for another to end. */
    for (int i = 0; i < 3; i++)
        assert_in_range(fleet.groups[i]->delivered, 8000, 30000);
    fleet_run(&fleet, 20 * MINUTE);
    assert_int_equal(fleet_missing(&fleet), 0);
    assert_int_equal(fleet_repeated(&fleet), 0);
    assert_true(fleet.most_events <= 10 * 500 + 500);
}

static size_t heap(void)
{
    return mallinfo2().uordblks;
}

static void test_backlog__consumer_that_answers_later__stops_the_calls_and_loses_nothing(
    void **state)
{
    static const char *const more[] = {"start_time", "-30d", "eps_throttle", "0", NULL};
    (void)state;
    struct fleet_group *group = fleet_add_group(&fleet, "eu-west-1", "group");
    uint64_t pages = test_is_long() ? 500 : 100;
    sim_service_settings(fleet.aws.service)->page_events = 2500; /* half a megabyte in JSON */
    put_history(group, pages * 2500, 20 * day);
    awslogsrc_source *source = fleet_add_source(&fleet, "eu-west-1", "group", more);
    fleet.later = true;
    fleet_run(&fleet, 2 * MINUTE);
    uint64_t calls = fleet.aws.requests;
    size_t memory = heap();
    assert_true(fleet.aws.context->inflight_bytes <= 32U << 20);
    fleet_run(&fleet, 10 * MINUTE);
    assert_int_equal(fleet.aws.requests, calls);
    assert_true(heap() < memory + 65536);
    uint64_t offers = fleet.offers;
    assert_int_equal(awslogsrc_source_stop(source), 0);
    assert_int_equal(fleet.aws.context->inflight_bytes, 0);
    fleet.later = false;
    fleet_run(&fleet, MINUTE);
    assert_int_equal(fleet.offers, offers); /* no callback after stop */
    assert_int_equal(awslogsrc_source_start(source, NULL), 0);
    fleet_run(&fleet, 10 * MINUTE);
    assert_int_equal(fleet_missing(&fleet), 0);
    assert_int_equal(fleet_repeated(&fleet), 0);
}

static void test_backlog__stopped_in_mid_backfill__goes_on_and_ends_at_end_time(void **state)
{
    static const char *const more[] = {"start_time",   "-10d", "end_time", "-2d",
                                       "eps_throttle", "2000", NULL};
    (void)state;
    struct fleet_group *group = fleet_add_group(&fleet, "eu-west-1", "group");
    put_history(group, 100000, 10 * day - 2 * HOUR);
    awslogsrc_source *source = fleet_add_source(&fleet, "eu-west-1", "group", more);
    fleet_run(&fleet, 25 * SECOND);
    assert_int_equal(awslogsrc_source_stop(source), 0);
    uint64_t before = fleet_delivered(&fleet);
    assert_in_range(before, 20000, 60000);
    assert_int_equal(awslogsrc_source_start(source, NULL), 0);
    fleet_run(&fleet, 5 * MINUTE);
    assert_int_equal(awslogsrc_source_is_running(source), 0);
    uint64_t end = sim_series_seek(&group->series[0], fleet.begin_ms - 2 * day);
    assert_int_equal(fleet_delivered(&fleet), end);
    assert_int_equal(fleet_repeated(&fleet), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backlog__backfill_in_parallel__is_faster_and_the_edge_stays_live),
#define TEST(name) cmocka_unit_test_setup_teardown(test_backlog__##name, setup, teardown)
        TEST(events_per_second__hold_for_all_regions_together),
        TEST(consumer_that_answers_later__stops_the_calls_and_loses_nothing),
        TEST(stopped_in_mid_backfill__goes_on_and_ends_at_end_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
