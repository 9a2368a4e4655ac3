#include "testing.h"

#include "aws/json_scanner.h"
#include "base/buffer.h"

struct fixture {
    struct als_buffer document;
    struct als_json_scanner scanner;
    struct als_json_string string;
};

enum { DOCUMENT_MAX = 4096 };

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL)
        return -1;
    als_buffer_init(&fixture->document, DOCUMENT_MAX);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    als_buffer_clear(&fixture->document);
    free(fixture->scanner.spill);
    free(fixture);
    return 0;
}

/* Reads the whole document, a string given in JSON without its quotes. */
static const struct als_json_string *decode(struct fixture *fixture, struct als_text text)
{
    als_buffer_clear(&fixture->document);
    als_buffer_append_char(&fixture->document, '"');
    als_buffer_append_text(&fixture->document, text);
    als_buffer_append_char(&fixture->document, '"');
    free(fixture->scanner.spill);
    als_json_scanner_init(&fixture->scanner, fixture->document.data, fixture->document.size);
    assert_true(als_json_scanner_string(&fixture->scanner, &fixture->string));
    assert_true(als_json_scanner_end(&fixture->scanner));
    return &fixture->string;
}

#define assert_text(string, literal)                                       \
    do {                                                                   \
        const struct als_json_string *string_ = (string);                  \
        assert_int_equal(string_->text.size, sizeof(literal) - 1);         \
        assert_memory_equal(string_->text.data, literal, sizeof(literal)); \
    } while (0)

#define R "\xef\xbf\xbd"

static void test_json_scanner__every_escape__is_decoded(void **state)
{
    assert_text(decode(*state, ALS_TEXT("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20AC")),
                "\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac");
}

static void test_json_scanner__escaped_nul__is_kept(void **state)
{
    assert_text(decode(*state, ALS_TEXT("before\\u0000after")), "before\0after");
}

static void test_json_scanner__raw_control_characters__are_kept(void **state)
{
    assert_text(decode(*state, ALS_TEXT("a\n\t\x01\0\x7f z")), "a\n\t\x01\0\x7f z");
}

static void test_json_scanner__surrogate_pair__is_one_character(void **state)
{
    const struct als_json_string *string =
        decode(*state, ALS_TEXT("\\ud83d\\ude00\\uD800\\uDC00\\udbff\\udfff"));
    assert_text(string, "\xf0\x9f\x98\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    assert_false(string->replaced);
}

static void test_json_scanner__lone_surrogates__read_replacement_and_are_flagged(void **state)
{
    static const struct {
        struct als_text json;
        const char *text;
    } cases[] = {
        {{"\\ud800", 6}, "\xef\xbf\xbd"},
        {{"\\udfff!", 7}, "\xef\xbf\xbd!"},
        {{"\\udc00\\ud800", 12}, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\\ud83d\\u0041", 12},
         "\xef\xbf\xbd"
         "A"},
        {{"\\ud800\\ud800\\udc00", 18}, "\xef\xbf\xbd\xf0\x90\x80\x80"},
        {{"\\ud800\\ue000", 12}, "\xef\xbf\xbd\xee\x80\x80"},
        {{"\\ud800\\n", 8}, "\xef\xbf\xbd\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct als_json_string *string = decode(*state, cases[i].json);
        assert_string_equal(string->text.data, cases[i].text);
        assert_true(string->replaced);
    }
}

static void test_json_scanner__sent_replacement_character__is_not_flagged(void **state)
{
    const struct als_json_string *string = decode(*state, ALS_TEXT("\xef\xbf\xbd\\ufffd"));
    assert_text(string, "\xef\xbf\xbd\xef\xbf\xbd");
    assert_false(string->replaced);
}

/* The examples of Unicode 15, tables 3-8 to 3-11, and those around them. */
static void test_json_scanner__invalid_utf8__is_replaced_by_maximal_subparts(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82"
         "A",
         R R R R R R R R "A"},
        {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf"
         "A",
         R R R R R R R R "A"},
        {"\xf4\x91\x92\x93\xff"
         "A\x80\xbf"
         "B",
         R R R R R "A" R R "B"},
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
         "A",
         R R R R "A"},
        {"\xc3", R},
        {"\xe2\x82", R},
        {"\xf0\x9f\x98", R},
        {"\xf5\x80", R R},
        {"ok\xff", "ok" R},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct als_json_string *string = decode(*state, als_text_of(cases[i].json));
        assert_string_equal(string->text.data, cases[i].text);
        assert_true(string->replaced);
    }
}

static void test_json_scanner__valid_utf8_of_every_length__is_kept(void **state)
{
    static const char text[] =
        "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    const struct als_json_string *string = decode(*state, als_text_of(text));
    assert_text(string, "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
                        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
    assert_false(string->replaced);
}

/* Escapes at every distance from the ends of words, so that each way of copying is taken. */
static void test_json_scanner__runs_of_every_length__are_copied_exactly(void **state)
{
    enum { LONGEST = 40, ESCAPES = 12 };
    static const char letters[LONGEST + 1] = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    struct als_buffer json, text;
    als_buffer_init(&json, DOCUMENT_MAX);
    als_buffer_init(&text, DOCUMENT_MAX);
    for (size_t i = 0; i < (size_t)LONGEST * ESCAPES; i++) {
        als_buffer_reset(&json);
        als_buffer_reset(&text);
        for (size_t escapes = 0; escapes < i % ESCAPES; escapes++) {
            als_buffer_append_string(&json, "\\n");
            als_buffer_append_string(&text, "\n");
        }
        als_buffer_append(&json, letters, i / ESCAPES);
        als_buffer_append(&text, letters, i / ESCAPES);
        als_buffer_append_string(&json, "\\t\xc3\xa9yz");
        als_buffer_append_string(&text, "\t\xc3\xa9yz");
        const struct als_json_string *string = decode(*state, als_buffer_text(&json));
        assert_int_equal(string->text.size, text.size);
        assert_memory_equal(string->text.data, text.data, text.size);
    }
    als_buffer_clear(&json);
    als_buffer_clear(&text);
}

static void test_json_scanner__failure__sticks(void **state)
{
    struct fixture *fixture = *state;
    int64_t value = 0;
    als_buffer_append_string(&fixture->document, " x 1");
    als_json_scanner_init(&fixture->scanner, fixture->document.data, fixture->document.size);
    assert_false(als_json_scanner_string(&fixture->scanner, &fixture->string));
    assert_false(als_json_scanner_int64(&fixture->scanner, &value));
    assert_string_equal(fixture->scanner.reason, "a string was expected");
    assert_int_equal(fixture->scanner.offset, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_json_scanner__every_escape__is_decoded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__escaped_nul__is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__raw_control_characters__are_kept, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__surrogate_pair__is_one_character, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_json_scanner__lone_surrogates__read_replacement_and_are_flagged, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_json_scanner__sent_replacement_character__is_not_flagged, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_json_scanner__invalid_utf8__is_replaced_by_maximal_subparts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__valid_utf8_of_every_length__is_kept,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__runs_of_every_length__are_copied_exactly,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_json_scanner__failure__sticks, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
