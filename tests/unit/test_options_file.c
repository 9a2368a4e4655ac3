#include "testing.h"

#include <sys/stat.h>
#include <unistd.h>

#include "awslogsrc/error.h"
#include "awslogsrc/options.h"
#include "options/options.h"
#include "options/options_file.h"

struct fixture {
    char path[64];
    awslogsrc_options *options;
    awslogsrc_error *error;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (fixture == NULL)
        return -1;
    (void)snprintf(fixture->path, sizeof fixture->path, "/tmp/test_options_XXXXXX");
    int fd = mkstemp(fixture->path);
    *state = fixture;
    return fd < 0 || close(fd) != 0 || als_options_new(&fixture->options, NULL) != 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    awslogsrc_options_free(fixture->options);
    awslogsrc_error_free(fixture->error);
    free(fixture);
    return 0;
}

static void write_bytes(const struct fixture *fixture, const char *data, size_t size)
{
    FILE *file = fopen(fixture->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static int load(struct fixture *fixture, const char *text, const char *section)
{
    write_bytes(fixture, text, strlen(text));
    awslogsrc_error_free(fixture->error);
    fixture->error = NULL;
    return awslogsrc_options_load(fixture->options, fixture->path, section, &fixture->error);
}

static const char *get(const struct fixture *fixture, const char *name)
{
    const char *value = NULL;
    assert_int_equal(awslogsrc_options_get(fixture->options, name, &value, NULL), 0);
    return value;
}

/* The message is "PATH:" and the rest. */
static void assert_message(const struct fixture *fixture, const char *rest)
{
    char expected[512];
    (void)snprintf(expected, sizeof expected, "%s:%s", fixture->path, rest);
    assert_string_equal(awslogsrc_error_message(fixture->error), expected);
}

static void test_options_file__a_section__is_set_without_the_others(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture,
                          "# comment\n; another\n\n[source one]\nlog_group = first\n"
                          "[source two]\nlog_group = second\nregions=eu-west-1 , us-east-1\n",
                          "two"),
                     0);
    assert_string_equal(get(fixture, "log_group"), "second");
    assert_string_equal(get(fixture, "regions"), "eu-west-1 , us-east-1");
}

static void test_options_file__no_section_named__is_default(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source default]\nlog-group = g\n", NULL), 0);
    assert_string_equal(get(fixture, "log_group"), "g");
}

static void test_options_file__bom_and_crlf__are_fine(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "\xef\xbb\xbf[source a]\r\nlog_group = g\r\n\r\n", "a"), 0);
    assert_string_equal(get(fixture, "log_group"), "g");
}

static void test_options_file__last_line_without_line_break__counts(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\nlog_group = g", "a"), 0);
    assert_string_equal(get(fixture, "log_group"), "g");
}

static void test_options_file__value_with_equals_and_hash__is_whole(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\nfilter_pattern = a=b # c ; d\n", "a"), 0);
    assert_string_equal(get(fixture, "filter_pattern"), "a=b # c ; d");
}

static void test_options_file__indented_lines__continue_the_list_above(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(
        load(fixture, "[source a]\nregions = eu-west-1,\n# why\n\tus-east-1,\n  us-west-2\n", "a"),
        0);
    assert_string_equal(get(fixture, "regions"), "eu-west-1,\nus-east-1,\nus-west-2");
}

static void test_options_file__options_set_before__stay_where_it_is_silent(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_options_set(fixture->options, "log_stream", "s", NULL), 0);
    assert_int_equal(load(fixture, "[source a]\nlog_group = g\n", "a"), 0);
    assert_string_equal(get(fixture, "log_stream"), "s");
}

static void test_options_file__empty_value__is_the_default_again(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_options_set(fixture->options, "connect_timeout", "7s", NULL), 0);
    assert_int_equal(load(fixture, "[source a]\nconnect_timeout =\n", "a"), 0);
    assert_string_equal(get(fixture, "connect_timeout"), "5s");
}

static void test_options_file__bad_lines__are_named(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        const char *message;
    } bad[] = {
        {"log_group = g\n", "1: an option before the first [source NAME]"},
        {"\n  x\n", "2: an indented line continues an option, but there is none above"},
        {"[source a]\n  x\n", "2: an indented line continues an option, but there is none above"},
        {"[source a]\nlog_group\n", "2: no '=' behind the option's name"},
        {"[source a]\n= x\n", "2: an option's name has 1 to 64 characters"},
        {"[source a\n", "1: a section's line ends with ']'"},
        {"[\n", "1: a section's line ends with ']'"},
        {"[]\n", "1: unknown kind of section; write [source NAME]"},
        {"[sink a]\n", "1: unknown kind of section; write [source NAME]"},
        {"[sourcea]\n", "1: unknown kind of section; write [source NAME]"},
        {"[source]\n", "1: a source's name has 1 to 64 of A-Z, a-z, 0-9 and _ . -"},
        {"[source a/b]\n", "1: a source's name has 1 to 64 of A-Z, a-z, 0-9 and _ . -"},
        {"[source a b]\n", "1: a source's name has 1 to 64 of A-Z, a-z, 0-9 and _ . -"},
        {"[source a]\n\n[source a]\n", "3: section [source a] is already on line 1"},
        {"[source a]\nlog_group=x\nlog-group=y\n", "3: log_group is already set on line 2"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(load(fixture, bad[i].text, "a"), AWSLOGSRC_E_FILE_SYNTAX);
        assert_message(fixture, bad[i].message);
    }
}

static void test_options_file__bad_line_behind_the_section__is_found_too(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\nlog_group=g\n[source b]\nnonsense\n", "a"),
                     AWSLOGSRC_E_FILE_SYNTAX);
    assert_string_equal(get(fixture, "log_group"), "");
}

static void test_options_file__bad_option__is_named_with_its_first_line(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\nlog_group=g\nregions=eu-west-1,\n  EU\n\n", "a"),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_message(fixture, "3: regions: item 2: a region name has 1 to 63 of a-z, 0-9 and '-', "
                            "and no '-' at its ends");
}

static void test_options_file__unknown_option__is_named_with_its_line(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\nlog_grup=g\n", "a"), AWSLOGSRC_E_OPTION_UNKNOWN);
    assert_message(fixture, "2: \"log_grup\" is not an option; did you mean log_group?");
}

static void test_options_file__several_bad_options__are_all_named(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\npoll_interval=10\nlog_group=g\nlog_grup=g\n", "a"),
                     AWSLOGSRC_E_OPTION_VALUE);
    const char *text = awslogsrc_error_message(fixture->error);
    const char *first = strstr(text, ":2: poll_interval: ");
    assert_non_null(first);
    assert_non_null(strchr(first, '\n'));
    assert_non_null(strstr(strchr(first, '\n'), ":4: \"log_grup\" is not an option"));
}

static void test_options_file__more_bad_options_than_fit__says_so(void **state)
{
    enum { LINES = 1000 };
    struct fixture *fixture = *state;
    static char text[16 + 8 * LINES] = "[source a]\n";
    for (size_t i = 0, used = strlen(text); i < LINES; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "x%zu=1\n", i);
    assert_int_equal(load(fixture, text, "a"), AWSLOGSRC_E_OPTION_UNKNOWN);
    const char *message = awslogsrc_error_message(fixture->error);
    assert_string_equal(message + strlen(message) - strlen("\nand more"), "\nand more");
}

static void test_options_file__failure__changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_options_set(fixture->options, "log_group", "before", NULL), 0);
    assert_int_equal(load(fixture, "[source a]\nlog_group=after\nuse_proxy=maybe\n", "a"),
                     AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(get(fixture, "log_group"), "before");
}

static void test_options_file__missing_section__is_named(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture, "[source a]\n", "b"), AWSLOGSRC_E_OPTION_MISSING);
    assert_message(fixture, " there is no section [source b]");
}

static void test_options_file__nul_byte__is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char data[] = "[source a]\nlog_group=x\0y\n";
    write_bytes(fixture, data, sizeof data - 1);
    assert_int_equal(awslogsrc_options_load(fixture->options, fixture->path, "a", &fixture->error),
                     AWSLOGSRC_E_FILE_SYNTAX);
    assert_message(fixture, "2: a NUL byte");
}

static int load_sized(struct fixture *fixture, size_t size)
{
    char *text = calloc(1, size + 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, size + 1, "[source a]\n");
    memset(text + used, '#', size - used);
    write_bytes(fixture, text, size);
    free(text);
    return awslogsrc_options_load(fixture->options, fixture->path, "a", &fixture->error);
}

static void test_options_file__largest_file__is_read(void **state)
{
    assert_int_equal(load_sized(*state, ALS_OPTIONS_FILE_LARGEST), 0);
}

static void test_options_file__one_byte_more__is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(load_sized(fixture, ALS_OPTIONS_FILE_LARGEST + 1), AWSLOGSRC_E_FILE);
    assert_message(fixture, " is larger than 1048576 bytes");
}

static void test_options_file__missing_file__is_named_with_the_cause(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(awslogsrc_options_load(fixture->options, fixture->path, "a", &fixture->error),
                     AWSLOGSRC_E_FILE);
    assert_message(fixture, " No such file or directory");
}

static void test_options_file__pipe__is_refused_at_once(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(unlink(fixture->path), 0);
    assert_int_equal(mkfifo(fixture->path, 0600), 0);
    assert_int_equal(awslogsrc_options_load(fixture->options, fixture->path, "a", &fixture->error),
                     AWSLOGSRC_E_FILE);
    assert_message(fixture, " is not a regular file");
}

static void test_options_file__sections__are_listed_in_order(void **state)
{
    struct fixture *fixture = *state;
    static const char expected[] = "b\0a.1-_\0";
    char *sections = NULL;
    static const char text[] = "[source b]\nlog_group=g\n[ source  a.1-_ ]\n";
    write_bytes(fixture, text, sizeof text - 1);
    assert_int_equal(awslogsrc_options_sections(fixture->path, &sections, &fixture->error), 2);
    assert_memory_equal(sections, expected, sizeof expected);
    awslogsrc_options_sections_free(sections);
}

static void test_options_file__empty_file__has_no_section(void **state)
{
    struct fixture *fixture = *state;
    char *sections = NULL;
    assert_int_equal(awslogsrc_options_sections(fixture->path, &sections, &fixture->error), 0);
    assert_string_equal(sections, "");
    awslogsrc_options_sections_free(sections);
}

static int count_sections(struct fixture *fixture, int count)
{
    char *sections = NULL;
    FILE *file = fopen(fixture->path, "wb");
    assert_non_null(file);
    for (int i = 0; i < count; i++)
        (void)fprintf(file, "[source s%d]\n", i);
    assert_int_equal(fclose(file), 0);
    int code = awslogsrc_options_sections(fixture->path, &sections, &fixture->error);
    awslogsrc_options_sections_free(sections);
    return code;
}

static void test_options_file__most_sections__are_read(void **state)
{
    assert_int_equal(count_sections(*state, ALS_OPTIONS_FILE_MOST_SECTIONS),
                     ALS_OPTIONS_FILE_MOST_SECTIONS);
}

static void test_options_file__one_section_more__is_refused(void **state)
{
    assert_int_equal(count_sections(*state, ALS_OPTIONS_FILE_MOST_SECTIONS + 1),
                     AWSLOGSRC_E_FILE_SYNTAX);
}

static int load_named(struct fixture *fixture, size_t size)
{
    char name[80] = {0};
    char text[128];
    memset(name, 'n', size);
    (void)snprintf(text, sizeof text, "[source %s]\n", name);
    return load(fixture, text, name);
}

static void test_options_file__section_name__has_64_characters_at_most(void **state)
{
    assert_int_equal(load_named(*state, ALS_OPTIONS_FILE_LONGEST_NAME), 0);
    assert_int_equal(load_named(*state, ALS_OPTIONS_FILE_LONGEST_NAME + 1),
                     AWSLOGSRC_E_FILE_SYNTAX);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_options_file__a_section__is_set_without_the_others),
        TEST(test_options_file__no_section_named__is_default),
        TEST(test_options_file__bom_and_crlf__are_fine),
        TEST(test_options_file__last_line_without_line_break__counts),
        TEST(test_options_file__value_with_equals_and_hash__is_whole),
        TEST(test_options_file__indented_lines__continue_the_list_above),
        TEST(test_options_file__options_set_before__stay_where_it_is_silent),
        TEST(test_options_file__empty_value__is_the_default_again),
        TEST(test_options_file__bad_lines__are_named),
        TEST(test_options_file__bad_line_behind_the_section__is_found_too),
        TEST(test_options_file__bad_option__is_named_with_its_first_line),
        TEST(test_options_file__unknown_option__is_named_with_its_line),
        TEST(test_options_file__several_bad_options__are_all_named),
        TEST(test_options_file__more_bad_options_than_fit__says_so),
        TEST(test_options_file__failure__changes_nothing),
        TEST(test_options_file__missing_section__is_named),
        TEST(test_options_file__nul_byte__is_refused),
        TEST(test_options_file__largest_file__is_read),
        TEST(test_options_file__one_byte_more__is_refused),
        TEST(test_options_file__missing_file__is_named_with_the_cause),
        TEST(test_options_file__pipe__is_refused_at_once),
        TEST(test_options_file__sections__are_listed_in_order),
        TEST(test_options_file__empty_file__has_no_section),
        TEST(test_options_file__most_sections__are_read),
        TEST(test_options_file__one_section_more__is_refused),
        TEST(test_options_file__section_name__has_64_characters_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
