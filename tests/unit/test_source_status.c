#include "source_fixture.h"

/* What a host makes of a state: its name, and the error's number, tell every condition apart. */
static void expect_told(struct fixture *fixture, int state, int code)
{
    if (!was_in(fixture, state, code))
        fail_msg("state %d with %s was not told", state, awslogsrc_strerror(code));
    if (code != 0)
        assert_string_not_equal(fixture->hint, "");
}

static void fail_for_good(struct fixture *fixture, enum sim_fault_kind kind, int code)
{
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = kind, .after = 1});
    put_many(fixture, 3);
    run_source(fixture, 5 * MINUTE);
    expect_told(fixture, AWSLOGSRC_REGION_WAITING, code);
}

#define TROUBLE_TEST(name, kind, code)                                         \
    static void test_source_status__##name##__waits_and_says_why(void **state) \
    {                                                                          \
        fail_for_good(*state, SIM_FAULT_##kind, AWSLOGSRC_E_##code);           \
    }
#define TROUBLES(X)                                      \
    X(throttled, THROTTLING, THROTTLED)                  \
    X(denied, ACCESS_DENIED, ACCESS_DENIED)              \
    X(expired, EXPIRED_CREDENTIALS, CREDENTIALS_EXPIRED) \
    X(reset, RESET, NETWORK)                             \
    X(hanging, HANG, TIMEOUT)                            \
    X(service_down, INTERNAL_ERROR, SERVICE)
TROUBLES(TROUBLE_TEST)

static void test_source_status__missing_group__waits_and_says_why(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "log_group", "another");
    run_source(fixture, MINUTE);
    expect_told(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_NOT_FOUND);
}

static void test_source_status__wrong_secret__is_of_class_credentials(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "secret_key", "wrong");
    run_source(fixture, MINUTE);
    expect_told(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_CREDENTIALS_REJECTED);
    assert_int_equal(fixture->class, AWSLOGSRC_CLASS_CREDENTIALS);
}

static void test_source_status__waiting__tells_when_the_next_attempt_is(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED});
    run_source(fixture, SECOND);
    assert_in_range(fixture->retry_at_ms, noon + 30 * SECOND, noon + 62 * SECOND);
    run(fixture, fixture->retry_at_ms - virtual_aws_server_ms(&fixture->aws) - SECOND);
    assert_int_equal(fixture->aws.requests, 1);
    run(fixture, 2 * SECOND);
    assert_int_equal(fixture->aws.requests, 2);
}

static void test_source_status__each_region__has_a_state_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_group(fixture->aws.service, "us-west-2", group_name, noon);
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED,
                                                                    .region = "us-west-2"});
    set(fixture, "regions", "us-west-2,eu-west-1");
    run_source(fixture, MINUTE);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_WAITING);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

static void test_source_status__start__is_told_inside_process_only(void **state)
{
    struct fixture *fixture = *state;
    open_source(fixture);
    start(fixture);
    assert_int_equal(fixture->state_count, 0);
    run(fixture, 0);
    assert_int_equal(fixture->state_count, 1);
    assert_int_equal(fixture->states[0], AWSLOGSRC_REGION_STARTING);
}

static void test_source_status__stop__is_told_once_and_inside_process_only(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    size_t before = fixture->state_count;
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_int_equal(fixture->state_count, before);
    run(fixture, HOUR);
    assert_int_equal(fixture->state_count, before + 1);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_STOPPED);
}

static void test_source_status__stopped_and_started__tells_starting(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    size_t before = fixture->state_count;
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    start(fixture);
    run(fixture, 0);
    assert_int_equal(fixture->state_count, before + 1);
    assert_int_equal(fixture->states[before], AWSLOGSRC_REGION_STARTING);
}

static void test_source_status__stopped_after_done__stays_done(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    run(fixture, MINUTE);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
}

static void test_source_status__freed_when_stopped__tells_nothing(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    size_t before = fixture->state_count;
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    run(fixture, MINUTE);
    assert_int_equal(fixture->state_count, before);
}

static void test_error__hint__is_empty_without_an_error(void **state)
{
    (void)state;
    assert_string_equal(awslogsrc_error_hint(NULL), "");
}

#define STATUS(test)                  cmocka_unit_test_setup_teardown(test, setup, teardown)
#define TROUBLE_ROW(name, kind, code) STATUS(test_source_status__##name##__waits_and_says_why),

int main(void)
{
    const struct CMUnitTest tests[] = {
        TROUBLES(TROUBLE_ROW) STATUS(test_source_status__missing_group__waits_and_says_why),
        STATUS(test_source_status__wrong_secret__is_of_class_credentials),
        STATUS(test_source_status__waiting__tells_when_the_next_attempt_is),
        STATUS(test_source_status__each_region__has_a_state_of_its_own),
        STATUS(test_source_status__start__is_told_inside_process_only),
        STATUS(test_source_status__stop__is_told_once_and_inside_process_only),
        STATUS(test_source_status__stopped_and_started__tells_starting),
        STATUS(test_source_status__stopped_after_done__stays_done),
        STATUS(test_source_status__freed_when_stopped__tells_nothing),
        cmocka_unit_test(test_error__hint__is_empty_without_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
