#include "testing.h"

#include "command.h"
#include "metadata.h"
#include "peer.h"
#include "proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STATIC_KEYS "--access-key", SIMULATOR_ACCESS_KEY, "--secret-key", SIMULATOR_SECRET_KEY
#define INSTANCE    "--authentication-method", "ec2_instance_role", "--ec2-metadata-endpoint", aws.url
#define ASSUME      "--assume-role-arn", "arn:aws:iam::123456789012:role/first", "--sts-endpoint-url"

enum {
    FIRST_ERROR_LIMIT_MS = 5000,
    FILLING = 8,         /* connections that certainly fill a backlog of 0 */
    FILL_PAUSE_MS = 200, /* by then a connection is made, or will not be */
    VARIABLE_SIZE = 160
};

static struct metadata aws;
static struct process command;

static int open_aws(void **state)
{
    (void)state;
    command = (struct process){0};
    metadata_open(&aws);
    return 0;
}

static int close_aws(void **state)
{
    (void)state;
    process_clear(&command);
    metadata_close(&aws);
    return 0;
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* "NAME=value" in a buffer of the caller's. */
static const char *variable(char out[VARIABLE_SIZE], const char *name, const char *value,
                            const char *more)
{
    (void)snprintf(out, VARIABLE_SIZE, "%s=%s%s", name, value, more);
    return out;
}

static void expect_all_events(int code)
{
    if (code != 0)
        fail_msg("exit code %d: %s", code, command.err.data);
    assert_int_equal(command_count(&command.out, "\n"), METADATA_EVENTS);
}

/* --- keys that work --- */

static void test_credentials__instance_role__every_event(void **state)
{
    (void)state;
    metadata_start(&aws);
    expect_all_events(metadata_collect_once(&aws, &command, LIST(INSTANCE), LIST(NULL)));
}

static void test_credentials__instance_role__one_token_one_list_one_document(void **state)
{
    (void)state;
    metadata_start(&aws);
    expect_all_events(metadata_collect_once(&aws, &command, LIST(INSTANCE), LIST(NULL)));
    assert_int_equal(metadata_calls(&aws, SIM_IMDS), 3);
}

static void test_credentials__container__every_event(void **state)
{
    char uri[VARIABLE_SIZE];
    (void)state;
    sim_service_settings(aws.service)->container_token = "Basic c2VjcmV0";
    metadata_start(&aws);
    expect_all_events(metadata_collect_once(
        &aws, &command, LIST("--authentication-method", "container"),
        LIST(variable(uri, "AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.url, "/v2/credentials/1"),
             "AWS_CONTAINER_AUTHORIZATION_TOKEN=Basic c2VjcmV0")));
}

static void test_credentials__assumed_role_with_external_id__every_event(void **state)
{
    (void)state;
    sim_service_add_role(aws.service,
                         &(struct sim_role){.arn = "arn:aws:iam::123456789012:role/first",
                                            .external_id = "a:b/c=d+e"});
    metadata_start(&aws);
    expect_all_events(metadata_collect_once(
        &aws, &command,
        LIST(STATIC_KEYS, ASSUME, aws.url, "--assume-role-external-id", "a:b/c=d+e"), LIST(NULL)));
}

static void test_credentials__role_over_the_instances__every_event(void **state)
{
    (void)state;
    metadata_start(&aws);
    expect_all_events(
        metadata_collect_once(&aws, &command, LIST(INSTANCE, ASSUME, aws.url), LIST(NULL)));
}

static void test_credentials__web_identity__every_event(void **state)
{
    char file[VARIABLE_SIZE];
    (void)state;
    sim_service_settings(aws.service)->web_identity_token = "eyJhbGciOi.J9";
    metadata_start(&aws);
    const char *path = metadata_write(&aws, "token", "eyJhbGciOi.J9\n");
    expect_all_events(metadata_collect_once(
        &aws, &command,
        LIST("--authentication-method", "web_identity", "--sts-endpoint-url", aws.url),
        LIST(variable(file, "AWS_WEB_IDENTITY_TOKEN_FILE", path, ""),
             "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/first")));
}

/* --- a metadata address that is a black hole --- */

struct listener {
    int fd;
    int fillings[FILLING];
    char url[METADATA_URL_SIZE];
};

static void listen_on_loopback(struct listener *listener, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener->fd, backlog), 0);
    assert_int_equal(getsockname(listener->fd, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(listener->url, sizeof listener->url, "http://127.0.0.1:%u",
                   (unsigned)ntohs(address.sin_port));
    for (size_t i = 0; i < FILLING; i++)
        listener->fillings[i] = -1;
}

/* Nobody accepts, and so connections that are too many stay without an answer: to a client this is
 * what a metadata service behind too many hops looks like. */
static void fill_backlog(struct listener *listener)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    assert_int_equal(getsockname(listener->fd, (struct sockaddr *)&address, &size), 0);
    for (size_t i = 0; i < FILLING; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        listener->fillings[i] = fd;
        (void)connect(fd, (struct sockaddr *)&address, sizeof address);
    }
    struct pollfd last = {.fd = listener->fillings[FILLING - 1], .events = POLLOUT};
    assert_int_equal(poll(&last, 1, FILL_PAUSE_MS), 0);
}

static void close_listener(struct listener *listener)
{
    for (size_t i = 0; i < FILLING; i++)
        if (listener->fillings[i] >= 0)
            (void)close(listener->fillings[i]);
    (void)close(listener->fd);
}

/* Until the first line of trouble. */
static int64_t time_to_trouble(const char *const *options, const char *const *environment)
{
    int64_t began = now_ms();
    metadata_collect(&aws, &command, options, environment);
    process_await_error(&command, "\n");
    int64_t took = now_ms() - began;
    process_signal(&command, SIGTERM);
    (void)process_finish(&command);
    return took;
}

static int64_t trouble_at_black_hole(void)
{
    struct listener hole;
    metadata_start(&aws);
    listen_on_loopback(&hole, 0);
    fill_backlog(&hole);
    int64_t took = time_to_trouble(
        LIST("--authentication-method", "ec2_instance_role", "--ec2-metadata-endpoint", hole.url),
        LIST(NULL));
    close_listener(&hole);
    return took;
}

static void test_credentials__hop_limit__first_error_within_5_s(void **state)
{
    (void)state;
    assert_in_range(trouble_at_black_hole(), 0, FIRST_ERROR_LIMIT_MS);
}

static void test_credentials__hop_limit__error_says_how_to_raise_it(void **state)
{
    (void)state;
    (void)trouble_at_black_hole();
    command_assert_says(&command, "hop limit");
    command_assert_says(&command, "HttpPutResponseHopLimit");
}

/* The real address, on a link whose other end answers nothing. */
static void test_credentials__hop_limit_at_the_real_address__first_error_within_5_s(void **state)
{
    static const char script[] =
        "(ip link add x0 type veth peer name x1 && ip addr add 169.254.1.1/16 dev x0 &&"
        " ip link set x0 up && ip link set x1 up &&"
        " ip neigh add 169.254.169.254 lladdr 02:00:00:00:00:01 dev x0) >/dev/null 2>&1 ||"
        " { echo SKIPPED: no network namespace >&2; exit 77; }; exec \"$@\"";
    (void)state;
    if (access("/usr/bin/unshare", X_OK) != 0) {
        printf("SKIPPED: unshare is not installed\n");
        skip();
    }
    metadata_start(&aws);
    aws.wrapper = LIST("/usr/bin/unshare", "-rn", "/bin/sh", "-c", script, "sh");
    int64_t took = time_to_trouble(LIST("--authentication-method", "ec2_instance_role"),
                                   LIST("PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
    if (strstr(command.err.data, "SKIPPED") != NULL ||
        strstr(command.err.data, "unshare") != NULL) {
        printf("SKIPPED: %s", command.err.data);
        skip();
    }
    command_assert_says(&command, "hop limit");
    assert_in_range(took, 0, FIRST_ERROR_LIMIT_MS);
}

/* --- keys of our own: nobody else is asked --- */

static void test_credentials__static_keys__not_a_packet_to_the_metadata(void **state)
{
    struct listener nobody;
    char imds[VARIABLE_SIZE], container[VARIABLE_SIZE];
    (void)state;
    metadata_start(&aws);
    listen_on_loopback(&nobody, FILLING);
    int code = metadata_collect_once(
        &aws, &command, LIST(STATIC_KEYS),
        LIST(variable(imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT", nobody.url, ""),
             variable(container, "AWS_CONTAINER_CREDENTIALS_FULL_URI", nobody.url, "/v2/x")));
    int visitor = accept4(nobody.fd, NULL, NULL, SOCK_CLOEXEC);
    int why = errno;
    close_listener(&nobody);
    expect_all_events(code);
    assert_int_equal(visitor, -1);
    assert_int_equal(why, EAGAIN);
}

static void test_credentials__static_keys__no_metadata_call_is_counted(void **state)
{
    char imds[VARIABLE_SIZE];
    (void)state;
    metadata_start(&aws);
    expect_all_events(metadata_collect_once(
        &aws, &command, LIST(STATIC_KEYS),
        LIST(variable(imds, "AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.url, ""))));
    assert_int_equal(metadata_calls(&aws, SIM_IMDS), 0);
}

/* --- proxies --- */

/* What a real proxy saw of a run; the caller frees. */
static char *log_of_proxied(const char *const *options, const char *const *environment)
{
    char variables[4][VARIABLE_SIZE], url[METADATA_URL_SIZE];
    const char *all[METADATA_OPTIONS] = {NULL};
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"};
    struct proxy proxy;
    size_t count = 0;
    proxy_start(&proxy, aws.home);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy.port);
    for (; count < 4; count++)
        all[count] = variable(variables[count], names[count], url, "");
    for (; *environment != NULL; environment++)
        all[count++] = *environment;
    metadata_collect(&aws, &command, options, all);
    int code = process_finish(&command);
    char *log = proxy_stop(&proxy);
    if (code == 2)
        free(log);
    expect_all_events(code);
    return log;
}

static void expect_in_log(char *log, const char *text, bool wanted)
{
    bool there = strstr(log, text) != NULL;
    if (there != wanted)
        printf("%s\n", log);
    free(log);
    assert_int_equal(there, wanted);
}

static void test_credentials__proxy__api_calls_go_through_it(void **state)
{
    (void)state;
    metadata_start(&aws);
    expect_in_log(log_of_proxied(LIST("--once", STATIC_KEYS), LIST(NULL)),
                  "POST http://127.0.0.1:", true);
}

static void test_credentials__proxy__sts_calls_go_through_it(void **state)
{
    char sts[METADATA_URL_SIZE];
    (void)state;
    metadata_start(&aws);
    (void)snprintf(sts, sizeof sts, "http://localhost:%s", strrchr(aws.url, ':') + 1);
    expect_in_log(log_of_proxied(LIST("--once", STATIC_KEYS, ASSUME, sts), LIST(NULL)),
                  "POST http://localhost:", true);
}

static void test_credentials__proxy_that_refuses_sts__is_no_error_of_aws(void **state)
{
    char address[METADATA_URL_SIZE], variable_text[VARIABLE_SIZE];
    struct peer peer = {.kind = PEER_REFUSES};
    (void)state;
    metadata_start(&aws);
    peer_start(&peer);
    (void)snprintf(address, sizeof address, "http://127.0.0.1:%u", peer.port);
    const char *trouble =
        metadata_first_trouble(&aws, &command, LIST(STATIC_KEYS, ASSUME, aws.url),
                               LIST(variable(variable_text, "http_proxy", address, "")));
    peer_stop(&peer);
    assert_non_null(strstr(trouble, "HTTP 403 from proxy"));
    assert_non_null(strstr(trouble, address));
}

static void test_credentials__proxy__imds_calls_never_reach_it(void **state)
{
    (void)state;
    metadata_start(&aws);
    expect_in_log(log_of_proxied(LIST("--once", INSTANCE), LIST(NULL)), "/latest/", false);
    assert_int_equal(metadata_calls(&aws, SIM_IMDS), 3);
}

static void test_credentials__proxy__container_calls_never_reach_it(void **state)
{
    char uri[VARIABLE_SIZE];
    (void)state;
    metadata_start(&aws);
    expect_in_log(log_of_proxied(LIST("--once", "--authentication-method", "container"),
                                 LIST(variable(uri, "AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.url,
                                               "/v2/credentials/1"))),
                  "/v2/credentials/", false);
    assert_int_equal(metadata_calls(&aws, SIM_CONTAINER), 1);
}

#define WITH_AWS(test) cmocka_unit_test_setup_teardown(test, open_aws, close_aws)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_AWS(test_credentials__instance_role__every_event),
        WITH_AWS(test_credentials__instance_role__one_token_one_list_one_document),
        WITH_AWS(test_credentials__container__every_event),
        WITH_AWS(test_credentials__assumed_role_with_external_id__every_event),
        WITH_AWS(test_credentials__role_over_the_instances__every_event),
        WITH_AWS(test_credentials__web_identity__every_event),
        WITH_AWS(test_credentials__hop_limit__first_error_within_5_s),
        WITH_AWS(test_credentials__hop_limit__error_says_how_to_raise_it),
        WITH_AWS(test_credentials__hop_limit_at_the_real_address__first_error_within_5_s),
        WITH_AWS(test_credentials__static_keys__not_a_packet_to_the_metadata),
        WITH_AWS(test_credentials__static_keys__no_metadata_call_is_counted),
        WITH_AWS(test_credentials__proxy__api_calls_go_through_it),
        WITH_AWS(test_credentials__proxy__sts_calls_go_through_it),
        WITH_AWS(test_credentials__proxy_that_refuses_sts__is_no_error_of_aws),
        WITH_AWS(test_credentials__proxy__imds_calls_never_reach_it),
        WITH_AWS(test_credentials__proxy__container_calls_never_reach_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
