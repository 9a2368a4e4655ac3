#include "testing.h"

#include "options_fixture.h"

static void test_options__defaults__are_resolved(void **state)
{
    struct fixture *fixture = *state;
    const struct als_settings *settings = &fixture->settings;
    set_required(fixture);
    assert_int_equal(resolve(fixture), 0);
    assert_int_equal(settings->authentication_method, ALS_AUTHENTICATION_DEFAULT_CHAIN);
    assert_int_equal(settings->start_time.kind, ALS_TIME_NOW);
    assert_int_equal(settings->end_time.kind, ALS_TIME_UNSET);
    assert_int_equal(settings->eps_throttle, 5000);
    assert_int_equal(settings->poll_interval, 10000);
    assert_int_equal(settings->late_arrival_horizon, 3600000);
    assert_int_equal(settings->visibility_margin, 300000);
    assert_int_equal(settings->max_recent_ids, 2000000);
    assert_int_equal(settings->max_inflight, 32 << 20);
    assert_int_equal(settings->tls_minimum, ALS_TLS_1_2);
    assert_int_equal(settings->proxy_port, 0);
    assert_string_equal(settings->log_source_identifier, "g");
    assert_string_equal(settings->endpoint_url, "");
}

static void test_options__every_problem__has_its_line(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "access_key", "AKIA"), 0);
    assert_int_equal(set(fixture, "log_stream", "a"), 0);
    assert_int_equal(set(fixture, "log_stream_prefix", "b"), 0);
    assert_int_equal(set(fixture, "endpoint_url", "http://h"), 0);
    assert_int_equal(set(fixture, "use_fips_endpoint", "true"), 0);
    assert_int_equal(resolve(fixture), AWSLOGSRC_E_OPTION_MISSING);
    assert_string_equal(
        message(fixture),
        "log_group: missing\n"
        "regions: missing; set regions or other_regions, or AWS_REGION in the environment\n"
        "log_stream: cannot be combined with log_stream_prefix\n"
        "secret_key: missing, but access_key is set\n"
        "endpoint_url: cannot be combined with use_fips_endpoint");
}

/* One contradiction a row, on top of what is required; the message must say what the row says. */
static void test_options__each_contradiction__is_found(void **state)
{
    static const struct {
        const char *set[2][2];
        const char *says;
    } cases[] = {
        {{{"secret_key", "s"}}, "access_key: missing, but secret_key is set"},
        {{{"session_token", "s"}}, "access_key: missing, but session_token is set"},
        {{{"authentication_method", "access_key"}}, "access_key: missing"},
        {{{"use_dualstack_endpoint", "yes"}, {"endpoint_url", "http://h"}},
         "endpoint_url: cannot be combined with use_dualstack_endpoint"},
        {{{"log_group", "arn:aws:logs:eu-west-1:123456789012:log-group:g"}},
         "log_group: the ARN's region eu-west-1 is not among the regions"},
        {{{"use_proxy", "true"}}, "proxy_server: missing"},
        {{{"use_proxy", "true"}, {"proxy_server", "h"}}, "proxy_port: missing"},
        {{{"proxy_port", "1"}, {"proxy_server", "h"}}, "use_proxy: missing, but proxy_server is"},
        {{{"automatically_acquire_server_certificates", "true"}}, "trust_store: missing"},
        {{{"assume_role_external_id", "abc"}}, "assume_role_arn: missing"},
        {{{"start_time", "2026-01-01T00:00:00Z"}, {"end_time", "2026-01-01T00:00:00Z"}},
         "end_time: is not after start_time"},
        {{{"start_time", "-1h"}, {"end_time", "-2h"}}, "end_time: is not after start_time"},
        {{{"late_arrival_horizon", "1m"}}, "late_arrival_horizon: is shorter than"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_required(fixture);
        for (size_t j = 0; j < 2 && cases[i].set[j][0] != NULL; j++)
            force(fixture, cases[i].set[j][0], cases[i].set[j][1]);
        assert_int_not_equal(resolve(fixture), 0);
        assert_memory_equal(message(fixture), cases[i].says, strlen(cases[i].says));
        assert_null(strchr(message(fixture), '\n'));
        for (size_t j = 0; j < 2 && cases[i].set[j][0] != NULL; j++)
            assert_int_equal(set(fixture, cases[i].set[j][0], ""), 0);
    }
}

static void test_options__key_beside_another_method__is_a_contradiction(void **state)
{
    set_required(*state);
    assert_int_equal(set(*state, "access_key", "AKIA"), 0);
    assert_int_equal(set(*state, "secret_key", "s"), 0);
    assert_int_equal(set(*state, "authentication_method", "environment"), 0);
    assert_int_equal(resolve(*state), AWSLOGSRC_E_OPTION_MISSING);
}

static void test_options__key__implies_its_method(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(set(fixture, "access_key", "AKIA"), 0);
    assert_int_equal(set(fixture, "secret_key", "s"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_int_equal(fixture->settings.authentication_method, ALS_AUTHENTICATION_ACCESS_KEY);
}

static void test_options__region_lists__are_united_without_repetition(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(set(fixture, "other_regions", "eu-west-1,us-east-1"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_int_equal(fixture->settings.regions.count, 2);
    assert_string_equal(fixture->settings.regions.items[1], "eu-west-1");
}

static void test_options__arn__loses_its_star_and_names_the_identifier(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(
        set(fixture, "log_group", "arn:aws:logs:us-east-1:123456789012:log-group:/a/b:*"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_true(als_settings_log_group_is_arn(&fixture->settings));
    assert_string_equal(fixture->settings.log_group,
                        "arn:aws:logs:us-east-1:123456789012:log-group:/a/b");
    assert_string_equal(fixture->settings.log_source_identifier, "/a/b");
}

static void test_options__exact_filter__is_quoted(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(set(fixture, "filter_pattern", "{\"a\\b\": 1}"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_string_equal(fixture->settings.filter_pattern, "\"{\\\"a\\\\b\\\": 1}\"");
}

static void test_options__aws_filter__is_passed_through(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(set(fixture, "filter_pattern", "{ $.a = \"b\" }"), 0);
    assert_int_equal(set(fixture, "filter_syntax", "aws"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_string_equal(fixture->settings.filter_pattern, "{ $.a = \"b\" }");
}

/* With quotes for each of count characters of two bytes. */
static int resolve_filter_of(struct fixture *fixture, size_t count)
{
    char filter[2064] = {0};
    for (size_t i = 0; i < 2 * count; i++)
        filter[i] = i % 2 == 0 ? '\xc3' : '\xa4';
    set_required(fixture);
    assert_int_equal(set(fixture, "filter_pattern", filter), 0);
    return resolve(fixture);
}

static void test_options__exact_filter_that_aws_does_not_take__is_applied_here(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(resolve_filter_of(fixture, 1022), 0);
    assert_false(als_settings_filter_is_ours(&fixture->settings));
    assert_int_equal(resolve_filter_of(fixture, 1023), 0);
    assert_true(als_settings_filter_is_ours(&fixture->settings));
    assert_int_equal(set(fixture, "filter_pattern", "a\tb"), 0);
    assert_int_equal(resolve(fixture), 0);
    assert_true(als_settings_filter_is_ours(&fixture->settings));
    assert_string_equal(fixture->settings.filter_text, "a\tb");
}

static void test_options__aws_filter_that_aws_does_not_take__is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "filter_syntax", "aws"), 0);
    assert_int_equal(resolve_filter_of(fixture, 1025), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(message(fixture), "filter_pattern: AWS takes 1024 characters");
    assert_int_equal(set(fixture, "filter_pattern", "a\tb"), 0);
    assert_int_equal(resolve(fixture), AWSLOGSRC_E_OPTION_VALUE);
}

static void test_options__eps_throttle__is_unlimited_where_empty_or_a_gateway(void **state)
{
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(set(fixture, "eps_throttle", ""), 0);
    assert_string_equal(get(fixture, "eps_throttle"), "");
    assert_int_equal(resolve(fixture), 0);
    assert_int_equal(fixture->settings.eps_throttle, 0);
    force(fixture, "eps_throttle", NULL);
    force(fixture, "use_as_gateway_log_source", "true");
    assert_int_equal(resolve(fixture), 0);
    assert_int_equal(fixture->settings.eps_throttle, 0);
}

static void test_options__copy__is_independent(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_options *copy = NULL;
    const char *value = NULL;
    set_required(fixture);
    assert_int_equal(awslogsrc_options_copy(fixture->options, &copy, NULL), 0);
    assert_int_equal(set(fixture, "log_group", "other"), 0);
    assert_int_equal(awslogsrc_options_get(copy, "log_group", &value, NULL), 0);
    assert_string_equal(value, "g");
    awslogsrc_options_free(copy);
}

static void test_options__environment__stands_in_for_what_is_not_set(void **state)
{
    static const char *const environment[] = {"AWS_REGION=eu-west-1",
                                              "AWS_DEFAULT_REGION=us-west-2",
                                              "AWS_ENDPOINT_URL=http://second",
                                              "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://first",
                                              "AWS_CA_BUNDLE=/ca",
                                              NULL};
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_int_equal(fixture->settings.regions.count, 1);
    assert_string_equal(fixture->settings.regions.items[0], "eu-west-1");
    assert_string_equal(fixture->settings.endpoint_url, "http://first");
    assert_string_equal(fixture->settings.ca_file, "/ca");
}

static void test_options__second_variables__are_used_where_the_first_is_empty(void **state)
{
    static const char *const environment[] = {"AWS_REGION=", "AWS_DEFAULT_REGION=us-west-2",
                                              "AWS_ENDPOINT_URL=http://second", NULL};
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_string_equal(fixture->settings.regions.items[0], "us-west-2");
    assert_string_equal(fixture->settings.endpoint_url, "http://second");
}

static void test_options__options__win_over_the_environment(void **state)
{
    static const char *const environment[] = {"AWS_REGION=eu-west-1", "AWS_USE_FIPS_ENDPOINT=true",
                                              NULL};
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    assert_int_equal(set(fixture, "other_regions", "us-east-1"), 0);
    assert_int_equal(set(fixture, "use_fips_endpoint", "false"), 0);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_int_equal(fixture->settings.regions.count, 1);
    assert_string_equal(fixture->settings.regions.items[0], "us-east-1");
    assert_false(fixture->settings.use_fips_endpoint);
}

static void test_options__ignored_endpoint_variables__leave_the_option_alone(void **state)
{
    static const char *const environment[] = {"AWS_ENDPOINT_URL=http://no",
                                              "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=True", NULL};
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_string_equal(fixture->settings.endpoint_url, "");
    assert_int_equal(set(fixture, "endpoint_url", "http://yes"), 0);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_string_equal(fixture->settings.endpoint_url, "http://yes");
}

static void test_options__fips_and_dualstack_variables__are_read(void **state)
{
    static const char *const environment[] = {"AWS_USE_FIPS_ENDPOINT=true",
                                              "AWS_USE_DUALSTACK_ENDPOINT=TRUE", NULL};
    struct fixture *fixture = *state;
    set_required(fixture);
    assert_int_equal(resolve_in(fixture, environment), 0);
    assert_true(fixture->settings.use_fips_endpoint && fixture->settings.use_dualstack_endpoint);
}

static void test_options__bad_variable__is_named_itself(void **state)
{
    static const char *const environment[] = {"AWS_REGION=EU", "AWS_USE_FIPS_ENDPOINT=maybe", NULL};
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    assert_int_equal(resolve_in(fixture, environment), AWSLOGSRC_E_OPTION_VALUE);
    assert_non_null(strstr(message(fixture), "AWS_REGION: "));
    assert_non_null(strstr(message(fixture), "AWS_USE_FIPS_ENDPOINT: "));
}

static char *no_environment(const char *name)
{
    (void)name;
    return NULL;
}

static void test_options__validate__says_what_resolve_says(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(als_options_validate(fixture->options, no_environment, &fixture->error),
                     AWSLOGSRC_E_OPTION_MISSING);
    set_required(fixture);
    assert_int_equal(als_options_validate(fixture->options, no_environment, NULL), 0);
}
static void test_options__null_arguments__are_refused(void **state)
{
    struct fixture *fixture = *state;
    const char *value = NULL;
    char *sections = NULL;
    assert_int_equal(awslogsrc_options_new(NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_copy(NULL, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_set(NULL, "a", "b", NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_set(fixture->options, NULL, "b", NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_set(fixture->options, "a", NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_get(NULL, "a", &value, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_load(fixture->options, NULL, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_sections(NULL, &sections, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_options_validate(NULL, NULL), AWSLOGSRC_E_INVALID);
    awslogsrc_options_free(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_options__defaults__are_resolved),
        TEST(test_options__every_problem__has_its_line),
        TEST(test_options__each_contradiction__is_found),
        TEST(test_options__key_beside_another_method__is_a_contradiction),
        TEST(test_options__key__implies_its_method),
        TEST(test_options__region_lists__are_united_without_repetition),
        TEST(test_options__arn__loses_its_star_and_names_the_identifier),
        TEST(test_options__exact_filter__is_quoted),
        TEST(test_options__aws_filter__is_passed_through),
        TEST(test_options__exact_filter_that_aws_does_not_take__is_applied_here),
        TEST(test_options__aws_filter_that_aws_does_not_take__is_refused),
        TEST(test_options__eps_throttle__is_unlimited_where_empty_or_a_gateway),
        TEST(test_options__copy__is_independent),
        TEST(test_options__environment__stands_in_for_what_is_not_set),
        TEST(test_options__second_variables__are_used_where_the_first_is_empty),
        TEST(test_options__options__win_over_the_environment),
        TEST(test_options__ignored_endpoint_variables__leave_the_option_alone),
        TEST(test_options__fips_and_dualstack_variables__are_read),
        TEST(test_options__bad_variable__is_named_itself),
        TEST(test_options__validate__says_what_resolve_says),
        TEST(test_options__null_arguments__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
