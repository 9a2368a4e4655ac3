/* Set-ups that are broken in one way each: "awslogsrc check" names the step and the remedy. */
#include "testing.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "metadata.h"
#include "proxy.h"

#define REGION "us-east-1"

enum { MOST_WORDS = 48, URL_SIZE = 64, FILLING = 16, FILL_PAUSE_MS = 200 };

static struct simulator aws;
static struct process command;

/* Runs the check on a simulator of its own; later options win. */
static int check(const char *const *simulator, const char *const *options)
{
    simulator_start(&aws, simulator, NULL);
    const char *words[MOST_WORDS] = {COMMAND_PATH,        "check",
                                     "--format",          "json",
                                     "--log-group",       "CloudTrail/logs",
                                     "--regions",         REGION,
                                     "--access-key",      SIMULATOR_ACCESS_KEY,
                                     "--secret-key",      SIMULATOR_SECRET_KEY,
                                     "--endpoint-url",    aws.url,
                                     "--ca-file",         aws.ca_file,
                                     "--connect-timeout", "1s",
                                     "--request-timeout", "3s"};
    size_t count = 20;
    for (; *options != NULL; options++)
        words[count++] = *options;
    return command_run(&command, words);
}

/* The step failed, alone of all, with this in its cause and this in its remedy. */
static void expect(int code, const char *region, const char *step, const char *cause,
                   const char *remedy)
{
    char head[128];
    (void)snprintf(head, sizeof head, "{\"step\":\"%s\",\"region\":\"%s\",\"result\":\"failed\",",
                   step, region);
    const char *found = command.out.data == NULL ? NULL : strstr(command.out.data, head);
    char *end = found == NULL ? NULL : strstr(found, "\"}");
    if (found == NULL || end == NULL) {
        fail_msg("step %s did not fail: %s %s", step, command.out.data, command.err.data);
        return;
    }
    *end = '\0';
    if (strstr(found, cause) == NULL || strstr(found, remedy) == NULL)
        fail_msg("\"%s\" or \"%s\" is not in: %s", cause, remedy, found);
    *end = '"';
    assert_int_equal(command_count(&command.out, "\"result\":\"failed\""), 1);
    assert_int_equal(code, 1);
    assert_null(strstr(command.out.data, SIMULATOR_SECRET_KEY));
}

static int tear_down(void **state)
{
    (void)state;
    process_clear(&command);
    simulator_stop(&aws);
    return 0;
}

/* --- the options: without good ones there is no source to check --- */

static void expect_usage(int code, const char *says)
{
    assert_int_equal(code, 2);
    assert_int_equal(command.out.size, 0);
    command_assert_says(&command, says);
}

static void test_check__bad_identifier_pattern__names_option_and_line(void **state)
{
    (void)state;
    int code =
        check(LIST(NULL), LIST("--use-as-gateway-log-source", "--log-source-identifier-pattern",
                               "a=b", "--log-source-identifier-pattern", "c=(d"));
    expect_usage(code, "log_source_identifier_pattern: line 2");
}

static void test_check__unknown_option__names_the_nearest(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--log-gruop", "x"));
    expect_usage(code, "log_group");
}

/* --- the way there --- */

static void test_check__unknown_host__name_lookup(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--endpoint-url", "https://logs.invalid"));
    expect(code, REGION, "name lookup", "logs.invalid", "Check regions and endpoint_url");
}

static void test_check__refused_port__connection(void **state)
{
    char url[URL_SIZE];
    (void)state;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", proxy_free_port());
    int code = check(LIST(NULL), LIST("--endpoint-url", url));
    expect(code, REGION, "connection", "127.0.0.1", "firewall, route, proxy");
}

/* A port whose backlog is full answers nothing. */
static void test_check__black_hole__connection(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int hole = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fillings[FILLING];
    char url[URL_SIZE];
    (void)state;
    assert_int_equal(bind(hole, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(hole, 0), 0);
    assert_int_equal(getsockname(hole, (struct sockaddr *)&address, &size), 0);
    for (size_t i = 0; i < FILLING; i++) {
        fillings[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(fillings[i], (struct sockaddr *)&address, sizeof address);
    }
    (void)poll(NULL, 0, FILL_PAUSE_MS);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", ntohs(address.sin_port));
    int code = check(LIST(NULL), LIST("--endpoint-url", url));
    for (size_t i = 0; i < FILLING; i++)
        (void)close(fillings[i]);
    (void)close(hole);
    expect(code, REGION, "connection", "timed out", "firewall, route, proxy");
}

static void test_check__dead_proxy__proxy(void **state)
{
    char port[16];
    (void)state;
    (void)snprintf(port, sizeof port, "%u", proxy_free_port());
    int code =
        check(LIST(NULL), LIST("--use-proxy", "--proxy-server", "127.0.0.1", "--proxy-port", port));
    expect(code, REGION, "proxy", "127.0.0.1", "Check proxy_server and proxy_port");
}

static void test_check__wrong_proxy_password__proxy(void **state)
{
    struct proxy proxy;
    char port[16], folder[] = "/tmp/awslogsrc-check-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    simulator_start(&aws, LIST(NULL), NULL); /* in case the proxy skips the test */
    proxy_start_with_login(&proxy, folder, "user", "right");
    simulator_stop(&aws);
    (void)snprintf(port, sizeof port, "%u", proxy.port);
    int code = check(LIST(NULL), LIST("--use-proxy", "--proxy-server", "127.0.0.1", "--proxy-port",
                                      port, "--proxy-username", "user", "--proxy-password", "no"));
    free(proxy_stop(&proxy));
    expect(code, REGION, "proxy", "refuses proxy_username and proxy_password",
           "proxy_username and proxy_password");
}

/* --- TLS --- */

static void test_check__unknown_authority__tls(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--ca-file", "/etc/ssl/certs/ca-certificates.crt"));
    expect(code, REGION, "tls", "127.0.0.1", "ca_file");
}

static void test_check__wrong_name__tls(void **state)
{
    (void)state;
    int code = check(LIST("--tls-name", "DNS:logs.example"), LIST(NULL));
    expect(code, REGION, "tls", "the certificate is not for 127.0.0.1, but for DNS:logs.example",
           "ca_file");
}

static void test_check__plain_http_port__tls(void **state)
{
    char url[URL_SIZE];
    (void)state;
    unsigned port = proxy_free_port();
    char number[16];
    (void)snprintf(number, sizeof number, "%u", port);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", port);
    int code = check(LIST("--metadata-port", number), LIST("--endpoint-url", url));
    expect(code, REGION, "tls", "127.0.0.1", "intercepts TLS");
}

/* --- the service --- */

static void test_check__hanging_service__answer(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "hang=1"), LIST("--request-timeout", "2s"));
    expect(code, REGION, "answer", "timed out", "Check the way to that host");
}

static void test_check__throttled__answer(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "throttling=1"), LIST(NULL));
    expect(code, REGION, "answer", "ThrottlingException", "api_rate_limit");
}

static void test_check__service_out_of_order__answer(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "internal-error=1"), LIST(NULL));
    expect(code, REGION, "answer", "500", "asked again");
}

static void test_check__captive_portal__answer(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "html-ok=1"), LIST(NULL));
    expect(code, REGION, "answer", "no answer of CloudWatch Logs", "something that is not AWS");
}

static void test_check__clock_an_hour_slow__clock(void **state)
{
    (void)state;
    int code = check(LIST("--clock-offset", "1h"), LIST(NULL));
    expect(code, REGION, "clock", "behind AWS's", "NTP");
}

static void test_check__clock_an_hour_fast__clock(void **state)
{
    (void)state;
    int code = check(LIST("--clock-offset", "-1h"), LIST(NULL));
    expect(code, REGION, "clock", "ahead of AWS's", "NTP");
}

/* --- keys --- */

static void test_check__wrong_secret__keys(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--secret-key", "wrong"));
    expect(code, REGION, "keys", "InvalidSignatureException", "Check the access key");
}

static void test_check__unknown_key__keys(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--access-key", "AKIDUNKNOWN"));
    expect(code, REGION, "keys", "UnrecognizedClientException", "Check the access key");
}

static void test_check__region_not_enabled__keys(void **state)
{
    (void)state;
    int code = check(LIST("--region", REGION, "--region", "me-south-1", "--fault",
                          "unrecognized-client=1@me-south-1"),
                     LIST("--regions", REGION ",me-south-1"));
    expect(code, "me-south-1", "keys", "UnrecognizedClientException", "has this region enabled");
}

static void test_check__expired_keys__keys(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "expired-credentials=1"), LIST(NULL));
    expect(code, REGION, "keys", "Expired", "Get new temporary credentials");
}

static void test_check__no_credentials__credentials(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--access-key", "", "--secret-key", "",
                                      "--authentication-method", "environment"));
    expect(code, "", "credentials", "AWS_ACCESS_KEY_ID", "Set access_key and secret_key");
}

static void test_check__no_role_on_the_instance__credentials(void **state)
{
    char metadata[URL_SIZE], number[16];
    (void)state;
    (void)snprintf(number, sizeof number, "%u", proxy_free_port());
    (void)snprintf(metadata, sizeof metadata, "http://127.0.0.1:%s", number);
    int code = check(LIST("--metadata-port", number),
                     LIST("--access-key", "", "--secret-key", "", "--authentication-method",
                          "ec2_instance_role", "--ec2-metadata-endpoint", metadata));
    expect(code, "", "credentials", "the instance has no role", "authentication_method");
}

/* As the metadata looks from behind a container's bridge: its answers die on the way. */
static void test_check__hop_limit_of_the_instance__credentials(void **state)
{
    char metadata[URL_SIZE], number[16];
    (void)state;
    (void)snprintf(number, sizeof number, "%u", proxy_free_port());
    (void)snprintf(metadata, sizeof metadata, "http://127.0.0.1:%s", number);
    int code = check(LIST("--metadata-port", number, "--role", "reader", "--fault", "hang=1:imds"),
                     LIST("--access-key", "", "--secret-key", "", "--authentication-method",
                          "ec2_instance_role", "--ec2-metadata-endpoint", metadata));
    expect(code, "", "credentials", "HttpPutResponseHopLimit", "raise the hop limit");
}

static void test_check__sts_of_the_role_out_of_reach__credentials(void **state)
{
    char url[URL_SIZE];
    (void)state;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", proxy_free_port());
    int code = check(LIST(NULL), LIST("--assume-role-arn", "arn:aws:iam::123456789012:role/reader",
                                      "--sts-endpoint-url", url));
    expect(code, "", "credentials", "127.0.0.1", "Check the way to where keys come from");
}

static void test_check__role_that_may_not_be_assumed__credentials(void **state)
{
    (void)state;
    int code = check(LIST("--assumable", "arn:aws:iam::123456789012:role/other"),
                     LIST("--assume-role-arn", "arn:aws:iam::123456789012:role/reader",
                          "--sts-endpoint-url", aws.url));
    expect(code, "", "credentials", "AccessDenied",
           "sts:AssumeRole on the role, and let its trust");
}

/* --- what is asked for --- */

static void test_check__action_not_allowed__permission(void **state)
{
    (void)state;
    int code = check(LIST("--fault", "access-denied=1"), LIST(NULL));
    expect(code, REGION, "permission", "AccessDeniedException",
           "logs:FilterLogEvents on this log group (the resource's ARN ends with :*)");
}

static void test_check__missing_group__log_group(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--log-group", "CloudTrail/log"));
    expect(code, REGION, "log group", "ResourceNotFoundException", "Check the names of log group");
}

static void test_check__missing_stream__log_group(void **state)
{
    (void)state;
    int code = check(LIST("--events", "10"), LIST("--log-stream", "missing"));
    expect(code, REGION, "log group", "ResourceNotFoundException", "stream");
}

static void test_check__bad_pattern__filter(void **state)
{
    (void)state;
    int code = check(LIST(NULL), LIST("--filter-syntax", "aws", "--filter-pattern", "\"open"));
    expect(code, REGION, "filter", "InvalidParameterException", "filter_pattern first");
}

static void test_check__nothing_broken__no_step_fails(void **state)
{
    (void)state;
    int code = check(LIST("--events", "10"), LIST(NULL));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, "\"result\":\"failed\""), 0);
    assert_int_equal(command_count(&command.out, "{LogStreamName: "), 1);
}

static void test_check__endpoint_of_ones_own__public_sts_is_not_asked(void **state)
{
    (void)state;
    int code = check(LIST("--events", "10"), LIST(NULL));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, "{\"step\":\"identity\",\"region\":\"\","
                                                 "\"result\":\"skipped\","),
                     1);
}

static void test_check__sts_within_reach__identity_is_shown(void **state)
{
    char url[URL_SIZE], port[16];
    (void)state;
    (void)snprintf(port, sizeof port, "%u", proxy_free_port());
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%s", port);
    int code = check(LIST("--events", "10", "--port", port), LIST("--sts-endpoint-url", url));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, "\"detail\":\"account 123456789012, "
                                                 "arn:aws:iam::123456789012:user/simulated\""),
                     1);
}

static void test_check__sts_out_of_reach__identity_is_no_failure(void **state)
{
    char url[URL_SIZE];
    (void)state;
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", proxy_free_port());
    int code = check(LIST("--events", "10"), LIST("--sts-endpoint-url", url));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&command.out, "\"result\":\"failed\""), 0);
    assert_int_equal(command_count(&command.out, "STS (127.0.0.1:"), 1);
}

static void test_check__table__has_a_row_for_each_step(void **state)
{
    (void)state;
    int code = check(LIST("--events", "10"), LIST("--format=table"));
    assert_int_equal(code, 0);
    assert_non_null(strstr(command.out.data, "source default\n"));
    assert_int_equal(command_count(&command.out, REGION " "), 11);
}

/* Whoever writes to the log would move the cursor of the terminal with U+009B. */
static void test_check__sample_event_with_control_characters__table_shows_blanks(void **state)
{
    char path[] = "/tmp/awslogsrc-check-XXXXXX";
    static const char line[] = "one\x1b[2Ktwo\xc2\x9b"
                               "2Kthree\xc3\xa9\n";
    (void)state;
    int fd = mkstemp(path);
    assert_int_equal(write(fd, line, sizeof line - 1), sizeof line - 1);
    (void)close(fd);
    int code = check(LIST("--from", path, "--start", "-1h"), LIST("--format=table"));
    (void)unlink(path);
    assert_int_equal(code, 0);
    assert_non_null(strstr(command.out.data, "two 2Kthree\xc3\xa9"));
    assert_null(strstr(command.out.data, "\xc2\x9b"));
    assert_null(strchr(command.out.data, '\x1b'));
}

#define SETUP(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SETUP(test_check__bad_identifier_pattern__names_option_and_line),
        SETUP(test_check__unknown_option__names_the_nearest),
        SETUP(test_check__unknown_host__name_lookup),
        SETUP(test_check__refused_port__connection),
        SETUP(test_check__black_hole__connection),
        SETUP(test_check__dead_proxy__proxy),
        SETUP(test_check__wrong_proxy_password__proxy),
        SETUP(test_check__unknown_authority__tls),
        SETUP(test_check__wrong_name__tls),
        SETUP(test_check__plain_http_port__tls),
        SETUP(test_check__hanging_service__answer),
        SETUP(test_check__throttled__answer),
        SETUP(test_check__service_out_of_order__answer),
        SETUP(test_check__captive_portal__answer),
        SETUP(test_check__clock_an_hour_slow__clock),
        SETUP(test_check__clock_an_hour_fast__clock),
        SETUP(test_check__wrong_secret__keys),
        SETUP(test_check__unknown_key__keys),
        SETUP(test_check__region_not_enabled__keys),
        SETUP(test_check__expired_keys__keys),
        SETUP(test_check__no_credentials__credentials),
        SETUP(test_check__no_role_on_the_instance__credentials),
        SETUP(test_check__hop_limit_of_the_instance__credentials),
        SETUP(test_check__sts_of_the_role_out_of_reach__credentials),
        SETUP(test_check__role_that_may_not_be_assumed__credentials),
        SETUP(test_check__action_not_allowed__permission),
        SETUP(test_check__missing_group__log_group),
        SETUP(test_check__missing_stream__log_group),
        SETUP(test_check__bad_pattern__filter),
        SETUP(test_check__nothing_broken__no_step_fails),
        SETUP(test_check__endpoint_of_ones_own__public_sts_is_not_asked),
        SETUP(test_check__sts_within_reach__identity_is_shown),
        SETUP(test_check__sts_out_of_reach__identity_is_no_failure),
        SETUP(test_check__table__has_a_row_for_each_step),
        SETUP(test_check__sample_event_with_control_characters__table_shows_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
