/* The twelve scenarios that lose, repeat or stall elsewhere, each against the simulator over real
 * sockets. What they depend on is arranged on the server's clock beforehand; nothing here waits for
 * a fixed time to pass. */
#include "testing.h"

#include "scene.h"

static int setup(void **state)
{
    static struct scene scene;
    scene_open(&scene);
    *state = &scene;
    return 0;
}

static int teardown(void **state)
{
    scene_close(*state);
    return 0;
}

static const char *numbered(const char *text, int number)
{
    static char message[64];
    (void)snprintf(message, sizeof message, "%s %d", text, number);
    return message;
}

/* count events "TEXT n", one every step_ms from first_ms on, visible at once. */
static void put_flow(struct scene *scene, int region, const char *text, int count,
                     const int64_t first_and_step[2])
{
    for (int i = 0; i < count; i++) {
        int64_t at = first_and_step[0] + i * first_and_step[1];
        scene_put(scene, region, at, at > 0 ? at : -1000, numbered(text, i));
    }
}

static void expect_flow_once(const struct scene *scene, int region, const char *text, int count)
{
    for (int i = 0; i < count; i++) {
        const char *message = numbered(text, i);
        size_t times = scene_count(scene, region, message, strlen(message));
        if (times != 1)
            fail_msg("%s: delivered %d times", message, (int)times);
    }
}

/* 1 */
static void test_scenario_01__event_visible_late__comes_once_and_repeats_no_other(void **state)
{
    struct scene *scene = *state;
    put_flow(scene, 0, "flow", 60, (int64_t[]){-2000, 100});
    scene_put(scene, 0, -1000, 5000, "late");
    SCENE_START(scene, "start_time", "-1m");
    scene_run(scene, 61);
    scene_settle(scene, 4000);
    scene_expect_exact(scene);
}

/* 2 */
static void test_scenario_02__siblings_in_one_millisecond__all_come_by_id(void **state)
{
    struct scene *scene = *state;
    enum { SIBLINGS = 25000 };
    for (int i = 0; i < 5; i++)
        scene_put(scene, 0, -500, i < 2 ? -100 : 3000,
                  i == 1 || i == 2 ? "twin" : numbered("s", i));
    for (int i = 0; i < SIBLINGS; i++)
        scene_put(scene, 0, -2000, -1000, numbered("many", i));
    SCENE_START(scene, "start_time", "-1m");
    scene_run(scene, SIBLINGS + 5);
    scene_settle(scene, 0);
    assert_int_equal(scene_count(scene, 0, "twin", 4), 2);
    scene_expect_exact(scene);
}

/* 3 */
static void test_scenario_03__empty_pages_in_the_chain__all_tokens_are_followed(void **state)
{
    struct scene *scene = *state;
    struct sim_settings *settings = sim_service_settings(scene->service);
    settings->empty_pages = 40;
    settings->page_events = 3;
    put_flow(scene, 0, "ACCEPT", 5, (int64_t[]){-60000, 1000});
    put_flow(scene, 0, "other", 50, (int64_t[]){-60000, 1000});
    SCENE_START(scene, "filter_pattern", "ACCEPT", "once", "true", "start_time", "-2m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene->delivered, 5);
    expect_flow_once(scene, 0, "ACCEPT", 5);
}

static void fail_in_mid_window(struct scene *scene, enum sim_fault_kind kind)
{
    sim_service_settings(scene->service)->page_events = 20;
    put_flow(scene, 0, "event", 200, (int64_t[]){-60000, 10});
    scene_fault(scene, &(struct sim_fault){.kind = kind, .after = 4, .times = 5});
    SCENE_START(scene, "once", "true", "start_time", "-2m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene->delivered, 200);
    expect_flow_once(scene, 0, "event", 200);
    assert_true(sim_service_injected(scene->service, kind) == 5);
}

/* 4 */
static void test_scenario_04__throttled_in_mid_window__goes_on_and_says_why(void **state)
{
    struct scene *scene = *state;
    fail_in_mid_window(scene, SIM_FAULT_THROTTLING);
    assert_int_equal(scene->troubles[0], AWSLOGSRC_E_THROTTLED);
}

static void test_scenario_04__unavailable_in_mid_window__goes_on(void **state)
{
    fail_in_mid_window(*state, SIM_FAULT_UNAVAILABLE);
}

static void test_scenario_04__reset_in_mid_body__goes_on(void **state)
{
    fail_in_mid_window(*state, SIM_FAULT_RESET_BODY);
}

static void test_scenario_04__truncated_body__goes_on(void **state)
{
    fail_in_mid_window(*state, SIM_FAULT_TRUNCATE);
}

static void test_scenario_04__malformed_body__delivers_none_of_it(void **state)
{
    fail_in_mid_window(*state, SIM_FAULT_MALFORMED);
}

static int hold(struct scene *scene, awslogsrc_batch *batch)
{
    scene->held[scene->held_count++] = batch;
    return AWSLOGSRC_HOLD;
}

/* 5; kill -9 at random moments: crash.py; every step of a write: test_store_file.c */
static void test_scenario_05__gone_before_the_acknowledgement__comes_again(void **state)
{
    struct scene *scene = *state;
    put_flow(scene, 0, "event", 100, (int64_t[]){-60000, 10});
    scene->answer = hold;
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
    while (scene->held_count == 0)
        assert_true(awslogsrc_context_poll(scene->context, 1000) >= 0);
    scene_finish(scene);
    for (size_t i = 0; i < scene->held_count; i++)
        awslogsrc_batch_unref(scene->held[i]);
    scene->answer = NULL;
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    expect_flow_once(scene, 0, "event", 100);
}

static void test_scenario_05__started_again_after_the_acknowledgement__repeats_nothing(void **state)
{
    struct scene *scene = *state;
    put_flow(scene, 0, "event", 100, (int64_t[]){-60000, 10});
    for (int life = 0; life < 2; life++) {
        SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
        scene_run_to_end(scene);
        scene_finish(scene);
    }
    assert_int_equal(scene->delivered, 100);
}

/* 6 */
static void test_scenario_06__every_token_expired__goes_on_from_the_map(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->token_lifetime_ms = -1;
    sim_service_settings(scene->service)->page_events = 50;
    put_flow(scene, 0, "event", 200, (int64_t[]){-60000, 10});
    SCENE_START(scene, "once", "true", "start_time", "-2m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    assert_int_equal(scene->delivered, 200);
    expect_flow_once(scene, 0, "event", 200);
    assert_int_equal(scene->troubles[0], AWSLOGSRC_E_TOKEN);
}

static void test_scenario_06__other_filter_on_the_same_state__is_refused(void **state)
{
    struct scene *scene = *state;
    put_flow(scene, 0, "event", 10, (int64_t[]){-60000, 10});
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    scene_finish(scene);
    SCENE_START(scene, "once", "true", "filter_pattern", "event", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_FAILED);
    assert_int_equal(scene->troubles[0], AWSLOGSRC_E_CURSOR_FOREIGN);
    assert_int_equal(scene->delivered, 10);
}

/* 7 */
static void test_scenario_07__keys_expire_in_mid_chain__new_keys_go_on_where_it_was(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 20;
    sim_service_add_key(scene->service, "AKIDNEW", "other", NULL);
    scene_fault(scene,
                &(struct sim_fault){.kind = SIM_FAULT_EXPIRED_CREDENTIALS, .after = 5, .times = 1});
    put_flow(scene, 0, "event", 200, (int64_t[]){-60000, 10});
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    assert_int_equal(scene->troubles[0], AWSLOGSRC_E_CREDENTIALS_EXPIRED);
    assert_true(scene->delivered < 200);
    scene_finish(scene);
    SCENE_START(scene, "once", "true", "start_time", "-2m", "state_dir", scene->state_dir,
                "access_key", "AKIDNEW", "secret_key", "other");
    scene_run_to_end(scene);
    assert_int_equal(scene->delivered, 200);
    expect_flow_once(scene, 0, "event", 200);
}

/* The scene's server hands out keys, too. */
static const char *serve_keys(struct scene *scene)
{
    static char url[64];
    sim_service_settings(scene->service)->role = "collector";
    scene->server = sim_server_start(scene->service, &(struct sim_server_options){0});
    assert_non_null(scene->server);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u",
                   (unsigned)sim_server_port(scene->server));
    return url;
}

static void test_scenario_07__keys_of_three_seconds__renewed_once_for_all_regions(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->key_lifetime_ms = 3000;
    for (int region = 0; region < SCENE_REGIONS; region++)
        put_flow(scene, region, "flow", 60, (int64_t[]){-2000, 100});
    SCENE_START(scene, "access_key", "", "secret_key", "", "authentication_method",
                "ec2_instance_role", "ec2_metadata_endpoint", serve_keys(scene), "regions",
                "us-east-1,eu-west-1,eu-central-1,ap-southeast-2", "start_time", "-1m");
    scene_run(scene, SCENE_REGIONS * 60);
    scene_finish(scene);
    (void)scene_calls(scene, 0);
    const struct sim_endpoint_counter *metadata =
        &sim_service_log(scene->service)->endpoints[SIM_IMDS];
    assert_int_equal(metadata->most_in_flight, 1);
    /* A token, then list and document for each renewal; none earlier than a second after another.
     */
    assert_in_range(metadata->counter.calls, 5, 41);
    scene_expect_exact(scene);
}

/* 8 */
static void test_scenario_08__metadata_is_a_black_hole__says_so_and_goes_on_afterwards(void **state)
{
    struct scene *scene = *state;
    scene_fault(scene, &(struct sim_fault){.kind = SIM_FAULT_HANG,
                                           .operation = "imds.token",
                                           .until_ms = scene->start_ms + 3000});
    put_flow(scene, 0, "event", 50, (int64_t[]){-60000, 10});
    SCENE_START(scene, "access_key", "", "secret_key", "", "authentication_method",
                "ec2_instance_role", "ec2_metadata_endpoint", serve_keys(scene), "start_time",
                "-2m");
    scene_run_until_state(scene, 0, AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS, AWSLOGSRC_E_TIMEOUT);
    scene_run(scene, 50);
    expect_flow_once(scene, 0, "event", 50);
}

/* 9 */
static void test_scenario_09__three_broken_regions__the_healthy_one_is_complete(void **state)
{
    struct scene *scene = *state;
    put_flow(scene, 0, "event", 200, (int64_t[]){-60000, 10});
    for (int region = 1; region < 4; region++)
        put_flow(scene, region, "event", 20, (int64_t[]){-60000, 10});
    scene_fault(scene,
                &(struct sim_fault){.kind = SIM_FAULT_THROTTLING, .region = scene_regions[1]});
    scene_fault(scene,
                &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED, .region = scene_regions[2]});
    scene_fault(scene, &(struct sim_fault){.kind = SIM_FAULT_UNRECOGNIZED_CLIENT,
                                           .region = scene_regions[3]});
    SCENE_START(scene, "regions", "us-east-1,eu-west-1,eu-central-1,ap-southeast-2", "start_time",
                "-2m");
    scene_run(scene, 200);
    expect_flow_once(scene, 0, "event", 200);
    scene_run_until_state(scene, 1, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_THROTTLED);
    scene_run_until_state(scene, 2, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_ACCESS_DENIED);
    scene_run_until_state(scene, 3, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_CREDENTIALS_REJECTED);
    assert_int_equal(scene->delivered, 200);
}

/* 10 */
static void test_scenario_10__backfill_beside_live__live_does_not_wait_and_a_restart_goes_on(
    void **state)
{
    struct scene *scene = *state;
    enum { OLD = 4000, LIVE = 20 };
    sim_service_settings(scene->service)->page_events = 100;
    put_flow(scene, 0, "old", OLD, (int64_t[]){-3000000, 700});
    put_flow(scene, 0, "live", LIVE, (int64_t[]){500, 50});
    scene->stop_early = true;
    scene->stop_after = OLD * 6 / 10;
    SCENE_START(scene, "start_time", "-1h", "api_rate_limit", "20", "state_dir", scene->state_dir);
    scene_run_to_end(scene);
    scene_finish(scene);
    assert_true(scene->delivered < OLD);
    scene->stop_early = false;
    SCENE_START(scene, "start_time", "-1h", "api_rate_limit", "20", "state_dir", scene->state_dir);
    scene_run(scene, OLD + LIVE);
    expect_flow_once(scene, 0, "old", OLD);
    expect_flow_once(scene, 0, "live", LIVE);
    size_t last_live = 0, last_old = 0;
    for (size_t i = 0; i < scene->delivered; i++) {
        bool old = scene->deliveries[i].timestamp < scene->start_ms;
        *(old ? &last_old : &last_live) = i;
    }
    assert_true(last_live < last_old);
}

/* 11 */
static void test_scenario_11__consumer_refuses__nothing_is_dropped_and_calls_stop(void **state)
{
    struct scene *scene = *state;
    enum { EVENTS = 5000 };
    sim_service_settings(scene->service)->page_events = 100;
    char filler[2048];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    for (int i = 0; i < EVENTS; i++) {
        char message[sizeof filler + 32];
        (void)snprintf(message, sizeof message, "%d %s", i, filler);
        scene_put(scene, 0, -60000 + i, -1000, message);
    }
    scene->refusals = 20; /* 4 s of LATER */
    SCENE_START(scene, "once", "true", "start_time", "-2m", "max_inflight", "1MiB");
    scene_run_to_end(scene);
    assert_int_equal(scene->delivered, EVENTS);
    scene_finish(scene);
    /* 50 pages hold the backlog; re-reading while refused would need many more calls. */
    assert_true(scene_calls(scene, 0) < 200);
}

static int refuse_once(struct scene *scene, awslogsrc_batch *batch)
{
    if (scene->held_count > 0)
        return AWSLOGSRC_ACCEPT;
    scene->held[scene->held_count++] = batch;
    return AWSLOGSRC_HOLD;
}

static void test_scenario_11__batch_refused__comes_again_and_no_other(void **state)
{
    struct scene *scene = *state;
    sim_service_settings(scene->service)->page_events = 100;
    put_flow(scene, 0, "event", 1000, (int64_t[]){-60000, 10});
    scene->answer = refuse_once;
    SCENE_START(scene, "start_time", "-2m");
    scene_run(scene, 200);
    assert_int_equal(awslogsrc_batch_nack(scene->held[0]), 0);
    scene_run(scene, 1000);
    scene_settle(scene, -40000);
    scene_expect_exact(scene);
}

/* 12 */
static void test_scenario_12__dated_two_hours_ahead__comes_at_once_and_hides_nothing(void **state)
{
    struct scene *scene = *state;
    scene_put(scene, 0, 7190000, -500, "ahead");
    put_flow(scene, 0, "after", 20, (int64_t[]){500, 50});
    SCENE_START(scene, "start_time", "-1m");
    scene_run(scene, 21);
    scene_settle(scene, 2000);
    scene_expect_exact(scene);
}

static void test_scenario_12__clock_ten_minutes_wrong__is_corrected(void **state)
{
    struct scene *scene = *state;
    /* The simulator runs ten minutes ahead of this machine: signatures look ten minutes old. */
    put_flow(scene, 0, "event", 20, (int64_t[]){500000, 1000});
    scene->server =
        sim_server_start(scene->service, &(struct sim_server_options){.clock_offset_ms = 600000});
    SCENE_START(scene, "once", "true", "start_time", "-10m");
    scene_run_to_end(scene);
    assert_int_equal(scene->states[0], AWSLOGSRC_REGION_DONE);
    expect_flow_once(scene, 0, "event", 20);
}

static void test_scenario_12__content_of_every_kind__arrives_byte_by_byte(void **state)
{
    struct scene *scene = *state;
    enum { LARGE = 1000000 };
    static const struct {
        const char *text;
        size_t size;
    } kinds[] = {
        {"a\0b\0", 4},
        {"line\r\nline\r\n", 12},
        {"{\"a\":\"\\\"\\\\\"}", 12},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9},
        {"\x01\x02\x7f", 3},
    };
    char *large = malloc(LARGE);
    assert_non_null(large);
    memset(large, '"', LARGE);
    scene_put_bytes(scene, -20000, large, LARGE);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        scene_put_bytes(scene, -10000, kinds[i].text, kinds[i].size);
    SCENE_START(scene, "once", "true", "start_time", "-2m", "log_group",
                "arn:aws:logs:us-east-1:123456789012:log-group:CloudTrail/logs:*");
    scene_run_to_end(scene);
    assert_int_equal(scene_count(scene, 0, large, LARGE), 1);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_int_equal(scene_count(scene, 0, kinds[i].text, kinds[i].size), 1);
    free(large);
}

#define SCENARIO(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENARIO(test_scenario_01__event_visible_late__comes_once_and_repeats_no_other),
        SCENARIO(test_scenario_02__siblings_in_one_millisecond__all_come_by_id),
        SCENARIO(test_scenario_03__empty_pages_in_the_chain__all_tokens_are_followed),
        SCENARIO(test_scenario_04__throttled_in_mid_window__goes_on_and_says_why),
        SCENARIO(test_scenario_04__unavailable_in_mid_window__goes_on),
        SCENARIO(test_scenario_04__reset_in_mid_body__goes_on),
        SCENARIO(test_scenario_04__truncated_body__goes_on),
        SCENARIO(test_scenario_04__malformed_body__delivers_none_of_it),
        SCENARIO(test_scenario_05__gone_before_the_acknowledgement__comes_again),
        SCENARIO(test_scenario_05__started_again_after_the_acknowledgement__repeats_nothing),
        SCENARIO(test_scenario_06__every_token_expired__goes_on_from_the_map),
        SCENARIO(test_scenario_06__other_filter_on_the_same_state__is_refused),
        SCENARIO(test_scenario_07__keys_expire_in_mid_chain__new_keys_go_on_where_it_was),
        SCENARIO(test_scenario_07__keys_of_three_seconds__renewed_once_for_all_regions),
        SCENARIO(test_scenario_08__metadata_is_a_black_hole__says_so_and_goes_on_afterwards),
        SCENARIO(test_scenario_09__three_broken_regions__the_healthy_one_is_complete),
        SCENARIO(test_scenario_10__backfill_beside_live__live_does_not_wait_and_a_restart_goes_on),
        SCENARIO(test_scenario_11__consumer_refuses__nothing_is_dropped_and_calls_stop),
        SCENARIO(test_scenario_11__batch_refused__comes_again_and_no_other),
        SCENARIO(test_scenario_12__dated_two_hours_ahead__comes_at_once_and_hides_nothing),
        SCENARIO(test_scenario_12__clock_ten_minutes_wrong__is_corrected),
        SCENARIO(test_scenario_12__content_of_every_kind__arrives_byte_by_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
