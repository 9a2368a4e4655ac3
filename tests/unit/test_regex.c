#include "testing.h"

#include "awslogsrc/error.h"
#include "base/regex.h"
#include "test_clock.h"

static struct als_regex *compile(const char *pattern, bool fast)
{
    struct als_regex *regex = NULL;
    struct als_buffer why;
    als_buffer_init(&why, 1024);
    if (als_regex_new(als_text_of(pattern), fast, &regex, &why) != 0)
        fail_msg("%s", als_buffer_string(&why));
    als_buffer_clear(&why);
    return regex;
}

static void assert_refused(const char *pattern, const char *reason)
{
    struct als_regex *regex = NULL;
    struct als_buffer why;
    als_buffer_init(&why, 1024);
    assert_int_equal(als_regex_new(als_text_of(pattern), true, &regex, &why),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(als_buffer_string(&why), reason);
    als_buffer_clear(&why);
}

/* The answer, and what group 1 caught. */
static enum als_regex_answer match(const char *pattern, bool fast, struct als_text text, char *out,
                                   size_t size)
{
    struct als_regex *regex = compile(pattern, fast);
    struct als_regex_matcher *matcher = als_regex_matcher_new(als_regex_group_count(regex));
    als_regex_matcher_start(matcher, text);
    enum als_regex_answer answer = als_regex_match(regex, matcher);
    if (out != NULL) {
        struct als_text caught = als_regex_caught(matcher, 1);
        (void)snprintf(out, size, "%.*s", (int)caught.size, caught.data);
    }
    als_regex_matcher_free(matcher);
    als_regex_free(regex);
    return answer;
}

static void test_regex__bad_pattern__is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused("a(b", "the regex, at its byte 3: missing closing parenthesis");
    assert_refused("*", "the regex, at its byte 0: quantifier does not follow a repeatable item");
    assert_refused("\xff", "the regex, at its byte 0: UTF-8 error: illegal byte (0xfe or 0xff)");
}

static void test_regex__long_pattern__is_refused(void **state)
{
    (void)state;
    char pattern[ALS_REGEX_PATTERN_MAX + 2] = {0};
    memset(pattern, 'a', ALS_REGEX_PATTERN_MAX + 1);
    assert_refused(pattern, "the regex has more than 8192 bytes");
    pattern[ALS_REGEX_PATTERN_MAX] = '\0';
    als_regex_free(compile(pattern, true));
}

static void test_regex__both_ways_of_matching__catch_the_same(void **state)
{
    (void)state;
    for (int fast = 0; fast < 2; fast++) {
        char caught[16];
        assert_int_equal(
            match("\\s(ACC\\w+)\\s", fast, ALS_TEXT("a ACCEPT OK"), caught, sizeof caught),
            ALS_REGEX_YES);
        assert_string_equal(caught, "ACCEPT");
        assert_int_equal(match("\\sREJECT", fast, ALS_TEXT("a ACCEPT OK"), NULL, 0), ALS_REGEX_NO);
    }
}

static void test_regex__group_that_took_no_part__caught_nothing(void **state)
{
    (void)state;
    char caught[16];
    assert_int_equal(match("(a)|b", true, ALS_TEXT("b"), caught, sizeof caught), ALS_REGEX_YES);
    assert_string_equal(caught, "");
}

static void test_regex__names__are_numbers(void **state)
{
    (void)state;
    struct als_regex *regex = compile("(a)(?<verb>b)", true);
    assert_int_equal(als_regex_group_named(regex, ALS_TEXT("verb")), 2);
    assert_int_equal(als_regex_group_named(regex, ALS_TEXT("noun")), -1);
    als_regex_free(regex);
}

static void test_regex__invalid_utf_8_and_nul__are_passed_over(void **state)
{
    (void)state;
    static const char text[] = "\xff\xfe\0 ACCEPT \xc3";
    for (int fast = 0; fast < 2; fast++) {
        char caught[16];
        assert_int_equal(match("\\s(ACCEPT)\\s", fast, (struct als_text){text, sizeof text - 1},
                               caught, sizeof caught),
                         ALS_REGEX_YES);
        assert_string_equal(caught, "ACCEPT");
    }
}

static void test_regex__characters__are_not_cut(void **state)
{
    (void)state;
    char caught[16];
    assert_int_equal(match("^(.)", true, ALS_TEXT("\xe2\x82\xac!"), caught, sizeof caught),
                     ALS_REGEX_YES);
    assert_string_equal(caught, "\xe2\x82\xac");
    assert_refused("\\C", "the regex, at its byte 2: using \\C is disabled by the application");
}

/* Texts are searched in windows. What stands before a window is still there to look at, and
 * windows begin between characters. */
static void test_regex__long_text__is_searched_to_its_end(void **state)
{
    (void)state;
    enum { SIZE = 4000 };
    char *text = malloc(SIZE);
    char caught[16];
    for (size_t i = 0; i < SIZE; i++)
        text[i] = i % 2 == 0 ? '\xc3' : '\xa4';
    memcpy(text + SIZE - 8, "name=abc", 8);
    for (int fast = 0; fast < 2; fast++) {
        assert_int_equal(
            match("(?<=name=)(\\w+)$", fast, (struct als_text){text, SIZE}, caught, sizeof caught),
            ALS_REGEX_YES);
        assert_string_equal(caught, "abc");
        assert_int_equal(match("^name", fast, (struct als_text){text, SIZE}, NULL, 0),
                         ALS_REGEX_NO);
    }
    assert_int_equal(match("name=(\\w+)", true, (struct als_text){text, 0}, NULL, 0), ALS_REGEX_NO);
    free(text);
}

struct outcome {
    enum als_regex_answer answer;
    size_t steps;
};

/* On size bytes, the unit repeated with the end behind it. */
static struct outcome search(const char *pattern, bool fast, const char *unit, size_t size,
                             const char *end)
{
    size_t end_size = strlen(end);
    char *text = malloc(size);
    for (size_t i = 0; i < size; i++)
        text[i] = unit[i % strlen(unit)];
    memcpy(text + size - end_size, end, end_size);
    struct als_regex *regex = compile(pattern, fast);
    struct als_regex_matcher *matcher = als_regex_matcher_new(als_regex_group_count(regex));
    als_regex_matcher_start(matcher, (struct als_text){text, size});
    struct outcome outcome = {als_regex_match(regex, matcher), als_regex_matcher_steps(matcher)};
    als_regex_matcher_free(matcher);
    als_regex_free(regex);
    free(text);
    return outcome;
}

/* How long that takes is tests/benchmark/identifier's; here steps are counted. What an item went
 * over is charged when it has done so, hence the view on top. */
static void test_regex__hostile_text__is_given_up_after_so_many_steps(void **state)
{
    (void)state;
    static const char *const patterns[] = {"(a+)+$",
                                           "(a|aa)+$",
                                           "(.*)*y\\d",
                                           "(.*a){20}y\\d",
                                           "user=(.*?),.*role=(\\d+)",
                                           "(?:x|.)*y\\d",
                                           "(?:(?=.*b).)*$y",
                                           "(?:(?=.*b).)*+y\\d",
                                           "(a*)(a*)(a*)(a*)(a*)y\\d",
                                           "(?:a{500}|.)*y\\d",
                                           "(?:\\X|.)*y\\d",
                                           "(?<a>.(?&a)?.)y\\d",
                                           "^(?:a|a|aa){60}y\\d",
                                           "aaaa(a|b)*y\\d"};
    static const size_t sizes[] = {511, 8192, 1 << 20};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const char *unit = strstr(patterns[i], "user") != NULL ? "user=," : "a";
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            for (int fast = 0; fast < 2; fast++) {
                struct outcome outcome = search(patterns[i], fast, unit, sizes[k], "role=bly!");
                assert_int_equal(outcome.answer, ALS_REGEX_GAVE_UP);
                assert_in_range(outcome.steps, 0, ALS_REGEX_STEPS + 2 * ALS_REGEX_VIEW / 16);
            }
        }
    }
}

/* PCRE2 10.42 forgets within a recursion that it was told to end. */
static void test_regex__recursion__is_given_up_as_well(void **state)
{
    (void)state;
    struct outcome outcome = search("(\\w)(?1)?\\hy\\d", true, "a", 1 << 20, "bly!");
    assert_int_equal(outcome.answer, ALS_REGEX_GAVE_UP);
    assert_in_range(outcome.steps, 0, ALS_REGEX_STEPS + 2 * ALS_REGEX_VIEW / 16);
}

/* A step would be too dear for each place of these. */
static void test_regex__plain_pattern__takes_next_to_no_steps(void **state)
{
    (void)state;
    static const char *const patterns[] = {"\\sREJECT\\sFAILURE", "\\s(ACCEPT)\\s(?<ok>OK)",
                                           "\"userName\":\"([^\"]+)\""};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct outcome outcome = search(patterns[i], true, "a \"b\":c ", 300, "");
        assert_int_equal(outcome.answer, ALS_REGEX_NO);
        assert_in_range(outcome.steps, 1, 10);
    }
}

static void test_regex__plain_beginning__is_tried_wherever_it_stands(void **state)
{
    (void)state;
    assert_int_equal(search("name=\\d+!", true, "name=12,", 800, "name=12!").answer, ALS_REGEX_YES);
    assert_int_equal(search("name=\\d+!", true, "name=12,", 800, "name=12?").answer, ALS_REGEX_NO);
    assert_int_equal(search("na(me)*!", true, "name=12,", 800, "na!").answer, ALS_REGEX_YES);
    assert_int_equal(search("(?:nam)(e)?!", true, "name=12,", 800, "nam!").answer, ALS_REGEX_YES);
    assert_int_equal(search("name=x|2!", true, "name=12,", 800, "12!").answer, ALS_REGEX_YES);
    assert_int_equal(search("abc\xc3\xa4*!", true, "-", 800, "abc!").answer, ALS_REGEX_YES);
}

/* What a match may look at ends somewhere: what lies behind makes neither a match nor none. */
static void test_regex__text_far_behind__is_not_guessed(void **state)
{
    (void)state;
    size_t far = 4 * ALS_REGEX_VIEW;
    assert_int_equal(search("^k[^;]*;", true, "k", ALS_REGEX_VIEW, ";").answer, ALS_REGEX_YES);
    assert_int_equal(search("^k[^;]*", true, "k", far, ";").answer, ALS_REGEX_GAVE_UP);
    assert_int_equal(search("^k(?!.*b)", true, "k", far, "b").answer, ALS_REGEX_GAVE_UP);
    assert_int_equal(search("^k$|^k\\z", true, "k", far, "b").answer, ALS_REGEX_NO);
    assert_int_equal(search("^k[^;]*;", true, "k;", far, "").answer, ALS_REGEX_YES);
    assert_int_equal(search("k=(\\d)$", true, "-", far, "k=1").answer, ALS_REGEX_YES);
}

/* Nor is what an item reads in one go, where the text ends for it in the middle of a character, or
 * what looks like the end of the text there. */
static void test_regex__cut_text__is_never_taken_for_all(void **state)
{
    (void)state;
    size_t far = 4 * ALS_REGEX_VIEW;
    for (int fast = 0; fast < 2; fast++) {
        assert_int_equal(search("k=.{65535}", fast, "k=\xe2\x82\xac\xe2\x82\xac", far, "").answer,
                         ALS_REGEX_GAVE_UP);
        assert_int_equal(search("kk([^;]*)!", fast, "kk\xe2\x82\xac", far, "!").answer,
                         ALS_REGEX_GAVE_UP);
        assert_int_equal(search("^k([^;]{40000})\\1", fast, "k", far, "").answer,
                         ALS_REGEX_GAVE_UP);
    }
}

static void test_regex__line_end_where_the_view_ends__is_not_the_end_of_the_text(void **state)
{
    (void)state;
    size_t size = 2 * ALS_REGEX_VIEW;
    char *text = malloc(size);
    for (size_t end = ALS_REGEX_VIEW - 8; end < ALS_REGEX_VIEW + 8; end++) {
        memset(text, 'a', size);
        memcpy(text, "key=", 4);
        text[end] = '\n';
        for (int fast = 0; fast < 2; fast++)
            assert_int_not_equal(match("key=.*$", fast, (struct als_text){text, size}, NULL, 0),
                                 ALS_REGEX_YES);
    }
    free(text);
}

/* Both depend on where a search begins: here it is the beginning of the text, always. */
static void test_regex__what_steers_the_search__heeds_all_of_the_text(void **state)
{
    (void)state;
    size_t far = 12000; /* more than a window */
    for (int fast = 0; fast < 2; fast++) {
        assert_int_equal(search("a(*COMMIT)b", fast, "-a", far, "ab").answer, ALS_REGEX_NO);
        assert_int_equal(search("abc(?<=\\Gabc)", fast, "abcd", far, "").answer, ALS_REGEX_YES);
        assert_int_equal(search("abc(?<=\\Gabc)", fast, "-abc", 4000, "").answer, ALS_REGEX_NO);
    }
}

/* Patterns of every day, on a text that is longer than what a match may look at. */
static void test_regex__long_event__is_searched_or_given_up(void **state)
{
    (void)state;
    static const char end[] = " name=ann \"ip\":\"192.0.2.1\" foo";
    size_t far = 4 * ALS_REGEX_VIEW;
    const char *unit = "lorem ipsum, ";
    assert_int_equal(search("name=(\\w+)", true, unit, far, end).answer, ALS_REGEX_YES);
    assert_int_equal(search("name=.*foo", true, unit, far, end).answer, ALS_REGEX_YES);
    assert_int_equal(search("[\\w.]+@[\\w.]+", true, unit, far, end).answer, ALS_REGEX_NO);
    assert_int_equal(search("(?:(?i)l|i)\\w*H", true, unit, far, "").answer, ALS_REGEX_NO);
    assert_int_equal(search("(?s).*\"ip\":\"([^\"]+)\"", true, unit, far, end).answer,
                     ALS_REGEX_GAVE_UP);
    assert_int_equal(search("^(\\S+) (\\S+)", true, "x", far, end).answer, ALS_REGEX_GAVE_UP);
}

static void test_regex__clock_runs_out__is_given_up(void **state)
{
    char letters[1000];
    struct als_text text = {letters, sizeof letters};
    (void)state;
    memset(letters, 'a', sizeof letters);
    for (int fast = 0; fast < 2; fast++) {
        assert_int_equal(match(".*?[xy]", fast, text, NULL, 0), ALS_REGEX_NO);
        test_clock_step_us = ALS_REGEX_US + 1;
        assert_int_equal(match(".*?[xy]", fast, text, NULL, 0), ALS_REGEX_GAVE_UP);
        test_clock_step_us = 0;
    }
}

static void test_regex__next_text__has_all_the_steps_again(void **state)
{
    (void)state;
    char text[42] = {0};
    memset(text, 'a', 40);
    text[40] = '!';
    struct als_regex *regex = compile("(a+)+$", true);
    struct als_regex_matcher *matcher = als_regex_matcher_new(1);
    als_regex_matcher_start(matcher, als_text_of(text));
    assert_int_equal(als_regex_match(regex, matcher), ALS_REGEX_GAVE_UP);
    als_regex_matcher_start(matcher, ALS_TEXT("aaa"));
    assert_int_equal(als_regex_match(regex, matcher), ALS_REGEX_YES);
    als_regex_matcher_free(matcher);
    als_regex_free(regex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regex__bad_pattern__is_refused_with_its_place),
        cmocka_unit_test(test_regex__long_pattern__is_refused),
        cmocka_unit_test(test_regex__both_ways_of_matching__catch_the_same),
        cmocka_unit_test(test_regex__group_that_took_no_part__caught_nothing),
        cmocka_unit_test(test_regex__names__are_numbers),
        cmocka_unit_test(test_regex__invalid_utf_8_and_nul__are_passed_over),
        cmocka_unit_test(test_regex__characters__are_not_cut),
        cmocka_unit_test(test_regex__long_text__is_searched_to_its_end),
        cmocka_unit_test(test_regex__hostile_text__is_given_up_after_so_many_steps),
        cmocka_unit_test(test_regex__recursion__is_given_up_as_well),
        cmocka_unit_test(test_regex__plain_pattern__takes_next_to_no_steps),
        cmocka_unit_test(test_regex__plain_beginning__is_tried_wherever_it_stands),
        cmocka_unit_test(test_regex__text_far_behind__is_not_guessed),
        cmocka_unit_test(test_regex__cut_text__is_never_taken_for_all),
        cmocka_unit_test(test_regex__line_end_where_the_view_ends__is_not_the_end_of_the_text),
        cmocka_unit_test(test_regex__what_steers_the_search__heeds_all_of_the_text),
        cmocka_unit_test(test_regex__long_event__is_searched_or_given_up),
        cmocka_unit_test(test_regex__clock_runs_out__is_given_up),
        cmocka_unit_test(test_regex__next_text__has_all_the_steps_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
