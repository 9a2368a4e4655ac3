#include "testing.h"

#include "options/option_table.h"
#include "options_fixture.h"

/* Every option of the design with its type, its default, and a good value that is not the default.
 */
static const struct expectation {
    const char *name;
    const char *type;
    const char *standard;
    const char *good;
} expectations[] = {
    {"authentication_method", "choice", "default_chain", "environment"},
    {"access_key", "string", "", "AKIAIOSFODNN7EXAMPLE"},
    {"secret_key", "secret", "", PLAINTEXT},
    {"session_token", "secret", "", PLAINTEXT},
    {"regions", "list", "", "us-east-1, xx-new-9"},
    {"other_regions", "list", "", "eu-west-1"},
    {"log_source_type", "choice", "auto", "aws_cloudtrail"},
    {"protocol_configuration", "choice", "amazon_web_services", "amazon_web_services"},
    {"aws_service", "choice", "cloudwatch_logs", "cloudwatch_logs"},
    {"log_group", "string", "", "/aws/cloudtrail#1_a-b.c"},
    {"log_stream", "string", "", "stream/\xc3\xa4"},
    {"filter_pattern", "string", "", "ACCEPT"},
    {"extract_original_event", "boolean", "false", "yes"},
    {"use_as_gateway_log_source", "boolean", "false", "true"},
    {"log_source_identifier_pattern", "lines", "", "VPC=\\sREJECT\n$1=\\s(OK)="},
    {"log_source_identifier", "string", "", "host-1"},
    {"use_proxy", "boolean", "false", "true"},
    {"proxy_server", "string", "", "socks5h://proxy.example"},
    {"proxy_port", "integer", "", "3128"},
    {"proxy_username", "string", "", "me"},
    {"proxy_password", "secret", "", PLAINTEXT},
    {"automatically_acquire_server_certificates", "boolean", "false", "true"},
    {"eps_throttle", "integer", "5000", "100"},
    {"name", "string", "default", "trail-1"},
    {"assume_role_arn", "string", "", "arn:aws:iam::123456789012:role/r"},
    {"assume_role_session_name", "string", "", "siem@host"},
    {"assume_role_external_id", "string", "", "id:1/2"},
    {"assume_role_duration", "duration", "", "1h"},
    {"profile", "string", "", "audit"},
    {"credential_process", "string", "", "/opt/keys 'a b'"},
    {"start_time", "time", "now", "-24h"},
    {"end_time", "time", "", "2026-01-31T23:59:59Z"},
    {"once", "boolean", "false", "true"},
    {"poll_interval", "duration", "10s", "30s"},
    {"late_arrival_horizon", "duration", "1h", "14d"},
    {"visibility_margin", "duration", "5m", "10m"},
    {"max_recent_ids", "integer", "2000000", "5000"},
    {"api_rate_limit", "integer", "", "5"},
    {"backfill_parallelism", "integer", "4", "8"},
    {"checkpoint_interval", "duration", "1s", "5s"},
    {"state_dir", "path", "", "/var/lib/x"},
    {"max_inflight", "size", "32MiB", "64MiB"},
    {"connect_timeout", "duration", "5s", "3s"},
    {"request_timeout", "duration", "60s", "2m"},
    {"ca_file", "path", "", "/etc/ca.pem"},
    {"ca_path", "path", "", "/etc/ca"},
    {"trust_store", "path", "", "/etc/trust"},
    {"tls_minimum", "choice", "1.2", "1.3"},
    {"endpoint_url", "string", "", "http://127.0.0.1:5000"},
    {"sts_endpoint_url", "string", "", "https://sts.example"},
    {"ec2_metadata_endpoint", "string", "", "http://127.0.0.1"},
    {"use_fips_endpoint", "boolean", "false", "true"},
    {"use_dualstack_endpoint", "boolean", "false", "true"},
    {"filter_syntax", "choice", "exact", "aws"},
    {"log_stream_prefix", "string", "", "123_"},
    {"vpc_flow_format", "string", "", "${version} ${srcaddr}"},
    {"no_proxy", "string", "", "localhost,.example"},
    {"user_agent_suffix", "string", "", "collector/1.0"},
};
enum { EXPECTATIONS = sizeof expectations / sizeof expectations[0] };

static bool is_number(const struct als_option *option)
{
    return option->type == ALS_OPTION_INTEGER || option->type == ALS_OPTION_DURATION ||
           option->type == ALS_OPTION_SIZE;
}

static void test_option_table__table_and_design__have_the_same_options_in_order(void **state)
{
    (void)state;
    assert_int_equal(awslogsrc_option_count(), EXPECTATIONS);
    for (int i = 0; i < EXPECTATIONS; i++) {
        assert_string_equal(awslogsrc_option_name(i), expectations[i].name);
        assert_string_equal(awslogsrc_option_type(i), expectations[i].type);
        assert_string_equal(awslogsrc_option_default(i), expectations[i].standard);
    }
}

static void test_option_table__past_the_table__there_is_nothing(void **state)
{
    (void)state;
    static const int beyond[] = {-1, EXPECTATIONS};
    for (size_t i = 0; i < 2; i++) {
        assert_null(awslogsrc_option_name(beyond[i]));
        assert_null(awslogsrc_option_type(beyond[i]));
        assert_null(awslogsrc_option_default(beyond[i]));
        assert_null(awslogsrc_option_help(beyond[i]));
        assert_int_equal(awslogsrc_option_flags(beyond[i]), 0);
    }
}

static void test_option_table__every_help__is_one_line(void **state)
{
    (void)state;
    for (int i = 0; i < EXPECTATIONS; i++) {
        assert_true(strlen(awslogsrc_option_help(i)) > 0);
        assert_null(strchr(awslogsrc_option_help(i), '\n'));
    }
}

static void test_option_table__secret_flag_and_type__go_together(void **state)
{
    (void)state;
    for (int i = 0; i < EXPECTATIONS; i++)
        assert_int_equal((awslogsrc_option_flags(i) & AWSLOGSRC_OPTION_SECRET) != 0,
                         strcmp(awslogsrc_option_type(i), "secret") == 0);
}

static void test_option_table__every_default__can_be_set(void **state)
{
    for (int i = 0; i < EXPECTATIONS; i++) {
        assert_int_equal(set(*state, expectations[i].name, expectations[i].standard), 0);
        assert_string_equal(get(*state, expectations[i].name), expectations[i].standard);
    }
}

static void test_option_table__every_good_value__can_be_set(void **state)
{
    for (int i = 0; i < EXPECTATIONS; i++)
        assert_int_equal(set(*state, expectations[i].name, expectations[i].good), 0);
}

static void test_option_table__every_good_value__reads(void **state)
{
    struct fixture *fixture = *state;
    struct als_buffer why;
    als_buffer_init(&why, 1024);
    for (int i = 0; i < EXPECTATIONS; i++)
        assert_int_equal(als_option_table_read(als_option_table_row(i),
                                               als_text_of(expectations[i].good),
                                               &fixture->settings, &why),
                         0);
    als_buffer_clear(&why);
}

static void test_option_table__get__returns_what_set_accepted(void **state)
{
    for (int i = 0; i < EXPECTATIONS; i++) {
        const struct expectation *row = &expectations[i];
        if (set(*state, row->name, row->good) != 0)
            continue;
        bool secret = strcmp(row->type, "secret") == 0;
        assert_string_equal(get(*state, row->name), secret ? "****" : row->good);
        assert_int_equal(secret || set(*state, row->name, get(*state, row->name)) == 0, 1);
    }
}

static void test_option_table__refused_value__leaves_the_former_one(void **state)
{
    assert_int_equal(set(*state, "connect_timeout", "7s"), 0);
    assert_int_equal(set(*state, "connect_timeout", "7"), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(get(*state, "connect_timeout"), "7s");
}

static void test_option_table__empty_value__takes_every_option_back(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < EXPECTATIONS; i++) {
        if (als_option_table_row(i)->empty_is_value)
            continue;
        force(fixture, expectations[i].name, expectations[i].good);
        assert_int_equal(set(fixture, expectations[i].name, ""), 0);
        assert_string_equal(get(fixture, expectations[i].name), expectations[i].standard);
    }
}

/* Whether the option takes a number, written with its smallest unit. */
static bool takes_number(const struct als_option *option, int64_t number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%lld%s", (long long)number,
                   option->type == ALS_OPTION_DURATION ? "ms" : "");
    return takes(option->name, text);
}

static void test_option_table__numbers__are_taken_from_min_to_max(void **state)
{
    (void)state;
    int seen = 0;
    for (int i = 0; i < EXPECTATIONS; i++) {
        const struct als_option *option = als_option_table_row(i);
        if (!is_number(option))
            continue;
        assert_true(option->min < option->max);
        assert_false(takes_number(option, option->min - 1));
        assert_true(takes_number(option, option->min));
        assert_true(takes_number(option, option->max));
        assert_false(takes_number(option, option->max + 1));
        seen++;
    }
    assert_int_equal(seen, 13);
}

static void test_option_table__strings__are_taken_up_to_their_longest(void **state)
{
    (void)state;
    for (int i = 0; i < EXPECTATIONS; i++) {
        const struct als_option *option = als_option_table_row(i);
        const char *head = "";
        if (option->type != ALS_OPTION_STRING && option->type != ALS_OPTION_SECRET &&
            option->type != ALS_OPTION_PATH)
            continue;
        if (strcmp(option->name, "log_group") == 0)
            continue; /* has two limits: see its own tests */
        if (strcmp(option->name, "vpc_flow_format") == 0)
            continue; /* a list of names: see test_vpc_flow */
        if (option->rule == als_option_rule_url)
            head = "https://";
        if (option->rule == als_option_rule_role_arn)
            head = "arn:aws:iam::123456789012:role/";
        assert_true(takes_repeated(option->name, head, (size_t)option->max));
        assert_false(takes_repeated(option->name, head, (size_t)option->max + 1));
    }
}

static void test_option_table__bad_type__is_refused_with_the_name(void **state)
{
    for (int i = 0; i < EXPECTATIONS; i++) {
        const struct expectation *row = &expectations[i];
        static const char *const typed[] = {"boolean", "integer", "duration",
                                            "size",    "choice",  "time"};
        for (size_t j = 0; j < sizeof typed / sizeof typed[0]; j++) {
            if (strcmp(row->type, typed[j]) != 0)
                continue;
            assert_int_equal(set(*state, row->name, "nonsense"), AWSLOGSRC_E_OPTION_VALUE);
            assert_memory_equal(message(*state), row->name, strlen(row->name));
        }
    }
}

static void test_option_table__control_characters_and_bad_utf_8__are_refused(void **state)
{
    for (int i = 0; i < EXPECTATIONS; i++) {
        bool any = als_option_table_row(i)->any_character;
        assert_int_equal(set(*state, expectations[i].name, "a\x01"),
                         any ? 0 : AWSLOGSRC_E_OPTION_VALUE);
        if (strcmp(expectations[i].type, "path") != 0)
            assert_int_equal(set(*state, expectations[i].name, "a=\xff"), AWSLOGSRC_E_OPTION_VALUE);
    }
}

static void test_option_table__value_past_the_longest__is_refused(void **state)
{
    size_t size = ALS_OPTIONS_LONGEST_VALUE + 1;
    char *value = calloc(1, size + 1);
    assert_non_null(value);
    memset(value, 'a', size);
    assert_int_equal(set(*state, "log_source_identifier_pattern", value), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(message(*state),
                        "log_source_identifier_pattern: is longer than 131072 bytes");
    value[size - 1] = '\0';
    for (size_t i = 0; i + 2 < size; i += 1000)
        memcpy(value + i, "\na=", 3);
    assert_int_equal(set(*state, "log_source_identifier_pattern", value), 0);
    free(value);
}

static void test_option_table__dashes__are_underscores(void **state)
{
    assert_int_equal(set(*state, "log-stream-prefix", "p"), 0);
    assert_string_equal(get(*state, "log_stream-prefix"), "p");
}

static void test_option_table__unknown_name__suggests_the_nearest(void **state)
{
    static const struct {
        const char *name;
        const char *message;
    } cases[] = {{"log_grop", "\"log_grop\" is not an option; did you mean log_group?"},
                 {"region", "\"region\" is not an option; did you mean regions?"},
                 {"Log-Group", "\"Log-Group\" is not an option; did you mean log_group?"},
                 {"acess_key", "\"acess_key\" is not an option; did you mean access_key?"},
                 {"start_tiem", "\"start_tiem\" is not an option; did you mean start_time?"},
                 {"zzzzzzzzzz", "\"zzzzzzzzzz\" is not an option"},
                 {"", "\"\" is not an option"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(set(*state, cases[i].name, "x"), AWSLOGSRC_E_OPTION_UNKNOWN);
        assert_string_equal(message(*state), cases[i].message);
    }
}

static void test_option_table__very_long_name__is_refused_without_suggestion(void **state)
{
    char name[5000];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(set(*state, name, "x"), AWSLOGSRC_E_OPTION_UNKNOWN);
    assert_null(strstr(message(*state), "did you mean"));
}

static void test_option_table__every_good_value_together__reaches_its_field(void **state)
{
    struct fixture *fixture = *state;
    const struct als_settings *settings = &fixture->settings;
    for (int i = 0; i < EXPECTATIONS; i++)
        force(fixture, expectations[i].name, expectations[i].good);
    force(fixture, "authentication_method", "access_key");
    force(fixture, "credential_process", "");
    force(fixture, "log_stream_prefix", "");
    force(fixture, "endpoint_url", "");
    force(fixture, "late_arrival_horizon", "14d");
    assert_int_equal(resolve(fixture), 0);
    assert_string_equal(settings->secret_key, PLAINTEXT);
    assert_int_equal(settings->regions.count, 3);
    assert_int_equal(settings->log_source_identifier_pattern.count, 2);
    assert_int_equal(settings->log_source_type, ALS_LOG_SOURCE_AWS_CLOUDTRAIL);
    assert_int_equal(settings->proxy_port, 3128);
    assert_int_equal(settings->tls_minimum, ALS_TLS_1_3);
    assert_int_equal(settings->start_time.kind, ALS_TIME_BEFORE_NOW);
    assert_true(settings->use_proxy && settings->use_fips_endpoint);
    assert_string_equal(settings->filter_pattern, "ACCEPT");
    assert_string_equal(settings->user_agent_suffix, "collector/1.0");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_option_table__table_and_design__have_the_same_options_in_order),
        TEST(test_option_table__past_the_table__there_is_nothing),
        TEST(test_option_table__every_help__is_one_line),
        TEST(test_option_table__secret_flag_and_type__go_together),
        TEST(test_option_table__every_default__can_be_set),
        TEST(test_option_table__every_good_value__can_be_set),
        TEST(test_option_table__every_good_value__reads),
        TEST(test_option_table__get__returns_what_set_accepted),
        TEST(test_option_table__refused_value__leaves_the_former_one),
        TEST(test_option_table__empty_value__takes_every_option_back),
        TEST(test_option_table__numbers__are_taken_from_min_to_max),
        TEST(test_option_table__strings__are_taken_up_to_their_longest),
        TEST(test_option_table__bad_type__is_refused_with_the_name),
        TEST(test_option_table__control_characters_and_bad_utf_8__are_refused),
        TEST(test_option_table__value_past_the_longest__is_refused),
        TEST(test_option_table__dashes__are_underscores),
        TEST(test_option_table__unknown_name__suggests_the_nearest),
        TEST(test_option_table__very_long_name__is_refused_without_suggestion),
        TEST(test_option_table__every_good_value_together__reaches_its_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
