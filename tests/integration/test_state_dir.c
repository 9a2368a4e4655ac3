/* The command's state_dir: what it says and how it ends where the state is not its own, cannot be
 * read or cannot be written. Crashes: crash.py. */
#include "testing.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

enum { EVENTS = 40, PATH_SIZE = 512 };

static struct simulator aws;
static char state_dir[PATH_SIZE];

static int start_aws(void **state)
{
    (void)state;
    simulator_start(&aws, LIST("--events", "40", "--start", "-1h"), NULL);
    return 0;
}

static int stop_aws(void **state)
{
    (void)state;
    simulator_stop(&aws);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(state_dir, sizeof state_dir, "state-XXXXXX");
    return mkdtemp(state_dir) == NULL;
}

static int remove_folder(void **state)
{
    DIR *folder = opendir(state_dir);
    (void)state;
    assert_non_null(folder);
    for (const struct dirent *entry = NULL; (entry = readdir(folder)) != NULL;)
        (void)unlinkat(dirfd(folder), entry->d_name, 0);
    (void)closedir(folder);
    return rmdir(state_dir);
}

static void start_on(const struct simulator *simulator, struct process *process,
                     const char *const *more)
{
    const char *all[16] = {"--regions", "us-east-1", "--state-dir", state_dir};
    for (size_t i = 4; *more != NULL; i++)
        all[i] = *more++;
    command_start(process, &(struct process_options){0}, simulator, all);
}

static void start(struct process *process, const char *const *more)
{
    start_on(&aws, process, more);
}

static int collect(struct process *process, const char *const *more)
{
    start(process, more);
    return process_finish(process);
}

static void collect_all(const char *const *more)
{
    struct process process;
    assert_int_equal(collect(&process, more), 0);
    assert_int_equal(command_count(&process.out, "\n"), EVENTS);
    process_clear(&process);
}

/* The files that end so are changed by fn. */
static void change_files(const char *ending, void (*fn)(char *text, size_t size))
{
    DIR *folder = opendir(state_dir);
    assert_non_null(folder);
    for (const struct dirent *entry = NULL; (entry = readdir(folder)) != NULL;) {
        char path[2 * PATH_SIZE];
        size_t size = 0, length = strlen(entry->d_name), tail = strlen(ending);
        if (length < tail || strcmp(entry->d_name + length - tail, ending) != 0)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", state_dir, entry->d_name);
        char *text = test_read_file(path, &size);
        fn(text, size);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, size, file), size);
        assert_int_equal(fclose(file), 0);
        free(text);
    }
    (void)closedir(folder);
}

static void make_newer(char *text, size_t size)
{
    char *version = memmem(text, size, " 1.", 3);
    assert_non_null(version);
    version[1] = '2';
}

static void damage(char *text, size_t size)
{
    assert_true(size > 0);
    text[size / 2] ^= 1;
}

/* Following and with --once it ends with 1, the cause on stderr and nothing on stdout. */
static void assert_refused_on(const struct simulator *simulator, const char *cause,
                              const char *const *more)
{
    for (int once = 0; once < 2; once++) {
        struct process process;
        start_on(simulator, &process,
                 LIST(once == 0 ? "--once=no" : "--once=yes", more[0], more[0] ? more[1] : NULL));
        assert_int_equal(process_finish(&process), 1);
        command_assert_says(&process, cause);
        assert_int_equal(process.out.size, 0);
        process_clear(&process);
    }
}

static void assert_refused(const char *cause, const char *const *more)
{
    assert_refused_on(&aws, cause, more);
}

static void test_state_dir__second_run__repeats_nothing(void **state)
{
    struct process process;
    (void)state;
    collect_all(LIST("--once"));
    assert_int_equal(collect(&process, LIST("--once")), 0);
    assert_int_equal(process.out.size, 0);
    process_clear(&process);
}

/* Acknowledged last and stored by nobody but the end itself: the interval is an hour. */
static void test_state_dir__sigterm_while_following__next_run_repeats_nothing(void **state)
{
    struct process process;
    (void)state;
    start(&process, LIST("--checkpoint-interval", "1h"));
    process_await_lines(&process, EVENTS);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_finish(&process), 0);
    assert_int_equal(command_count(&process.out, "\n"), EVENTS);
    process_clear(&process);
    assert_int_equal(collect(&process, LIST("--once")), 0);
    assert_int_equal(process.out.size, 0);
    process_clear(&process);
}

static void test_state_dir__second_process__is_refused_and_the_first_goes_on(void **state)
{
    struct process first, second;
    char holder[64];
    (void)state;
    start(&first, LIST("--checkpoint-interval", "100ms"));
    process_await(&first, "\n");
    (void)snprintf(holder, sizeof holder, ".lock is locked by process %d.", (int)first.id);
    assert_int_equal(collect(&second, LIST("--once")), 1);
    command_assert_says(&second, holder);
    assert_int_equal(second.out.size, 0);
    process_clear(&second);
    process_await_lines(&first, EVENTS);
    process_signal(&first, SIGTERM);
    assert_int_equal(process_finish(&first), 0);
    process_clear(&first);
}

/* No line of one is a line of the other. */
static void assert_different(const struct process_text *some, const struct process_text *others)
{
    const char *line = some->data, *end = NULL;
    for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
        assert_null(memmem(others->data, others->size, line, (size_t)(end + 1 - line)));
}

static void test_state_dir__second_process_following__takes_over_when_the_first_ends(void **state)
{
    struct simulator flow;
    struct process first, second;
    (void)state;
    simulator_start(&flow, LIST("--events", "40", "--start", "-1h", "--rate", "50"), NULL);
    start_on(&flow, &first, LIST("--poll-interval", "100ms"));
    process_await_lines(&first, EVENTS);
    start_on(&flow, &second, LIST("--poll-interval", "100ms"));
    process_await_error(&second, ".lock is locked by process ");
    process_signal(&first, SIGTERM);
    assert_int_equal(process_finish(&first), 0);
    process_await_lines(&second, 1);
    process_signal(&second, SIGTERM);
    assert_int_equal(process_finish(&second), 0);
    assert_different(&second.out, &first.out);
    process_clear(&first);
    process_clear(&second);
    simulator_stop(&flow);
}

static void test_state_dir__no_parent_folder__is_named(void **state)
{
    (void)state;
    assert_refused("cannot make the folder nowhere/at/all: No such file or directory",
                   LIST("--state-dir", "nowhere/at/all"));
}

static void test_state_dir__file_in_its_place__is_named(void **state)
{
    (void)state;
    assert_refused(".lock: Not a directory", LIST("--state-dir", aws.ca_file));
}

static void test_state_dir__no_permission__is_named(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        printf("SKIPPED: %s: root may write everywhere\n", __func__);
        skip();
    }
    assert_int_equal(chmod(state_dir, 0500), 0);
    assert_refused(".lock: Permission denied\n", LIST(NULL));
}

static void test_state_dir__state_of_another_group__is_refused_and_kept(void **state)
{
    struct simulator other;
    struct process process;
    (void)state;
    collect_all(LIST("--once"));
    simulator_start(&other, LIST("--group", "other", "--events", "1"), NULL);
    assert_refused_on(&other,
                      "the cursor was made for us-east-1 CloudTrail/logs, not for "
                      "us-east-1 other",
                      LIST("--log-group", "other"));
    simulator_stop(&other);
    assert_int_equal(collect(&process, LIST("--once")), 0);
    assert_int_equal(process.out.size, 0);
    process_clear(&process);
}

static void test_state_dir__newer_version__is_refused(void **state)
{
    (void)state;
    collect_all(LIST("--once"));
    change_files(".cursor", make_newer);
    assert_refused(".cursor: the cursor has format 2.0, and this version reads 1.x", LIST(NULL));
}

static void test_state_dir__both_generations_damaged__is_refused(void **state)
{
    (void)state;
    collect_all(LIST("--once"));
    change_files(".cursor", damage);
    change_files(".previous", damage);
    assert_refused(".cursor: the cursor is damaged or cut off behind byte ", LIST(NULL));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_state_dir__second_run__repeats_nothing),
        TEST(test_state_dir__sigterm_while_following__next_run_repeats_nothing),
        TEST(test_state_dir__second_process__is_refused_and_the_first_goes_on),
        TEST(test_state_dir__second_process_following__takes_over_when_the_first_ends),
        TEST(test_state_dir__no_parent_folder__is_named),
        TEST(test_state_dir__file_in_its_place__is_named),
        TEST(test_state_dir__no_permission__is_named),
        TEST(test_state_dir__state_of_another_group__is_refused_and_kept),
        TEST(test_state_dir__newer_version__is_refused),
        TEST(test_state_dir__both_generations_damaged__is_refused)};
    return cmocka_run_group_tests(tests, start_aws, stop_aws);
}
