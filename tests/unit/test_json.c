#include "testing.h"

#include "awslogsrc/error.h"
#include "base/json.h"

static struct als_json *parse(struct als_text text)
{
    struct als_json *json = NULL;
    assert_int_equal(als_json_parse(&json, text), 0);
    assert_non_null(json);
    return json;
}

static void assert_refused(struct als_text text, int code)
{
    struct als_json *json = NULL;
    assert_int_equal(als_json_parse(&json, text), code);
    assert_null(json);
}

static void assert_text(const struct als_json *json, const char *name, const char *expected)
{
    struct als_text text = {NULL, 0};
    assert_true(als_json_get_text(json, name, &text));
    assert_int_equal(text.size, strlen(expected));
    assert_string_equal(text.data, expected);
}

static void test_json__members__are_found_by_exact_name_and_type(void **state)
{
    (void)state;
    struct als_json *json = parse(
        ALS_TEXT(" {\"a\":\"x\",\"B\":7,\"c\":{\"d\":\"y\"},\"e\":[{\"f\":true}],\"n\":null}\n"));
    struct als_text text;
    int64_t number = 0;
    bool truth = false;
    assert_text(json, "a", "x");
    assert_false(als_json_get_text(json, "A", &text));
    assert_false(als_json_get_text(json, "B", &text));
    assert_false(als_json_get_text(json, "n", &text));
    assert_true(als_json_get_int64(json, "B", &number));
    assert_int_equal(number, 7);
    assert_false(als_json_get_int64(json, "a", &number));
    assert_text(als_json_get(json, "c"), "d", "y");
    assert_null(als_json_get(json, "a"));
    assert_true(als_json_get_bool(als_json_element(als_json_get(json, "e"), 0), "f", &truth));
    assert_true(truth);
    assert_null(als_json_element(als_json_get(json, "e"), 1));
    assert_null(als_json_element(json, 0));
    als_json_free(json);
}

static void test_json__document_that_is_no_object__has_no_members(void **state)
{
    (void)state;
    struct als_json *json = parse(ALS_TEXT("[\"a\"]"));
    struct als_text text;
    assert_false(als_json_get_text(json, "a", &text));
    assert_false(als_json_get_text(NULL, "a", &text));
    als_json_free(json);
}

static void test_json__escaped_nul__does_not_cut_the_text(void **state)
{
    (void)state;
    struct als_json *json = parse(ALS_TEXT("{\"a\":\"b\\u0000c\",\"d\":\"\\\\u0000\"}"));
    assert_text(json, "a",
                "b\xef\xbf\xbd"
                "c");
    assert_text(json, "d", "\\u0000");
    als_json_free(json);
}

static void test_json__lone_surrogates__do_not_fail_the_document(void **state)
{
    (void)state;
    struct als_json *json =
        parse(ALS_TEXT("{\"a\":\"\\ud800\",\"b\":\"\\uDC00x\",\"c\":\"\\ud83d\\ude00\","
                       "\"d\":\"\\ud800\\u0041\"}"));
    assert_text(json, "a", "\xef\xbf\xbd");
    assert_text(json, "b", "\xef\xbf\xbdx");
    assert_text(json, "c", "\xf0\x9f\x98\x80");
    assert_text(json, "d",
                "\xef\xbf\xbd"
                "A");
    als_json_free(json);
}

static void test_json__integers__are_exact_up_to_2_to_the_53(void **state)
{
    (void)state;
    struct als_json *json = parse(ALS_TEXT("{\"a\":1769903999123,\"b\":-9007199254740992,"
                                           "\"c\":9007199254740994,\"d\":1.5,\"e\":1e300}"));
    int64_t number = 0;
    assert_true(als_json_get_int64(json, "a", &number));
    assert_int_equal(number, 1769903999123);
    assert_true(als_json_get_int64(json, "b", &number));
    assert_int_equal(number, -9007199254740992);
    assert_false(als_json_get_int64(json, "c", &number));
    assert_false(als_json_get_int64(json, "d", &number));
    assert_false(als_json_get_int64(json, "e", &number));
    als_json_free(json);
}

static void test_json__anything_but_one_document_in_utf8__is_refused(void **state)
{
    (void)state;
    assert_refused(ALS_TEXT(""), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{}x"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{}\0x"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{}\0"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{\"a\":\"\xff\"}"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("<html>"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{\"a\":\"\\"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{\"a\":\"\\u12"), AWSLOGSRC_E_PROTOCOL);
    assert_refused(ALS_TEXT("{\"a\":\"\\ud800"), AWSLOGSRC_E_PROTOCOL);
    assert_refused((struct als_text){NULL, 0}, AWSLOGSRC_E_PROTOCOL);
}

static struct als_text nested(char *room, size_t depth)
{
    memset(room, '[', depth);
    memset(room + depth, ']', depth);
    return (struct als_text){room, 2 * depth};
}

static void test_json__depth_at_the_limit__is_accepted(void **state)
{
    (void)state;
    char room[2 * ALS_JSON_DEPTH_MAX];
    als_json_free(parse(nested(room, ALS_JSON_DEPTH_MAX)));
}

static void test_json__depth_past_the_limit__is_refused(void **state)
{
    (void)state;
    char room[2 * ALS_JSON_DEPTH_MAX + 2];
    assert_refused(nested(room, ALS_JSON_DEPTH_MAX + 1), AWSLOGSRC_E_TOO_LARGE);
}

static void test_json__brackets_in_text__are_no_depth(void **state)
{
    (void)state;
    als_json_free(parse(ALS_TEXT("\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"")));
}

static void test_json__size_at_and_past_the_limit__is_accepted_and_refused(void **state)
{
    (void)state;
    char *room = malloc(ALS_JSON_SIZE_MAX + 1);
    assert_non_null(room);
    memset(room, ' ', ALS_JSON_SIZE_MAX + 1);
    room[0] = '{';
    room[1] = '}';
    als_json_free(parse((struct als_text){room, ALS_JSON_SIZE_MAX}));
    assert_refused((struct als_text){room, ALS_JSON_SIZE_MAX + 1}, AWSLOGSRC_E_TOO_LARGE);
    free(room);
}

static void test_json__every_ascii_character__survives_writing_and_parsing(void **state)
{
    (void)state;
    char text[127];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i + 1);
    struct als_buffer buffer;
    als_buffer_init(&buffer, 4096);
    als_buffer_append_string(&buffer, "{\"a\":");
    als_json_write_text(&buffer, (struct als_text){text, sizeof text});
    assert_int_equal(als_buffer_append_char(&buffer, '}'), 0);
    struct als_json *json = parse(als_buffer_text(&buffer));
    struct als_text back;
    assert_true(als_json_get_text(json, "a", &back));
    assert_int_equal(back.size, sizeof text);
    assert_memory_equal(back.data, text, sizeof text);
    als_json_free(json);
    als_buffer_clear(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__members__are_found_by_exact_name_and_type),
        cmocka_unit_test(test_json__document_that_is_no_object__has_no_members),
        cmocka_unit_test(test_json__escaped_nul__does_not_cut_the_text),
        cmocka_unit_test(test_json__lone_surrogates__do_not_fail_the_document),
        cmocka_unit_test(test_json__integers__are_exact_up_to_2_to_the_53),
        cmocka_unit_test(test_json__anything_but_one_document_in_utf8__is_refused),
        cmocka_unit_test(test_json__depth_at_the_limit__is_accepted),
        cmocka_unit_test(test_json__depth_past_the_limit__is_refused),
        cmocka_unit_test(test_json__brackets_in_text__are_no_depth),
        cmocka_unit_test(test_json__size_at_and_past_the_limit__is_accepted_and_refused),
        cmocka_unit_test(test_json__every_ascii_character__survives_writing_and_parsing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
