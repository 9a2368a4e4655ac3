#include "testing.h"

#include "aws/page.h"
#include "awslogsrc/batch.h"
#include "awslogsrc/error.h"
#include "base/buffer.h"

enum { BODY_MAX = 2 * ALS_PAGE_SIZE_MAX };

/* A page and the body it points into. */
struct fixture {
    struct als_page page;
    struct als_buffer body;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL)
        return -1;
    als_page_init(&fixture->page);
    als_buffer_init(&fixture->body, BODY_MAX);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    als_page_clear(&fixture->page);
    als_buffer_clear(&fixture->body);
    free(fixture);
    return 0;
}

static int decode_body(struct fixture *fixture)
{
    assert_int_equal(fixture->body.status, 0);
    return als_page_decode(&fixture->page, fixture->body.data, fixture->body.size);
}

static int decode_text(struct fixture *fixture, struct als_text json)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_text(&fixture->body, json);
    return decode_body(fixture);
}

static int decode(struct fixture *fixture, const char *json)
{
    return decode_text(fixture, als_text_of(json));
}

/* Decodes a page whose only event has this message, given in JSON without its quotes. */
static const struct als_log_event *decode_message(struct fixture *fixture, struct als_text message)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_string(&fixture->body, "{\"events\":[{\"timestamp\":1,\"message\":\"");
    als_buffer_append_text(&fixture->body, message);
    als_buffer_append_string(&fixture->body, "\"}]}");
    assert_int_equal(decode_body(fixture), 0);
    assert_int_equal(fixture->page.count, 1);
    return &fixture->page.events[0];
}

#define assert_message(event, literal)                                   \
    do {                                                                 \
        assert_int_equal((event)->message_size, sizeof(literal) - 1);    \
        assert_memory_equal((event)->message, literal, sizeof(literal)); \
    } while (0)

static void assert_refused(struct fixture *fixture, const char *json, size_t offset)
{
    if (decode(fixture, json) != AWSLOGSRC_E_PROTOCOL)
        fail_msg("accepted: %s", json);
    if (fixture->page.error_offset != offset)
        fail_msg("offset %zu (%s), not %zu: %s", fixture->page.error_offset,
                 fixture->page.error_reason, offset, json);
    assert_non_null(fixture->page.error_reason);
    assert_int_equal(fixture->page.count, 0);
    assert_int_equal(fixture->page.next_token.size, 0);
}

static void test_page_decoder__page_as_aws_sends_it__gives_every_field(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture,
                            "{\"events\":[{\"logStreamName\":\"s\\/1\",\"timestamp\":1769903999123,"
                            "\"message\":\"{\\\"a\\\":1}\",\"ingestionTime\":1769904000456,"
                            "\"eventId\":\"3372\"},{\"timestamp\":2,\"message\":\"second\"}],"
                            "\"nextToken\":\"Bxkq+\\/=\",\"searchedLogStreams\":[]}"),
                     0);
    const struct als_log_event *event = &fixture->page.events[0];
    assert_int_equal(fixture->page.count, 2);
    assert_int_equal(event->timestamp_ms, 1769903999123);
    assert_int_equal(event->ingestion_time_ms, 1769904000456);
    assert_message(event, "{\"a\":1}");
    assert_string_equal(event->log_stream, "s/1");
    assert_int_equal(event->log_stream_size, 3);
    assert_string_equal(event->event_id, "3372");
    assert_int_equal(event->event_id_size, 4);
    assert_int_equal(event->flags, 0);
    assert_message(&fixture->page.events[1], "second");
    assert_string_equal(fixture->page.next_token.data, "Bxkq+/=");
}

static void test_page_decoder__text_without_invalid_bytes__stays_in_the_body(void **state)
{
    struct fixture *fixture = *state;
    const struct als_log_event *event = decode_message(fixture, ALS_TEXT("a\\n\\ud800\xc3\xa9"));
    assert_null(fixture->page.spill);
    assert_true(event->message > fixture->body.data);
    assert_true(event->message < fixture->body.data + fixture->body.size);
}

static void test_page_decoder__second_page__uses_the_array_of_the_first(void **state)
{
    struct fixture *fixture = *state;
    (void)decode_message(fixture, ALS_TEXT("first"));
    const struct als_log_event *events = fixture->page.events;
    assert_message(decode_message(fixture, ALS_TEXT("second")), "second");
    assert_ptr_equal(fixture->page.events, events);
}

static void test_page_decoder__members_in_any_order__are_found(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture,
                            "{\"nextToken\":\"t\",\"events\":[{\"eventId\":\"1\",\"message\""
                            ":\"m\",\"timestamp\":5}]}"),
                     0);
    assert_int_equal(fixture->page.events[0].timestamp_ms, 5);
    assert_string_equal(fixture->page.next_token.data, "t");
}

static void test_page_decoder__escaped_member_name__is_the_same_name(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture, "{\"\\u0065vents\":[{\"time\\u0073tamp\":5}]}"), 0);
    assert_int_equal(fixture->page.events[0].timestamp_ms, 5);
}

static void test_page_decoder__unknown_members__are_skipped(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture,
                            "{\"a\":{\"events\":1,\"b\":[true,false,null,-0.5e+3,\"\\ud800\"]"
                            "},\"events\":[{\"x\":[],\"timestamp\":5,\"y\":{}}],\"z\":1E9}"),
                     0);
    assert_int_equal(fixture->page.count, 1);
    assert_int_equal(fixture->page.events[0].flags, 0);
}

static void test_page_decoder__malformed_unknown_member__fails_the_page(void **state)
{
    assert_refused(*state, "{\"x\":[1,]}", 8);
    assert_refused(*state, "{\"x\":{\"a\"}}", 9);
    assert_refused(*state, "{\"x\":{1:2}}", 6);
    assert_refused(*state, "{\"x\":tru}", 5);
    assert_refused(*state, "{\"x\":nul", 5);
    assert_refused(*state, "{\"x\":01}", 6);
    assert_refused(*state, "{\"x\":1.}", 7);
    assert_refused(*state, "{\"x\":1e}", 7);
    assert_refused(*state, "{\"x\":-}", 6);
    assert_refused(*state, "{\"x\":+1}", 5);
    assert_refused(*state, "{\"x\":NaN}", 5);
    assert_refused(*state, "{\"x\":\"\\q\"}", 6);
    assert_refused(*state, "{\"x\":[1}", 7);
    assert_refused(*state, "{\"x\":'a'}", 5);
    assert_refused(*state, "{\"x\":/**/1}", 5);
    assert_refused(*state, "{\"x\":}", 5);
}

static void test_page_decoder__known_member_twice__is_refused(void **state)
{
    assert_refused(*state, "{\"events\":[],\"events\":[]}", 13);
    assert_refused(*state, "{\"nextToken\":null,\"nextToken\":\"t\"}", 18);
    assert_refused(*state, "{\"events\":[{\"timestamp\":1,\"timestamp\":1}]}", 26);
    assert_refused(*state, "{\"events\":[{\"message\":\"\",\"message\":null,\"timestamp\":1}]}",
                   25);
    assert_refused(*state, "{\"events\":[{\"eventId\":\"\",\"\\u0065ventId\":\"\"}]}", 25);
    assert_refused(*state, "{\"events\":[{\"logStreamName\":\"\",\"logStreamName\":\"\"}]}", 31);
    assert_refused(*state, "{\"events\":[{\"ingestionTime\":1,\"ingestionTime\":1}]}", 30);
}

static void test_page_decoder__null__is_absent(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture, "{\"events\":null,\"nextToken\":null}"), 0);
    assert_int_equal(fixture->page.count, 0);
    assert_int_equal(fixture->page.next_token.size, 0);
    assert_int_equal(decode(fixture,
                            "{\"events\":[{\"timestamp\":7,\"message\":null,\"eventId\":null,"
                            "\"logStreamName\":null,\"ingestionTime\":null}]}"),
                     0);
    assert_message(&fixture->page.events[0], "");
    assert_string_equal(fixture->page.events[0].event_id, "");
    assert_string_equal(fixture->page.events[0].log_stream, "");
    assert_int_equal(fixture->page.events[0].ingestion_time_ms, 0);
}

static void test_page_decoder__no_events_member__is_an_empty_page(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture, " {\"nextToken\":\"t\"}\r\n\t"), 0);
    assert_int_equal(fixture->page.count, 0);
    assert_int_equal(fixture->page.next_token.size, 1);
    assert_int_equal(decode(fixture, "{}"), 0);
    assert_int_equal(fixture->page.next_token.size, 0);
}

static void test_page_decoder__event_without_timestamp__is_refused(void **state)
{
    assert_refused(*state, "{\"events\":[ {\"message\":\"m\"}]}", 12);
    assert_refused(*state, "{\"events\":[{\"timestamp\":null}]}", 11);
}

static void test_page_decoder__time_that_is_no_integer__is_refused(void **state)
{
    static const char *const bad[] = {"1.0",  "1e3", "1E3", "0.5", "-1.5", "\"1\"",
                                      "true", "[]",  "{}",  "12a", "",     "-"};
    struct fixture *fixture = *state;
    char json[128];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)snprintf(json, sizeof json, "{\"events\":[{\"timestamp\":%s}]}", bad[i]);
        assert_int_equal(decode(fixture, json), AWSLOGSRC_E_PROTOCOL);
        (void)snprintf(json, sizeof json, "{\"events\":[{\"timestamp\":1,\"ingestionTime\":%s}]}",
                       bad[i]);
        assert_int_equal(decode(fixture, json), AWSLOGSRC_E_PROTOCOL);
    }
    assert_refused(fixture, "{\"events\":[{\"timestamp\":1.0}]}", 24);
}

static void test_page_decoder__times_at_the_edge_of_64_bits__are_exact(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture, "{\"events\":[{\"timestamp\":9223372036854775807,"
                                     "\"ingestionTime\":-9223372036854775808},"
                                     "{\"timestamp\":9007199254740993}]}"),
                     0);
    assert_true(fixture->page.events[0].timestamp_ms == INT64_MAX);
    assert_true(fixture->page.events[0].ingestion_time_ms == INT64_MIN);
    assert_true(fixture->page.events[1].timestamp_ms == 9007199254740993);
}

static void test_page_decoder__times_past_64_bits__are_refused(void **state)
{
    assert_refused(*state, "{\"events\":[{\"timestamp\":9223372036854775808}]}", 24);
    assert_refused(*state, "{\"events\":[{\"timestamp\":-9223372036854775809}]}", 24);
    assert_refused(*state, "{\"events\":[{\"timestamp\":100000000000000000000000}]}", 24);
}

static void test_page_decoder__bad_escape__is_refused_at_its_backslash(void **state)
{
    assert_refused(*state, "{\"a\":\"x\\a\"}", 7);
    assert_refused(*state, "{\"a\":\"x\\u12g4\"}", 7);
    assert_refused(*state, "{\"a\":\"x\\u123g\"}", 7);
    assert_refused(*state, "{\"a\":\"x\\u+123\"}", 7);
    assert_refused(*state, "{\"a\":\"x\\u123", 7);
    assert_refused(*state, "{\"a\":\"x\\U0041\"}", 7);
    assert_refused(*state, "{\"a\":\"x\\", 7);
}

#define R "\xef\xbf\xbd"

static void test_page_decoder__replaced_text__flags_its_event_alone(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode(fixture,
                            "{\"events\":[{\"timestamp\":1,\"message\":\"a\"},{\"timestamp\":2,"
                            "\"logStreamName\":\"\xff\"},{\"timestamp\":3,\"eventId\":\"\\ud800"
                            "\"},{\"timestamp\":4,\"unknown\":\"\xff\"}]}"),
                     0);
    assert_int_equal(fixture->page.events[0].flags, 0);
    assert_int_equal(fixture->page.events[1].flags, AWSLOGSRC_EVENT_REPLACED_TEXT);
    assert_int_equal(fixture->page.events[2].flags, AWSLOGSRC_EVENT_REPLACED_TEXT);
    assert_int_equal(fixture->page.events[3].flags, 0);
}

/* Each event's text grows threefold; all of it has to find room in one spill. */
static void test_page_decoder__page_of_invalid_bytes__spills_without_loss(void **state)
{
    enum { EVENTS = 300, BYTES = 1000 };
    struct fixture *fixture = *state;
    char bytes[BYTES];
    memset(bytes, '\xff', sizeof bytes);
    als_buffer_append_string(&fixture->body,
                             "{\"events\":[{\"timestamp\":0,\"message\":\"in place\"}");
    for (size_t i = 1; i < EVENTS; i++) {
        als_buffer_format(&fixture->body, ",{\"timestamp\":%zu,\"message\":\"%zu ", i, i);
        als_buffer_append(&fixture->body, bytes, sizeof bytes);
        als_buffer_append_string(&fixture->body, "\"}");
    }
    als_buffer_append_string(&fixture->body, "]}");
    assert_int_equal(decode_body(fixture), 0);
    assert_message(&fixture->page.events[0], "in place");
    for (size_t i = 1; i < EVENTS; i++) {
        const struct als_log_event *event = &fixture->page.events[i];
        char start[16];
        int size = snprintf(start, sizeof start, "%zu " R, i);
        assert_memory_equal(event->message, start, (size_t)size);
        assert_int_equal(event->message_size, (size_t)size + (size_t)3 * (BYTES - 1));
        assert_memory_equal(event->message + event->message_size - 6, R R, 7);
    }
}

static void test_page_decoder__decoding_again__forgets_the_spill(void **state)
{
    struct fixture *fixture = *state;
    (void)decode_message(fixture, ALS_TEXT("\xff"));
    assert_non_null(fixture->page.spill);
    (void)decode_message(fixture, ALS_TEXT("a"));
    assert_null(fixture->page.spill);
}

static void test_page_decoder__message_of_1_mb_in_escapes__is_whole(void **state)
{
    enum { MEGABYTE = 1024 * 1024 };
    struct als_buffer json;
    als_buffer_init(&json, ALS_PAGE_SIZE_MAX);
    for (size_t i = 0; i < MEGABYTE; i++)
        als_buffer_append_string(&json, i % 2 == 0 ? "\\u0061" : "\\u0000");
    const struct als_log_event *event = decode_message(*state, als_buffer_text(&json));
    assert_int_equal(event->message_size, MEGABYTE);
    for (size_t i = 0; i < MEGABYTE; i++) {
        if (event->message[i] != (i % 2 == 0 ? 'a' : '\0'))
            fail_msg("byte %zu differs", i);
    }
    als_buffer_clear(&json);
}

static int decode_events(struct fixture *fixture, size_t count)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_string(&fixture->body, "{\"events\":[");
    for (size_t i = 0; i < count; i++)
        als_buffer_format(&fixture->body, "%s{\"timestamp\":%zu}", i == 0 ? "" : ",", i);
    als_buffer_append_string(&fixture->body, "]}");
    return decode_body(fixture);
}

static void test_page_decoder__10000_events__are_accepted(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_events(fixture, ALS_PAGE_EVENTS_MAX), 0);
    assert_int_equal(fixture->page.count, ALS_PAGE_EVENTS_MAX);
    assert_int_equal(fixture->page.events[ALS_PAGE_EVENTS_MAX - 1].timestamp_ms, 9999);
}

static void test_page_decoder__10001_events__are_too_many(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_events(fixture, ALS_PAGE_EVENTS_MAX + 1), AWSLOGSRC_E_TOO_LARGE);
    assert_string_equal(fixture->page.error_reason, "too many events");
    assert_int_equal(fixture->page.count, 0);
}

static int decode_nested(struct fixture *fixture, size_t depth, char open, char close)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_string(&fixture->body, "{\"x\":");
    for (size_t i = 0; i < depth; i++) {
        als_buffer_append_char(&fixture->body, open);
        if (open == '{')
            als_buffer_append_string(&fixture->body, "\"\":");
    }
    als_buffer_append_char(&fixture->body, '0');
    for (size_t i = 0; i < depth; i++)
        als_buffer_append_char(&fixture->body, close);
    als_buffer_append_char(&fixture->body, '}');
    return decode_body(fixture);
}

static void test_page_decoder__skipped_value_64_deep__is_accepted(void **state)
{
    assert_int_equal(decode_nested(*state, ALS_PAGE_DEPTH_MAX, '[', ']'), 0);
    assert_int_equal(decode_nested(*state, ALS_PAGE_DEPTH_MAX, '{', '}'), 0);
}

static void test_page_decoder__skipped_value_65_deep__is_too_deep(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_nested(fixture, ALS_PAGE_DEPTH_MAX + 1, '[', ']'),
                     AWSLOGSRC_E_TOO_LARGE);
    assert_int_equal(fixture->page.error_offset, 5 + ALS_PAGE_DEPTH_MAX);
    assert_int_equal(decode_nested(fixture, ALS_PAGE_DEPTH_MAX + 1, '{', '}'),
                     AWSLOGSRC_E_TOO_LARGE);
}

static int decode_padded(struct fixture *fixture, size_t size)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_string(&fixture->body, "{}");
    als_buffer_reserve(&fixture->body, size);
    memset(fixture->body.data + 2, ' ', size - 2);
    fixture->body.size = size;
    return decode_body(fixture);
}

static void test_page_decoder__page_of_the_largest_size__is_accepted(void **state)
{
    assert_int_equal(decode_padded(*state, ALS_PAGE_SIZE_MAX), 0);
}

static void test_page_decoder__page_one_byte_larger__is_too_large(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_padded(fixture, ALS_PAGE_SIZE_MAX + 1), AWSLOGSRC_E_TOO_LARGE);
    assert_string_equal(fixture->page.error_reason, "the page is too large");
}

static int decode_token(struct fixture *fixture, size_t size)
{
    als_buffer_clear(&fixture->body);
    als_buffer_append_string(&fixture->body, "{\"events\":[{\"timestamp\":1}],\"nextToken\":\"");
    for (size_t i = 0; i < size; i++)
        als_buffer_append_char(&fixture->body, 't');
    als_buffer_append_string(&fixture->body, "\"}");
    return decode_body(fixture);
}

static void test_page_decoder__token_of_the_largest_size__is_accepted(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_token(fixture, ALS_PAGE_TOKEN_SIZE_MAX), 0);
    assert_int_equal(fixture->page.next_token.size, ALS_PAGE_TOKEN_SIZE_MAX);
}

static void test_page_decoder__token_one_byte_longer__is_too_large(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(decode_token(fixture, ALS_PAGE_TOKEN_SIZE_MAX + 1), AWSLOGSRC_E_TOO_LARGE);
    assert_int_equal(fixture->page.next_token.size, 0);
    assert_int_equal(fixture->page.count, 0);
}

static void test_page_decoder__token_that_had_to_be_replaced__is_refused(void **state)
{
    assert_refused(*state, "{\"nextToken\":\"\\ud800\"}", 13);
    assert_refused(*state, "{\"nextToken\":\"\xff\"}", 13);
}

static void test_page_decoder__member_of_another_type__is_refused(void **state)
{
    assert_refused(*state, "{\"events\":{}}", 10);
    assert_refused(*state, "{\"events\":\"\"}", 10);
    assert_refused(*state, "{\"events\":[null]}", 11);
    assert_refused(*state, "{\"events\":[[]]}", 11);
    assert_refused(*state, "{\"nextToken\":1}", 13);
    assert_refused(*state, "{\"events\":[{\"timestamp\":1,\"message\":2}]}", 36);
    assert_refused(*state, "{\"events\":[{\"timestamp\":1,\"eventId\":[]}]}", 36);
}

static void test_page_decoder__anything_but_one_object__is_refused(void **state)
{
    assert_refused(*state, "", 0);
    assert_refused(*state, " \r\n\t", 4);
    assert_refused(*state, "[]", 0);
    assert_refused(*state, "null", 0);
    assert_refused(*state, "\"{}\"", 0);
    assert_refused(*state, "<html></html>", 0);
    assert_refused(*state, "{}x", 2);
    assert_refused(*state, "{} {}", 3);
    assert_refused(*state, "\xef\xbb\xbf{}", 0);
    assert_refused(*state, "\v{}", 0);
    struct fixture *fixture = *state;
    assert_int_equal(decode_text(fixture, (struct als_text){"{}\0", 3}), AWSLOGSRC_E_PROTOCOL);
    assert_int_equal(als_page_decode(&fixture->page, NULL, 0), AWSLOGSRC_E_PROTOCOL);
}

static void test_page_decoder__every_prefix__delivers_nothing(void **state)
{
    static const char json[] =
        "{\"events\":[{\"timestamp\":1,\"message\":\"a\\u0041\xc3\xa9\"},{\"timestamp\":2}],"
        "\"nextToken\":\"t\",\"x\":[1.5e3,true,null,{\"y\":\"z\"}]}";
    struct fixture *fixture = *state;
    for (size_t size = 0; size < sizeof json - 1; size++) {
        assert_int_equal(decode_text(fixture, (struct als_text){json, size}), AWSLOGSRC_E_PROTOCOL);
        assert_int_equal(fixture->page.count, 0);
        assert_int_equal(fixture->page.next_token.size, 0);
        assert_true(fixture->page.error_offset <= size);
    }
    assert_int_equal(decode(fixture, json), 0);
    assert_null(fixture->page.error_reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page_decoder__page_as_aws_sends_it__gives_every_field,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_page_decoder__text_without_invalid_bytes__stays_in_the_body, setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__second_page__uses_the_array_of_the_first,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__members_in_any_order__are_found, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__escaped_member_name__is_the_same_name,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__unknown_members__are_skipped, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__malformed_unknown_member__fails_the_page,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__known_member_twice__is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__null__is_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__no_events_member__is_an_empty_page,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__event_without_timestamp__is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__time_that_is_no_integer__is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__times_at_the_edge_of_64_bits__are_exact,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__times_past_64_bits__are_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__bad_escape__is_refused_at_its_backslash,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__replaced_text__flags_its_event_alone,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_page_decoder__page_of_invalid_bytes__spills_without_loss, setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__decoding_again__forgets_the_spill, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__message_of_1_mb_in_escapes__is_whole,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__10000_events__are_accepted, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__10001_events__are_too_many, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__skipped_value_64_deep__is_accepted,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__skipped_value_65_deep__is_too_deep,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__page_of_the_largest_size__is_accepted,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__page_one_byte_larger__is_too_large,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__token_of_the_largest_size__is_accepted,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__token_one_byte_longer__is_too_large,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_page_decoder__token_that_had_to_be_replaced__is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__member_of_another_type__is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__anything_but_one_object__is_refused,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_page_decoder__every_prefix__delivers_nothing, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
