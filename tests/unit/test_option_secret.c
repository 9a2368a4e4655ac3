#include "testing.h"

#include <sys/stat.h>
#include <unistd.h>

#include "options/option_secret.h"
#include "options/option_table.h"
#include "options_fixture.h"

static void write_secret(char path[64], const char *text)
{
    (void)snprintf(path, 64, "/tmp/test_secret_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static void test_option_secret__secret_file_for_everybody__is_noted(void **state)
{
    struct fixture *fixture = *state;
    int index = als_option_table_find("secret_key");
    char path[64], value[80];
    write_secret(path, PLAINTEXT);
    (void)snprintf(value, sizeof value, "file:%s", path);
    assert_int_equal(set(fixture, "secret_key", value), 0);
    assert_null(fixture->options->exposed[index]);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(set(fixture, "secret_key", value), 0);
    assert_string_equal(fixture->options->exposed[index], path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(set(fixture, "secret_key", PLAINTEXT), 0);
    assert_null(fixture->options->exposed[index]);
}

static int set_from_file(struct fixture *fixture, const char *text)
{
    char path[64];
    char value[80];
    write_secret(path, text);
    (void)snprintf(value, sizeof value, "file:%s", path);
    int code = set(fixture, "secret_key", value);
    assert_int_equal(unlink(path), 0);
    return code;
}

static const char *secret_key(const struct fixture *fixture)
{
    return fixture->options->values[als_option_table_find("secret_key")];
}

static void test_option_secret__secret_in_a_file__is_read_without_its_line_break(void **state)
{
    static const char *const files[] = {PLAINTEXT, PLAINTEXT "\n", PLAINTEXT "\r\n"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_int_equal(set_from_file(*state, files[i]), 0);
        assert_string_equal(secret_key(*state), PLAINTEXT);
    }
}

static void test_option_secret__secret_file_missing__is_named(void **state)
{
    assert_int_equal(set(*state, "secret_key", "file:/nowhere/at/all"), AWSLOGSRC_E_FILE);
    assert_string_equal(message(*state), "secret_key: /nowhere/at/all: No such file or directory");
}

static void test_option_secret__secret_file_empty__is_refused(void **state)
{
    assert_int_equal(set_from_file(*state, "\n"), AWSLOGSRC_E_FILE);
    assert_non_null(strstr(message(*state), "is empty"));
}

static void test_option_secret__secret_file_of_two_lines__is_refused_without_showing_it(
    void **state)
{
    assert_int_equal(set_from_file(*state, PLAINTEXT "\nmore\n"), AWSLOGSRC_E_OPTION_VALUE);
    assert_null(strstr(message(*state), PLAINTEXT));
}

static int set_from_sized_file(struct fixture *fixture, size_t size)
{
    char *text = calloc(1, size + 1);
    assert_non_null(text);
    memset(text, 'x', size);
    int code = set_from_file(fixture, text);
    free(text);
    return code;
}

static void test_option_secret__secret_file__has_a_largest_size(void **state)
{
    assert_int_equal(set_from_sized_file(*state, ALS_OPTION_SECRET_LONGEST), 0);
    assert_int_equal(set_from_sized_file(*state, ALS_OPTION_SECRET_LONGEST + 1), AWSLOGSRC_E_FILE);
}

static void test_option_secret__secret_in_the_environment__is_read(void **state)
{
    assert_int_equal(setenv("AWSLOGSRC_TEST_SECRET", PLAINTEXT, 1), 0);
    assert_int_equal(set(*state, "secret_key", "env:AWSLOGSRC_TEST_SECRET"), 0);
    assert_string_equal(secret_key(*state), PLAINTEXT);
    assert_int_equal(unsetenv("AWSLOGSRC_TEST_SECRET"), 0);
}

static void test_option_secret__secret_variable_missing__is_named(void **state)
{
    assert_int_equal(set(*state, "secret_key", "env:AWSLOGSRC_TEST_NONE"), AWSLOGSRC_E_FILE);
    assert_string_equal(message(*state),
                        "secret_key: the environment variable AWSLOGSRC_TEST_NONE is not set");
}

static void test_option_secret__secrets__are_masked(void **state)
{
    assert_int_equal(set(*state, "secret_key", PLAINTEXT), 0);
    assert_string_equal(get(*state, "secret_key"), "****");
    assert_string_equal(get(*state, "session_token"), "");
}

/* A secret with something wrong about it, in every option, secret or not. */
static void test_option_secret__secrets__are_in_no_error(void **state)
{
    static const char *const bad[] = {PLAINTEXT "\x01", PLAINTEXT " \xff", PLAINTEXT ":* !"};
    for (int i = 0; i < ALS_OPTION_COUNT; i++) {
        const struct als_option *option = als_option_table_row(i);
        bool quotes = option->type == ALS_OPTION_INTEGER || option->type == ALS_OPTION_DURATION ||
                      option->type == ALS_OPTION_SIZE || option->type == ALS_OPTION_BOOLEAN ||
                      option->type == ALS_OPTION_CHOICE || option->type == ALS_OPTION_TIME;
        for (size_t j = 0; !quotes && j < sizeof bad / sizeof bad[0]; j++) {
            (void)set(*state, option->name, bad[j]);
            assert_null(strstr(message(*state), PLAINTEXT));
        }
    }
}

static void test_option_secret__secrets__are_in_no_error_of_the_whole(void **state)
{
    struct fixture *fixture = *state;
    force(fixture, "secret_key", PLAINTEXT "\x01");
    force(fixture, "proxy_server", "http://me:" PLAINTEXT "@ proxy");
    force(fixture, "endpoint_url", "ftp://me:" PLAINTEXT "@host");
    assert_int_equal(resolve(fixture), AWSLOGSRC_E_OPTION_VALUE);
    assert_null(strstr(message(fixture), PLAINTEXT));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_option_secret__secret_in_a_file__is_read_without_its_line_break),
        TEST(test_option_secret__secret_file_for_everybody__is_noted),
        TEST(test_option_secret__secret_file_missing__is_named),
        TEST(test_option_secret__secret_file_empty__is_refused),
        TEST(test_option_secret__secret_file_of_two_lines__is_refused_without_showing_it),
        TEST(test_option_secret__secret_file__has_a_largest_size),
        TEST(test_option_secret__secret_in_the_environment__is_read),
        TEST(test_option_secret__secret_variable_missing__is_named),
        TEST(test_option_secret__secrets__are_masked),
        TEST(test_option_secret__secrets__are_in_no_error),
        TEST(test_option_secret__secrets__are_in_no_error_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
