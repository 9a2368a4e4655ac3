#include "testing.h"

#include "json_writer.h"

static void expect_json(const struct sim_json_style *style, const char *text, size_t length,
                        const char *expected)
{
    struct sim_buffer out = {0};
    sim_json_string(&out, style, text, length);
    sim_buffer_add(&out, "", 1);
    assert_string_equal(out.data, expected);
    sim_buffer_clear(&out);
}

static const struct sim_json_style plain;
static const struct sim_json_style ascii = {.ascii = true};

static void test_simulator_json_writer__control_characters__are_escaped(void **state)
{
    (void)state;
    expect_json(&plain, "a\0\n\x1f\"\\", 6, "\"a\\u0000\\n\\u001f\\\"\\\\\"");
}

static void test_simulator_json_writer__lone_surrogate__is_escaped(void **state)
{
    (void)state;
    expect_json(&plain, "\xed\xa0\x80", 3, "\"\\ud800\"");
}

static void test_simulator_json_writer__cesu_8_pair__is_a_surrogate_pair(void **state)
{
    (void)state;
    expect_json(&plain, "\xed\xa0\xbd\xed\xb8\x80", 6, "\"\\ud83d\\ude00\"");
}

static void test_simulator_json_writer__invalid_utf_8__goes_out_raw(void **state)
{
    (void)state;
    expect_json(&plain, "\xff\xc3(", 3, "\"\xff\xc3(\"");
}

static void test_simulator_json_writer__ascii_style__escapes_the_rest_as_utf_16(void **state)
{
    (void)state;
    expect_json(&ascii, "\xc3\xa9\xf0\x9f\x98\x80", 6, "\"\\u00e9\\ud83d\\ude00\"");
}

static void test_simulator_json_writer__smallest_integer__is_written(void **state)
{
    (void)state;
    struct sim_buffer out = {0};
    sim_json_integer(&out, INT64_MIN);
    sim_buffer_add(&out, "", 1);
    assert_string_equal(out.data, "-9223372036854775808");
    sim_buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simulator_json_writer__control_characters__are_escaped),
        cmocka_unit_test(test_simulator_json_writer__lone_surrogate__is_escaped),
        cmocka_unit_test(test_simulator_json_writer__cesu_8_pair__is_a_surrogate_pair),
        cmocka_unit_test(test_simulator_json_writer__invalid_utf_8__goes_out_raw),
        cmocka_unit_test(test_simulator_json_writer__ascii_style__escapes_the_rest_as_utf_16),
        cmocka_unit_test(test_simulator_json_writer__smallest_integer__is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
