#include "testing.h"

#include "awslogsrc/options.h"
#include "options_fixture.h"

/* Of one source, and of the same one twice. */
static char *policy_of(struct fixture *fixture, size_t times)
{
    const awslogsrc_options *options[] = {fixture->options, fixture->options};
    char *policy = NULL;
    size_t size = 0;
    if (awslogsrc_options_policy(options, times, &policy, &size, &fixture->error) != 0)
        fail_msg("%s", message(fixture));
    assert_int_equal(strlen(policy), size);
    return policy;
}

static void assert_policy(struct fixture *fixture, const char *expected)
{
    for (size_t times = 1; times <= 2; times++) {
        char *policy = policy_of(fixture, times);
        assert_string_equal(policy, expected);
        awslogsrc_options_policy_free(policy);
    }
}

static void test_policy__name_and_two_regions__is_one_statement(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "CloudTrail/logs"), 0);
    assert_int_equal(set(fixture, "regions", "eu-central-1,cn-north-1"), 0);
    assert_policy(fixture, "{\n"
                           "  \"Version\": \"2012-10-17\",\n"
                           "  \"Statement\": [\n"
                           "    {\n"
                           "      \"Sid\": \"ReadLogEvents\",\n"
                           "      \"Effect\": \"Allow\",\n"
                           "      \"Action\": \"logs:FilterLogEvents\",\n"
                           "      \"Resource\": [\n"
                           "        \"arn:aws:logs:eu-central-1:*:log-group:CloudTrail/logs:*\",\n"
                           "        \"arn:aws-cn:logs:cn-north-1:*:log-group:CloudTrail/logs:*\"\n"
                           "      ]\n"
                           "    }\n"
                           "  ]\n"
                           "}\n");
}

static void test_policy__arn__is_taken_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "arn:aws:logs:us-east-1:111122223333:log-group:g:*"),
                     0);
    assert_int_equal(set(fixture, "regions", "us-east-1"), 0);
    char *policy = policy_of(fixture, 1);
    assert_non_null(
        strstr(policy, "[\n        \"arn:aws:logs:us-east-1:111122223333:log-group:g:*\"\n"));
    awslogsrc_options_policy_free(policy);
}

static void test_policy__assumed_role__has_a_statement_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    force(fixture, "assume_role_arn", "arn:aws:iam::111122223333:role/reader");
    char *policy = policy_of(fixture, 1);
    assert_non_null(strstr(policy, "      \"Action\": \"sts:AssumeRole\",\n"
                                   "      \"Resource\": [\n"
                                   "        \"arn:aws:iam::111122223333:role/reader\"\n"));
    awslogsrc_options_policy_free(policy);
}

static void test_policy__bad_options__are_told(void **state)
{
    struct fixture *fixture = *state;
    const awslogsrc_options *options[] = {fixture->options};
    char *policy = NULL;
    assert_int_equal(awslogsrc_options_policy(options, 1, &policy, NULL, &fixture->error),
                     AWSLOGSRC_E_OPTION_MISSING);
    assert_non_null(strstr(message(fixture), "log_group: missing"));
    assert_null(policy);
}

static void test_policy__no_options__are_refused(void **state)
{
    char *policy = NULL;
    const awslogsrc_options *options[] = {NULL};
    (void)state;
    assert_int_equal(awslogsrc_options_policy(NULL, 1, &policy, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_policy(options, 0, &policy, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_policy(options, 1, &policy, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
}

#define WITH_OPTIONS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_OPTIONS(test_policy__name_and_two_regions__is_one_statement),
        WITH_OPTIONS(test_policy__arn__is_taken_as_it_is),
        WITH_OPTIONS(test_policy__assumed_role__has_a_statement_of_its_own),
        WITH_OPTIONS(test_policy__bad_options__are_told),
        cmocka_unit_test(test_policy__no_options__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
