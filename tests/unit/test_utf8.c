#include "testing.h"

#include "base/utf8.h"

static void test_utf8__every_code_point__is_valid_once_encoded(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c = c == 0xd7ff ? 0xe000 : c + 1) {
        char bytes[ALS_UTF8_LONGEST];
        bool valid = false;
        size_t size = als_utf8_encode(c, bytes);
        if (als_utf8_measure(bytes, size, &valid) != size || !valid)
            fail_msg("U+%04X", (unsigned)c);
    }
}

/* The number of well-formed sequences of each length: no overlong form and no surrogate gets in. */
static void test_utf8__all_two_and_three_byte_strings__hold_each_code_point_once(void **state)
{
    (void)state;
    unsigned twos = 0, threes = 0;
    for (unsigned i = 0; i <= 0xffffff; i++) {
        char bytes[3] = {(char)(i >> 16), (char)(i >> 8), (char)i};
        bool valid = false;
        size_t size = als_utf8_measure(bytes, 3, &valid);
        twos += valid && size == 2 && bytes[2] == 0;
        threes += valid && size == 3;
    }
    assert_int_equal(twos, 0x800 - 0x80);
    assert_int_equal(threes, 0x10000 - 0x800 - 0x800);
}

static void test_utf8__cut__is_between_characters_and_gives_up_no_more_than_one(void **state)
{
    (void)state;
    struct als_text text = ALS_TEXT("a\xf0\x9f\x98\x80z");
    static const size_t kept[] = {0, 1, 1, 1, 1, 5, 6};
    for (size_t most = 0; most < sizeof kept / sizeof *kept; most++)
        assert_int_equal(als_utf8_cut(text, most).size, kept[most]);
    assert_int_equal(als_utf8_cut(ALS_TEXT("\x80\x80\x80\x80\x80\x80"), 5).size, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8__every_code_point__is_valid_once_encoded),
        cmocka_unit_test(test_utf8__all_two_and_three_byte_strings__hold_each_code_point_once),
        cmocka_unit_test(test_utf8__cut__is_between_characters_and_gives_up_no_more_than_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
