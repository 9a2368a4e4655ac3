#include "source_fixture.h"

#include "awslogsrc/check.h"

/* What a check told. */
struct told {
    awslogsrc_check *report;
    int calls, frees;
    awslogsrc_source *freed; /* by the callback */
};

static void on_check(void *user_data, awslogsrc_source *source, awslogsrc_check *check)
{
    struct told *told = user_data;
    told->calls++;
    told->report = check;
    if (told->freed == source)
        awslogsrc_source_free(source);
}

static void on_free(void *user_data)
{
    struct told *told = user_data;
    told->frees++;
}

static void begin(struct fixture *fixture, struct told *told)
{
    open_source(fixture);
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, told, on_free, NULL), 0);
    assert_int_equal(told->calls, 0);
}

static void check(struct fixture *fixture, struct told *told)
{
    begin(fixture, told);
    virtual_aws_run(&fixture->aws, 2 * MINUTE);
    assert_int_equal(told->calls, 1);
    assert_int_equal(told->frees, 1);
}

static const awslogsrc_step *find(const struct told *told, const char *region, const char *name)
{
    for (size_t i = 0; i < awslogsrc_check_count(told->report); i++) {
        const awslogsrc_step *step = awslogsrc_check_step(told->report, i);
        if (strcmp(awslogsrc_step_name(step), name) == 0 &&
            strcmp(awslogsrc_step_region(step), region) == 0)
            return step;
    }
    fail_msg("no step %s in region %s", name, region);
    return NULL;
}

static int result_of(const struct told *told, const char *region, const char *name)
{
    return awslogsrc_step_result(find(told, region, name));
}

/* The one step that failed, of all regions. */
static void assert_failed(const struct told *told, const char *region, const char *name)
{
    assert_int_equal(result_of(told, region, name), AWSLOGSRC_STEP_FAILED);
    assert_int_equal(awslogsrc_check_failures(told->report), 1);
}

static void test_check__all_is_well__every_step_is_ok_or_has_nothing_to_check(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    put(fixture, noon - MINUTE, "hello");
    check(fixture, &told);
    assert_int_equal(awslogsrc_check_failures(told.report), 0);
    assert_int_equal(awslogsrc_check_count(told.report), 15);
    assert_int_equal(result_of(&told, "", "credentials"), AWSLOGSRC_STEP_OK);
    assert_int_equal(result_of(&told, "eu-west-1", "permission"), AWSLOGSRC_STEP_OK);
    assert_int_equal(result_of(&told, "eu-west-1", "proxy"), AWSLOGSRC_STEP_SKIPPED);
    awslogsrc_check_free(told.report);
}

static void test_check__sample_event__shows_identifier_and_payload(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    put(fixture, noon - MINUTE, "hello");
    set(fixture, "log_source_identifier", "here");
    check(fixture, &told);
    size_t size = 0;
    const char *detail = awslogsrc_step_detail(find(&told, "eu-west-1", "sample event"), &size);
    assert_int_equal(strlen(detail), size);
    assert_non_null(strstr(detail, "identifier here, payload {LogStreamName: stream,"));
    assert_non_null(strstr(detail, "Message: hello,"));
    awslogsrc_check_free(told.report);
}

static void test_check__no_event__is_no_failure(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    check(fixture, &told);
    assert_int_equal(result_of(&told, "eu-west-1", "sample event"), AWSLOGSRC_STEP_SKIPPED);
    assert_int_equal(awslogsrc_check_failures(told.report), 0);
    awslogsrc_check_free(told.report);
}

static void test_check__missing_group_in_one_region__fails_there_alone(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "regions", "us-east-1,eu-west-1");
    (void)sim_service_add_group(fixture->aws.service, "us-east-1", "another", noon);
    check(fixture, &told);
    assert_failed(&told, "us-east-1", "log group");
    assert_int_equal(result_of(&told, "eu-west-1", "log group"), AWSLOGSRC_STEP_OK);
    assert_int_equal(result_of(&told, "us-east-1", "permission"), AWSLOGSRC_STEP_OK);
    assert_int_equal(result_of(&told, "us-east-1", "sample event"), AWSLOGSRC_STEP_SKIPPED);
    assert_non_null(strstr(awslogsrc_step_remedy(find(&told, "us-east-1", "log group")),
                           "Check the names of log group and stream"));
    awslogsrc_check_free(told.report);
}

static void check_with_fault(struct fixture *fixture, struct told *told, enum sim_fault_kind kind)
{
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = kind});
    check(fixture, told);
}

static void test_check__access_denied__names_the_action(void **state)
{
    struct told told = {0};
    check_with_fault(*state, &told, SIM_FAULT_ACCESS_DENIED);
    assert_failed(&told, "eu-west-1", "permission");
    assert_non_null(strstr(awslogsrc_step_remedy(find(&told, "eu-west-1", "permission")),
                           "logs:FilterLogEvents"));
    awslogsrc_check_free(told.report);
}

static void test_check__rejected_keys__fail_at_keys(void **state)
{
    struct told told = {0};
    check_with_fault(*state, &told, SIM_FAULT_UNRECOGNIZED_CLIENT);
    assert_failed(&told, "eu-west-1", "keys");
    awslogsrc_check_free(told.report);
}

static void test_check__throttled_again_and_again__fails_at_the_answer(void **state)
{
    struct told told = {0};
    check_with_fault(*state, &told, SIM_FAULT_THROTTLING);
    assert_failed(&told, "eu-west-1", "answer");
    awslogsrc_check_free(told.report);
}

static void test_check__throttled_once__is_asked_again(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    struct sim_fault fault = {.kind = SIM_FAULT_THROTTLING, .times = 1};
    sim_service_add_fault(fixture->aws.service, &fault);
    check(fixture, &told);
    assert_int_equal(awslogsrc_check_failures(told.report), 0);
    awslogsrc_check_free(told.report);
}

static void test_check__html_instead_of_an_answer__fails_at_the_answer(void **state)
{
    struct told told = {0};
    check_with_fault(*state, &told, SIM_FAULT_HTML_OK);
    assert_failed(&told, "eu-west-1", "answer");
    awslogsrc_check_free(told.report);
}

/* --- identity --- */

static const char *detail_of(const struct told *told, const char *region, const char *name)
{
    return awslogsrc_step_detail(find(told, region, name), NULL);
}

static void test_check__identity__is_account_and_arn(void **state)
{
    struct told told = {0};
    check(*state, &told);
    assert_int_equal(result_of(&told, "", "identity"), AWSLOGSRC_STEP_OK);
    assert_true(awslogsrc_step_duration_ms(find(&told, "", "identity")) > 0);
    assert_string_equal(detail_of(&told, "", "identity"),
                        "account 123456789012, arn:aws:iam::123456789012:user/simulated");
    awslogsrc_check_free(told.report);
}

static void test_check__identity__comes_after_the_credentials(void **state)
{
    struct told told = {0};
    check(*state, &told);
    assert_string_equal(awslogsrc_step_name(awslogsrc_check_step(told.report, 2)), "credentials");
    assert_string_equal(awslogsrc_step_name(awslogsrc_check_step(told.report, 3)), "identity");
    awslogsrc_check_free(told.report);
}

/* Skipped with this in its cause, and all else is as well as it was. */
static void expect_identity_skipped(struct fixture *fixture, const char *cause)
{
    struct told told = {0};
    put(fixture, noon - MINUTE, "hello");
    check(fixture, &told);
    assert_int_equal(awslogsrc_check_failures(told.report), 0);
    assert_int_equal(awslogsrc_check_count(told.report), 15);
    assert_int_equal(result_of(&told, "", "identity"), AWSLOGSRC_STEP_SKIPPED);
    assert_int_equal(result_of(&told, "eu-west-1", "sample event"), AWSLOGSRC_STEP_OK);
    if (strstr(detail_of(&told, "", "identity"), cause) == NULL)
        fail_msg("\"%s\" is not in: %s", cause, detail_of(&told, "", "identity"));
    awslogsrc_check_free(told.report);
}

static void test_check__sts_refuses__identity_is_skipped(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED, .operation = "sts.GetCallerIdentity"});
    expect_identity_skipped(fixture, "STS (sts.eu-west-1.amazonaws.com): AccessDenied");
}

static void test_check__sts_out_of_reach__identity_is_skipped(void **state)
{
    struct fixture *fixture = *state;
    fixture->aws.unknown_host = "sts.";
    expect_identity_skipped(fixture, "host name not found");
}

static void test_check__sts_hangs__identity_is_skipped(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_HANG, .operation = "sts.GetCallerIdentity"});
    expect_identity_skipped(fixture, "timed out");
}

static void test_check__sts_answers_something_else__identity_is_skipped(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_HTML_OK, .operation = "sts.GetCallerIdentity"});
    expect_identity_skipped(fixture, "malformed answer");
}

static void test_check__endpoint_of_ones_own__public_sts_is_not_asked(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "endpoint_url", "https://logs.example");
    expect_identity_skipped(fixture, "endpoint_url is set, and sts_endpoint_url is not");
    assert_int_equal(fixture->aws.requests, 1);
}

static void test_check__both_endpoints_of_ones_own__sts_is_asked(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "endpoint_url", "https://logs.example");
    set(fixture, "sts_endpoint_url", "https://sts.example");
    check(fixture, &told);
    assert_int_equal(result_of(&told, "", "identity"), AWSLOGSRC_STEP_OK);
    awslogsrc_check_free(told.report);
}

/* --- options --- */

static void test_check__options__are_told_with_what_is_read(void **state)
{
    struct told told = {0};
    check(*state, &told);
    assert_int_equal(result_of(&told, "", "options"), AWSLOGSRC_STEP_OK);
    assert_string_equal(detail_of(&told, "", "options"), "log group group in 1 region");
    assert_int_equal(result_of(&told, "", "identifier"), AWSLOGSRC_STEP_SKIPPED);
    awslogsrc_check_free(told.report);
}

static void test_check__identifier_patterns__are_counted(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "use_as_gateway_log_source", "true");
    set(fixture, "log_source_identifier_pattern", "a=b");
    set(fixture, "log_source_identifier_pattern", "c=d");
    check(fixture, &told);
    assert_int_equal(result_of(&told, "", "identifier"), AWSLOGSRC_STEP_OK);
    assert_string_equal(detail_of(&told, "", "identifier"), "2 patterns");
    awslogsrc_check_free(told.report);
}

static void test_check__identifier_patterns_without_a_gateway__are_skipped(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "log_source_identifier_pattern", "a=b");
    check(fixture, &told);
    assert_int_equal(result_of(&told, "", "identifier"), AWSLOGSRC_STEP_SKIPPED);
    assert_non_null(strstr(detail_of(&told, "", "identifier"), "use_as_gateway_log_source"));
    awslogsrc_check_free(told.report);
}

/* --- the limit --- */

static void expect_end_at_the_limit(struct fixture *fixture, struct told *told, int64_t passed_ms)
{
    virtual_aws_run(&fixture->aws, AWSLOGSRC_CHECK_LIMIT_MS - 2 * SECOND - passed_ms);
    assert_int_equal(told->calls, 0);
    virtual_aws_run(&fixture->aws, 2 * SECOND);
    assert_int_equal(told->calls, 1);
}

static void test_check__hanging_service__ends_at_the_limit(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "request_timeout", "30m");
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_HANG, .operation = "FilterLogEvents"});
    begin(fixture, &told);
    expect_end_at_the_limit(fixture, &told, 0);
    assert_failed(&told, "eu-west-1", "answer");
    awslogsrc_check_free(told.report);
}

/* Each page takes as long as it may; the next one has what is left. */
static void test_check__slow_empty_pages__end_at_the_limit(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    set(fixture, "request_timeout", "1m");
    put(fixture, noon - MINUTE, "hello");
    sim_service_settings(fixture->aws.service)->empty_pages = 100;
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = SIM_FAULT_SLOW,
                                                                    .operation = "FilterLogEvents",
                                                                    .delay_ms = 50 * SECOND});
    begin(fixture, &told);
    expect_end_at_the_limit(fixture, &told, 0);
    assert_failed(&told, "eu-west-1", "answer");
    awslogsrc_check_free(told.report);
}

static void keep_request(void *user_data, awslogsrc_credentials_request *request)
{
    awslogsrc_credentials_request **kept = user_data;
    *kept = request;
}

static void give_keys(awslogsrc_credentials_request **kept, const char *token)
{
    awslogsrc_credentials_request *request = *kept;
    *kept = NULL;
    assert_non_null(request);
    assert_int_equal(
        awslogsrc_credentials_fetched(request, VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, token, 0), 0);
}

/* New keys come each time just before the provider would be given up, and are no better. */
static void test_check__keys_that_expire_again_and_again__end_at_the_limit(void **state)
{
    enum { ROUNDS = 2, EACH = 50 * SECOND };
    struct fixture *fixture = *state;
    struct told told = {0};
    awslogsrc_credentials *credentials = NULL;
    awslogsrc_credentials_request *request = NULL;
    sim_service_settings(fixture->aws.service)->check_signatures = false; /* of tokens */
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = SIM_FAULT_EXPIRED_CREDENTIALS});
    assert_int_equal(
        awslogsrc_credentials_custom_new(keep_request, &request, NULL, &credentials, NULL), 0);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_set_credentials(fixture->source, credentials), 0);
    awslogsrc_credentials_unref(credentials);
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, &told, on_free, NULL), 0);
    virtual_aws_run(&fixture->aws, SECOND);
    give_keys(&request, "first");
    for (int i = 0; i < ROUNDS; i++) {
        virtual_aws_run(&fixture->aws, EACH);
        give_keys(&request, i % 2 == 0 ? "second" : "third");
    }
    expect_end_at_the_limit(fixture, &told, SECOND + ROUNDS * EACH);
    assert_failed(&told, "eu-west-1", "keys");
    assert_non_null(strstr(detail_of(&told, "eu-west-1", "keys"), "within 120 s"));
    awslogsrc_check_free(told.report);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    if (request != NULL)
        give_keys(&request, NULL);
}

static void test_check__provider_that_never_answers__fails_at_the_credentials(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    awslogsrc_credentials *credentials = NULL;
    awslogsrc_credentials_request *request = NULL;
    assert_int_equal(
        awslogsrc_credentials_custom_new(keep_request, &request, NULL, &credentials, NULL), 0);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_set_credentials(fixture->source, credentials), 0);
    awslogsrc_credentials_unref(credentials);
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, &told, on_free, NULL), 0);
    virtual_aws_run(&fixture->aws, 31 * SECOND);
    assert_int_equal(told.calls, 1);
    assert_failed(&told, "", "credentials");
    assert_int_equal(result_of(&told, "", "identity"), AWSLOGSRC_STEP_SKIPPED);
    awslogsrc_check_free(told.report);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    give_keys(&request, NULL);
}

/* --- life --- */

static void test_check__second_one_meanwhile__is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0}, second = {0};
    begin(fixture, &told);
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, &second, on_free, NULL),
                     AWSLOGSRC_E_STATE);
    assert_int_equal(second.frees, 1);
    virtual_aws_run(&fixture->aws, MINUTE);
    assert_int_equal(told.calls, 1);
    awslogsrc_check_free(told.report);
}

static void test_check__source_freed_meanwhile__is_given_up(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    begin(fixture, &told);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    assert_int_equal(told.frees, 1);
    virtual_aws_run(&fixture->aws, MINUTE);
    assert_int_equal(told.calls, 0);
}

static void take_step(struct fixture *fixture)
{
    int64_t due = als_timers_next_due(&fixture->aws.loop.timers);
    if (due > fixture->aws.now_ms)
        fixture->aws.now_ms = due;
    fixture->aws.context->processing = true;
    (void)als_timers_run(&fixture->aws.loop.timers, fixture->aws.now_ms, 1);
    fixture->aws.context->processing = false;
}

/* Frees one source after so many steps; another one, whose keys are the same, is checked to the
 * end. Whether the first one's check was over by then. */
static bool free_after(struct fixture *fixture, int steps)
{
    struct told first = {0}, second = {0};
    set(fixture, "name", "first");
    begin(fixture, &first);
    awslogsrc_source *source = fixture->source;
    set(fixture, "name", "second");
    begin(fixture, &second);
    for (int i = 0; i < steps && first.calls == 0; i++)
        take_step(fixture);
    awslogsrc_source_free(source);
    assert_int_equal(first.frees, 1);
    virtual_aws_run(&fixture->aws, 2 * MINUTE);
    assert_int_equal(second.calls, 1);
    assert_int_equal(result_of(&second, "", "identity"), AWSLOGSRC_STEP_OK);
    assert_int_equal(awslogsrc_check_failures(second.report), 0);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    awslogsrc_check_free(first.report);
    awslogsrc_check_free(second.report);
    return first.calls == 1;
}

static void test_check__freed_after_every_step__another_one_is_not_disturbed(void **state)
{
    struct fixture *fixture = *state;
    int steps = 0;
    put(fixture, noon - MINUTE, "hello");
    set(fixture, "assume_role_arn", "arn:aws:iam::123456789012:role/reader");
    while (!free_after(fixture, steps))
        steps++;
    assert_true(steps > 10);
}

static void test_check__source_freed_in_the_callback__is_fine(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    begin(fixture, &told);
    told.freed = fixture->source;
    fixture->source = NULL;
    virtual_aws_run(&fixture->aws, MINUTE);
    assert_int_equal(told.calls, 1);
    assert_int_equal(told.frees, 1);
    assert_true(awslogsrc_check_count(told.report) > 0); /* it outlives the source */
    awslogsrc_check_free(told.report);
}

static void test_check__of_a_running_source__moves_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    put_many(fixture, 20);
    open_source(fixture);
    start(fixture);
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, &told, on_free, NULL), 0);
    virtual_aws_run(&fixture->aws, 2 * MINUTE);
    assert_int_equal(told.calls, 1);
    assert_int_equal(awslogsrc_check_failures(told.report), 0);
    assert_int_equal(fixture->count, 20);
    awslogsrc_check_free(told.report);
}

static void test_check__secret__is_in_no_step(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {0};
    check(fixture, &told);
    for (size_t i = 0; i < awslogsrc_check_count(told.report); i++) {
        const awslogsrc_step *step = awslogsrc_check_step(told.report, i);
        assert_null(strstr(awslogsrc_step_detail(step, NULL), VIRTUAL_AWS_SECRET));
        assert_null(strstr(awslogsrc_step_detail(step, NULL), VIRTUAL_AWS_KEY));
    }
    awslogsrc_check_free(told.report);
}

static void test_check__null__is_nothing(void **state)
{
    (void)state;
    assert_int_equal(awslogsrc_source_check(NULL, on_check, NULL, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_check_count(NULL), 0);
    assert_int_equal(awslogsrc_check_failures(NULL), 0);
    assert_null(awslogsrc_check_step(NULL, 0));
    assert_null(awslogsrc_step_name(NULL));
    assert_null(awslogsrc_step_detail(NULL, NULL));
    awslogsrc_check_free(NULL);
}

#define WITH_SOURCE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SOURCE(test_check__all_is_well__every_step_is_ok_or_has_nothing_to_check),
        WITH_SOURCE(test_check__sample_event__shows_identifier_and_payload),
        WITH_SOURCE(test_check__no_event__is_no_failure),
        WITH_SOURCE(test_check__missing_group_in_one_region__fails_there_alone),
        WITH_SOURCE(test_check__access_denied__names_the_action),
        WITH_SOURCE(test_check__rejected_keys__fail_at_keys),
        WITH_SOURCE(test_check__throttled_again_and_again__fails_at_the_answer),
        WITH_SOURCE(test_check__throttled_once__is_asked_again),
        WITH_SOURCE(test_check__html_instead_of_an_answer__fails_at_the_answer),
        WITH_SOURCE(test_check__identity__is_account_and_arn),
        WITH_SOURCE(test_check__identity__comes_after_the_credentials),
        WITH_SOURCE(test_check__sts_refuses__identity_is_skipped),
        WITH_SOURCE(test_check__sts_out_of_reach__identity_is_skipped),
        WITH_SOURCE(test_check__sts_hangs__identity_is_skipped),
        WITH_SOURCE(test_check__sts_answers_something_else__identity_is_skipped),
        WITH_SOURCE(test_check__endpoint_of_ones_own__public_sts_is_not_asked),
        WITH_SOURCE(test_check__both_endpoints_of_ones_own__sts_is_asked),
        WITH_SOURCE(test_check__options__are_told_with_what_is_read),
        WITH_SOURCE(test_check__identifier_patterns__are_counted),
        WITH_SOURCE(test_check__identifier_patterns_without_a_gateway__are_skipped),
        WITH_SOURCE(test_check__hanging_service__ends_at_the_limit),
        WITH_SOURCE(test_check__slow_empty_pages__end_at_the_limit),
        WITH_SOURCE(test_check__keys_that_expire_again_and_again__end_at_the_limit),
        WITH_SOURCE(test_check__provider_that_never_answers__fails_at_the_credentials),
        WITH_SOURCE(test_check__second_one_meanwhile__is_refused),
        WITH_SOURCE(test_check__source_freed_meanwhile__is_given_up),
        WITH_SOURCE(test_check__freed_after_every_step__another_one_is_not_disturbed),
        WITH_SOURCE(test_check__source_freed_in_the_callback__is_fine),
        WITH_SOURCE(test_check__of_a_running_source__moves_nothing),
        WITH_SOURCE(test_check__secret__is_in_no_step),
        cmocka_unit_test(test_check__null__is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
