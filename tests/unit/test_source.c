#include "source_fixture.h"

/* --- once --- */

static void test_source__once__delivers_each_event_once_and_ends(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_each_once(fixture, 7);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__once__tells_starting_reading_done(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->state_count, 3);
    assert_int_equal(fixture->states[0], AWSLOGSRC_REGION_STARTING);
    assert_int_equal(fixture->states[1], AWSLOGSRC_REGION_READING);
    assert_int_equal(fixture->states[2], AWSLOGSRC_REGION_DONE);
}

static void test_source__once_with_held_batch__ends_after_ack(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    set(fixture, "once", "true");
    fixture->answer = hold;
    run_source(fixture, HOUR);
    assert_true(als_source_is_running(fixture->source));
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, MINUTE);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__following__tells_reading_then_caught_up(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->states[1], AWSLOGSRC_REGION_READING);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

/* --- what fails is asked again --- */

static void fail_with(struct fixture *fixture, enum sim_fault_kind kind)
{
    sim_service_settings(fixture->aws.service)->page_events = 2;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = kind, .after = 2, .times = 3});
    put_many(fixture, 20);
    run_source(fixture, 2 * HOUR);
    assert_true(sim_service_injected(fixture->aws.service, kind) >= 3);
    assert_each_once(fixture, 20);
}

#define FAILURE_TEST(name, kind)                                     \
    static void test_source__##name##__each_event_once(void **state) \
    {                                                                \
        fail_with(*state, SIM_FAULT_##kind);                         \
    }
#define FAILURES(X)                             \
    X(throttled, THROTTLING)                    \
    X(internal_error, INTERNAL_ERROR)           \
    X(unavailable, UNAVAILABLE)                 \
    X(html_error, HTML_ERROR)                   \
    X(reset, RESET)                             \
    X(reset_in_body, RESET_BODY)                \
    X(truncated, TRUNCATE)                      \
    X(truncated_chunked, TRUNCATE_CHUNKED)      \
    X(malformed_page, MALFORMED)                \
    X(hanging, HANG)                            \
    X(html_in_200, HTML_OK)                     \
    X(empty_body, EMPTY_BODY)                   \
    X(expired_page_token, EXPIRED_PAGE_TOKEN)   \
    X(repeated_page_token, REPEATED_PAGE_TOKEN) \
    X(expired_credentials, EXPIRED_CREDENTIALS)
FAILURES(FAILURE_TEST)

static void test_source__malformed_page__delivers_none_of_it(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = SIM_FAULT_MALFORMED, .after = 1});
    put_many(fixture, 200);
    run_source(fixture, HOUR);
    assert_true(was_in(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_PROTOCOL));
    assert_int_equal(fixture->offers, 0);
}

static void test_source__many_empty_pages__follows_the_chain(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->empty_pages = 40;
    put_many(fixture, 5);
    set(fixture, "once", "true");
    run_source(fixture, 10 * MINUTE);
    assert_each_once(fixture, 5);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
}

/* --- regions on their own --- */

static void add_denied_region(struct fixture *fixture, int64_t until)
{
    sim_service_add_group(fixture->aws.service, "us-west-2", group_name, noon);
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED,
                                                                    .region = "us-west-2",
                                                                    .until_ms = until});
    set(fixture, "regions", "us-west-2,eu-west-1");
    put_many(fixture, 3);
}

static void test_source__once_and_one_region_denied__the_other_completes(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, 0);
    set(fixture, "once", "true");
    run_source(fixture, 5 * MINUTE);
    assert_each_once(fixture, 3);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_FAILED);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__denied__asks_again_about_every_minute(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, 0);
    run_source(fixture, HOUR);
    const struct sim_call_counter *counter =
        sim_call_log_counter(sim_service_log(fixture->aws.service), "us-west-2", "FilterLogEvents");
    assert_non_null(counter);
    assert_in_range(counter->calls, 60, 120);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_WAITING);
}

static void test_source__permission_comes__recovers(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, noon + HOUR);
    run_source(fixture, HOUR + 2 * MINUTE);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_CAUGHT_UP);
}

/* --- clocks --- */

static void test_source__local_clock_20_minutes_ahead__one_call_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->aws.wall_ahead_ms = 20 * MINUTE;
    put_many(fixture, 3);
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_each_once(fixture, 3);
    assert_int_equal(refused_calls(fixture), 1);
}

static void test_source__local_clock_jumps__nothing_is_refused(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, HOUR);
    fixture->aws.wall_ahead_ms = -(int64_t)HOUR;
    run(fixture, HOUR);
    assert_int_equal(refused_calls(fixture), 0);
}

/* --- times --- */

static void expect_from(struct fixture *fixture, const char *start_time, size_t expected)
{
    put(fixture, noon - 3 * HOUR, "old");
    put(fixture, noon - 30 * MINUTE, "edge");
    put(fixture, noon - 10 * MINUTE, "young");
    set(fixture, "start_time", start_time);
    run_source(fixture, 2 * HOUR);
    assert_int_equal(fixture->count, expected);
}

static void test_source__start_time_beginning__reads_everything(void **state)
{
    expect_from(*state, "beginning", 3);
}

static void test_source__start_time_absolute__is_inclusive(void **state)
{
    expect_from(*state, "2026-03-01T11:30:00Z", 2);
}

static void test_source__start_time_back__reads_from_there(void **state)
{
    expect_from(*state, "-20m", 1);
}

static void test_source__start_time_now__reads_nothing_older(void **state)
{
    expect_from(*state, "now", 0);
}

static void expect_before(struct fixture *fixture, const char *end_time)
{
    put(fixture, noon - 30 * MINUTE - 5 * SECOND, "before");
    put(fixture, noon - 30 * MINUTE + 5 * SECOND, "after");
    put(fixture, noon + 5 * MINUTE, "ahead");
    set(fixture, "end_time", end_time);
    run_source(fixture, 3 * HOUR);
    assert_int_equal(times(fixture, "before"), 1);
    assert_int_equal(fixture->count, 1);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
}

static void test_source__end_time_absolute__reads_up_to_there_and_ends(void **state)
{
    expect_before(*state, "2026-03-01T11:30:00Z");
}

static void test_source__end_time_back__reads_up_to_there_and_ends(void **state)
{
    expect_before(*state, "-30m");
}

static void test_source__end_time__is_exclusive(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon - 30 * MINUTE - 1, "before");
    put(fixture, noon - 30 * MINUTE, "at");
    set(fixture, "end_time", "2026-03-01T11:30:00Z");
    run_source(fixture, 3 * HOUR);
    assert_int_equal(times(fixture, "before"), 1);
    assert_int_equal(fixture->count, 1);
}

static void test_source__dated_an_hour_ahead__is_delivered_at_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon + HOUR, "0");
    run_source(fixture, 2 * MINUTE);
    assert_each_once(fixture, 1);
}

static void test_source__dated_ahead__hides_nothing(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon + HOUR, "1");
    run_source(fixture, 2 * MINUTE);
    put(fixture, noon + MINUTE, "0");
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 2);
}

static void test_source__visible_late__is_delivered(void **state)
{
    struct fixture *fixture = *state;
    put_visible(fixture, noon + MINUTE, "0", noon + 5 * MINUTE);
    run_source(fixture, 2 * HOUR);
    assert_each_once(fixture, 1);
}

/* --- */

#define TEST(name)        cmocka_unit_test_setup_teardown(test_source__##name, setup, teardown)
#define FAILURE_ROW(n, k) TEST(n##__each_event_once),

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAILURES(FAILURE_ROW) TEST(once__delivers_each_event_once_and_ends),
        TEST(once__tells_starting_reading_done),
        TEST(once_with_held_batch__ends_after_ack),
        TEST(following__tells_reading_then_caught_up),
        TEST(malformed_page__delivers_none_of_it),
        TEST(many_empty_pages__follows_the_chain),
        TEST(once_and_one_region_denied__the_other_completes),
        TEST(denied__asks_again_about_every_minute),
        TEST(permission_comes__recovers),
        TEST(local_clock_20_minutes_ahead__one_call_is_refused),
        TEST(local_clock_jumps__nothing_is_refused),
        TEST(start_time_beginning__reads_everything),
        TEST(start_time_absolute__is_inclusive),
        TEST(start_time_back__reads_from_there),
        TEST(start_time_now__reads_nothing_older),
        TEST(end_time_absolute__reads_up_to_there_and_ends),
        TEST(end_time_back__reads_up_to_there_and_ends),
        TEST(end_time__is_exclusive),
        TEST(dated_an_hour_ahead__is_delivered_at_once),
        TEST(dated_ahead__hides_nothing),
        TEST(visible_late__is_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
