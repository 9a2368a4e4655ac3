#include "testing.h"

#include "base/log.h"

enum { LONGEST = 4096 };

static char written[2 * LONGEST];
static int lines;

static void keep(void *user_data, int level, const char *message)
{
    assert_null(user_data);
    assert_int_equal(level, AWSLOGSRC_LOG_INFO);
    (void)snprintf(written, sizeof written, "%s", message);
    lines++;
}

static int set_up(void **state)
{
    (void)state;
    lines = 0;
    return 0;
}

/* Logs a line of so many bytes, and what comes behind. */
static void write_line(size_t size, const char *behind)
{
    static const struct als_log log = {.fn = keep, .level = AWSLOGSRC_LOG_INFO};
    char filler[2 * LONGEST];
    memset(filler, 'x', size);
    filler[size] = '\0';
    als_log_write(&log, AWSLOGSRC_LOG_INFO, "%s%s", filler, behind);
    assert_int_equal(lines, 1);
}

static void test_log__longest_message__is_written_whole(void **state)
{
    (void)state;
    write_line(LONGEST - 1, "y");
    assert_int_equal(strlen(written), LONGEST);
    assert_int_equal(written[LONGEST - 1], 'y');
}

static void test_log__longer_message__is_cut(void **state)
{
    (void)state;
    write_line(LONGEST, "y");
    assert_int_equal(strlen(written), LONGEST);
    assert_int_equal(written[LONGEST - 1], 'x');
}

static void test_log__character_at_the_end__is_not_cut_in_two(void **state)
{
    (void)state;
    write_line(LONGEST - 2, "\xe2\x82\xac and more");
    assert_int_equal(strlen(written), LONGEST - 2);
    assert_int_equal(written[LONGEST - 3], 'x');
}

static void test_log__level_nobody_listens_to__is_not_written(void **state)
{
    static const struct als_log log = {.fn = keep, .level = AWSLOGSRC_LOG_INFO};
    (void)state;
    als_log_write(&log, AWSLOGSRC_LOG_DEBUG, "%s", "x");
    assert_int_equal(lines, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_log__longest_message__is_written_whole, set_up),
        cmocka_unit_test_setup(test_log__longer_message__is_cut, set_up),
        cmocka_unit_test_setup(test_log__character_at_the_end__is_not_cut_in_two, set_up),
        cmocka_unit_test_setup(test_log__level_nobody_listens_to__is_not_written, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
