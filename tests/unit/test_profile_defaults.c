#include "testing.h"

#include <unistd.h>

#include "options_fixture.h"

static char path[64], variable[96];

static int set_up_file(void **state)
{
    (void)snprintf(path, sizeof path, "/tmp/test_defaults_XXXXXX");
    int fd = mkstemp(path);
    (void)snprintf(variable, sizeof variable, "AWS_CONFIG_FILE=%s", path);
    return fd < 0 || close(fd) != 0 || set_up(state) != 0;
}

static int tear_down_file(void **state)
{
    (void)unlink(path);
    return tear_down(state);
}

#define ENVIRONMENT(...) ((const char *const[]){variable, __VA_ARGS__})

/* Resolves with this config file; other: one more variable, or NULL. */
static int resolve_with(struct fixture *fixture, const char *text, const char *other)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    return resolve_in(fixture, ENVIRONMENT(other, NULL));
}

static void assert_region(const struct fixture *fixture, const char *region)
{
    assert_int_equal(fixture->settings.regions.count, 1);
    assert_string_equal(fixture->settings.regions.items[0], region);
}

static void test_profile_defaults__settings__stand_in_for_options(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(resolve_with(fixture,
                                  "[default]\nregion = eu-west-1\nca_bundle = /ca.pem\n"
                                  "use_fips_endpoint = true\nuse_dualstack_endpoint = true\n",
                                  NULL),
                     0);
    assert_region(fixture, "eu-west-1");
    assert_string_equal(fixture->settings.ca_file, "/ca.pem");
    assert_true(fixture->settings.use_fips_endpoint);
    assert_true(fixture->settings.use_dualstack_endpoint);
}

static void test_profile_defaults__variables__go_before_them(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(
        resolve_with(fixture, "[default]\nregion = eu-west-1\n", "AWS_REGION=us-east-1"), 0);
    assert_region(fixture, "us-east-1");
}

static void test_profile_defaults__options__go_before_both(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "other_regions", "us-west-2"), 0);
    assert_int_equal(
        resolve_with(fixture, "[default]\nregion = eu-west-1\n", "AWS_REGION=us-east-1"), 0);
    assert_region(fixture, "us-west-2");
}

static void test_profile_defaults__profile__is_the_options_or_the_environments(void **state)
{
    static const char text[] = "[profile a]\nregion = eu-west-1\n[profile b]\nregion = us-east-1\n";
    struct fixture *fixture = *state;
    assert_int_equal(resolve_with(fixture, text, "AWS_PROFILE=a"), 0);
    assert_region(fixture, "eu-west-1");
    assert_int_equal(set(fixture, "profile", "b"), 0);
    assert_int_equal(resolve_with(fixture, text, "AWS_PROFILE=a"), 0);
    assert_region(fixture, "us-east-1");
}

/* Each row: a variable, the URL of logs, that of STS. */
static void test_profile_defaults__endpoints__are_in_the_order_of_the_sdks(void **state)
{
    static const char *const rows[][3] = {
        {NULL, "http://special", "http://general"},
        {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS=http://variable", "http://variable", "http://general"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "", ""},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(resolve_with(fixture,
                                      "[default]\nregion = eu-west-1\nservices = s\n"
                                      "endpoint_url = http://general\n[services s]\n"
                                      "cloudwatch_logs =\n  endpoint_url = http://special\n",
                                      rows[i][0]),
                         0);
        assert_string_equal(fixture->settings.endpoint_url, rows[i][1]);
        assert_string_equal(fixture->settings.sts_endpoint_url, rows[i][2]);
    }
}

/* Each row: a variable, the URL of logs. */
static void test_profile_defaults__ignored_endpoints__are_those_of_the_environment_too(void **state)
{
    static const char *const rows[][2] = {
        {NULL, ""},
        {"AWS_ENDPOINT_URL=http://variable", ""},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=false", "http://general"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(resolve_with(fixture,
                                      "[default]\nregion = eu-west-1\n"
                                      "endpoint_url = http://general\n"
                                      "ignore_configured_endpoint_urls = true\n",
                                      rows[i][0]),
                         0);
        assert_string_equal(fixture->settings.endpoint_url, rows[i][1]);
    }
}

static void test_profile_defaults__bad_setting__is_named_with_its_profile(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(resolve_with(fixture, "[default]\nregion = EU\n", NULL),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_memory_equal(message(fixture), "profile default: region: ", 25);
}

static void test_profile_defaults__broken_file__is_named_with_the_line(void **state)
{
    struct fixture *fixture = *state;
    char expected[160];
    assert_int_equal(set(fixture, "regions", "us-east-1"), 0);
    assert_int_equal(resolve_with(fixture, "[default]\n= x\n", NULL), AWSLOGSRC_E_FILE_SYNTAX);
    (void)snprintf(expected, sizeof expected, "%s:2: a property without a name", path);
    assert_string_equal(message(fixture), expected);
}

static void test_profile_defaults__profile_that_is_not_there__says_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "regions", "us-east-1"), 0);
    assert_int_equal(resolve_with(fixture, "[default]\nregion = x\n", "AWS_PROFILE=c"), 0);
    assert_region(fixture, "us-east-1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_file, tear_down_file)
    const struct CMUnitTest tests[] = {
        TEST(test_profile_defaults__settings__stand_in_for_options),
        TEST(test_profile_defaults__variables__go_before_them),
        TEST(test_profile_defaults__options__go_before_both),
        TEST(test_profile_defaults__profile__is_the_options_or_the_environments),
        TEST(test_profile_defaults__endpoints__are_in_the_order_of_the_sdks),
        TEST(test_profile_defaults__ignored_endpoints__are_those_of_the_environment_too),
        TEST(test_profile_defaults__bad_setting__is_named_with_its_profile),
        TEST(test_profile_defaults__broken_file__is_named_with_the_line),
        TEST(test_profile_defaults__profile_that_is_not_there__says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
