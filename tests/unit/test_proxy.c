#include "testing.h"

#include "net/proxy.h"

static const char *const *variables;

/* Of "NAME=value" strings, ended by NULL. */
static char *look_up(const char *name)
{
    static char value[256];
    size_t size = strlen(name);
    for (const char *const *one = variables; *one != NULL; one++) {
        if (strncmp(*one, name, size) == 0 && (*one)[size] == '=') {
            (void)snprintf(value, sizeof value, "%s", *one + size + 1);
            return value;
        }
    }
    return NULL;
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static int read_environment(struct als_proxy *proxy, const char *const *environment,
                            const char *no_proxy, awslogsrc_error **error)
{
    variables = environment;
    return als_proxy_init_by_environment(proxy, look_up, no_proxy, error);
}

static const char *url_for(const struct als_proxy *proxy, bool tls, const char *host)
{
    const struct als_proxy_route *route = als_proxy_for(proxy, tls, als_text_of(host));
    return route == NULL ? "" : route->url;
}

static bool excepts(const char *no_proxy, const char *host)
{
    return als_proxy_excepts(als_text_of(no_proxy), als_text_of(host));
}

static void test_proxy__no_proxy__names_domains_addresses_and_ranges(void **state)
{
    (void)state;
    assert_true(excepts("*", "anything"));
    assert_true(excepts("example.com", "example.com"));
    assert_true(excepts("example.com", "LOGS.Example.Com."));
    assert_true(excepts(".example.com", "logs.example.com"));
    assert_true(excepts("*.example.com", "logs.example.com"));
    assert_true(excepts("a, b c ,example.com.", "example.com"));
    assert_true(excepts("10.0.0.1", "10.0.0.1"));
    assert_true(excepts("10.0.0.0/8", "10.200.3.4"));
    assert_true(excepts("10.1.2.128/25", "10.1.2.255"));
    assert_true(excepts("[::1]", "::1"));
    assert_true(excepts("0:0::1", "::1"));
    assert_true(excepts("fd00::/8", "fd12::3"));
}

static void test_proxy__no_proxy__leaves_others_alone(void **state)
{
    (void)state;
    assert_false(excepts("", "example.com"));
    assert_false(excepts("example.com", "badexample.com"));
    assert_false(excepts("logs.example.com", "example.com"));
    assert_false(excepts("10.0.0.0/8", "11.0.0.1"));
    assert_false(excepts("10.1.2.128/25", "10.1.2.127"));
    assert_false(excepts("10.0.0.0/33", "10.0.0.0"));
    assert_false(excepts("10.0.0.0/x", "10.0.0.0"));
    assert_false(excepts("0.1", "10.0.0.1"));
    assert_false(excepts("::/0", "10.0.0.1"));
    assert_false(excepts(" , ,.", "example.com"));
}

static void test_proxy__options__one_proxy_for_everything_but_exceptions(void **state)
{
    struct als_proxy proxy;
    (void)state;
    const struct als_proxy_options options = {"https://proxy.example", 3128, "me", "secret",
                                              "local"};
    assert_int_equal(als_proxy_init(&proxy, &options, NULL), 0);
    assert_string_equal(url_for(&proxy, true, "aws"), "https://proxy.example:3128");
    assert_string_equal(url_for(&proxy, false, "aws"), "https://proxy.example:3128");
    assert_string_equal(url_for(&proxy, true, "a.local"), "");
    assert_string_equal(proxy.for_https.password, "secret");
    als_proxy_clear(&proxy);
}

static void test_proxy__ipv6__is_put_into_brackets(void **state)
{
    struct als_proxy proxy;
    (void)state;
    const struct als_proxy_options options = {"::1", 1, "", "", ""};
    assert_int_equal(als_proxy_init(&proxy, &options, NULL), 0);
    assert_string_equal(url_for(&proxy, true, "aws"), "http://[::1]:1");
    assert_null(proxy.for_https.username);
    als_proxy_clear(&proxy);
}

static void test_proxy__environment__each_scheme_has_its_variable(void **state)
{
    struct als_proxy proxy;
    (void)state;
    assert_int_equal(read_environment(&proxy,
                                      LIST("https_proxy=tls:1", "HTTPS_PROXY=no",
                                           "http_proxy=plain", "ALL_PROXY=all", "NO_PROXY=near"),
                                      "", NULL),
                     0);
    assert_string_equal(url_for(&proxy, true, "aws"), "http://tls:1");
    assert_string_equal(url_for(&proxy, false, "aws"), "http://plain:80");
    assert_string_equal(url_for(&proxy, false, "near"), "");
    als_proxy_clear(&proxy);
}

static void test_proxy__all_proxy__stands_in(void **state)
{
    struct als_proxy proxy;
    (void)state;
    assert_int_equal(
        read_environment(&proxy, LIST("https_proxy=", "ALL_PROXY=socks5h://all"), "", NULL), 0);
    assert_string_equal(url_for(&proxy, true, "aws"), "socks5h://all:1080");
    assert_string_equal(url_for(&proxy, false, "aws"), "socks5h://all:1080");
    als_proxy_clear(&proxy);
}

static void test_proxy__upper_case_http_proxy__may_be_a_request_header(void **state)
{
    struct als_proxy proxy;
    (void)state;
    assert_int_equal(read_environment(&proxy, LIST("HTTP_PROXY=evil:1"), "", NULL), 0);
    assert_string_equal(url_for(&proxy, false, "aws"), "");
    als_proxy_clear(&proxy);
}

static void test_proxy__login_in_the_environment__is_cut_out_and_decoded(void **state)
{
    struct als_proxy proxy;
    (void)state;
    assert_int_equal(
        read_environment(&proxy, LIST("https_proxy=https://m%65:s%40c:r@t%2@proxy:1/"), "", NULL),
        0);
    assert_string_equal(proxy.for_https.url, "https://proxy:1");
    assert_string_equal(proxy.for_https.username, "me");
    assert_string_equal(proxy.for_https.password, "s@c:r@t%2");
    als_proxy_clear(&proxy);
}

static void test_proxy__no_proxy_option__wins_over_the_variable(void **state)
{
    struct als_proxy proxy;
    (void)state;
    assert_int_equal(
        read_environment(&proxy, LIST("https_proxy=p:1", "no_proxy=a.example"), "b.example", NULL),
        0);
    assert_string_equal(url_for(&proxy, true, "a.example"), "http://p:1");
    assert_string_equal(url_for(&proxy, true, "b.example"), "");
    als_proxy_clear(&proxy);
}

static void test_proxy__bad_variable__is_named_and_not_quoted(void **state)
{
    struct als_proxy proxy;
    awslogsrc_error *error = NULL;
    (void)state;
    assert_int_equal(
        read_environment(&proxy, LIST("https_proxy=ftp://me:secret@proxy"), "", &error),
        AWSLOGSRC_E_OPTION_VALUE);
    assert_non_null(strstr(als_error_message(error), "https_proxy"));
    assert_null(strstr(als_error_message(error), "secret"));
    als_error_free(error);
    als_proxy_clear(&proxy);
}

static void test_proxy__none__is_none(void **state)
{
    (void)state;
    assert_null(als_proxy_for(NULL, true, ALS_TEXT("aws")));
    assert_null(als_proxy_for(&(struct als_proxy){0}, true, ALS_TEXT("aws")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy__no_proxy__names_domains_addresses_and_ranges),
        cmocka_unit_test(test_proxy__no_proxy__leaves_others_alone),
        cmocka_unit_test(test_proxy__options__one_proxy_for_everything_but_exceptions),
        cmocka_unit_test(test_proxy__ipv6__is_put_into_brackets),
        cmocka_unit_test(test_proxy__environment__each_scheme_has_its_variable),
        cmocka_unit_test(test_proxy__all_proxy__stands_in),
        cmocka_unit_test(test_proxy__upper_case_http_proxy__may_be_a_request_header),
        cmocka_unit_test(test_proxy__login_in_the_environment__is_cut_out_and_decoded),
        cmocka_unit_test(test_proxy__no_proxy_option__wins_over_the_variable),
        cmocka_unit_test(test_proxy__bad_variable__is_named_and_not_quoted),
        cmocka_unit_test(test_proxy__none__is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
