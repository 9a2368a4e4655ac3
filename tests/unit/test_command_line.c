#include "testing.h"

#include "credentials/command_line.h"

static struct als_command_line line;
static awslogsrc_error *error;

static int set_up(void **state)
{
    (void)state;
    error = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    als_command_line_clear(&line);
    awslogsrc_error_free(error);
    return 0;
}

/* words: joined by '|' */
static void assert_split(const char *text, const char *words)
{
    char joined[128] = "";
    assert_int_equal(als_command_line_split(text, &line, NULL), 0);
    for (size_t i = 0; line.words[i] != NULL; i++) {
        size_t size = strlen(joined);
        (void)snprintf(joined + size, sizeof joined - size, "%s%s", i == 0 ? "" : "|",
                       line.words[i]);
    }
    assert_string_equal(joined, words);
    als_command_line_clear(&line);
}

static void test_command_line__words__are_split_at_blanks(void **state)
{
    (void)state;
    assert_split("/opt/bin/get", "/opt/bin/get");
    assert_split("  a\tb \n c  ", "a|b|c");
    assert_split("a b", "a|b");
    assert_split("a $HOME * ~ #x", "a|$HOME|*|~|#x");
}

static void test_command_line__quotes__keep_words_together(void **state)
{
    (void)state;
    assert_split("\"/a b/c\" 'd  e'f", "/a b/c|d  ef");
    assert_split("a '' \"\" b", "a|||b");
    assert_split("a 'x\\y\"z' \"x'y\\z\"", "a|x\\y\"z|x'y\\z");
    assert_split("a \"x\\\"y\\\\\"", "a|x\"y\\");
    assert_split("a 'x\ny'", "a|x\ny");
}

static void test_command_line__backslash__keeps_the_next_character(void **state)
{
    (void)state;
    assert_split("/a\\ b \\'c\\\\ \\|", "/a b|'c\\||");
}

static void test_command_line__quoted_operators__are_words(void **state)
{
    (void)state;
    assert_split("sh -c 'a | b'", "sh|-c|a | b");
    assert_split("a '|' \">\" b;", "a|||>|b;");
}

static void assert_refused(const char *text, const char *message)
{
    assert_int_equal(als_command_line_split(text, &line, &error), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(awslogsrc_error_message(error), message);
    awslogsrc_error_free(error);
    error = NULL;
    assert_null(line.words);
}

static void test_command_line__bad_lines__are_refused(void **state)
{
    (void)state;
    assert_refused("", "the command line names no program");
    assert_refused(" \t ", "the command line names no program");
    assert_refused("'' a", "the command line names no program");
    assert_refused("a 'b", "the command line has a quote that is not closed");
    assert_refused("a \"b\\\"", "the command line has a quote that is not closed");
    assert_refused("a b\\", "the command line ends with a backslash");
    assert_refused("a | b", "the command line has what only a shell understands, and none is used; "
                            "write sh -c '...'");
    assert_refused("a b >", "the command line has what only a shell understands, and none is used; "
                            "write sh -c '...'");
}

static void test_command_line__length__is_bounded(void **state)
{
    static char text[ALS_COMMAND_LINE_LONGEST + 2];
    (void)state;
    for (size_t i = 0; i < ALS_COMMAND_LINE_LONGEST; i++)
        text[i] = i % 2 == 0 ? 'a' : ' ';
    assert_int_equal(als_command_line_split(text, &line, NULL), 0);
    assert_string_equal(line.words[ALS_COMMAND_LINE_LONGEST / 2 - 1], "a");
    assert_null(line.words[ALS_COMMAND_LINE_LONGEST / 2]);
    als_command_line_clear(&line);
    text[ALS_COMMAND_LINE_LONGEST] = 'a';
    assert_refused(text, "the command line is longer than 8192 bytes");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_command_line__words__are_split_at_blanks),
        TEST(test_command_line__quotes__keep_words_together),
        TEST(test_command_line__backslash__keeps_the_next_character),
        TEST(test_command_line__quoted_operators__are_words),
        TEST(test_command_line__bad_lines__are_refused),
        TEST(test_command_line__length__is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
