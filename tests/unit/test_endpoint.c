#include "testing.h"

#include "aws/endpoint.h"

enum { MOST_COLUMNS = 16 };

static struct als_endpoint_query query_of(const char *service, const char *region)
{
    return (struct als_endpoint_query){.service = als_text_of(service),
                                       .region = als_text_of(region)};
}

/* Tables of expected endpoints. */

struct row {
    struct als_text column[MOST_COLUMNS];
};

static bool is_true(struct als_text text)
{
    return als_text_equal(text, ALS_TEXT("true"));
}

static struct als_text unless_dash(struct als_text text)
{
    return als_text_equal(text, ALS_TEXT("-")) ? (struct als_text){"", 0} : text;
}

/* Runs every line that is not a comment or a heading; returns how many there were. */
static int run_rows(const char *path, const char *argument,
                    void (*run)(const struct row *row, const char *argument))
{
    char *data = test_read_file(path, NULL);
    struct als_text rest = als_text_of(data);
    struct als_text line;
    int count = 0;
    while (als_text_next_field(&rest, '\n', &line)) {
        struct row row = {0};
        if (line.size == 0 || line.data[0] == '#' ||
            als_text_starts_with(line, ALS_TEXT("region\t")))
            continue;
        for (size_t i = 0; i < MOST_COLUMNS && line.data != NULL; i++)
            (void)als_text_next_field(&line, '\t', &row.column[i]);
        run(&row, argument);
        count++;
    }
    printf("%s: %d rows\n", strrchr(path, '/') + 1, count);
    free(data);
    return count;
}

static void assert_url(const struct als_endpoint_query *query, struct als_text url,
                       struct als_text signing_region)
{
    struct als_endpoint endpoint;
    char whole[ALS_ENDPOINT_URL_SIZE + 1];
    assert_int_equal(als_endpoint_resolve(query, &endpoint, NULL), 0);
    (void)snprintf(whole, sizeof whole, "%.*s/", (int)url.size, url.data);
    assert_string_equal(endpoint.url, whole);
    assert_string_equal(endpoint.scheme, "https");
    assert_string_equal(endpoint.path, "/");
    assert_true(als_text_equal(als_text_of(endpoint.signing_region), signing_region));
    (void)snprintf(whole, sizeof whole, "https://%s/", endpoint.host);
    assert_string_equal(endpoint.url, whole);
}

/* region, fips, dual-stack, override, global STS, URL or error, signing region */
static void run_official_row(const struct row *row, const char *service)
{
    const struct als_text *column = row->column;
    struct als_endpoint_query query = query_of(service, NULL);
    query.region = unless_dash(column[0]);
    query.use_fips = is_true(column[1]);
    query.use_dualstack = is_true(column[2]);
    query.override_url = unless_dash(column[3]);
    query.use_global_sts = is_true(column[4]);
    if (als_text_starts_with(column[5], ALS_TEXT("ERROR: "))) {
        struct als_endpoint endpoint;
        assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), AWSLOGSRC_E_OPTION_MISSING);
        return;
    }
    struct als_text signing_region = unless_dash(column[6]);
    assert_url(&query, column[5], signing_region.size > 0 ? signing_region : query.region);
}

/* service, region, fips, dual-stack, global STS, URL, signing region */
static void run_fixture_row(const struct row *row, const char *argument)
{
    (void)argument;
    const struct als_text *column = row->column;
    struct als_endpoint_query query = {.service = column[0],
                                       .region = column[1],
                                       .use_fips = is_true(column[2]),
                                       .use_dualstack = is_true(column[3]),
                                       .use_global_sts = is_true(column[4])};
    assert_url(&query, column[5], column[6]);
}

static void assert_host(struct als_endpoint_query query, struct als_text host)
{
    struct als_endpoint endpoint;
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), 0);
    assert_true(als_text_equal(als_text_of(endpoint.host), host));
}

/* region, ..., logs, logs FIPS, logs dual-stack, ..., STS, STS FIPS */
static void run_region_row(const struct row *row, const char *argument)
{
    (void)argument;
    struct als_endpoint_query logs = {.service = ALS_TEXT("logs"), .region = row->column[0]};
    struct als_endpoint_query sts = {.service = ALS_TEXT("sts"), .region = row->column[0]};
    struct als_text dual_host = row->column[8];
    if (unless_dash(row->column[6]).size == 0)
        return;
    assert_host(logs, row->column[6]);
    assert_host(sts, row->column[12]);
    logs.use_dualstack = true;
    assert_host(logs, dual_host);
    /* The table has no STS column for this: it is the same host but for the service. */
    char sts_host[ALS_ENDPOINT_HOST_SIZE];
    (void)snprintf(sts_host, sizeof sts_host, "sts%.*s", (int)dual_host.size - 4,
                   dual_host.data + 4);
    sts.use_dualstack = true;
    assert_host(sts, als_text_of(sts_host));
    logs.use_dualstack = sts.use_dualstack = false;
    logs.use_fips = sts.use_fips = true;
    assert_host(logs, row->column[7]);
    assert_host(sts, row->column[13]);
}

static void run_shared_rows(const char *name, const char *argument,
                            void (*run)(const struct row *row, const char *argument), int expected)
{
    const char *path = test_shared_path(name);
    if (path == NULL)
        skip();
    else
        assert_int_equal(run_rows(path, argument, run), expected);
}

static void test_endpoint__official_logs_rules__agree(void **state)
{
    (void)state;
    run_shared_rows("data/endpoint-tests-logs.tsv", "logs", run_official_row, 49);
}

static void test_endpoint__official_sts_rules__agree(void **state)
{
    (void)state;
    run_shared_rows("data/endpoint-tests-sts.tsv", "sts", run_official_row, 69);
}

static void test_endpoint__official_regions__have_these_hosts(void **state)
{
    (void)state;
    run_shared_rows("data/regions.tsv", NULL, run_region_row, 53);
}

static void test_endpoint__committed_rows__agree(void **state)
{
    (void)state;
    assert_int_equal(run_rows(test_fixture_path("endpoints.tsv"), NULL, run_fixture_row), 173);
}

/* Endpoints given by an option. */

static int resolve_override(const char *url, struct als_endpoint *endpoint, awslogsrc_error **error)
{
    struct als_endpoint_query query = query_of("logs", "us-east-1");
    query.override_url = als_text_of(url);
    return als_endpoint_resolve(&query, endpoint, error);
}

static void assert_override(const char *url, const char *host, const char *path)
{
    struct als_endpoint endpoint;
    assert_int_equal(resolve_override(url, &endpoint, NULL), 0);
    assert_string_equal(endpoint.host, host);
    assert_string_equal(endpoint.path, path);
    assert_string_equal(endpoint.signing_region, "us-east-1");
}

static void assert_refused(const char *url, const char *because)
{
    struct als_endpoint endpoint;
    awslogsrc_error *error = NULL;
    assert_int_equal(resolve_override(url, &endpoint, &error), AWSLOGSRC_E_OPTION_VALUE);
    const char *message = awslogsrc_error_message(error);
    if (!als_text_starts_with(als_text_of(message), ALS_TEXT("endpoint_url: ")) ||
        strstr(message, because) == NULL)
        fail_msg("%s: %s", url, message);
    awslogsrc_error_free(error);
}

static void test_endpoint_override__default_port__is_not_in_the_host(void **state)
{
    (void)state;
    assert_override("http://localhost:80", "localhost", "/");
    assert_override("https://localhost:443/", "localhost", "/");
    assert_override("https://localhost:0443/", "localhost", "/");
}

static void test_endpoint_override__other_port__is_in_the_host(void **state)
{
    (void)state;
    assert_override("http://localhost:443", "localhost:443", "/");
    assert_override("https://localhost:80/", "localhost:80", "/");
    assert_override("http://127.0.0.1:1", "127.0.0.1:1", "/");
    assert_override("http://127.0.0.1:65535", "127.0.0.1:65535", "/");
}

static void test_endpoint_override__upper_case__is_lowered_in_the_host_alone(void **state)
{
    (void)state;
    assert_override("HTTPS://Proxy.Example.COM/Base", "proxy.example.com", "/Base");
}

static void test_endpoint_override__ipv6__stays_in_brackets(void **state)
{
    (void)state;
    assert_override("http://[::1]:4566/", "[::1]:4566", "/");
    assert_override("https://[2001:DB8::A]:443", "[2001:db8::a]", "/");
    assert_override("http://[0:0:0:0:0:0:0:1]:4566/", "[::1]:4566", "/");
}

static void test_endpoint_override__base_path__is_kept(void **state)
{
    (void)state;
    assert_override("https://h/aws/logs", "h", "/aws/logs");
    assert_override("https://h/a%20b/..c/x.y/-._~!$&'()*+,;=:@//", "h",
                    "/a%20b/..c/x.y/-._~!$&'()*+,;=:@//");
}

static void test_endpoint_override__plain_http__keeps_the_scheme(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    assert_int_equal(resolve_override("http://[::1]:4566/base", &endpoint, NULL), 0);
    assert_string_equal(endpoint.scheme, "http");
    assert_string_equal(endpoint.url, "http://[::1]:4566/base");
}

static void test_endpoint_override__underscore_and_leading_digit__are_fine(void **state)
{
    (void)state;
    assert_override("http://local_stack:4566", "local_stack:4566", "/");
    assert_override("http://1stack", "1stack", "/");
    assert_override("http://10.0.0.1.example", "10.0.0.1.example", "/");
}

static void test_endpoint_override__other_scheme__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "ftp://h/", "h:4566", "//h/", "https:/h", "http:", " http://h", "file:///etc/passwd"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], "http:// or https://");
}

static void test_endpoint_override__bad_host__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://",           "http:///path",
                                      "http://:80",        "http://.",
                                      "http://a..b",       "http://-a",
                                      "http://a-",         "http://a b",
                                      "http://a%41",       "http://a\\b",
                                      "http://[::1",       "http://[]",
                                      "http://[1.2.3.4]",  "http://[fe80::1%25eth0]",
                                      "http://h\r\nX",     "http://\xc3\xa9",
                                      "http://[::1::]",    "http://127.1",
                                      "http://127.0.0.01", "http://256.1.1.1",
                                      "http://0x7f000001", "http://1",
                                      "http://a.0X1",      "http://h."};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], "the host is not");
}

static void test_endpoint_override__embedded_nul__is_refused(void **state)
{
    (void)state;
    static const struct als_text bad[] = {
        {"http://[::1\0]", 13}, {"http://1.2.3.4\0.5", 17}, {"http://h\0", 9}, {"http://h/\0", 10}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct als_endpoint endpoint;
        struct als_endpoint_query query = query_of("logs", "us-east-1");
        query.override_url = bad[i];
        assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), AWSLOGSRC_E_OPTION_VALUE);
    }
}

static void test_endpoint_override__bad_port__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://h:0",
                                      "http://h:65536",
                                      "http://h:x",
                                      "http://h:-1",
                                      "http://h:1:2",
                                      "http://::1",
                                      "http://h:99999999999999999999",
                                      "http://h:",
                                      "http://[::1]4566",
                                      "http://[::1]:"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], i == 5 ? "host" : "port");
}

static void test_endpoint_override__query_or_fragment__is_refused(void **state)
{
    (void)state;
    assert_refused("https://h/?a=b", "query or fragment");
    assert_refused("https://h?a=b", "query or fragment");
    assert_refused("https://h/#f", "query or fragment");
}

static void test_endpoint_override__password__is_refused_and_not_repeated(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    awslogsrc_error *error = NULL;
    assert_refused("https://user:hunter2@h/", "user name or password");
    assert_int_equal(resolve_override("https://user:hunter2@h/", &endpoint, &error),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_null(strstr(awslogsrc_error_message(error), "hunter2"));
    awslogsrc_error_free(error);
}

static void test_endpoint_override__unencoded_path__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://h/a b",  "http://h/\xc3\xa9", "http://h/%",
                                      "http://h/%4",   "http://h/%4g",      "http://h/\"",
                                      "http://h/a\nb", "http://h/[x]"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], "percent-encoded");
}

static void test_endpoint_override__dot_segment__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://h/.",      "http://h/..",  "http://h/a/./b",
                                      "http://h/a/../b", "http://h/%2e", "http://h/.%2E/b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], "\".\" and \"..\"");
}

static char *url_of_sizes(size_t host_size, size_t path_size)
{
    size_t size = strlen("http://") + host_size + path_size;
    char *url = malloc(size + 1);
    assert_non_null(url);
    (void)snprintf(url, size + 1, "http://");
    memset(url + 7, 'h', host_size);
    for (size_t i = 50; i < host_size; i += 50)
        url[7 + i] = '.';
    memset(url + 7 + host_size, 'p', path_size);
    if (path_size > 0)
        url[7 + host_size] = '/';
    url[size] = '\0';
    return url;
}

static void test_endpoint_override__longest_host_and_path__fit(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    char *url = url_of_sizes(ALS_ENDPOINT_LONGEST_HOST, ALS_ENDPOINT_LONGEST_PATH);
    assert_int_equal(resolve_override(url, &endpoint, NULL), 0);
    assert_string_equal(endpoint.url, url);
    free(url);
}

static void test_endpoint_override__host_too_long__is_refused(void **state)
{
    (void)state;
    char *url = url_of_sizes(ALS_ENDPOINT_LONGEST_HOST + 1, 0);
    assert_refused(url, "the host is not");
    free(url);
}

static void test_endpoint_override__path_too_long__is_refused(void **state)
{
    (void)state;
    char *url = url_of_sizes(1, ALS_ENDPOINT_LONGEST_PATH + 1);
    assert_refused(url, "longer than 1024");
    free(url);
}

static void test_endpoint_override__label_of_64__is_refused(void **state)
{
    (void)state;
    assert_override("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/");
    assert_refused("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                   "the host is not");
}

static void test_endpoint_override__longest_host_with_longest_port__fits(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    char *url = url_of_sizes(ALS_ENDPOINT_LONGEST_HOST, 0);
    char whole[512];
    (void)snprintf(whole, sizeof whole, "%.300s:65535", url);
    assert_int_equal(resolve_override(whole, &endpoint, NULL), 0);
    assert_string_equal(endpoint.host, whole + strlen("http://"));
    free(url);
}

static void test_endpoint_override__option_is_named__as_given(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    awslogsrc_error *error = NULL;
    struct als_endpoint_query query = query_of("sts", "us-east-1");
    query.override_url = ALS_TEXT("nonsense");
    query.override_name = "sts_endpoint_url";
    (void)als_endpoint_resolve(&query, &endpoint, &error);
    assert_true(als_text_starts_with(als_text_of(awslogsrc_error_message(error)),
                                     ALS_TEXT("sts_endpoint_url: ")));
    awslogsrc_error_free(error);
}

static void test_endpoint__global_sts_with_dualstack__is_regional(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    struct als_endpoint_query query = query_of("sts", "us-east-1");
    query.use_global_sts = true;
    query.use_dualstack = true;
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), 0);
    assert_string_equal(endpoint.host, "sts.us-east-1.api.aws");
}

static void test_endpoint__override_with_fips__names_both_options(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    awslogsrc_error *error = NULL;
    struct als_endpoint_query query = query_of("logs", "us-east-1");
    query.override_url = ALS_TEXT("https://h");
    query.use_fips = true;
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, &error), AWSLOGSRC_E_OPTION_MISSING);
    assert_string_equal(awslogsrc_error_message(error),
                        "endpoint_url and use_fips_endpoint contradict each other");
    awslogsrc_error_free(error);
}

static void test_endpoint__bad_region__is_refused_even_with_an_override(void **state)
{
    (void)state;
    struct als_endpoint endpoint;
    struct als_endpoint_query query = query_of("logs", "us-east-1.evil.example");
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), AWSLOGSRC_E_OPTION_VALUE);
    query.override_url = ALS_TEXT("https://h");
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), AWSLOGSRC_E_OPTION_VALUE);
}

static void test_endpoint__longest_region__fits(void **state)
{
    (void)state;
    char region[ALS_REGION_LONGEST_NAME];
    memset(region, 'r', sizeof region);
    struct als_endpoint endpoint;
    struct als_endpoint_query query = query_of("logs", NULL);
    query.region = (struct als_text){region, sizeof region};
    assert_int_equal(als_endpoint_resolve(&query, &endpoint, NULL), 0);
    assert_int_equal(strlen(endpoint.signing_region), sizeof region);
    assert_int_equal(strlen(endpoint.host), strlen("logs..amazonaws.com") + sizeof region);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endpoint__official_logs_rules__agree),
        cmocka_unit_test(test_endpoint__official_sts_rules__agree),
        cmocka_unit_test(test_endpoint__official_regions__have_these_hosts),
        cmocka_unit_test(test_endpoint__committed_rows__agree),
        cmocka_unit_test(test_endpoint_override__default_port__is_not_in_the_host),
        cmocka_unit_test(test_endpoint_override__other_port__is_in_the_host),
        cmocka_unit_test(test_endpoint_override__upper_case__is_lowered_in_the_host_alone),
        cmocka_unit_test(test_endpoint_override__ipv6__stays_in_brackets),
        cmocka_unit_test(test_endpoint_override__base_path__is_kept),
        cmocka_unit_test(test_endpoint_override__plain_http__keeps_the_scheme),
        cmocka_unit_test(test_endpoint_override__underscore_and_leading_digit__are_fine),
        cmocka_unit_test(test_endpoint_override__other_scheme__is_refused),
        cmocka_unit_test(test_endpoint_override__bad_host__is_refused),
        cmocka_unit_test(test_endpoint_override__embedded_nul__is_refused),
        cmocka_unit_test(test_endpoint_override__bad_port__is_refused),
        cmocka_unit_test(test_endpoint_override__query_or_fragment__is_refused),
        cmocka_unit_test(test_endpoint_override__password__is_refused_and_not_repeated),
        cmocka_unit_test(test_endpoint_override__unencoded_path__is_refused),
        cmocka_unit_test(test_endpoint_override__dot_segment__is_refused),
        cmocka_unit_test(test_endpoint_override__longest_host_and_path__fit),
        cmocka_unit_test(test_endpoint_override__host_too_long__is_refused),
        cmocka_unit_test(test_endpoint_override__path_too_long__is_refused),
        cmocka_unit_test(test_endpoint_override__label_of_64__is_refused),
        cmocka_unit_test(test_endpoint_override__longest_host_with_longest_port__fits),
        cmocka_unit_test(test_endpoint_override__option_is_named__as_given),
        cmocka_unit_test(test_endpoint__global_sts_with_dualstack__is_regional),
        cmocka_unit_test(test_endpoint__override_with_fips__names_both_options),
        cmocka_unit_test(test_endpoint__bad_region__is_refused_even_with_an_override),
        cmocka_unit_test(test_endpoint__longest_region__fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
