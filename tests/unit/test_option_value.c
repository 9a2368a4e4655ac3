#include "testing.h"

#include "awslogsrc/error.h"
#include "options/option_value.h"

static struct als_buffer why;

static int set_up(void **state)
{
    (void)state;
    als_buffer_init(&why, 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    als_buffer_clear(&why);
    return 0;
}

static void test_option_value__boolean_words_in_any_case__are_read(void **state)
{
    (void)state;
    static const char *const yes[] = {"true", "TRUE", "yes", "Yes", " true "};
    static const char *const no[] = {"false", "False", "no", "NO"};
    bool value = false;
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        assert_true(als_option_value_boolean(als_text_of(yes[i]), &value, &why));
        assert_true(value);
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        assert_true(als_option_value_boolean(als_text_of(no[i]), &value, &why));
        assert_false(value);
    }
}

static void test_option_value__boolean_other_words__are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "1", "0", "on", "off", "truee", "y"};
    bool value = false;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(als_option_value_boolean(als_text_of(bad[i]), &value, &why));
    assert_non_null(strstr(als_buffer_string(&why), "none of true, false, yes, no"));
}

static void test_option_value__duration_units__are_milliseconds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"0s", 0},        {"250ms", 250},
                {"10s", 10000},   {"5m", 300000},
                {"2h", 7200000},  {"14d", 1209600000},
                {" 10s ", 10000}, {"106751991167d", 106751991167 * 86400000}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t ms = -1;
        assert_true(als_option_value_duration(als_text_of(good[i].text), &ms, &why));
        assert_int_equal(ms, good[i].ms);
    }
}

static void test_option_value__bad_duration__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",     "10",    "s",     "-1s",           "1.5s",
        "10 s", "10sec", "1h30m", "106751991168d", "99999999999999999999s"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t ms = 0;
        assert_false(als_option_value_duration(als_text_of(bad[i]), &ms, &why));
    }
}

static void test_option_value__duration_without_unit__hints_at_one(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_false(als_option_value_duration(ALS_TEXT("10"), &ms, &why));
    assert_string_equal(als_buffer_string(&why),
                        "\"10\" has no unit; write for example 10ms or 10s");
}

static void test_option_value__size_units__are_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t bytes;
    } good[] = {{"0", 0},
                {"1048576", 1048576},
                {"1KiB", 1024},
                {"32MiB", 33554432},
                {"2GiB", 2147483648},
                {"1KB", 1000},
                {"5MB", 5000000},
                {"3GB", 3000000000},
                {"8589934591GiB", 8589934591 * (1LL << 30)}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t bytes = -1;
        assert_true(als_option_value_size(als_text_of(good[i].text), &bytes, &why));
        assert_int_equal(bytes, good[i].bytes);
    }
}

static void test_option_value__bad_size__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "MiB", "-1", "1.5MiB", "1 MiB", "1M", "8589934592GiB"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t bytes = 0;
        assert_false(als_option_value_size(als_text_of(bad[i]), &bytes, &why));
    }
}

static void test_option_value__time_forms__keep_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct als_time_setting time;
    } good[] = {{"now", {ALS_TIME_NOW, 0}},
                {"beginning", {ALS_TIME_BEGINNING, 0}},
                {"-24h", {ALS_TIME_BEFORE_NOW, 86400000}},
                {"1970-01-01T00:00:00Z", {ALS_TIME_ABSOLUTE, 0}},
                {"2026-01-31T23:59:59Z", {ALS_TIME_ABSOLUTE, 1769903999000}}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct als_time_setting time = {ALS_TIME_UNSET, -1};
        assert_true(als_option_value_time(als_text_of(good[i].text), &time, &why));
        assert_int_equal(time.kind, good[i].time.kind);
        assert_int_equal(time.ms, good[i].time.ms);
    }
}

static void test_option_value__bad_time__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",      "yesterday", "24h",        "-24",
                                      "--24h", "-",         "2026-01-31", "1769903999000"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct als_time_setting time;
        assert_false(als_option_value_time(als_text_of(bad[i]), &time, &why));
    }
}

static void test_option_value__time_before_1970__is_refused_as_such(void **state)
{
    (void)state;
    struct als_time_setting time;
    assert_false(als_option_value_time(ALS_TEXT("1969-12-31T23:59:59Z"), &time, &why));
    assert_non_null(strstr(als_buffer_string(&why), "before 1970"));
}

static void test_option_value__list__drops_blanks_empties_and_repetitions(void **state)
{
    (void)state;
    struct als_string_list list;
    assert_int_equal(als_option_value_list(ALS_TEXT(" a ,,b,a, c,"), ',', 3, &list, &why), 0);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0], "a");
    assert_string_equal(list.items[1], "b");
    assert_string_equal(list.items[2], "c");
    als_option_value_clear_list(&list);
}

static void test_option_value__list_past_its_most__is_refused(void **state)
{
    (void)state;
    struct als_string_list list;
    assert_int_equal(als_option_value_list(ALS_TEXT("a,b,c"), ',', 2, &list, &why),
                     AWSLOGSRC_E_OPTION_VALUE);
    als_option_value_clear_list(&list);
    assert_string_equal(als_buffer_string(&why), "the list has more than 2 items");
}

static void test_option_value__list_of_separators__is_refused(void **state)
{
    (void)state;
    struct als_string_list list;
    assert_int_equal(als_option_value_list(ALS_TEXT(" , ,"), ',', 2, &list, &why),
                     AWSLOGSRC_E_OPTION_VALUE);
    als_option_value_clear_list(&list);
}

static void test_option_value__format_duration__takes_the_largest_unit(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {{0, "0ms"},     {250, "250ms"},  {1500, "1500ms"},
                 {90000, "90s"}, {3600000, "1h"}, {1209600000, "14d"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        als_buffer_reset(&why);
        als_option_value_format_duration(&why, cases[i].ms);
        assert_string_equal(als_buffer_string(&why), cases[i].text);
    }
}

static void test_option_value__format_size__takes_the_largest_unit(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes;
        const char *text;
    } cases[] = {{0, "0"}, {1000, "1000"}, {1024, "1KiB"}, {33554432, "32MiB"}, {1 << 30, "1GiB"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        als_buffer_reset(&why);
        als_option_value_format_size(&why, cases[i].bytes);
        assert_string_equal(als_buffer_string(&why), cases[i].text);
    }
}

static void test_option_value__quote__hides_control_characters_and_cuts(void **state)
{
    (void)state;
    char text[100];
    memset(text, 'x', sizeof text);
    text[0] = '\n';
    als_option_value_quote(&why, (struct als_text){text, sizeof text});
    assert_string_equal(als_buffer_string(&why),
                        "\"?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\"");
}

static void test_option_value__characters__are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(als_option_value_characters(ALS_TEXT("")), 0);
    assert_int_equal(als_option_value_characters(ALS_TEXT("abc")), 3);
    assert_int_equal(als_option_value_characters(ALS_TEXT("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80")),
                     3);
}

/* RFC 3629: overlong forms, surrogates, beyond U+10FFFF, cut off, stray. */
static void test_option_value__characters_of_bad_utf_8__are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",         "\xc0\xaf",         "\xc3",
                                      "\xe0\x9f\xbf", "\xed\xa0\x80",     "\xe2\x82",
                                      "\xff",         "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(als_option_value_characters(als_text_of(bad[i])), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_option_value__boolean_words_in_any_case__are_read),
        TEST(test_option_value__boolean_other_words__are_refused),
        TEST(test_option_value__duration_units__are_milliseconds),
        TEST(test_option_value__bad_duration__is_refused),
        TEST(test_option_value__duration_without_unit__hints_at_one),
        TEST(test_option_value__size_units__are_bytes),
        TEST(test_option_value__bad_size__is_refused),
        TEST(test_option_value__time_forms__keep_their_kind),
        TEST(test_option_value__bad_time__is_refused),
        TEST(test_option_value__time_before_1970__is_refused_as_such),
        TEST(test_option_value__list__drops_blanks_empties_and_repetitions),
        TEST(test_option_value__list_past_its_most__is_refused),
        TEST(test_option_value__list_of_separators__is_refused),
        TEST(test_option_value__format_duration__takes_the_largest_unit),
        TEST(test_option_value__format_size__takes_the_largest_unit),
        TEST(test_option_value__quote__hides_control_characters_and_cuts),
        TEST(test_option_value__characters__are_counted_not_bytes),
        TEST(test_option_value__characters_of_bad_utf_8__are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
