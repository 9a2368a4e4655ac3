#include "testing.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "net/child_process.h"
#include "net/reactor.h"

#define SHELL(script) ((const char *const[]){"/bin/sh", "-c", (script), NULL})
#define LIST(...)     ((const char *const[]){__VA_ARGS__, NULL})

enum {
    LIMIT = 1024,
    LONG_MS = 60000, /* no test waits for it */
    SHORT_MS = 20,
    SLOW = 40, /* looks that find a killed process alive: more than one wait for it has */
    FREE_FD = 50
};

static struct als_reactor reactor;
static struct als_child_process *process;
static awslogsrc_error *error;
static bool is_done;
static int code, exit_status, ended_by;
static char output[LIMIT + 2], complaint[ALS_CHILD_PROCESS_COMPLAINT + 1];

static int hidden_looks =
    -1; /* that find the process alive; the next finds it gone. -1: as it is */
static pid_t buried;

pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
    if (hidden_looks > 0) {
        hidden_looks--;
        return 0;
    }
    pid_t ended = __real_waitpid(pid, status, hidden_looks == 0 ? 0 : options);
    if (ended > 0)
        buried = ended;
    return ended;
}

static int set_up(void **state)
{
    (void)state;
    hidden_looks = -1;
    buried = 0;
    is_done = false;
    process = NULL;
    error = NULL;
    return als_reactor_init(&reactor, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    awslogsrc_error_free(error);
    als_reactor_clear(&reactor);
    return 0;
}

static void copy(char *out, struct als_text text)
{
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}

static void done(void *user_data, const struct als_child_process_result *result)
{
    assert_ptr_equal(user_data, &reactor);
    assert_false(is_done);
    is_done = true;
    code = result->code;
    exit_status = result->exit_status;
    ended_by = result->signal;
    copy(output, result->output);
    copy(complaint, result->complaint);
}

static int start(const char *const *arguments, int64_t time_limit_ms)
{
    struct als_child_process_request request = {arguments, time_limit_ms, LIMIT};
    return als_child_process_start(&reactor.loop, &request, done, &reactor, &process, &error);
}

static void turn_loop(void)
{
    struct pollfd descriptor = {.fd = reactor.epoll_fd, .events = POLLIN};
    assert_true(poll(&descriptor, 1, LONG_MS) > 0);
    assert_true(als_reactor_process(&reactor) >= 0);
}

static void run(const char *const *arguments)
{
    assert_int_equal(start(arguments, LONG_MS), 0);
    assert_false(is_done);
    while (!is_done)
        turn_loop();
}

static void test_child_process__output__is_read_to_its_end(void **state)
{
    (void)state;
    run(SHELL("echo one; echo two"));
    assert_int_equal(code, 0);
    assert_int_equal(exit_status, 0);
    assert_int_equal(ended_by, 0);
    assert_string_equal(output, "one\ntwo\n");
    assert_string_equal(complaint, "");
}

static void test_child_process__arguments__arrive_as_they_are(void **state)
{
    (void)state;
    run(LIST("printf", "%s|", "a b", "$HOME", "*", "", "'"));
    assert_string_equal(output, "a b|$HOME|*||'|");
}

static void test_child_process__exit_status_and_complaint__are_told(void **state)
{
    (void)state;
    run(SHELL("echo no >&2; exit 3"));
    assert_int_equal(code, 0);
    assert_int_equal(exit_status, 3);
    assert_string_equal(output, "");
    assert_string_equal(complaint, "no\n");
}

static void test_child_process__long_complaint__is_cut(void **state)
{
    (void)state;
    run(SHELL("yes complaint | head -c 100000 >&2; echo end"));
    assert_int_equal(exit_status, 0);
    assert_int_equal(strlen(complaint), ALS_CHILD_PROCESS_COMPLAINT);
    assert_string_equal(output, "end\n");
}

static void test_child_process__ended_by_a_signal__is_told(void **state)
{
    (void)state;
    run(SHELL("kill -TERM $$"));
    assert_int_equal(code, 0);
    assert_int_equal(ended_by, SIGTERM);
}

static void test_child_process__missing_program__is_named(void **state)
{
    (void)state;
    assert_int_equal(start(LIST("/nonexistent/program"), LONG_MS), AWSLOGSRC_E_FILE);
    assert_string_equal(awslogsrc_error_message(error),
                        "/nonexistent/program cannot be run: No such file or directory");
}

static void test_child_process__output_at_the_limit__is_fine(void **state)
{
    (void)state;
    run(SHELL("head -c 1024 /dev/zero | tr '\\0' x"));
    assert_int_equal(code, 0);
    assert_int_equal(strlen(output), LIMIT);
}

static void test_child_process__one_byte_more__is_refused(void **state)
{
    (void)state;
    run(SHELL("head -c 1025 /dev/zero | tr '\\0' x; exec sleep 1000"));
    assert_int_equal(code, AWSLOGSRC_E_TOO_LARGE);
    assert_int_equal(strlen(output), LIMIT);
}

static void test_child_process__hanging__ends_at_the_time_limit(void **state)
{
    (void)state;
    assert_int_equal(start(LIST("sleep", "1000"), SHORT_MS), 0);
    while (!is_done)
        turn_loop();
    assert_int_equal(code, AWSLOGSRC_E_TIMEOUT);
}

/* The descendant keeps a pipe open for as long as it lives. */
static void test_child_process__cancelled__is_gone_with_its_children(void **state)
{
    char folder[] = "/tmp/test_child_XXXXXX", path[64], script[128], byte;
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/pipe", folder);
    (void)snprintf(script, sizeof script, "sleep 1000 >%s & wait", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(start(SHELL(script), LONG_MS), 0);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    als_child_process_cancel(process);
    assert_int_equal(read(fd, &byte, 1), 0);
    assert_false(is_done);
    (void)close(fd);
    (void)unlink(path);
    (void)rmdir(folder);
}

static void test_child_process__killed_and_slow_to_go__is_buried_by_the_loop(void **state)
{
    (void)state;
    assert_int_equal(start(LIST("sleep", "1000"), LONG_MS), 0);
    hidden_looks = SLOW;
    als_child_process_cancel(process);
    assert_true(hidden_looks > 0);
    while (reactor.loop.unburied != NULL)
        turn_loop();
    assert_int_equal(hidden_looks, 0);
    assert_true(buried > 0);
    assert_false(is_done);
}

static void test_child_process__time_limit_and_slow_to_go__answers_first(void **state)
{
    (void)state;
    assert_int_equal(start(LIST("sleep", "1000"), 1), 0);
    hidden_looks = SLOW;
    while (!is_done)
        turn_loop();
    assert_int_equal(code, AWSLOGSRC_E_TIMEOUT);
    assert_int_equal(buried, 0);
    while (reactor.loop.unburied != NULL)
        turn_loop();
    assert_true(buried > 0);
}

static void test_child_process__loop_ends_before_it_is_gone__nothing_is_left(void **state)
{
    (void)state;
    assert_int_equal(start(LIST("sleep", "1000"), LONG_MS), 0);
    hidden_looks = SLOW;
    als_child_process_cancel(process);
    assert_non_null(reactor.loop.unburied);
    hidden_looks = 2;
    als_reactor_clear(&reactor);
    assert_true(buried > 0);
    assert_int_equal(als_reactor_init(&reactor, NULL), 0);
}

static void test_child_process__descendant_with_the_pipe__is_not_waited_for(void **state)
{
    (void)state;
    run(SHELL("sleep 1000 & echo $!"));
    assert_int_equal(code, 0);
    pid_t sleeper = (pid_t)strtol(output, NULL, 10);
    assert_true(sleeper > 1);
    assert_int_equal(kill(sleeper, SIGKILL), 0);
}

static void test_child_process__host_that_ignores_its_children__gets_the_output(void **state)
{
    (void)state;
    void (*before)(int) = signal(SIGCHLD, SIG_IGN);
    run(SHELL("echo out; exit 3"));
    (void)signal(SIGCHLD, before);
    assert_int_equal(code, 0);
    assert_int_equal(exit_status, -1);
    assert_string_equal(output, "out\n");
}

static void test_child_process__ignored_signals_of_the_host__are_not_inherited(void **state)
{
    (void)state;
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    assert_int_equal(sigprocmask(SIG_BLOCK, &set, &before), 0);
    void (*handler)(int) = signal(SIGPIPE, SIG_IGN);
    run(SHELL("kill -PIPE $$"));
    (void)signal(SIGPIPE, handler);
    assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
    assert_int_equal(ended_by, SIGPIPE);
}

static void test_child_process__descriptors_of_the_host__are_not_inherited(void **state)
{
    (void)state;
    assert_int_equal(dup2(STDERR_FILENO, FREE_FD), FREE_FD);
    run(SHELL("test ! -e /proc/$$/fd/50"));
    assert_int_equal(close(FREE_FD), 0);
    assert_int_equal(exit_status, 0);
}

static void test_child_process__input__is_empty(void **state)
{
    (void)state;
    run(LIST("cat"));
    assert_int_equal(exit_status, 0);
    assert_string_equal(output, "");
}

static void test_child_process__host_without_standard_streams__reads_both(void **state)
{
    int kept[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        kept[i] = fcntl(i, F_DUPFD_CLOEXEC, FREE_FD);
        assert_true(kept[i] >= FREE_FD);
    }
    for (int i = 0; i < 3; i++)
        (void)close(i);
    run(SHELL("echo out; echo err >&2; cat"));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(dup2(kept[i], i), i);
        (void)close(kept[i]);
    }
    assert_int_equal(exit_status, 0);
    assert_string_equal(output, "out\n");
    assert_string_equal(complaint, "err\n");
}

static void test_child_process__loop_without_descriptors__is_refused(void **state)
{
    (void)state;
    reactor.loop.watch = NULL;
    assert_int_equal(start(SHELL("true"), LONG_MS), AWSLOGSRC_E_SYSTEM);
    assert_string_equal(awslogsrc_error_message(error),
                        "/bin/sh cannot be run: Function not implemented");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_child_process__output__is_read_to_its_end),
        TEST(test_child_process__arguments__arrive_as_they_are),
        TEST(test_child_process__exit_status_and_complaint__are_told),
        TEST(test_child_process__long_complaint__is_cut),
        TEST(test_child_process__ended_by_a_signal__is_told),
        TEST(test_child_process__missing_program__is_named),
        TEST(test_child_process__output_at_the_limit__is_fine),
        TEST(test_child_process__one_byte_more__is_refused),
        TEST(test_child_process__hanging__ends_at_the_time_limit),
        TEST(test_child_process__cancelled__is_gone_with_its_children),
        TEST(test_child_process__killed_and_slow_to_go__is_buried_by_the_loop),
        TEST(test_child_process__time_limit_and_slow_to_go__answers_first),
        TEST(test_child_process__loop_ends_before_it_is_gone__nothing_is_left),
        TEST(test_child_process__descendant_with_the_pipe__is_not_waited_for),
        TEST(test_child_process__host_that_ignores_its_children__gets_the_output),
        TEST(test_child_process__ignored_signals_of_the_host__are_not_inherited),
        TEST(test_child_process__descriptors_of_the_host__are_not_inherited),
        TEST(test_child_process__input__is_empty),
        TEST(test_child_process__host_without_standard_streams__reads_both),
        TEST(test_child_process__loop_without_descriptors__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
