#include "testing.h"

#include "options_fixture.h"

static void assert_values(struct fixture *fixture, const char *name, const char *const *good,
                          const char *const *bad)
{
    for (; *good != NULL; good++)
        assert_int_equal(set(fixture, name, *good), 0);
    for (; *bad != NULL; bad++)
        assert_int_equal(set(fixture, name, *bad), AWSLOGSRC_E_OPTION_VALUE);
}

static void test_option_rule__log_group__is_a_name_or_an_arn(void **state)
{
    static const char *const good[] = {"a",
                                       "/aws/lambda/x",
                                       "A.-_/#9",
                                       "arn:aws:logs:us-east-1:123456789012:log-group:g",
                                       "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/a/b:*",
                                       NULL};
    static const char *const bad[] = {
        "a b",
        "a:b",
        "a*",
        "\xc3\xa4",
        "arn:aws:s3:us-east-1:123456789012:log-group:g",
        "arn:aws:logs::123456789012:log-group:g",
        "arn:aws:logs:us-east-1:12345678901:log-group:g",
        "arn:aws:logs:us-east-1:123456789012:log-group:",
        "arn:aws:logs:us-east-1:123456789012:log-group",
        "arn:aws:logs:us-east-1:123456789012:log-group:g:x",
        "arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:s",
        NULL};
    assert_values(*state, "log_group", good, bad);
}

static void test_option_rule__log_group_name__has_512_characters_at_most(void **state)
{
    (void)state;
    assert_true(takes_repeated("log_group", "", 512));
    assert_false(takes_repeated("log_group", "", 513));
}

static void test_option_rule__log_stream__has_no_colon_and_no_star(void **state)
{
    static const char *const good[] = {"a b/[$LATEST]\xe2\x82\xac", NULL};
    static const char *const bad[] = {"a:b", "a*", NULL};
    assert_values(*state, "log_stream", good, bad);
    assert_values(*state, "log_stream_prefix", good, bad);
}

static void test_option_rule__regions__are_host_name_labels(void **state)
{
    static const char label63[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    static const char label64[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    static const char *const good[] = {"us-east-1", "mars-north-7", "a", label63, ",a,,b,", NULL};
    static const char *const bad[] = {"US-EAST-1", "us_east_1", "-a",  "a-", "a.b",
                                      label64,     ",",         "a b", NULL};
    assert_values(*state, "regions", good, bad);
    assert_values(*state, "other_regions", good, bad);
}

static void test_option_rule__endpoint_url__is_http_or_https(void **state)
{
    static const char *const good[] = {"http://h", "https://h:1/p", NULL};
    static const char *const bad[] = {"h", "ftp://h", "http://", "https://", "https:// h", NULL};
    assert_values(*state, "endpoint_url", good, bad);
}

static void test_option_rule__access_key__has_no_blanks(void **state)
{
    static const char *const good[] = {"AKIAIOSFODNN7EXAMPLE", NULL};
    static const char *const bad[] = {"AKIA EXAMPLE", "AKIA\xc3\xa4", "AKIA\n", NULL};
    assert_values(*state, "access_key", good, bad);
}

static void test_option_rule__pattern_lines__have_key_and_regex(void **state)
{
    (void)state;
    assert_true(takes("log_source_identifier_pattern", "VPC-$1-$2=\\s(ACCEPT)\\s(OK)\r\n\nb=c"));
    assert_false(takes("log_source_identifier_pattern", "a=b\nno equals"));
    assert_false(takes("log_source_identifier_pattern", "=b"));
    assert_false(takes("log_source_identifier_pattern", "a="));
    assert_false(takes("log_source_identifier_pattern", "a=("));
    assert_false(takes("log_source_identifier_pattern", "$1=a"));
}

static void test_option_rule__proxy_server__is_a_host_or_a_known_scheme(void **state)
{
    (void)state;
    assert_true(takes("proxy_server", "proxy.example"));
    assert_true(takes("proxy_server", "https://proxy"));
    assert_false(takes("proxy_server", "socks4://proxy"));
    assert_false(takes("proxy_server", "http://"));
    assert_false(takes("proxy_server", "a b"));
    assert_true(takes("proxy_server", "http://[::1]:3128"));
    assert_true(takes("proxy_server", "::1"));
    assert_false(takes("proxy_server", "[::1"));
    assert_false(takes("proxy_server", "proxy:0"));
    assert_false(takes("proxy_server", "me:secret@proxy"));
    assert_false(takes("proxy_server", "http://proxy/path"));
    assert_false(takes("proxy_username", "me:secret"));
}

static void test_option_rule__role_options__follow_sts(void **state)
{
    (void)state;
    assert_true(takes("assume_role_arn", "arn:aws-cn:iam::123456789012:role/a/b"));
    assert_false(takes("assume_role_arn", "arn:aws:iam::123456789012:user/a"));
    assert_false(takes("assume_role_session_name", "a"));
    assert_false(takes("assume_role_session_name", "a b"));
    assert_false(takes("assume_role_external_id", "a!"));
}

static void test_option_rule__end_time__is_not_the_beginning(void **state)
{
    (void)state;
    assert_true(takes("end_time", "now"));
    assert_false(takes("end_time", "beginning"));
}

static void test_option_rule__pattern_lines__are_appended(void **state)
{
    struct fixture *fixture = *state;
    force(fixture, "log_source_identifier_pattern", "a=b");
    assert_int_equal(set(fixture, "log_source_identifier_pattern", "bad"),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_non_null(strstr(message(fixture), "line 2: there is no '='"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_option_rule__log_group__is_a_name_or_an_arn),
        TEST(test_option_rule__log_group_name__has_512_characters_at_most),
        TEST(test_option_rule__log_stream__has_no_colon_and_no_star),
        TEST(test_option_rule__regions__are_host_name_labels),
        TEST(test_option_rule__endpoint_url__is_http_or_https),
        TEST(test_option_rule__access_key__has_no_blanks),
        TEST(test_option_rule__pattern_lines__have_key_and_regex),
        TEST(test_option_rule__proxy_server__is_a_host_or_a_known_scheme),
        TEST(test_option_rule__role_options__follow_sts),
        TEST(test_option_rule__end_time__is_not_the_beginning),
        TEST(test_option_rule__pattern_lines__are_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
