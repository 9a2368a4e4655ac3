#include "testing.h"

#include <poll.h>
#include <unistd.h>

#include "credentials/process.h"
#include "net/reactor.h"

enum { LONG_MS = 60000 }; /* no test waits for it */

static struct als_reactor reactor;
static struct als_fetcher_place place;
static awslogsrc_credentials *provider;
static struct als_fetcher *fetcher;
static struct als_keys *keys;
static awslogsrc_error *error;
static int answers;

static void came(void *self, struct als_keys *new_keys)
{
    (void)self;
    answers++;
    keys = new_keys;
}

static void failed(void *self, awslogsrc_error *new_error, int64_t least_wait_ms)
{
    (void)self;
    assert_int_equal(least_wait_ms, 0);
    answers++;
    error = new_error;
}

static int set_up(void **state)
{
    (void)state;
    place = (struct als_fetcher_place){.loop = &reactor.loop};
    provider = NULL;
    fetcher = NULL;
    keys = NULL;
    error = NULL;
    answers = 0;
    return als_reactor_init(&reactor, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    als_fetcher_close(fetcher);
    als_provider_unref(provider);
    als_keys_unref(keys);
    als_error_free(error);
    als_reactor_clear(&reactor);
    return 0;
}

static void open_fetcher(const char *command)
{
    const struct als_fetcher_listener listener = {.done = came, .failed = failed};
    assert_int_equal(als_process_new(command, &provider, NULL), 0);
    assert_int_equal(als_fetcher_open(provider, &place, &listener, &fetcher), 0);
    als_fetcher_fetch(fetcher);
}

static void run(const char *command)
{
    open_fetcher(command);
    while (answers == 0) {
        struct pollfd descriptor = {.fd = reactor.epoll_fd, .events = POLLIN};
        assert_true(poll(&descriptor, 1, LONG_MS) > 0);
        assert_true(als_reactor_process(&reactor) >= 0);
    }
    assert_int_equal(answers, 1);
}

static void assert_fails(const char *command, int code, const char *message)
{
    run(command);
    assert_null(keys);
    assert_int_equal(awslogsrc_error_code(error), code);
    assert_string_equal(awslogsrc_error_message(error), message);
}

#define DOCUMENT(more)                                        \
    "printf %s '{\"Version\": 1, \"AccessKeyId\": \"AKID\", " \
    "\"SecretAccessKey\": \"secret\"" more "}'"

static void test_process__keys_without_an_end__are_for_ever(void **state)
{
    (void)state;
    run(DOCUMENT(""));
    assert_non_null(keys);
    assert_string_equal(keys->access_key, "AKID");
    assert_string_equal(keys->secret_key, "secret");
    assert_null(keys->session_token);
    assert_true(keys->expires_ms == ALS_KEYS_FOREVER);
}

static void test_process__keys_with_an_end__are_told_in_monotonic_time(void **state)
{
    (void)state;
    int64_t wall = als_clock_wall_ms(&reactor.loop.clock);
    int64_t now = als_loop_now_ms(&reactor.loop);
    run(DOCUMENT(", \"SessionToken\": \"t\", \"Expiration\": \"2100-01-01T00:00:00+00:00\""));
    assert_non_null(keys);
    assert_string_equal(keys->session_token, "t");
    int64_t left = keys->expires_ms - now;
    assert_true(left > 4102444800000 - wall - LONG_MS && left < 4102444800000 - wall + LONG_MS);
}

static void test_process__null_and_empty_members__are_absent(void **state)
{
    (void)state;
    run(DOCUMENT(", \"SessionToken\": \"\", \"Expiration\": null"));
    assert_non_null(keys);
    assert_null(keys->session_token);
    assert_true(keys->expires_ms == ALS_KEYS_FOREVER);
}

static void test_process__bad_output__is_named_and_not_shown(void **state)
{
    static const char *const cases[][2] = {
        {"printf %s 'secret'", "is not JSON"},
        {"printf ''", "is empty"},
        {"printf %s '{\"AccessKeyId\": \"a\", \"SecretAccessKey\": \"secret\"}'",
         "has no Version of 1"},
        {"printf %s '{\"Version\": \"1\", \"AccessKeyId\": \"a\", \"SecretAccessKey\": "
         "\"secret\"}'",
         "has no Version of 1"},
        {"printf %s '{\"Version\": 1, \"SecretAccessKey\": \"secret\"}'", "has no AccessKeyId"},
        {"printf %s '{\"Version\": 1, \"AccessKeyId\": \"a\"}'", "has no SecretAccessKey"},
        {DOCUMENT(", \"Expiration\": \"soon\""), "has an Expiration that is no time of ISO 8601"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char message[128];
        (void)snprintf(message, sizeof message, "process credentials: printf: its output %s",
                       cases[i][1]);
        assert_fails(cases[i][0], AWSLOGSRC_E_PROTOCOL, message);
        tear_down(state);
        set_up(state);
    }
}

static void test_process__exit_code__is_told_with_the_complaint(void **state)
{
    (void)state;
    assert_fails("sh -c 'printf \"\\n vault is\\tsealed\\n\" >&2; echo secret; exit 7'",
                 AWSLOGSRC_E_SYSTEM,
                 "process credentials: sh: it ended with exit code 7: vault is sealed");
}

static void test_process__long_complaint__is_short_in_the_error(void **state)
{
    (void)state;
    run("sh -c 'yes complaint | head -c 400 >&2; exit 1'");
    assert_int_equal(strlen(awslogsrc_error_message(error)),
                     strlen("process credentials: sh: it ended with exit code 1: ") + 200);
}

static void test_process__signal__is_told(void **state)
{
    (void)state;
    assert_fails("sh -c 'kill -9 $$'", AWSLOGSRC_E_SYSTEM,
                 "process credentials: sh: it was ended by signal 9");
}

static void test_process__too_much_output__is_refused(void **state)
{
    (void)state;
    assert_fails("head -c 65537 /dev/zero", AWSLOGSRC_E_TOO_LARGE,
                 "process credentials: head: it printed more than 65536 bytes");
}

static void test_process__missing_program__is_told_at_once(void **state)
{
    (void)state;
    open_fetcher("/nonexistent/program secret");
    assert_int_equal(answers, 1);
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_FILE);
    assert_string_equal(
        awslogsrc_error_message(error),
        "process credentials: /nonexistent/program cannot be run: No such file or directory");
}

static void test_process__cancelled__answers_nothing(void **state)
{
    (void)state;
    open_fetcher("sleep 1000");
    als_fetcher_cancel(fetcher);
    assert_int_equal(als_reactor_process(&reactor), 0);
    assert_int_equal(answers, 0);
}

static void test_process__bad_command__is_refused(void **state)
{
    (void)state;
    assert_int_equal(als_process_new("a 'b", &provider, &error), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(awslogsrc_error_message(error),
                        "the command line has a quote that is not closed");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_process__keys_without_an_end__are_for_ever),
        TEST(test_process__keys_with_an_end__are_told_in_monotonic_time),
        TEST(test_process__null_and_empty_members__are_absent),
        TEST(test_process__bad_output__is_named_and_not_shown),
        TEST(test_process__exit_code__is_told_with_the_complaint),
        TEST(test_process__long_complaint__is_short_in_the_error),
        TEST(test_process__signal__is_told),
        TEST(test_process__too_much_output__is_refused),
        TEST(test_process__missing_program__is_told_at_once),
        TEST(test_process__cancelled__answers_nothing),
        TEST(test_process__bad_command__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
