#include "testing.h"

#include "base/text.h"

static void assert_text(struct als_text text, const char *expected)
{
    assert_true(als_text_equal(text, als_text_of(expected)));
}

static void test_text_of__null__is_empty(void **state)
{
    (void)state;
    assert_int_equal(als_text_of(NULL).size, 0);
    assert_non_null(als_text_of(NULL).data);
}

static void test_text_equal__embedded_nul__counts(void **state)
{
    (void)state;
    assert_false(als_text_equal(ALS_TEXT("a\0b"), ALS_TEXT("a\0c")));
    assert_true(als_text_equal(ALS_TEXT("a\0b"), ALS_TEXT("a\0b")));
}

static void test_text_equal__two_empty_ones__are_equal(void **state)
{
    (void)state;
    assert_true(als_text_equal((struct als_text){NULL, 0}, ALS_TEXT("")));
}

static void test_text_equal_ignoring_case__ascii_letters__alone_are_folded(void **state)
{
    (void)state;
    assert_true(als_text_equal_ignoring_case(ALS_TEXT("Content-TYPE"), ALS_TEXT("content-type")));
    assert_false(als_text_equal_ignoring_case(ALS_TEXT("@[`{"), ALS_TEXT("`{@[")));
    assert_false(als_text_equal_ignoring_case(ALS_TEXT("\xc3\xa9"), ALS_TEXT("\xc3\x89")));
    assert_false(als_text_equal_ignoring_case(ALS_TEXT("a"), ALS_TEXT("ab")));
}

static void test_text_starts_with__prefix__is_found_at_the_start_alone(void **state)
{
    (void)state;
    assert_true(als_text_starts_with(ALS_TEXT("https://h"), ALS_TEXT("https:")));
    assert_true(als_text_starts_with(ALS_TEXT("x"), ALS_TEXT("")));
    assert_false(als_text_starts_with(ALS_TEXT("ht"), ALS_TEXT("http")));
    assert_false(als_text_starts_with(ALS_TEXT(" http"), ALS_TEXT("http")));
}

static void test_text_trim__blanks__go_at_both_ends_alone(void **state)
{
    (void)state;
    assert_text(als_text_trim(ALS_TEXT(" \t\r\n a b\n ")), "a b");
    assert_text(als_text_trim(ALS_TEXT(" \t\r\n")), "");
    assert_text(als_text_trim(ALS_TEXT("")), "");
    assert_text(als_text_trim(ALS_TEXT("\va\f")), "\va\f");
}

static void test_text_next_field__empty_fields__are_given(void **state)
{
    (void)state;
    struct als_text rest = ALS_TEXT(",a,,b,");
    struct als_text field;
    static const char *const expected[] = {"", "a", "", "b", ""};
    for (size_t i = 0; i < 5; i++) {
        assert_true(als_text_next_field(&rest, ',', &field));
        assert_text(field, expected[i]);
    }
    assert_false(als_text_next_field(&rest, ',', &field));
}

static void test_text_next_field__empty_text__is_one_empty_field(void **state)
{
    (void)state;
    struct als_text rest = ALS_TEXT("");
    struct als_text field;
    assert_true(als_text_next_field(&rest, ',', &field));
    assert_int_equal(field.size, 0);
    assert_false(als_text_next_field(&rest, ',', &field));
}

static void test_text_to_int64__bounds__are_reached(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_true(als_text_to_int64(ALS_TEXT("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(als_text_to_int64(ALS_TEXT("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(als_text_to_int64(ALS_TEXT("-0"), &value));
    assert_true(value == 0);
}

static void test_text_to_int64__past_the_bounds__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"9223372036854775808", "-9223372036854775809",
                                      "18446744073709551616", "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value = 7;
        assert_false(als_text_to_int64(als_text_of(bad[i]), &value));
        assert_true(value == 7);
    }
}

static void test_text_to_int64__not_a_number__is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x10", "1e3", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value = 7;
        assert_false(als_text_to_int64(als_text_of(bad[i]), &value));
        assert_true(value == 7);
    }
}

static void test_text_has_control__control_bytes__are_found(void **state)
{
    (void)state;
    assert_true(als_text_has_control(ALS_TEXT("a\0b")));
    assert_true(als_text_has_control(ALS_TEXT("\x1f")));
    assert_true(als_text_has_control(ALS_TEXT("a\x7f")));
    assert_false(als_text_has_control(ALS_TEXT(" ~\xc3\xa9")));
    assert_false(als_text_has_control(ALS_TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_of__null__is_empty),
        cmocka_unit_test(test_text_equal__embedded_nul__counts),
        cmocka_unit_test(test_text_equal__two_empty_ones__are_equal),
        cmocka_unit_test(test_text_equal_ignoring_case__ascii_letters__alone_are_folded),
        cmocka_unit_test(test_text_starts_with__prefix__is_found_at_the_start_alone),
        cmocka_unit_test(test_text_trim__blanks__go_at_both_ends_alone),
        cmocka_unit_test(test_text_next_field__empty_fields__are_given),
        cmocka_unit_test(test_text_next_field__empty_text__is_one_empty_field),
        cmocka_unit_test(test_text_to_int64__bounds__are_reached),
        cmocka_unit_test(test_text_to_int64__past_the_bounds__is_refused),
        cmocka_unit_test(test_text_to_int64__not_a_number__is_refused),
        cmocka_unit_test(test_text_has_control__control_bytes__are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
