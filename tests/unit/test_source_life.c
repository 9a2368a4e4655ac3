/* The life of a source: freed, stopped and started again wherever a host can; forks; clocks that
 * are set. Stores: test_source_store.c. */
#include "custom_store.h"
#include "source_fixture.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/context.h"

/* --- stop and start in the callback of the last event --- */

static int restart_once(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct fixture *fixture = user_data;
    note(fixture, event);
    if (fixture->count == 3) { /* the last one of the page */
        assert_int_equal(awslogsrc_source_stop(source), 0);
        assert_int_equal(awslogsrc_source_start(source, NULL), 0);
    }
    return AWSLOGSRC_ACCEPT;
}

static void test_source__restarted_in_the_last_event__nothing_is_lost(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 9);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_event(fixture->source, restart_once, fixture, NULL), 0);
    start(fixture);
    run(fixture, 5 * HOUR);
    for (size_t i = 0; i < fixture->count; i++)
        print_message("delivered %s\n", fixture->messages[i]);
    assert_each_once(fixture, 9);
}

/* --- set_cursor in a callback --- */

static awslogsrc_cursor *kept;

static int stop_and_give(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    assert_int_equal(awslogsrc_batch_cursor(batch, &kept, NULL), 0);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_int_equal(awslogsrc_source_set_cursor(fixture->source, kept, NULL), AWSLOGSRC_E_STATE);
    awslogsrc_cursor_free(kept);
    return AWSLOGSRC_ACCEPT;
}

static void test_source__cursor_set_in_a_callback__is_refused(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    fixture->answer = stop_and_give;
    run_source(fixture, MINUTE);
}

/* --- a batch held over stop and start --- */

static void test_source__cursor_of_a_batch_from_before_stop__is_refused(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 9);
    fixture->answer = hold;
    open_source(fixture);
    use_store(fixture);
    start(fixture);
    run(fixture, MINUTE);
    assert_true(fixture->held_count >= 1);
    awslogsrc_batch *old = fixture->held[0];
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_cursor *cursor = NULL, *none = NULL;
    int status = awslogsrc_batch_cursor(old, &cursor, NULL);
    if (status == 0) {
        char *a = NULL, *b = NULL;
        size_t sizes[2];
        assert_int_equal(awslogsrc_source_cursor(fixture->source, "eu-west-1", &none, NULL), 0);
        awslogsrc_cursor_to_text(cursor, &a, &sizes[0], NULL);
        awslogsrc_cursor_to_text(none, &b, &sizes[1], NULL);
        print_message("old batch's cursor %zu bytes, position of now %zu bytes\n", sizes[0],
                      sizes[1]);
        awslogsrc_cursor_text_free(a);
        awslogsrc_cursor_text_free(b);
        awslogsrc_cursor_free(none);
    }
    awslogsrc_cursor_free(cursor);
    assert_int_equal(status, AWSLOGSRC_E_STATE);
}

/* --- a store set between two runs --- */

static void test_source__store_set_after_first_run__is_used(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    use_store(fixture);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    print_message("loads %d writes %d\n", store.loads, store.writes);
    assert_true(store.writes > 0);
}

/* --- once, started a second time --- */

static void test_source__once_started_again__reads_what_came_since(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    set(fixture, "once", "yes");
    run_source(fixture, HOUR);
    assert_false(awslogsrc_source_is_running(fixture->source));
    assert_int_equal(fixture->count, 3);
    put(fixture, noon + 30 * MINUTE, "3");
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_false(awslogsrc_source_is_running(fixture->source));
    assert_each_once(fixture, 4);
}

/* --- the child of a fork frees its handles --- */

static void test_source__source_freed_after_fork__does_nothing_in_the_store(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    set(fixture, "checkpoint_interval", "1h");
    open_source(fixture);
    use_store(fixture);
    start(fixture);
    run(fixture, MINUTE);
    int writes = store.writes;
    pid_t child = fork();
    if (child == 0) {
        awslogsrc_source_free(fixture->source);
        _exit(store.writes - writes);
    }
    int status = 0;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- one answer with a Date an hour ahead --- */

static void step_clock(void **state, int64_t ahead, int64_t back)
{
    struct fixture *fixture = *state;
    run_source(fixture, 10 * MINUTE);
    fixture->aws.epoch_ms += ahead;
    run(fixture, 11 * SECOND);
    fixture->aws.epoch_ms -= back;
    for (int i = 0; i < 20; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        int64_t now = virtual_aws_server_ms(&fixture->aws);
        sim_group_put(fixture->group, &(struct sim_event){.timestamp = now,
                                                          .ingestion_time = now,
                                                          .visible_at = now,
                                                          .stream = "stream",
                                                          .message = text,
                                                          .message_length = strlen(text)});
        run(fixture, 3 * MINUTE);
        print_message("after %d minutes: %zu of %d\n", 3 * (i + 1), fixture->count, i + 1);
    }
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 20);
}

static void test_source__one_wrong_date__loses_nothing(void **state)
{
    step_clock(state, HOUR, HOUR);
}

/* The server's clock was ten minutes fast, and is set. */
static void test_source__server_clock_set_back__loses_nothing(void **state)
{
    step_clock(state, 0, 10 * MINUTE);
}

/* --- stop and start where the region tells that it has caught up --- */

static void restart_when_caught_up(void *user_data, awslogsrc_source *source, const char *region,
                                   int now, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    on_status(user_data, source, region, now, error, retry_at_ms);
    if (now == AWSLOGSRC_REGION_CAUGHT_UP && fixture->freed++ == 0) {
        awslogsrc_source_stop(source);
        awslogsrc_source_start(source, NULL);
    }
}

static void test_source__restart_in_caught_up__goes_on_at_once(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "poll_interval", "24h");
    open_source(fixture);
    use_store(fixture);
    awslogsrc_source_on_status(fixture->source, restart_when_caught_up, fixture, NULL);
    start(fixture);
    run(fixture, MINUTE);
    size_t states = fixture->state_count;
    print_message("states %zu last %d loads %d\n", states, last_state(fixture, "eu-west-1"),
                  store.loads);
    assert_int_equal(store.loads, 2);
}

/* --- run() with a callback that frees source and context --- */

static awslogsrc_context *real;
static void free_all(void *user_data, awslogsrc_source *source, const char *region, int now,
                     const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)user_data, (void)region, (void)now, (void)retry_at_ms, (void)error;
    awslogsrc_source_free(source);
    awslogsrc_context_free(real);
}

static void test_source__context_freed_in_a_callback_of_run__is_safe(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *source = NULL;
    set(fixture, "endpoint_url", "http://127.0.0.1:1");
    assert_int_equal(awslogsrc_context_new(&real, NULL), 0);
    assert_int_equal(awslogsrc_source_new(real, fixture->options, &source, NULL), 0);
    assert_int_equal(awslogsrc_source_on_batch(source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(source, free_all, NULL, NULL), 0);
    assert_int_equal(awslogsrc_source_start(source, NULL), 0);
    assert_int_equal(awslogsrc_context_run(real), 0);
}

/* --- the same with real sockets --- */

#include <arpa/inet.h>
#include <sys/socket.h>
#include <time.h>

static int answered_states;
static void count_state(void *user_data, awslogsrc_source *source, const char *region, int now,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)user_data, (void)source, (void)region, (void)retry_at_ms;
    print_message("state %d %s\n", now, awslogsrc_error_message(error));
    answered_states++;
}

static void parent_goes_on(void **state, bool child_frees)
{
    struct fixture *fixture = *state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int server = socket(AF_INET, SOCK_STREAM, 0), peer;
    assert_int_equal(bind(server, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server, 5), 0);
    getsockname(server, (struct sockaddr *)&address, &size);
    char url[64], request[8192], answer[512];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", ntohs(address.sin_port));
    awslogsrc_source *source = NULL;
    set(fixture, "endpoint_url", url);
    assert_int_equal(awslogsrc_context_new(&real, NULL), 0);
    assert_int_equal(awslogsrc_source_new(real, fixture->options, &source, NULL), 0);
    assert_int_equal(awslogsrc_source_on_batch(source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(source, count_state, NULL, NULL), 0);
    assert_int_equal(awslogsrc_source_start(source, NULL), 0);
    for (int i = 0; i < 20; i++)
        awslogsrc_context_poll(real, 10);
    peer = accept(server, NULL, NULL);
    (void)read(peer, request, sizeof request);
    pid_t child = fork();
    if (child == 0) {
        if (child_frees) {
            awslogsrc_source_free(source);
            awslogsrc_context_free(real);
        }
        _exit(0);
    }
    waitpid(child, NULL, 0);
    const char *body = "{\"events\":[],\"searchedLogStreams\":[]}";
    char date[64];
    time_t now = time(NULL);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&now));
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 200 OK\r\nDate: %s\r\nx-amzn-RequestId: 1\r\nContent-Type: "
                          "application/x-amz-json-1.1\r\nContent-Length: %zu\r\n\r\n%s",
                          date, strlen(body), body);
    assert_int_equal(write(peer, answer, (size_t)length), length);
    answered_states = 0;
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int i = 0; i < 800 && answered_states == 0; i++)
        awslogsrc_context_poll(real, 10);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    print_message("after %lld ms\n", (long long)(ended.tv_sec - began.tv_sec) * 1000 +
                                         (ended.tv_nsec - began.tv_nsec) / 1000000);
    int told = answered_states;
    awslogsrc_source_free(source);
    awslogsrc_context_free(real);
    close(peer);
    close(server);
    assert_true(told > 0);
}

static void test_source__fork_child_exits__parent_goes_on(void **state)
{
    parent_goes_on(state, false);
}

static void test_source__fork_child_frees__parent_goes_on(void **state)
{
    parent_goes_on(state, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_source__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(restarted_in_the_last_event__nothing_is_lost),
        TEST(cursor_set_in_a_callback__is_refused),
        TEST(cursor_of_a_batch_from_before_stop__is_refused),
        TEST(store_set_after_first_run__is_used),
        TEST(once_started_again__reads_what_came_since),
        TEST(source_freed_after_fork__does_nothing_in_the_store),
        TEST(server_clock_set_back__loses_nothing),
        TEST(one_wrong_date__loses_nothing),
        TEST(restart_in_caught_up__goes_on_at_once),
        TEST(context_freed_in_a_callback_of_run__is_safe),
        TEST(fork_child_exits__parent_goes_on),
        TEST(fork_child_frees__parent_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
