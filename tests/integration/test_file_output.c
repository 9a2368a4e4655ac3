#include "testing.h"

#include <signal.h>
#include <unistd.h>

#include "command.h"
#include "folder.h"

enum { EVENTS = 20, PATIENCE_MS = 20000 };

static struct simulator aws;

static int start_simulator(void **state)
{
    (void)state;
    simulator_start(&aws, LIST("--events", "20", "--start", "-1h"), NULL);
    return 0;
}

static int stop_simulator(void **state)
{
    (void)state;
    simulator_stop(&aws);
    return 0;
}

static const char *in_folder(const char *folder, const char *name)
{
    static char path[FOLDER_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static size_t lines_of(const char *path)
{
    size_t size = 0;
    char *data = access(path, R_OK) == 0 ? test_read_file(path, &size) : NULL;
    struct process_text text = {.data = data, .size = size};
    size_t lines = command_count(&text, "\n");
    free(data);
    return lines;
}

static void await_lines(const char *path, size_t count)
{
    for (int waited = 0; lines_of(path) < count && waited < PATIENCE_MS; waited += 10)
        (void)usleep(10000);
    assert_int_equal(lines_of(path), count);
}

static void test_file_output__once__has_all_events_behind_what_was_there(void **state)
{
    struct process process;
    char output[FOLDER_PATH_SIZE + 8];
    const char *path = in_folder(*state, "events");
    (void)snprintf(output, sizeof output, "file:%s", path);
    for (size_t i = 1; i <= 2; i++) {
        int code = command_collect(&aws, &process,
                                   LIST("--regions", "us-east-1", "--once", "--output", output));
        assert_int_equal(code, 0);
        assert_int_equal(process.out.size, 0);
        assert_int_equal(lines_of(path), i * EVENTS);
        process_clear(&process);
    }
}

static void test_file_output__behind_half_an_event__begins_a_line_of_its_own(void **state)
{
    struct process process;
    char output[FOLDER_PATH_SIZE + 8];
    const char *path = in_folder(*state, "events");
    (void)snprintf(output, sizeof output, "file:%s", path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs("{\"source\":\"def", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(command_collect(&aws, &process,
                                     LIST("--regions", "us-east-1", "--once", "--output", output)),
                     0);
    process_clear(&process);
    size_t size = 0;
    char *data = test_read_file(path, &size);
    assert_int_equal(lines_of(path), EVENTS + 1);
    assert_memory_equal(data, "{\"source\":\"def\n{\"source\":", 25);
    free(data);
}

static void test_file_output__moved_away__is_made_anew_on_sighup(void **state)
{
    struct process process;
    char output[FOLDER_PATH_SIZE + 8], path[FOLDER_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s", in_folder(*state, "events"));
    (void)snprintf(output, sizeof output, "file:%s", path);
    command_start(&process, &(struct process_options){0}, &aws,
                  LIST("--regions", "us-east-1", "--output", output, "--quiet"));
    await_lines(path, EVENTS);
    const char *moved = in_folder(*state, "events.1");
    assert_int_equal(rename(path, moved), 0);
    process_signal(&process, SIGHUP);
    for (int waited = 0; access(path, F_OK) != 0 && waited < PATIENCE_MS; waited += 10)
        (void)usleep(10000);
    assert_int_equal(access(path, F_OK), 0);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_finish(&process), 0);
    assert_int_equal(lines_of(moved), EVENTS);
    process_clear(&process);
}

static void test_file_output__folder_that_is_not_there__is_told(void **state)
{
    struct process process;
    (void)state;
    int code = command_collect(&aws, &process,
                               LIST("--regions", "us-east-1", "--output", "file:/nowhere/at/all"));
    assert_int_equal(code, 2);
    command_assert_says(&process, "awslogsrc: file:/nowhere/at/all: No such file or directory");
    process_clear(&process);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_file_output__once__has_all_events_behind_what_was_there),
        TEST(test_file_output__behind_half_an_event__begins_a_line_of_its_own),
        TEST(test_file_output__moved_away__is_made_anew_on_sighup),
        TEST(test_file_output__folder_that_is_not_there__is_told),
    };
    return cmocka_run_group_tests(tests, start_simulator, stop_simulator);
}
