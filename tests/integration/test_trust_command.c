/* Certificates acquired by hand, from C and with "awslogsrc trust". */
#include "testing.h"

#include "command.h"
#include "proxy.h"
#include "tls_scene.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"

struct fetch {
    int calls, frees, code;
    char message[NETWORK_TEXT_SIZE];
    bool free_inside;
};

static awslogsrc_context *context;
static struct fetch fetch;

static int begin(void **state)
{
    (void)tls_scene_begin(state);
    fetch = (struct fetch){0};
    return awslogsrc_context_new(&context, NULL);
}

static int end(void **state)
{
    awslogsrc_context_free(context);
    return tls_scene_end(state);
}

static void fetched(void *user_data, awslogsrc_trust *trust, const awslogsrc_error *error)
{
    struct fetch *one = user_data;
    one->calls++;
    one->code = error == NULL ? 0 : awslogsrc_error_code(error);
    (void)snprintf(one->message, sizeof one->message, "%s",
                   error == NULL ? awslogsrc_trust_problem(trust) : awslogsrc_error_message(error));
    if (one->free_inside)
        awslogsrc_trust_free(trust);
}

static void freed(void *user_data)
{
    ((struct fetch *)user_data)->frees++;
}

static awslogsrc_trust *make(const char *host, const char *const *given)
{
    awslogsrc_options *options = NULL;
    awslogsrc_trust *trust = NULL;
    awslogsrc_error *error = NULL;
    assert_int_equal(awslogsrc_options_new(&options, NULL), 0);
    for (; *given != NULL; given += 2)
        assert_int_equal(awslogsrc_options_set(options, given[0], given[1], NULL), 0);
    if (awslogsrc_trust_new(context, options, host, &trust, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
    awslogsrc_options_free(options);
    return trust;
}

static const char *host_of_server(void)
{
    static char host[TLS_TEXT];
    (void)snprintf(host, sizeof host, "127.0.0.1:%u", port);
    return host;
}

/* run() ends by itself when the fetch has. */
static awslogsrc_trust *fetch_from(const char *host, const char *const *options)
{
    awslogsrc_trust *trust = make(host, options);
    assert_int_equal(awslogsrc_trust_fetch(trust, fetched, &fetch, freed, NULL), 0);
    assert_int_equal(awslogsrc_context_run(context), 0);
    assert_int_equal(fetch.calls, 1);
    return trust;
}

static void test_trust_fetch__any_server__shows_its_chain(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){.issuer = &other_authority}, fingerprint);
    awslogsrc_trust *trust = fetch_from(host_of_server(), LIST(NULL));
    assert_int_equal(fetch.code, 0);
    assert_int_equal(awslogsrc_trust_count(trust), 2);
    assert_string_equal(awslogsrc_trust_subject(trust, 0), "CN = server");
    assert_string_equal(awslogsrc_trust_issuer(trust, 0), "CN = Other");
    assert_string_equal(awslogsrc_trust_names(trust, 0), "DNS:localhost, IP Address:127.0.0.1");
    assert_string_equal(awslogsrc_trust_fingerprint(trust, 0), fingerprint);
    assert_string_equal(awslogsrc_trust_pem(trust, 1), other_authority.own);
    assert_true(awslogsrc_trust_not_before_ms(trust, 0) < awslogsrc_trust_not_after_ms(trust, 0));
    assert_null(awslogsrc_trust_subject(trust, 2));
    assert_null(awslogsrc_trust_subject(trust, -1));
    assert_string_equal(fetch.message, "the issuer of the certificate is not known (ca_file)");
    awslogsrc_trust_free(trust);
    assert_int_equal(fetch.frees, 1);
}

static void test_trust_fetch__known_issuer__has_no_problem(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){.issuer = &authority}, fingerprint);
    awslogsrc_trust_free(fetch_from(host_of_server(), LIST("ca_file", ca_file)));
    assert_string_equal(fetch.message, "");
}

static void test_trust_store__sources_trust_it_then(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    awslogsrc_trust *trust = fetch_from(host_of_server(), LIST("trust_store", store));
    assert_int_equal(access(store, F_OK), -1);
    assert_int_equal(awslogsrc_trust_store(trust, NULL, NULL), 0);
    awslogsrc_trust_free(trust);
    network_collect(url, LIST("trust_store", store), &outcome);
    tls_scene_expect_all_events();
}

/* Accepted for a look only: no connection of it is left to be used. */
static void test_trust_fetch__shown_only__is_not_trusted(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    awslogsrc_trust_free(fetch_from(host_of_server(), LIST("trust_store", store)));
    network_collect(url, LIST("trust_store", store), &outcome);
    tls_scene_expect_refused("signed by itself", fingerprint);
}

static void test_trust_store__bad_dates_or_name__is_refused(void **state)
{
    const struct order bad[] = {{.from_s = -3 * DAY, .to_s = -DAY}, {.names = "DNS:else"}};
    static const char *const says[] = {"a certificate has expired", "but for DNS:else"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char fingerprint[FINGERPRINT];
        awslogsrc_error *error = NULL;
        fetch = (struct fetch){0};
        tls_scene_serve_order(&bad[i], fingerprint);
        awslogsrc_trust *trust = fetch_from(host_of_server(), LIST(NULL));
        assert_int_equal(fetch.code, 0);
        assert_int_equal(awslogsrc_trust_store(trust, store, &error), AWSLOGSRC_E_TLS);
        assert_non_null(strstr(awslogsrc_error_message(error), says[i]));
        assert_int_equal(access(store, F_OK), -1);
        awslogsrc_error_free(error);
        awslogsrc_trust_free(trust);
    }
}

static void test_trust_fetch__nobody_there__is_told(void **state)
{
    char host[TLS_TEXT];
    (void)state;
    (void)snprintf(host, sizeof host, "127.0.0.1:%u", proxy_free_port());
    awslogsrc_trust *trust = fetch_from(host, LIST(NULL));
    assert_int_equal(fetch.code, AWSLOGSRC_E_CONNECT);
    assert_int_equal(awslogsrc_trust_count(trust), 0);
    assert_int_equal(awslogsrc_trust_store(trust, store, NULL), AWSLOGSRC_E_STATE);
    awslogsrc_trust_free(trust);
}

static void test_trust_free__while_it_fetches__ends_it(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    awslogsrc_trust *trust = make(host_of_server(), LIST(NULL));
    assert_int_equal(awslogsrc_trust_fetch(trust, fetched, &fetch, freed, NULL), 0);
    awslogsrc_trust_free(trust);
    assert_int_equal(awslogsrc_context_run(context), 0);
    assert_int_equal(fetch.calls, 0);
    assert_int_equal(fetch.frees, 1);
}

static void test_trust_free__in_the_callback__is_fine(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    fetch.free_inside = true;
    (void)fetch_from(host_of_server(), LIST(NULL));
    assert_int_equal(fetch.frees, 1);
}

static void test_trust__host_that_is_none__error_has_the_code_that_is_returned(void **state)
{
    awslogsrc_trust *trust = NULL;
    awslogsrc_error *error = NULL;
    (void)state;
    assert_int_equal(awslogsrc_trust_new(context, NULL, "bad host!", &trust, &error),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_INVALID);
    assert_memory_equal(awslogsrc_error_message(error), "host: ", 6);
    awslogsrc_error_free(error);
}

static void test_trust__wrong_use__is_told(void **state)
{
    awslogsrc_trust *trust = NULL;
    (void)state;
    assert_int_equal(awslogsrc_trust_new(NULL, NULL, "h", &trust, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_trust_new(context, NULL, NULL, &trust, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_trust_new(context, NULL, "a b", &trust, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_trust_new(context, NULL, "h:0", &trust, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_trust_new(context, NULL, "h", &trust, NULL), 0);
    assert_int_equal(awslogsrc_trust_fetch(trust, NULL, &fetch, freed, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(fetch.frees, 1);
    assert_int_equal(awslogsrc_trust_store(trust, store, NULL), AWSLOGSRC_E_STATE);
    assert_int_equal(awslogsrc_trust_count(trust), 0);
    awslogsrc_trust_free(trust);
    awslogsrc_trust_free(NULL);
    assert_int_equal(awslogsrc_trust_count(NULL), AWSLOGSRC_E_INVALID);
    assert_string_equal(awslogsrc_trust_problem(NULL), "");
}

/* --- the command --- */

static void test_trust_command__shows_and_stores(void **state)
{
    struct process command;
    char fingerprint[FINGERPRINT], line[TLS_TEXT + FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    int code = command_run(&command,
                           LIST(COMMAND_PATH, "trust", host_of_server(), "--trust-store", store));
    (void)snprintf(line, sizeof line, "   SHA-256  %s\n", fingerprint);
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, line), 1);
    assert_int_equal(command_count(&command.out, "not trusted so far: the certificate is signed"),
                     1);
    assert_int_equal(command_count(&command.out, "stored in "), 1);
    process_clear(&command);
    network_collect(url, LIST("trust_store", store), &outcome);
    tls_scene_expect_all_events();
}

/* However long it takes until the command comes to it. */
static void test_trust_command__file_is_being_written__waits(void **state)
{
    enum { PAUSE_US = 300000 };
    struct process command;
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    int fd = open(store, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    process_start(&command, &(struct process_options){.arguments = LIST(COMMAND_PATH, "trust",
                                                                        host_of_server(),
                                                                        "--trust-store", store)});
    (void)usleep(PAUSE_US);
    (void)close(fd);
    int code = process_finish(&command);
    process_clear(&command);
    assert_int_equal(code, 0);
    tls_scene_expect_in_store(fingerprint, true);
}

static void test_trust_command__without_a_file__shows(void **state)
{
    struct process command;
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    int code = command_run(&command, LIST(COMMAND_PATH, "trust", host_of_server()));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, fingerprint), 1);
    assert_int_equal(command_count(&command.out, "stored"), 0);
    process_clear(&command);
}

static void test_trust_command__bad_certificate__exits_with_1(void **state)
{
    struct process command;
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){.names = "DNS:else"}, fingerprint);
    int code = command_run(&command,
                           LIST(COMMAND_PATH, "trust", host_of_server(), "--trust-store", store));
    assert_int_equal(code, 1);
    assert_int_equal(command_count(&command.out, fingerprint), 1);
    command_assert_says(&command, "is not stored: the certificate is not for 127.0.0.1");
    process_clear(&command);
}

static void test_trust_command__wrong_usage__exits_with_2(void **state)
{
    const char *const *const wrong[] = {LIST(COMMAND_PATH, "trust"),
                                        LIST(COMMAND_PATH, "trust", "--trust-store", "x"),
                                        LIST(COMMAND_PATH, "trust", "a b"),
                                        LIST(COMMAND_PATH, "trust", "h", "--trust-stoer", "x"),
                                        LIST(COMMAND_PATH, "trust", "h", "-c", "x"),
                                        LIST(COMMAND_PATH, "trust", "h", "i")};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct process command;
        int code = command_run(&command, wrong[i]);
        size_t size = command.out.size;
        process_clear(&command);
        assert_int_equal(code, 2);
        assert_int_equal(size, 0);
    }
}

static void test_trust_command__behind_a_proxy__goes_through_it(void **state)
{
    struct proxy proxy;
    struct process command;
    char fingerprint[FINGERPRINT], proxy_port[16], target[TLS_TEXT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    proxy_start(&proxy, network.folder);
    (void)snprintf(proxy_port, sizeof proxy_port, "%u", proxy.port);
    int code =
        command_run(&command, LIST(COMMAND_PATH, "trust", host_of_server(), "--use-proxy",
                                   "--proxy-server", "127.0.0.1", "--proxy-port", proxy_port));
    char *log = proxy_stop(&proxy);
    (void)snprintf(target, sizeof target, "CONNECT 127.0.0.1:%u", port);
    bool found = strstr(log, target) != NULL;
    free(log);
    process_clear(&command);
    assert_int_equal(code, 0);
    assert_true(found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_trust_fetch__any_server__shows_its_chain),
        TEST(test_trust_fetch__known_issuer__has_no_problem),
        TEST(test_trust_store__sources_trust_it_then),
        TEST(test_trust_fetch__shown_only__is_not_trusted),
        TEST(test_trust_store__bad_dates_or_name__is_refused),
        TEST(test_trust_fetch__nobody_there__is_told),
        TEST(test_trust_free__while_it_fetches__ends_it),
        TEST(test_trust_free__in_the_callback__is_fine),
        TEST(test_trust__host_that_is_none__error_has_the_code_that_is_returned),
        TEST(test_trust__wrong_use__is_told),
        TEST(test_trust_command__shows_and_stores),
        TEST(test_trust_command__file_is_being_written__waits),
        TEST(test_trust_command__without_a_file__shows),
        TEST(test_trust_command__bad_certificate__exits_with_1),
        TEST(test_trust_command__wrong_usage__exits_with_2),
        TEST(test_trust_command__behind_a_proxy__goes_through_it),
    };
    return cmocka_run_group_tests(tests, tls_scene_open, tls_scene_close);
}
