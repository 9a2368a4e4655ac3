/* Certificates that several collectors acquire at once, into one file. */
#include "testing.h"

#include "process.h"
#include "tls_request.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"
#include "net/trust.h"
#include "source/context.h"

/* As a process has it that is just entering another host. */
static int lock_store(void)
{
    int fd = open(store, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    return fd;
}

/* Until the request has met its server, and then some. */
static void let_it_wait(struct tls_request *request)
{
    enum { TURNS = 10, TURN_MS = 50 };
    for (int i = 0; i < TURNS; i++)
        assert_true(awslogsrc_context_poll(request->context, TURN_MS) >= 0);
    assert_false(request->done);
}

static void test_acquired_together__file_is_being_written__waits_until_it_is_its_turn(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    const struct als_http_settings settings = tls_request_settings(store);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    int fd = lock_store();
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    (void)tls_request_begin(&request, &settings, false);
    let_it_wait(&request);
    (void)close(fd);
    tls_request_await(&request);
    awslogsrc_context_free(request.context);
    assert_int_equal(request.code, 0);
    tls_scene_expect_in_store(fingerprint, true);
}

static void test_acquired_together__cancelled_while_it_waits__keeps_nothing(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    const struct als_http_settings settings = tls_request_settings(store);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    int fd = lock_store();
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    struct als_http_call *call = tls_request_begin(&request, &settings, false);
    let_it_wait(&request);
    struct als_http *http = &request.context->loop->http;
    http->cancel(http->self, call);
    (void)close(fd);
    let_it_wait(&request);
    awslogsrc_context_free(request.context);
    tls_scene_expect_in_store(fingerprint, false);
}

static int64_t jump_ms;
static struct als_clock real_clock;

static int64_t monotonic_with_jump(void *self)
{
    (void)self;
    return real_clock.monotonic_ms(real_clock.self) + jump_ms;
}

/* The file stays locked for longer than anybody waits. */
static void request_with_locked_file(struct tls_request *request, const struct order *order,
                                     char fingerprint[FINGERPRINT])
{
    enum { LIMIT_MS = 10000 };
    const struct als_http_settings settings = tls_request_settings(store);
    tls_scene_serve_order(order, fingerprint);
    int fd = lock_store();
    assert_int_equal(awslogsrc_context_new(&request->context, NULL), 0);
    jump_ms = 0;
    real_clock = request->context->loop->clock;
    request->context->loop->clock.monotonic_ms = monotonic_with_jump;
    (void)tls_request_begin(request, &settings, false);
    let_it_wait(request);
    jump_ms = LIMIT_MS;
    tls_request_await(request);
    awslogsrc_context_free(request->context);
    (void)close(fd);
}

static void test_acquired_together__file_stays_locked__is_refused_in_the_end(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    (void)state;
    request_with_locked_file(&request, &(struct order){0}, fingerprint);
    assert_int_equal(request.code, AWSLOGSRC_E_TLS);
    assert_non_null(strstr(request.message, "another process is writing it"));
    assert_non_null(strstr(request.message, fingerprint));
}

/* Whom others vouch for does without. */
static void test_acquired_together__known_server_and_locked_file__is_read_all_the_same(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    (void)state;
    request_with_locked_file(&request, &(struct order){.issuer = &authority}, fingerprint);
    assert_int_equal(request.code, 0);
}

static void start_collector(struct process *collector)
{
    const char *const arguments[] = {COMMAND_PATH,
                                     "collect",
                                     "--once",
                                     "--quiet",
                                     "--endpoint-url",
                                     url,
                                     "--regions",
                                     NETWORK_REGION,
                                     "--log-group",
                                     "group",
                                     "--start-time",
                                     "beginning",
                                     "--access-key",
                                     "AKIDEXAMPLE",
                                     "--secret-key",
                                     "secret",
                                     "--trust-store",
                                     store,
                                     "--automatically-acquire-server-certificates",
                                     NULL};
    process_start(collector, &(struct process_options){.arguments = arguments});
}

static size_t count_lines(const struct process_text *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->size; i++)
        lines += text->data[i] == '\n';
    return lines;
}

static void test_acquired_together__several_collectors_at_once__all_succeed_with_one_entry(
    void **state)
{
    enum { COLLECTORS = 6 };
    struct process collectors[COLLECTORS] = {0};
    char fingerprint[FINGERPRINT], host[TLS_TEXT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    for (size_t i = 0; i < COLLECTORS; i++)
        start_collector(&collectors[i]);
    for (size_t i = 0; i < COLLECTORS; i++) {
        int code = process_finish(&collectors[i]);
        if (code != 0)
            fail_msg("%s", collectors[i].err.data);
        assert_int_equal(count_lines(&collectors[i].out), NETWORK_EVENTS);
        process_clear(&collectors[i]);
    }
    (void)snprintf(host, sizeof host, "# host: 127.0.0.1:%u\n", port);
    char *content = test_read_file(store, NULL);
    const char *first = strstr(content, host);
    bool once = first != NULL && strstr(first + 1, host) == NULL;
    free(content);
    assert_true(once);
}

static void test_acquired_together__entry_changes_meanwhile__is_judged_by_what_is_there(
    void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT], host[TLS_TEXT];
    struct issued other;
    struct als_certificates certificates = {0};
    const struct als_http_settings settings = tls_request_settings(store);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    (void)snprintf(host, sizeof host, "127.0.0.1:%u", port);
    certificates_make(&other, &(struct order){0});
    assert_int_equal(als_certificates_parse(&certificates, als_text_of(other.chain)), 0);
    int fd = lock_store();
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    (void)tls_request_begin(&request, &settings, false);
    let_it_wait(&request);
    (void)close(fd);
    const struct als_trust_entry entry = {
        .path = store, .host = host, .certificates = &certificates};
    assert_int_equal(als_trust_put(&entry, NULL), 0);
    tls_request_await(&request);
    awslogsrc_context_free(request.context);
    assert_int_equal(request.code, AWSLOGSRC_E_TLS);
    assert_non_null(strstr(request.message, fingerprint));
    assert_non_null(strstr(request.message, other.fingerprint));
    tls_scene_expect_in_store(other.fingerprint, true);
    tls_scene_expect_in_store(fingerprint, false);
    als_certificates_clear(&certificates);
    certificates_clear(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_scene_begin, tls_scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_acquired_together__file_is_being_written__waits_until_it_is_its_turn),
        TEST(test_acquired_together__cancelled_while_it_waits__keeps_nothing),
        TEST(test_acquired_together__file_stays_locked__is_refused_in_the_end),
        TEST(test_acquired_together__known_server_and_locked_file__is_read_all_the_same),
        TEST(test_acquired_together__several_collectors_at_once__all_succeed_with_one_entry),
        TEST(test_acquired_together__entry_changes_meanwhile__is_judged_by_what_is_there),
    };
    return cmocka_run_group_tests(tests, tls_scene_open, tls_scene_close);
}
