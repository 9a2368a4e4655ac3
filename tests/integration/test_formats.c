#include "testing.h"

#include "command.h"
#include "folder.h"

enum { EVENTS = 40 };

static struct simulator aws;

static int start(void **state)
{
    (void)state;
    simulator_start(&aws, LIST("--region", "us-east-1", "--events", "40", "--start", "-1h"), NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    simulator_stop(&aws);
    return 0;
}

static void write_file(const char *path, const struct process_text *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->data, 1, text->size, file), text->size);
    assert_int_equal(fclose(file), 0);
}

/* Every line of one is in the other: events of one time come in any order. Changes the first. */
static void assert_lines_of(struct process_text *some, const struct process_text *all)
{
    char *next = NULL;
    for (char *line = strtok_r(some->data, "\n", &next); line != NULL;
         line = strtok_r(NULL, "\n", &next)) {
        if (strstr(all->data, line) == NULL)
            fail_msg("missing: %.300s", line);
    }
}

/* What collect writes in a format is what normalize makes of what it writes as JSON. */
static void test_formats__collected_or_normalised_later__are_the_same(void **state)
{
    static const char *const formats[] = {"record", "ecs", "ocsf", "leef", "cef"};
    char path[FOLDER_PATH_SIZE + 16];
    struct process json, collected, normalised;
    (void)snprintf(path, sizeof path, "%s/events.jsonl", (const char *)*state);
    assert_int_equal(command_collect(&aws, &json, LIST("--regions", "us-east-1", "--once")), 0);
    write_file(path, &json.out);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        assert_int_equal(
            command_collect(&aws, &collected,
                            LIST("--regions", "us-east-1", "--once", "--format", formats[i])),
            0);
        assert_int_equal(
            command_run(&normalised, LIST(COMMAND_PATH, "normalize", "--format", formats[i], path)),
            0);
        assert_int_equal(command_count(&collected.out, "\n"), EVENTS);
        assert_int_equal(collected.out.size, normalised.out.size);
        assert_lines_of(&collected.out, &normalised.out);
        process_clear(&collected);
        process_clear(&normalised);
    }
    process_clear(&json);
}

static void test_formats__leef_with_nul__is_ended_by_it(void **state)
{
    struct process process;
    size_t ends = 0;
    (void)state;
    assert_int_equal(command_collect(&aws, &process,
                                     LIST("--regions", "us-east-1", "--once", "--format", "leef",
                                          "--delimiter", "nul")),
                     0);
    for (size_t i = 0; i < process.out.size; i++)
        ends += process.out.data[i] == '\0';
    assert_int_equal(ends, EVENTS);
    assert_memory_equal(process.out.data, "LEEF:2.0|", 9);
    assert_int_equal(process.out.data[process.out.size - 1], '\0');
    process_clear(&process);
}

static void test_formats__unknown_format__is_refused_with_all_there_are(void **state)
{
    struct process process;
    (void)state;
    assert_int_equal(command_run(&process, LIST(COMMAND_PATH, "normalize", "--format", "xml")), 2);
    command_assert_says(&process,
                        "format: \"xml\" is none of json, ecs, ocsf, leef, cef, original");
    process_clear(&process);
    assert_int_equal(command_collect(&aws, &process, LIST("--format", "xml")), 2);
    command_assert_says(&process, "none of json, payload, record, ecs, ocsf, leef, cef");
    process_clear(&process);
}

static void test_formats__file_that_is_missing__fails_after_the_others(void **state)
{
    char path[FOLDER_PATH_SIZE + 16];
    struct process process;
    const struct process_text text = {.data = (char[]){"hello\n{\"a\":"}, .size = 11};
    (void)snprintf(path, sizeof path, "%s/lines", (const char *)*state);
    write_file(path, &text);
    assert_int_equal(command_run(&process, LIST(COMMAND_PATH, "normalize", "--format=original",
                                                "/nowhere/at/all", path)),
                     1);
    command_assert_says(&process, "/nowhere/at/all: No such file or directory");
    command_assert_says(&process, "1 of 2 messages could not be parsed");
    assert_int_equal(process.out.size, text.size + 1);
    process_clear(&process);
}

/* Nor does it end what is read: the message is named, and the others are written. */
static void test_formats__message_that_is_too_large__is_left_out_alone(void **state)
{
    char path[FOLDER_PATH_SIZE + 16];
    struct process process;
    const struct process_text text = {.data = (char[]){"one\ntwo two two\nthree\n"}, .size = 22};
    (void)snprintf(path, sizeof path, "%s/lines", (const char *)*state);
    write_file(path, &text);
    assert_int_equal(
        command_run(&process, LIST(COMMAND_PATH, "normalize", "--format=original", "--quiet",
                                   "--max-message=5", "--oversize=refuse", path)),
        1);
    command_assert_says(&process, "lines: message 2 is too large, and left out");
    assert_int_equal(process.out.size, 10);
    assert_memory_equal(process.out.data, "one\nthree\n", 10);
    process_clear(&process);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        TEST(test_formats__collected_or_normalised_later__are_the_same),
        TEST(test_formats__leef_with_nul__is_ended_by_it),
        TEST(test_formats__unknown_format__is_refused_with_all_there_are),
        TEST(test_formats__file_that_is_missing__fails_after_the_others),
        TEST(test_formats__message_that_is_too_large__is_left_out_alone),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
