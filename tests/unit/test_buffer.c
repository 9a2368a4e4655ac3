#include "testing.h"

#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "failing_memory.h"

static void test_buffer__nothing_written__is_the_empty_string(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 10);
    assert_string_equal(als_buffer_string(&buffer), "");
    assert_int_equal(als_buffer_text(&buffer).size, 0);
    assert_null(als_buffer_take(&buffer));
}

static void test_buffer__ceiling_reached_exactly__is_fine(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 3);
    assert_int_equal(als_buffer_append(&buffer, "abc", 3), 0);
    assert_int_equal(als_buffer_append(&buffer, "", 0), 0);
    assert_string_equal(als_buffer_string(&buffer), "abc");
    als_buffer_clear(&buffer);
}

static void test_buffer__ceiling_passed__fails_and_keeps_what_was_there(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 3);
    als_buffer_append(&buffer, "ab", 2);
    assert_int_equal(als_buffer_append(&buffer, "cd", 2), AWSLOGSRC_E_TOO_LARGE);
    assert_string_equal(als_buffer_string(&buffer), "ab");
    als_buffer_clear(&buffer);
}

static void test_buffer__after_a_failure__refuses_what_would_fit(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 3);
    als_buffer_append(&buffer, "abcd", 4);
    assert_int_equal(als_buffer_append_char(&buffer, 'x'), AWSLOGSRC_E_TOO_LARGE);
    assert_int_equal(buffer.size, 0);
    assert_null(als_buffer_take(&buffer));
}

static void test_buffer__reset__forgets_failure_and_content(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 3);
    als_buffer_append(&buffer, "ab", 2);
    als_buffer_append(&buffer, "cd", 2);
    als_buffer_reset(&buffer);
    assert_string_equal(als_buffer_string(&buffer), "");
    assert_int_equal(als_buffer_append(&buffer, "xyz", 3), 0);
    assert_string_equal(als_buffer_string(&buffer), "xyz");
    als_buffer_clear(&buffer);
}

static void test_buffer__size_that_overflows__is_too_large(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 100);
    als_buffer_append_char(&buffer, 'a');
    assert_int_equal(als_buffer_reserve(&buffer, SIZE_MAX), AWSLOGSRC_E_TOO_LARGE);
    als_buffer_clear(&buffer);
}

static void test_buffer__no_memory__sticks_and_keeps_what_was_there(void **state)
{
    (void)state;
    struct als_buffer buffer;
    char long_text[1000];
    memset(long_text, 'x', sizeof long_text);
    als_buffer_init(&buffer, 5000);
    als_buffer_append_string(&buffer, "kept");
    allocations_left = 0;
    int status = als_buffer_append(&buffer, long_text, sizeof long_text);
    allocations_left = -1;
    assert_int_equal(status, AWSLOGSRC_E_NO_MEMORY);
    assert_int_equal(als_buffer_append_char(&buffer, 'x'), AWSLOGSRC_E_NO_MEMORY);
    assert_string_equal(als_buffer_string(&buffer), "kept");
    als_buffer_clear(&buffer);
}

static void test_buffer__growth__keeps_every_byte(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 100000);
    for (int i = 0; i < 100000; i++)
        als_buffer_append_char(&buffer, (char)(i % 251));
    assert_int_equal(buffer.status, 0);
    assert_int_equal(buffer.size, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buffer.data[i], (char)(i % 251));
    assert_int_equal(buffer.data[buffer.size], '\0');
    als_buffer_clear(&buffer);
}

static void test_buffer_append_int__bounds__are_written(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 100);
    als_buffer_append_int(&buffer, INT64_MIN);
    als_buffer_append_char(&buffer, ' ');
    als_buffer_append_int(&buffer, 0);
    als_buffer_append_char(&buffer, ' ');
    als_buffer_append_int(&buffer, INT64_MAX);
    assert_string_equal(als_buffer_string(&buffer), "-9223372036854775808 0 9223372036854775807");
    als_buffer_clear(&buffer);
}

static void test_buffer_append_hex__every_nibble__is_lower_case(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    struct als_buffer buffer;
    als_buffer_init(&buffer, 16);
    assert_int_equal(als_buffer_append_hex(&buffer, bytes, sizeof bytes), 0);
    assert_string_equal(als_buffer_string(&buffer), "0123456789abcdef");
    als_buffer_clear(&buffer);
}

static void test_buffer_append_hex__one_digit_too_many__writes_nothing(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x01, 0x23};
    struct als_buffer buffer;
    als_buffer_init(&buffer, 3);
    assert_int_equal(als_buffer_append_hex(&buffer, bytes, sizeof bytes), AWSLOGSRC_E_TOO_LARGE);
    assert_int_equal(buffer.size, 0);
    als_buffer_clear(&buffer);
}

static void test_buffer_format__ceiling__counts(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 5);
    assert_int_equal(als_buffer_format(&buffer, "%d-%s", 12, "ab"), 0);
    assert_string_equal(als_buffer_string(&buffer), "12-ab");
    assert_int_equal(als_buffer_format(&buffer, "%s", "x"), AWSLOGSRC_E_TOO_LARGE);
    assert_string_equal(als_buffer_string(&buffer), "12-ab");
    als_buffer_clear(&buffer);
}

static void test_buffer_take__content__is_handed_over(void **state)
{
    (void)state;
    struct als_buffer buffer;
    als_buffer_init(&buffer, 5);
    als_buffer_append_string(&buffer, "abc");
    char *taken = als_buffer_take(&buffer);
    assert_string_equal(taken, "abc");
    assert_int_equal(buffer.size, 0);
    assert_int_equal(als_buffer_append_string(&buffer, "again"), 0);
    assert_string_equal(als_buffer_string(&buffer), "again");
    free(taken);
    als_buffer_wipe(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer__nothing_written__is_the_empty_string),
        cmocka_unit_test(test_buffer__ceiling_reached_exactly__is_fine),
        cmocka_unit_test(test_buffer__ceiling_passed__fails_and_keeps_what_was_there),
        cmocka_unit_test(test_buffer__after_a_failure__refuses_what_would_fit),
        cmocka_unit_test(test_buffer__reset__forgets_failure_and_content),
        cmocka_unit_test(test_buffer__size_that_overflows__is_too_large),
        cmocka_unit_test(test_buffer__no_memory__sticks_and_keeps_what_was_there),
        cmocka_unit_test(test_buffer__growth__keeps_every_byte),
        cmocka_unit_test(test_buffer_append_int__bounds__are_written),
        cmocka_unit_test(test_buffer_append_hex__every_nibble__is_lower_case),
        cmocka_unit_test(test_buffer_append_hex__one_digit_too_many__writes_nothing),
        cmocka_unit_test(test_buffer_format__ceiling__counts),
        cmocka_unit_test(test_buffer_take__content__is_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
