#include "testing.h"

#include "awslogsrc/error.h"
#include "event/identifier.h"
#include "test_clock.h"

/* The page's own example. */
static const char *const page[] = {"VPC=\\sREJECT\\sFAILURE", "$1=\\s(REJECT)\\sOK",
                                   "VPC-$1-$2=\\s(ACCEPT)\\s(OK)"};
static const char page_event[] = "{LogStreamName: LogStreamTest,Timestamp: 0,Message: ACCEPT OK,"
                                 "IngestionTime: 0,EventId: 0}";

struct found {
    enum als_identifier_answer answer;
    char text[ALS_IDENTIFIER_SIZE_MAX + 16];
};

static struct found find_in(const char *const *lines, size_t count, struct als_text payload)
{
    struct found found = {0};
    struct als_identifier *identifier = NULL;
    struct als_buffer out;
    char *copies[8] = {0};
    als_buffer_init(&out, ALS_IDENTIFIER_SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        copies[i] = strdup(lines[i]);
    assert_int_equal(als_identifier_new(copies, count, &identifier, &out), 0);
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    found.answer = als_identifier_find(identifier, payload, &out);
    (void)snprintf(found.text, sizeof found.text, "%s", als_buffer_string(&out));
    als_buffer_clear(&out);
    als_identifier_free(identifier);
    return found;
}

static struct found find(const char *line, const char *payload)
{
    return find_in(&line, 1, als_text_of(payload));
}

static void assert_refused(const char *line, const char *reason)
{
    struct als_buffer why;
    als_buffer_init(&why, 1024);
    assert_int_equal(als_identifier_check(als_text_of(line), &why), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(als_buffer_string(&why), reason);
    als_buffer_clear(&why);
}

static void test_identifier__example_of_the_page__gives_vpc_accept_ok(void **state)
{
    (void)state;
    struct found found = find_in(page, 3, als_text_of(page_event));
    assert_int_equal(found.answer, ALS_IDENTIFIER_FOUND);
    assert_string_equal(found.text, "VPC-ACCEPT-OK");
}

static void test_identifier__several_lines_match__the_first_one_wins(void **state)
{
    (void)state;
    static const char *const lines[] = {"none=x", "first=a", "second=a"};
    assert_string_equal(find_in(lines, 3, ALS_TEXT("a")).text, "first");
}

static void test_identifier__no_line_matches__there_is_none(void **state)
{
    (void)state;
    assert_int_equal(find("a=b", "c").answer, ALS_IDENTIFIER_NONE);
}

static void test_identifier__first_equals_sign__splits(void **state)
{
    (void)state;
    assert_string_equal(find("k=(a)=(b)", "a=b").text, "k");
}

static void test_identifier__keys__hold_groups_names_and_dollars(void **state)
{
    (void)state;
    assert_string_equal(find("$0=b+", "abbc").text, "bb");
    assert_string_equal(find("$10=(.)", "x").text, "x0");
    assert_string_equal(find("$$1-$1$$=(.)", "x").text, "$1-x$");
    assert_string_equal(find("${verb}.${noun}=(?<noun>\\w+) (?<verb>\\w+)", "dogs bark").text,
                        "bark.dogs");
    assert_string_equal(find("${11}=(1)(2)(3)(4)(5)(6)(7)(8)(9)(a)(b)", "123456789ab").text, "b");
}

static void test_identifier__empty_key__goes_on_with_the_next_line(void **state)
{
    (void)state;
    static const char *const lines[] = {"$1=(x)?", "other=a"};
    assert_string_equal(find_in(lines, 2, ALS_TEXT("a")).text, "other");
}

static void test_identifier__bad_lines__are_refused(void **state)
{
    (void)state;
    assert_refused("abc", "there is no '=' between key and regex");
    assert_refused("=abc", "there is no key before the '='");
    assert_refused("abc=", "there is no regex behind the '='");
    assert_refused("abc=(", "the regex, at its byte 1: missing closing parenthesis");
    assert_refused("$2=(a)", "the key: $2 is no group of the regex");
    assert_refused("a-${x}-b=(?<y>a)", "the key: ${x} is no group of the regex");
    assert_refused("${2}=(a)", "the key: ${2} is no group of the regex");
    assert_refused("${}=(a)", "the key: ${} is no group of the regex");
    assert_refused("${x=(?<x>a)", "the key: ${x has no }");
    assert_refused("$x=a", "the key: $ is followed by none of 0 to 9, {name} and $");
    assert_refused("x$=a", "the key: $ is followed by none of 0 to 9, {name} and $");
}

static void test_identifier__long_one__is_cut_between_characters(void **state)
{
    (void)state;
    char payload[2 * ALS_IDENTIFIER_SIZE_MAX + 2] = "x";
    for (size_t i = 1; i + 1 < sizeof payload; i++)
        payload[i] = i % 2 == 1 ? '\xc3' : '\xa4';
    struct found found = find("$0-behind=.*", payload);
    assert_int_equal(found.answer, ALS_IDENTIFIER_FOUND);
    assert_int_equal(strlen(found.text), ALS_IDENTIFIER_SIZE_MAX - 1);
}

static void test_identifier__line_that_takes_too_long__gives_up(void **state)
{
    (void)state;
    static const char *const lines[] = {"hostile=(a+)+$", "other=a"};
    char payload[64] = {0};
    memset(payload, 'a', 40);
    payload[40] = '!';
    struct found found = find_in(lines, 2, als_text_of(payload));
    assert_int_equal(found.answer, ALS_IDENTIFIER_GAVE_UP);
    assert_string_equal(found.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identifier__example_of_the_page__gives_vpc_accept_ok),
        cmocka_unit_test(test_identifier__several_lines_match__the_first_one_wins),
        cmocka_unit_test(test_identifier__no_line_matches__there_is_none),
        cmocka_unit_test(test_identifier__first_equals_sign__splits),
        cmocka_unit_test(test_identifier__keys__hold_groups_names_and_dollars),
        cmocka_unit_test(test_identifier__empty_key__goes_on_with_the_next_line),
        cmocka_unit_test(test_identifier__bad_lines__are_refused),
        cmocka_unit_test(test_identifier__long_one__is_cut_between_characters),
        cmocka_unit_test(test_identifier__line_that_takes_too_long__gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
