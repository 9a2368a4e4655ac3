#include "testing.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"

/* The real loop: a source on it whose service refuses connections has states to tell, and waits. */

enum { PATIENCE_MS = 20000, WAKEUPS = 2000 };

struct fixture {
    awslogsrc_context *context;
    awslogsrc_options *options;
    awslogsrc_source *source;
    void (*on_status)(struct fixture *fixture);
    int told;
    int answers[4];
};

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)source, (void)region, (void)state, (void)error, (void)retry_at_ms;
    fixture->told++;
    if (fixture->on_status != NULL)
        fixture->on_status(fixture);
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    (void)user_data, (void)source, (void)batch;
    return AWSLOGSRC_ACCEPT;
}

static int setup(void **state)
{
    static const char *const settings[][2] = {{"regions", "eu-west-1"},
                                              {"log_group", "group"},
                                              {"endpoint_url", "http://127.0.0.1:1"},
                                              {"access_key", "AKIDEXAMPLE"},
                                              {"secret_key", "secret"}};
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    assert_int_equal(awslogsrc_context_new(&fixture->context, NULL), 0);
    assert_int_equal(awslogsrc_options_new(&fixture->options, NULL), 0);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        assert_int_equal(
            awslogsrc_options_set(fixture->options, settings[i][0], settings[i][1], NULL), 0);
    assert_int_equal(
        awslogsrc_source_new(fixture->context, fixture->options, &fixture->source, NULL), 0);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source_free(fixture->source);
    awslogsrc_options_free(fixture->options);
    awslogsrc_context_free(fixture->context);
    free(fixture);
    return 0;
}

static void start(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
}

static bool is_readable(const struct fixture *fixture, int timeout_ms)
{
    struct pollfd watched = {.fd = awslogsrc_context_fd(fixture->context), .events = POLLIN};
    int ready = 0;
    do {
        ready = poll(&watched, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready == 1;
}

/* --- readable exactly when there is work --- */

static void test_context__without_work__is_not_readable(void **state)
{
    const struct fixture *fixture = *state;
    assert_false(is_readable(fixture, 100));
}

static void test_context__woken__is_readable_until_processed(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_context_wakeup(fixture->context), 0);
    assert_int_equal(awslogsrc_context_wakeup(fixture->context), 0);
    assert_true(is_readable(fixture, 0));
    assert_true(is_readable(fixture, 0));
    assert_int_equal(awslogsrc_context_process(fixture->context), 0);
    assert_false(is_readable(fixture, 0));
}

static void test_context__source_started__is_readable_until_processed(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    assert_true(is_readable(fixture, 0));
    assert_int_equal(fixture->told, 0);
    while (fixture->told < 2) /* starting, waiting */
        assert_true(awslogsrc_context_poll(fixture->context, PATIENCE_MS) >= 0);
    while (awslogsrc_context_process(fixture->context) > 0)
        assert_true(is_readable(fixture, 0)); /* 1: more at once */
}

static void test_context__nothing_due__processing_does_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_context_process(fixture->context), 0);
    assert_int_equal(awslogsrc_context_poll(fixture->context, 0), 0);
    assert_int_equal(fixture->told, 0);
}

static void test_context__source_stopped__falls_asleep(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    while (is_readable(fixture, 0))
        assert_true(awslogsrc_context_process(fixture->context) >= 0);
    assert_false(is_readable(fixture, 300));
}

static void test_context__descriptor__stays_the_same(void **state)
{
    struct fixture *fixture = *state;
    int fd = awslogsrc_context_fd(fixture->context);
    start(fixture);
    while (fixture->told < 2)
        assert_true(awslogsrc_context_poll(fixture->context, PATIENCE_MS) >= 0);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    assert_int_equal(awslogsrc_context_fd(fixture->context), fd);
}

/* --- from inside a callback, and in a child --- */

static void enter_again(struct fixture *fixture)
{
    fixture->answers[0] = awslogsrc_context_process(fixture->context);
    fixture->answers[1] = awslogsrc_context_poll(fixture->context, 0);
    fixture->answers[2] = awslogsrc_context_run(fixture->context);
}

static void test_context__entered_from_a_callback__is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->on_status = enter_again;
    start(fixture);
    while (fixture->told == 0)
        assert_true(awslogsrc_context_poll(fixture->context, PATIENCE_MS) >= 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture->answers[i], AWSLOGSRC_E_REENTRANT);
}

static void free_all(struct fixture *fixture)
{
    awslogsrc_context_free(fixture->context);
    awslogsrc_source_free(fixture->source);
    fixture->context = NULL;
    fixture->source = NULL;
}

static void test_context__freed_in_a_callback__ends_after_it(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_context *context = fixture->context;
    fixture->on_status = free_all;
    start(fixture);
    assert_int_equal(awslogsrc_context_run(context), 0);
    assert_int_equal(fixture->told, 1);
}

/* In the child: what each call answers, as an exit code. */
static int try_everything(struct fixture *fixture)
{
    char *text = NULL;
    const int answers[] = {
        awslogsrc_context_fd(fixture->context),
        awslogsrc_context_process(fixture->context),
        awslogsrc_context_poll(fixture->context, 0),
        awslogsrc_context_run(fixture->context),
        awslogsrc_context_wakeup(fixture->context),
        awslogsrc_context_stop(fixture->context),
        awslogsrc_context_stats_openmetrics(fixture->context, &text, NULL, NULL),
        awslogsrc_source_stats_json(fixture->source, &text, NULL, NULL),
        awslogsrc_source_start(fixture->source, NULL),
        awslogsrc_source_stop(fixture->source),
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i] != AWSLOGSRC_E_FORKED)
            return (int)i + 1;
    }
    awslogsrc_source_free(fixture->source);
    awslogsrc_context_free(fixture->context);
    return 0;
}

static void test_context__forked__answers_so_and_leaves_the_parent_alone(void **state)
{
    struct fixture *fixture = *state;
    int status = 0;
    start(fixture);
    pid_t child = fork();
    if (child == 0)
        _exit(try_everything(fixture));
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    while (fixture->told < 2)
        assert_true(awslogsrc_context_poll(fixture->context, PATIENCE_MS) >= 0);
}

/* --- from other threads, and from signal handlers --- */

static void *wake_often(void *context)
{
    for (int i = 0; i < WAKEUPS; i++)
        (void)awslogsrc_context_wakeup(context);
    return NULL;
}

static void test_context__woken_by_a_thread__a_wait_ends(void **state)
{
    struct fixture *fixture = *state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wake_often, fixture->context), 0);
    assert_int_equal(awslogsrc_context_poll(fixture->context, PATIENCE_MS), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    while (is_readable(fixture, 0))
        assert_int_equal(awslogsrc_context_process(fixture->context), 0);
}

static void *stop_later(void *context)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    (void)nanosleep(&pause, NULL);
    (void)awslogsrc_context_stop(context);
    return NULL;
}

static void test_context__stopped_by_a_thread__run_ends_and_goes_on_with_the_next(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    while (fixture->told < 2) { /* starting, waiting: the reader gets on from run to run */
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, stop_later, fixture->context), 0);
        assert_int_equal(awslogsrc_context_run(fixture->context), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_true(awslogsrc_source_is_running(fixture->source));
    }
}

static void on_check(void *user_data, awslogsrc_source *source, awslogsrc_check *check)
{
    struct fixture *fixture = user_data;
    (void)source;
    assert_int_equal(awslogsrc_check_failures(check), 1); /* nobody listens */
    awslogsrc_check_free(check);
    fixture->told++;
}

static void test_context__check_of_a_source_that_does_not_run__run_waits_for_it(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_source_check(fixture->source, on_check, fixture, NULL, NULL), 0);
    assert_int_equal(awslogsrc_context_run(fixture->context), 0);
    assert_int_equal(fixture->told, 1);
}

static void test_context__stopped_before_run__ends_the_next_one(void **state)
{
    struct fixture *fixture = *state;
    start(fixture);
    assert_int_equal(awslogsrc_context_stop(fixture->context), 0);
    assert_int_equal(awslogsrc_context_run(fixture->context), 0);
    assert_int_equal(fixture->told, 0);
}

static awslogsrc_context *interrupted;

static void stop_it(int number)
{
    (void)number;
    (void)awslogsrc_context_stop(interrupted);
}

static void test_context__stopped_by_a_signal_handler__run_ends(void **state)
{
    struct fixture *fixture = *state;
    const struct sigaction action = {.sa_handler = stop_it};
    struct sigaction former;
    const struct itimerval soon = {.it_value = {.tv_usec = 50000}};
    interrupted = fixture->context;
    assert_int_equal(sigaction(SIGALRM, &action, &former), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    start(fixture);
    assert_int_equal(awslogsrc_context_run(fixture->context), 0);
    assert_int_equal(sigaction(SIGALRM, &former, NULL), 0);
    assert_true(awslogsrc_source_is_running(fixture->source));
}

/* Two contexts share nothing: each may have a thread of its own. */
static void *run_one(void *user_data)
{
    void *state = NULL;
    struct fixture *fixture = NULL;
    (void)user_data;
    (void)setup(&state);
    fixture = state;
    start(fixture);
    while (fixture->told < 2)
        (void)awslogsrc_context_poll(fixture->context, PATIENCE_MS);
    (void)teardown(&state);
    return NULL;
}

static void test_context__two_threads_with_one_each__do_not_meet(void **state)
{
    pthread_t threads[2];
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_one, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

#define CONTEXT(name) cmocka_unit_test_setup_teardown(test_context__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTEXT(without_work__is_not_readable),
        CONTEXT(woken__is_readable_until_processed),
        CONTEXT(source_started__is_readable_until_processed),
        CONTEXT(nothing_due__processing_does_nothing),
        CONTEXT(source_stopped__falls_asleep),
        CONTEXT(descriptor__stays_the_same),
        CONTEXT(entered_from_a_callback__is_refused),
        CONTEXT(freed_in_a_callback__ends_after_it),
        CONTEXT(forked__answers_so_and_leaves_the_parent_alone),
        CONTEXT(woken_by_a_thread__a_wait_ends),
        CONTEXT(stopped_by_a_thread__run_ends_and_goes_on_with_the_next),
        CONTEXT(check_of_a_source_that_does_not_run__run_waits_for_it),
        CONTEXT(stopped_before_run__ends_the_next_one),
        CONTEXT(stopped_by_a_signal_handler__run_ends),
        cmocka_unit_test(test_context__two_threads_with_one_each__do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
