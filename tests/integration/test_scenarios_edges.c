/* What the scenarios of test_scenarios.c leave open: their variants and their limits. */
#include "testing.h"

#include <time.h>

#include "scene.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static int setup(void **state)
{
    static struct scene scene;
    scene_open(&scene);
    sim_service_log(scene.service)->keep = true;
    *state = &scene;
    return 0;
}

static int teardown(void **state)
{
    scene_close(*state);
    return 0;
}

static void put_many(struct scene *scene, int region, int count, int64_t first)
{
    for (int i = 0; i < count; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "event %d", i);
        scene_put(scene, region, first + i, -1000, text);
    }
}

static const struct sim_call_counter *counter(struct scene *scene, int region)
{
    (void)scene_calls(scene, region);
    return sim_call_log_counter(sim_service_log(scene->service), scene_regions[region],
                                "FilterLogEvents");
}

/* 1 */
static void test_scenario_01__visible_just_before_the_horizon__comes_at_the_last_age(void **state)
{
    struct scene *scene = *state;
    put_many(scene, 0, 20, -12000);
    scene_put(scene, 0, -12000, 3000, "late"); /* past the age of ten seconds */
    SCENE_START(scene, "start_time", "-2m", "late_arrival_horizon", "20s");
    scene_run(scene, 21);
    scene_settle(scene, -11000);
    scene_expect_exact(scene);
}

static void test_scenario_01__visible_after_the_horizon__is_not_waited_for(void **state)
{
    struct scene *scene = *state;
    scene_put(scene, 0, -MINUTE, 1000, "too late");
    put_many(scene, 0, 20, -1000);
    SCENE_START(scene, "start_time", "-2m");
    scene_settle(scene, 0); /* which takes until ten seconds after the start */
    assert_int_equal(scene->delivered, 20);
    assert_int_equal(scene_count(scene, 0, "too late", 8), 0);
}

/* Whoever sees the count knows that the horizon is too short for this group. */
static void test_scenario_01__ingested_after_the_horizon_but_seen__is_counted(void **state)
{
    struct scene *scene = *state;
    char *stats = NULL;
    scene_put(scene, 0, -MINUTE, -1000, "too late, but there at the start");
    put_many(scene, 0, 20, -2000);
    SCENE_START(scene, "start_time", "-2m", "late_arrival_horizon", "20s");
    scene_run(scene, 21);
    assert_int_equal(awslogsrc_source_stats_json(scene->source, &stats, NULL, NULL), 0);
    assert_non_null(strstr(stats, "\"events_beyond_horizon\":1,"));
    awslogsrc_source_stats_free(stats);
    scene_expect_exact(scene);
}

/* 3 */
static void test_scenario_03__chain_that_ends_with_empty_pages__stops_there(void **state)
{
    struct scene *scene = *state;
    struct sim_settings *settings = sim_service_settings(scene->service);
    settings->scan_events = 10; /* a page looks at no more */
    for (int i = 0; i < 403; i++)
        scene_put(scene, 0, -MINUTE + i, -1000, i < 3 || i == 350 ? "wanted" : "other");
    SCENE_START(scene, "filter_pattern", "wanted", "once", "true", "start_time", "-2m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene->delivered, 4);
}

static void test_scenario_03__many_empty_pages__keep_to_the_rate(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->empty_pages = 60;
    put_many(scene, 0, 5, -MINUTE);
    SCENE_START(scene, "once", "true", "start_time", "-2m", "api_rate_limit", "20");
    scene_run_to_end(scene);
    assert_int_equal(scene->delivered, 5);
    scene_finish(scene);
    /* A second's worth may be saved up; the server's clock may cut between sending and arriving. */
    const struct sim_call_counter *calls = counter(scene, 0);
    assert_true(sim_call_counter_peak(calls, 3) <= 3 * 20 + 20 + 4);
}

/* 4 */
static void test_scenario_04__throttled__the_same_page_is_asked_for_again(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 50;
    put_many(scene, 0, 400, -MINUTE);
    scene_fault(scene, &(struct sim_fault){.kind = SIM_FAULT_THROTTLING, .after = 5, .times = 3});
    SCENE_START(scene, "start_time", "-2m", "backfill_parallelism", "1");
    scene_run(scene, 400);
    scene_settle(scene, -MINUTE + 400);
    scene_finish(scene);
    assert_int_equal(counter(scene, 0)->events, 400); /* nothing was read twice */
    scene_expect_exact(scene);
}

/* 6 */
static void test_scenario_06__repeated_token__drops_the_chain_and_goes_on(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 20;
    put_many(scene, 0, 200, -MINUTE);
    scene_fault(scene,
                &(struct sim_fault){.kind = SIM_FAULT_REPEATED_PAGE_TOKEN, .after = 2, .times = 2});
    SCENE_START(scene, "start_time", "-2m");
    scene_run(scene, 200);
    scene_settle(scene, -MINUTE + 200);
    assert_int_equal(scene->troubles[0], AWSLOGSRC_E_TOKEN);
    scene_expect_exact(scene);
}

static void test_scenario_06__stopped_in_mid_chain__starts_without_its_token(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 20;
    put_many(scene, 0, 200, -MINUTE);
    scene->stop_early = true;
    scene->stop_after = 60;
    SCENE_START(scene, "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    scene_finish(scene);
    (void)scene_calls(scene, 0);
    size_t before = sim_service_log(scene->service)->count;
    scene->stop_early = false;
    sim_service_settings(scene->service)->token_lifetime_ms =
        86400000; /* those of before are void */
    SCENE_START(scene, "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run(scene, 200);
    scene_settle(scene, -MINUTE + 200);
    scene_expect_exact(scene);
    const struct sim_call_log *log = sim_service_log(scene->service);
    assert_false(log->calls[before].has_token);
    assert_false(log->calls[before + 1].has_token);
}

static void test_scenario_06__bad_filter_pattern__is_told_and_not_retried_in_a_storm(void **state)
{
    struct scene *scene = *state;
    SCENE_START(scene, "filter_pattern", "\"open", "filter_syntax", "aws");
    scene_run_until_state(scene, 0, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_BAD_REQUEST);
    for (int i = 0; i < 20; i++)
        assert_true(awslogsrc_context_poll(scene->context, 50) >= 0);
    scene_finish(scene);
    assert_true(scene_calls(scene, 0) <= 2);
}

/* 9 */
static void test_scenario_09__same_group_in_two_regions__each_has_a_position_of_its_own(
    void **state)
{
    struct scene *scene = *state;
    put_many(scene, 0, 100, -MINUTE);
    put_many(scene, 1, 100, -MINUTE);
    for (int life = 0; life < 3; life++) {
        SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir,
                    "regions", life == 0 ? "us-east-1" : "us-east-1,eu-west-1");
        scene_run_to_end(scene);
        scene_finish(scene);
        assert_int_equal(scene->delivered, life == 0 ? 100 : 200);
    }
    scene_expect_exact(scene);
}

/* A missing group is asked for again after 30 to 60 seconds: too long for the short run. */
static void test_scenario_09__group_that_appears_later__is_picked_up(void **state)
{
    struct scene *scene = *state;
    if (!test_is_long()) {
        printf("SKIPPED: scenario 9: a group that appears later takes the long run\n");
        skip();
    }
    (void)sim_world_remove_group(sim_service_world(scene->service), scene_regions[1], SCENE_GROUP);
    put_many(scene, 0, 20, -MINUTE);
    SCENE_START(scene, "start_time", "-2m", "regions", "us-east-1,eu-west-1");
    scene_run_until_state(scene, 1, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_NOT_FOUND);
    sim_server_lock(scene->server);
    scene->groups[1] =
        sim_service_add_group(scene->service, scene_regions[1], SCENE_GROUP, sim_server_now(0));
    put_many(scene, 1, 20, -MINUTE);
    sim_server_unlock(scene->server);
    scene_run(scene, 40);
    scene_expect_exact(scene);
}

/* 10; the live edge is polled as fast as calls are allowed, and backfill keeps its share */
static void test_scenario_10__backfill_beside_live__calls_never_exceed_the_limit(void **state)
{
    struct scene *scene = *state;
    enum { LIMIT = 20, WIDTH_S = 3, UNDER_WAY = 8 };
    sim_service_settings(scene->service)->page_events = 100;
    put_many(scene, 0, 2000, -HOUR / 2);
    SCENE_START(scene, "start_time", "-1h", "api_rate_limit", "20", "poll_interval", "100ms");
    scene_run(scene, 2000);
    scene_finish(scene);
    assert_true(sim_call_counter_peak(counter(scene, 0), WIDTH_S) <=
                WIDTH_S * LIMIT + LIMIT + UNDER_WAY);
    scene_expect_exact(scene);
}

/* 11 */
static int refuse_all(struct scene *scene, awslogsrc_batch *batch)
{
    (void)batch;
    scene->held_count++;
    return AWSLOGSRC_LATER;
}

static void test_scenario_11__stopped_while_refusing__ends_at_once_and_loses_nothing(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 50;
    put_many(scene, 0, 500, -MINUTE);
    scene->answer = refuse_all;
    SCENE_START(scene, "start_time", "-2m", "state_dir", scene->state_dir);
    while (scene->held_count < 3)
        assert_true(awslogsrc_context_poll(scene->context, 1000) >= 0);
    assert_int_equal(awslogsrc_source_stop(scene->source), 0);
    size_t offers = scene->held_count;
    for (int i = 0; i < 5; i++)
        assert_true(awslogsrc_context_poll(scene->context, 50) >= 0);
    assert_int_equal(scene->held_count, offers); /* no callback any more */
    scene_finish(scene);
    scene->answer = NULL;
    scene->held_count = 0;
    SCENE_START(scene, "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run(scene, 500);
    for (size_t i = 1; i < scene->delivered; i++) /* one stream, in its order */
        assert_true(scene->deliveries[i - 1].timestamp < scene->deliveries[i].timestamp);
    scene_expect_exact(scene);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void test_scenario_11__events_per_second__pace_the_calls_and_drop_nothing(void **state)
{
    struct scene *scene = *state;
    put_many(scene, 0, 500, -MINUTE);
    SCENE_START(scene, "start_time", "-2m", "eps_throttle", "100");
    int64_t began = now_ms();
    scene_run(scene, 500);
    /* Four seconds for all but the last page, which is a second's worth at most. */
    assert_true(now_ms() - began >= 3900);
    for (size_t i = 1; i < scene->delivered; i++) /* one scan, in its order */
        assert_true(scene->deliveries[i - 1].timestamp < scene->deliveries[i].timestamp);
    scene_settle(scene, -MINUTE + 500);
    scene_expect_exact(scene);
}

/* 12 */
static void test_scenario_12__at_the_ends_of_the_window__start_counts_and_end_does_not(void **state)
{
    struct scene *scene = *state;
    char start[32], end[32];
    int64_t first = (scene->start_ms - 2LL * HOUR) / 1000 * 1000;
    time_t seconds = (time_t)(first / 1000);
    struct tm day;
    for (int i = -1; i <= 1; i++) {
        scene_put(scene, 0, first - scene->start_ms + i, -1000, i < 0 ? "before" : "start");
        scene_put(scene, 0, first - scene->start_ms + MINUTE + i, -1000, i < 0 ? "end" : "after");
    }
    assert_non_null(gmtime_r(&seconds, &day));
    (void)strftime(start, sizeof start, "%Y-%m-%dT%H:%M:%SZ", &day);
    seconds += 60;
    assert_non_null(gmtime_r(&seconds, &day));
    (void)strftime(end, sizeof end, "%Y-%m-%dT%H:%M:%SZ", &day);
    SCENE_START(scene, "start_time", start, "end_time", end);
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene->delivered, 3);
    assert_int_equal(scene_count(scene, 0, "start", 5), 2);
    assert_int_equal(scene_count(scene, 0, "end", 3), 1);
    (void)scene_calls(scene, 0);
    const struct sim_call_log *log = sim_service_log(scene->service);
    for (size_t i = 0; i < log->count; i++) /* no negative or zero time was sent */
        assert_true(log->calls[i].end_time > 0 &&
                    (log->calls[i].start_time > 0 || log->calls[i].end_time == 1));
}

static void test_scenario_12__clock_ten_minutes_fast__is_corrected(void **state)
{
    struct scene *scene = *state;
    put_many(scene, 0, 20, -12 * MINUTE);
    scene->server =
        sim_server_start(scene->service, &(struct sim_server_options){.clock_offset_ms = -600000});
    scene_put(scene, 0, -11 * MINUTE, -11 * MINUTE, "newest");
    SCENE_START(scene, "once", "true", "start_time", "-10m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene_count(scene, 0, "newest", 6), 1);
}

static void test_scenario_12__group_deleted_and_made_again__its_new_events_come(void **state)
{
    struct scene *scene = *state;
    put_many(scene, 0, 20, -MINUTE);
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    scene_finish(scene);
    assert_int_equal(scene->delivered, 20);
    (void)scene_calls(scene, 0);
    assert_true(
        sim_world_remove_group(sim_service_world(scene->service), scene_regions[0], SCENE_GROUP));
    scene->groups[0] =
        sim_service_add_group(scene->service, scene_regions[0], SCENE_GROUP, scene->start_ms);
    scene_put(scene, 0, 100, 100, "new");
    SCENE_START(scene, "state_dir", scene->state_dir);
    scene_run(scene, 21);
    assert_int_equal(scene_count(scene, 0, "new", 3), 1);
}

static void test_scenario_12__lone_surrogate__is_replaced_visibly_and_flagged(void **state)
{
    struct scene *scene = *state;
    scene_put_bytes(scene, -MINUTE, "a\xed\xa0\x80z", 5); /* U+D800, which the simulator escapes */
    scene_put_bytes(scene, -MINUTE + 1, "fine", 4);
    SCENE_START(scene, "once", "true", "start_time", "-2m");
    scene_run_to_end(scene);
    assert_int_equal(scene_count(scene, 0, "a\xef\xbf\xbdz", 5), 1);
    assert_int_equal(scene->deliveries[0].flags, AWSLOGSRC_EVENT_REPLACED_TEXT);
    assert_int_equal(scene->deliveries[1].flags, 0);
}

#define SCENARIO(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO(test_scenario_01__visible_just_before_the_horizon__comes_at_the_last_age),
        SCENARIO(test_scenario_01__visible_after_the_horizon__is_not_waited_for),
        SCENARIO(test_scenario_01__ingested_after_the_horizon_but_seen__is_counted),
        SCENARIO(test_scenario_03__chain_that_ends_with_empty_pages__stops_there),
        SCENARIO(test_scenario_03__many_empty_pages__keep_to_the_rate),
        SCENARIO(test_scenario_04__throttled__the_same_page_is_asked_for_again),
        SCENARIO(test_scenario_06__repeated_token__drops_the_chain_and_goes_on),
        SCENARIO(test_scenario_06__stopped_in_mid_chain__starts_without_its_token),
        SCENARIO(test_scenario_06__bad_filter_pattern__is_told_and_not_retried_in_a_storm),
        SCENARIO(test_scenario_09__same_group_in_two_regions__each_has_a_position_of_its_own),
        SCENARIO(test_scenario_09__group_that_appears_later__is_picked_up),
        SCENARIO(test_scenario_10__backfill_beside_live__calls_never_exceed_the_limit),
        SCENARIO(test_scenario_11__stopped_while_refusing__ends_at_once_and_loses_nothing),
        SCENARIO(test_scenario_11__events_per_second__pace_the_calls_and_drop_nothing),
        SCENARIO(test_scenario_12__at_the_ends_of_the_window__start_counts_and_end_does_not),
        SCENARIO(test_scenario_12__clock_ten_minutes_fast__is_corrected),
        SCENARIO(test_scenario_12__group_deleted_and_made_again__its_new_events_come),
        SCENARIO(test_scenario_12__lone_surrogate__is_replaced_visibly_and_flagged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
