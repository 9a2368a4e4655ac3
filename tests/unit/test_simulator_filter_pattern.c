#include "testing.h"

#include "filter_pattern.h"

static bool matches(const char *text, const char *message)
{
    struct sim_filter_pattern pattern;
    assert_true(sim_filter_pattern_parse(text, &pattern));
    bool result = sim_filter_pattern_matches(&pattern, message, strlen(message));
    sim_filter_pattern_clear(&pattern);
    return result;
}

static void test_simulator_filter_pattern__none__matches_everything(void **state)
{
    (void)state;
    assert_true(matches(NULL, "x"));
    assert_true(matches("", "x"));
    assert_true(matches("\"\"", "x"));
}

static void test_simulator_filter_pattern__word__matches_as_substring(void **state)
{
    (void)state;
    assert_true(matches("ERROR", "Exiting with ERRORCODE: -1"));
    assert_false(matches("ERROR", "error"));
}

static void test_simulator_filter_pattern__words__must_all_occur(void **state)
{
    (void)state;
    assert_true(matches("one two", "two, one"));
    assert_false(matches("one two", "one"));
}

static void test_simulator_filter_pattern__phrase__is_exact(void **state)
{
    (void)state;
    assert_true(matches("\"a b\"", "x a b y"));
    assert_false(matches("\"a b\"", "a  b"));
}

static void test_simulator_filter_pattern__escaped_quote_and_backslash__are_unescaped(void **state)
{
    (void)state;
    assert_true(matches("\"\\\"eventName\\\":\\\"C:\\\\x\\\"\"", "{\"eventName\":\"C:\\x\"}"));
    assert_false(matches("\"\\\"eventName\\\"\"", "{eventName}"));
}

static void test_simulator_filter_pattern__other_kinds__match_everything(void **state)
{
    (void)state;
    assert_true(matches("{ $.a = 1 }", "x"));
    assert_true(matches("[a, b]", "x"));
    assert_true(matches("%re%", "x"));
    assert_true(matches("-term", "x"));
}

static void test_simulator_filter_pattern__open_quote__is_refused(void **state)
{
    (void)state;
    struct sim_filter_pattern pattern;
    assert_false(sim_filter_pattern_parse("one \"two", &pattern));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simulator_filter_pattern__none__matches_everything),
        cmocka_unit_test(test_simulator_filter_pattern__word__matches_as_substring),
        cmocka_unit_test(test_simulator_filter_pattern__words__must_all_occur),
        cmocka_unit_test(test_simulator_filter_pattern__phrase__is_exact),
        cmocka_unit_test(test_simulator_filter_pattern__escaped_quote_and_backslash__are_unescaped),
        cmocka_unit_test(test_simulator_filter_pattern__other_kinds__match_everything),
        cmocka_unit_test(test_simulator_filter_pattern__open_quote__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
