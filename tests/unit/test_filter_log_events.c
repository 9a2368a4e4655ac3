#include "testing.h"

#include "aws/filter_log_events.h"
#include "awslogsrc/error.h"

enum { BODY_MAX = 64 * 1024 };

static void assert_body(const struct als_filter_log_events_request *request, const char *expected)
{
    struct als_buffer body;
    als_buffer_init(&body, BODY_MAX);
    assert_int_equal(als_filter_log_events_write(request, &body), 0);
    assert_string_equal(als_buffer_string(&body), expected);
    als_buffer_clear(&body);
}

static void assert_invalid(const struct als_filter_log_events_request *request)
{
    struct als_buffer body;
    als_buffer_init(&body, BODY_MAX);
    assert_int_equal(als_filter_log_events_write(request, &body), AWSLOGSRC_E_INVALID);
    assert_int_equal(body.size, 0);
    als_buffer_clear(&body);
}

static struct als_filter_log_events_request whole_group(void)
{
    return (struct als_filter_log_events_request){.log_group = ALS_TEXT("g"), .end_ms = INT64_MAX};
}

static void test_filter_log_events__whole_group__has_no_times(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    assert_body(&request, "{\"logGroupName\":\"g\",\"interleaved\":true}");
}

static void test_filter_log_events__everything_set__is_sent(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = {
        .log_group = ALS_TEXT("CloudTrail/logs"),
        .log_stream = ALS_TEXT("s"),
        .filter_pattern = ALS_TEXT("\"a b\""),
        .next_token = ALS_TEXT("t/+="),
        .start_ms = 1769903999123,
        .end_ms = 1769903999124,
        .limit = 10000,
    };
    assert_body(&request, "{\"logGroupName\":\"CloudTrail/logs\",\"logStreamNames\":[\"s\"],"
                          "\"filterPattern\":\"\\\"a b\\\"\",\"nextToken\":\"t/+=\","
                          "\"startTime\":1769903999123,\"endTime\":1769903999124,"
                          "\"limit\":10000,\"interleaved\":true}");
}

static void test_filter_log_events__stream_prefix__is_sent(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.log_stream_prefix = ALS_TEXT("123_");
    assert_body(&request, "{\"logGroupName\":\"g\",\"logStreamNamePrefix\":\"123_\","
                          "\"interleaved\":true}");
}

static void test_filter_log_events__arn__is_an_identifier_without_star(void **state)
{
    (void)state;
    static const char expected[] =
        "{\"logGroupIdentifier\":\"arn:aws:logs:eu-west-1:123456789012:log-group:g\","
        "\"interleaved\":true}";
    struct als_filter_log_events_request request = whole_group();
    request.log_group = ALS_TEXT("arn:aws:logs:eu-west-1:123456789012:log-group:g");
    assert_body(&request, expected);
    request.log_group = ALS_TEXT("arn:aws:logs:eu-west-1:123456789012:log-group:g:*");
    assert_body(&request, expected);
}

static void test_filter_log_events__negative_start__is_the_beginning(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.start_ms = -1;
    assert_body(&request, "{\"logGroupName\":\"g\",\"interleaved\":true}");
}

static void test_filter_log_events__end_at_zero__is_sent(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.end_ms = 0;
    assert_body(&request, "{\"logGroupName\":\"g\",\"endTime\":0,\"interleaved\":true}");
}

static void test_filter_log_events__special_characters__are_escaped(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.filter_pattern = ALS_TEXT("\"\\/\b\n\0\x1f\x7f\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_body(&request, "{\"logGroupName\":\"g\",\"filterPattern\":\"\\\"\\\\/\\u0008\\u000a"
                          "\\u0000\\u001f\x7f\xe2\x82\xac\xf0\x9f\x98\x80\",\"interleaved\":true}");
}

static void test_filter_log_events__text_that_is_not_utf8__is_invalid(void **state)
{
    (void)state;
    struct als_text bad = ALS_TEXT("a\xff");
    struct als_filter_log_events_request request = whole_group();
    request.filter_pattern = bad;
    assert_invalid(&request);
    request = whole_group();
    request.log_group = bad;
    assert_invalid(&request);
    request = whole_group();
    request.log_stream = bad;
    assert_invalid(&request);
    request = whole_group();
    request.log_stream_prefix = bad;
    assert_invalid(&request);
    request = whole_group();
    request.next_token = bad;
    assert_invalid(&request);
}

static void test_filter_log_events__no_group__is_invalid(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.log_group = ALS_TEXT("");
    assert_invalid(&request);
}

static void test_filter_log_events__stream_and_prefix__is_invalid(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.log_stream = ALS_TEXT("s");
    request.log_stream_prefix = ALS_TEXT("s");
    assert_invalid(&request);
}

static void test_filter_log_events__numbers_out_of_range__are_invalid(void **state)
{
    (void)state;
    struct als_filter_log_events_request request = whole_group();
    request.limit = ALS_FILTER_LOG_EVENTS_LIMIT_MAX + 1;
    assert_invalid(&request);
    request.limit = -1;
    assert_invalid(&request);
    request = whole_group();
    request.end_ms = -1;
    assert_invalid(&request);
}

static void test_filter_log_events__full_buffer__is_reported(void **state)
{
    (void)state;
    struct als_buffer body;
    struct als_filter_log_events_request request = whole_group();
    als_buffer_init(&body, 10);
    assert_int_equal(als_filter_log_events_write(&request, &body), AWSLOGSRC_E_TOO_LARGE);
    als_buffer_clear(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter_log_events__whole_group__has_no_times),
        cmocka_unit_test(test_filter_log_events__everything_set__is_sent),
        cmocka_unit_test(test_filter_log_events__stream_prefix__is_sent),
        cmocka_unit_test(test_filter_log_events__arn__is_an_identifier_without_star),
        cmocka_unit_test(test_filter_log_events__negative_start__is_the_beginning),
        cmocka_unit_test(test_filter_log_events__end_at_zero__is_sent),
        cmocka_unit_test(test_filter_log_events__special_characters__are_escaped),
        cmocka_unit_test(test_filter_log_events__text_that_is_not_utf8__is_invalid),
        cmocka_unit_test(test_filter_log_events__no_group__is_invalid),
        cmocka_unit_test(test_filter_log_events__stream_and_prefix__is_invalid),
        cmocka_unit_test(test_filter_log_events__numbers_out_of_range__are_invalid),
        cmocka_unit_test(test_filter_log_events__full_buffer__is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
