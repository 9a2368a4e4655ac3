#include "testing.h"

#include <poll.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credentials/cached.h"
#include "credentials/profile.h"
#include "folder.h"
#include "net/reactor.h"

enum {
    LONG_MS = 60000, /* no test waits for it */
    REFUSED_REST_MS = 30000,
    SLACK_MS = 20000, /* that a busy machine may take in between */
    MOST_VARIABLES = 8
};

static struct als_reactor reactor;
static struct als_fetcher_place place;
static awslogsrc_credentials *provider;
static struct als_fetcher *fetcher;
static struct als_keys *keys;
static awslogsrc_error *error;
static int answers;
static int64_t rest_ms; /* until the next attempt, at least */
static struct als_http_settings http;
static struct als_caches caches;
static char home[64], log_lines[512], asked[2048];
static const char *variables[MOST_VARIABLES][2];

static char *fake_getenv(const char *name)
{
    for (size_t i = 0; i < MOST_VARIABLES && variables[i][0] != NULL; i++) {
        if (strcmp(variables[i][0], name) == 0)
            return (char *)(uintptr_t)variables[i][1];
    }
    return NULL;
}

static void set_variable(const char *name, const char *value)
{
    for (size_t i = 0; i < MOST_VARIABLES; i++) {
        if (variables[i][0] != NULL)
            continue;
        variables[i][0] = name;
        variables[i][1] = value;
        return;
    }
    fail();
}

static void came(void *self, struct als_keys *new_keys)
{
    (void)self;
    answers++;
    als_keys_unref(keys);
    keys = new_keys;
}

static void failed(void *self, awslogsrc_error *new_error, int64_t least_wait_ms)
{
    (void)self;
    answers++;
    rest_ms = least_wait_ms;
    als_error_free(error);
    error = new_error;
}

/* --- an STS that gives a role's keys to everybody, or to all whose clock is right --- */

#define STS_DATE "20500101"

static bool sts_looks_at_the_clock;
static const char *sts_refusal; /* its code; NULL: none */

struct als_http_call {
    struct als_timer timer;
    const char *refusal;
    als_http_done *done;
    void *user_data;
};

static void sts_answer(void *user_data)
{
    struct als_http_call *call = user_data;
    struct als_buffer body;
    als_buffer_init(&body, 1024);
    if (call->refusal != NULL)
        als_buffer_format(&body, "<R><Error><Code>%s</Code><Message>no</Message></Error></R>",
                          call->refusal);
    else
        als_buffer_append_string(
            &body, "<R><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>secret"
                   "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01"
                   "T00:00:00Z</Expiration></Credentials></R>");
    struct als_http_response response = {.status = call->refusal != NULL ? 403 : 200,
                                         .body = &body};
    if (sts_looks_at_the_clock)
        response.headers = ALS_TEXT("Date: Sat, 01 Jan 2050 00:00:00 GMT\r\n");
    call->done(call->user_data, &response);
    als_buffer_clear(&body);
    free(call);
}

static bool is_late(const struct als_http_request *request)
{
    static const char right[] = "X-Amz-Date: " STS_DATE;
    bool found = !sts_looks_at_the_clock;
    for (size_t i = 0; request->headers[i] != NULL; i++)
        found = found || strncasecmp(request->headers[i], right, sizeof right - 1) == 0;
    return !found;
}

static int sts_send(void *self, const struct als_http_request *request, als_http_done *done,
                    void *user_data, struct als_http_call **out)
{
    (void)self;
    size_t size = strlen(asked);
    (void)snprintf(asked + size, sizeof asked - size, "%s %.*s\n", request->url,
                   (int)request->body.size, request->body.data);
    struct als_http_call *call = calloc(1, sizeof *call);
    assert_non_null(call);
    *call = (struct als_http_call){{.fn = sts_answer, .user_data = call},
                                   is_late(request) ? "SignatureDoesNotMatch" : sts_refusal,
                                   done,
                                   user_data};
    als_loop_arm(&reactor.loop, &call->timer, als_loop_now_ms(&reactor.loop));
    *out = call;
    return 0;
}

static void sts_cancel(void *self, struct als_http_call *call)
{
    (void)self;
    als_loop_disarm(&reactor.loop, &call->timer);
    free(call);
}

static void log_line(void *user_data, int level, const char *line)
{
    (void)user_data;
    assert_int_equal(level, AWSLOGSRC_LOG_WARNING);
    size_t size = strlen(log_lines);
    (void)snprintf(log_lines + size, sizeof log_lines - size, "%s\n", line);
}

static char *path_of(const char *name)
{
    static char paths[2][128];
    char *path = paths[*name == 'c' && name[1] == 'o'];
    (void)snprintf(path, sizeof paths[0], "%s/%s", home, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    const char *path = path_of(name);
    (void)unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

static int set_up(void **state)
{
    (void)state;
    provider = NULL;
    fetcher = NULL;
    keys = NULL;
    error = NULL;
    answers = 0;
    sts_looks_at_the_clock = false;
    sts_refusal = NULL;
    log_lines[0] = asked[0] = '\0';
    memset(variables, 0, sizeof variables);
    (void)snprintf(home, sizeof home, "/tmp/test_profile_XXXXXX");
    if (mkdtemp(home) == NULL || als_reactor_init(&reactor, NULL) != 0)
        return -1;
    set_variable("AWS_CONFIG_FILE", path_of("config"));
    set_variable("AWS_SHARED_CREDENTIALS_FILE", path_of("keys"));
    caches = (struct als_caches){.loop = &reactor.loop};
    place = (struct als_fetcher_place){&reactor.loop, &http, &caches};
    reactor.loop.http = (struct als_http){.send = sts_send, .cancel = sts_cancel};
    reactor.loop.log = (struct als_log){.fn = log_line, .level = AWSLOGSRC_LOG_WARNING};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    als_fetcher_close(fetcher);
    als_provider_unref(provider);
    als_keys_unref(keys);
    als_error_free(error);
    als_reactor_clear(&reactor);
    folder_empty(home);
    return 0;
}

static void open_profile(const char *name)
{
    const struct als_fetcher_listener listener = {.done = came, .failed = failed};
    const struct als_profile_config config = {.profile = name};
    assert_int_equal(als_profile_new(&config, fake_getenv, &provider, NULL), 0);
    assert_int_equal(als_fetcher_open(provider, &place, &listener, &fetcher), 0);
}

static void fetch(void)
{
    answers = 0;
    als_fetcher_fetch(fetcher);
    while (answers == 0) {
        struct pollfd descriptor = {.fd = reactor.epoll_fd, .events = POLLIN};
        assert_true(poll(&descriptor, 1, LONG_MS) > 0);
        assert_true(als_reactor_process(&reactor) >= 0);
    }
    assert_int_equal(answers, 1);
}

static void assert_key(const char *access_key)
{
    if (keys == NULL)
        fail_msg("%s", awslogsrc_error_message(error));
    assert_string_equal(keys->access_key, access_key);
}

static void assert_fails(int code, const char *message)
{
    assert_null(keys);
    assert_string_equal(awslogsrc_error_message(error), message);
    assert_int_equal(awslogsrc_error_code(error), code);
}

static void test_profile__keys_of_the_default_profile__are_used(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = us-east-1\n");
    write_file("keys", "[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n"
                       "aws_session_token = t\n");
    open_profile(NULL);
    fetch();
    assert_key("AKID");
    assert_string_equal(keys->secret_key, "secret");
    assert_string_equal(keys->session_token, "t");
    assert_string_equal(log_lines, "");
}

#define TWO_PROFILES                                               \
    "[a]\naws_access_key_id = A\naws_secret_access_key = secret\n" \
    "[b]\naws_access_key_id = B\naws_secret_access_key = secret\n"

static void test_profile__name__is_given_or_in_the_environment(void **state)
{
    write_file("keys", TWO_PROFILES);
    set_variable("AWS_PROFILE", "a");
    open_profile("");
    fetch();
    assert_key("A");
    tear_down(state);
    set_up(state);
    write_file("keys", TWO_PROFILES);
    set_variable("AWS_PROFILE", "a");
    open_profile("b");
    fetch();
    assert_key("B");
}

static void test_profile__files__are_read_at_each_attempt(void **state)
{
    (void)state;
    write_file("keys", "[default]\naws_access_key_id = OLD\naws_secret_access_key = secret\n");
    open_profile(NULL);
    fetch();
    assert_key("OLD");
    write_file("keys", "[default]\naws_access_key_id = NEW\naws_secret_access_key = secret\n");
    fetch();
    assert_key("NEW");
}

static void test_profile__process__is_run(void **state)
{
    (void)state;
    write_file("config", "[default]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":"
                         "\"AKID\",\"SecretAccessKey\":\"secret\"}'\n");
    open_profile(NULL);
    fetch();
    assert_key("AKID");
}

static void test_profile__failing_process__can_be_mended_in_the_file(void **state)
{
    (void)state;
    write_file("config", "[default]\ncredential_process = /nonexistent/program\n");
    open_profile(NULL);
    fetch();
    assert_fails(AWSLOGSRC_E_FILE, "profile default: process credentials: /nonexistent/program "
                                   "cannot be run: No such file or directory");
    write_file("config", "[default]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":"
                         "\"AKID\",\"SecretAccessKey\":\"secret\"}'\n");
    fetch();
    assert_key("AKID");
}

static void test_profile__cancelled_while_a_process_runs__answers_nothing(void **state)
{
    (void)state;
    write_file("config", "[default]\ncredential_process = sleep 1000\n");
    open_profile(NULL);
    als_fetcher_fetch(fetcher);
    als_fetcher_cancel(fetcher);
    assert_int_equal(als_reactor_process(&reactor), 0);
    assert_int_equal(answers, 0);
}

#define ROLE                                                               \
    "role_arn = arn:aws:iam::123456789012:role/A\nrole_session_name = s\n" \
    "external_id = x\nduration_seconds = 900\nsource_profile = a\n"
#define ASKED                                                                                   \
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FA" \
    "&RoleSessionName=s&ExternalId=x&DurationSeconds=900\n"

static void test_profile__role__is_assumed_at_the_sts_of_the_region(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\n" ROLE);
    write_file("keys", TWO_PROFILES);
    open_profile(NULL);
    fetch();
    assert_key("ROLE");
    assert_string_equal(asked, "https://sts.eu-west-1.amazonaws.com/ " ASKED);
}

static void test_profile__clock_is_off__second_attempt_goes_by_that_of_sts(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\n" ROLE);
    write_file("keys", TWO_PROFILES);
    sts_looks_at_the_clock = true;
    open_profile(NULL);
    fetch();
    assert_null(keys);
    assert_non_null(strstr(awslogsrc_error_message(error), "SignatureDoesNotMatch"));
    fetch();
    assert_key("ROLE");
}

/* Each refusal is in CloudTrail. */
static void test_profile__refused_in_mid_chain__rests_as_for_a_single_role(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/B\n"
                         "source_profile = b\n[profile b]\n" ROLE);
    write_file("keys", "[a]\naws_access_key_id = A\naws_secret_access_key = secret\n");
    sts_refusal = "AccessDenied";
    open_profile(NULL);
    fetch();
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_ACCESS_DENIED);
    assert_in_range(rest_ms, REFUSED_REST_MS - SLACK_MS, 2 * REFUSED_REST_MS);
}

static void test_profile__role_over_keys_that_expired__rests_as_there_are_no_others(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\n" ROLE);
    write_file("keys", TWO_PROFILES);
    sts_refusal = "ExpiredToken";
    open_profile(NULL);
    fetch();
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_CREDENTIALS_EXPIRED);
    assert_in_range(rest_ms, REFUSED_REST_MS, 2 * REFUSED_REST_MS);
}

/* One variable a row, beside both URLs of the profile. */
static void test_profile__sts__is_where_the_order_of_the_sdks_says(void **state)
{
    static const char config[] =
        "[default]\nregion = eu-west-1\nendpoint_url = http://general\n"
        "services = s\n" ROLE "[services s]\nsts =\n  endpoint_url = http://special\n";
    static const char *const rows[][3] = {
        {"AWS_ENDPOINT_URL_STS", "http://variable", "http://variable/ " ASKED},
        {"AWS_ENDPOINT_URL", "http://variables", "http://variables/ " ASKED},
        {"X", "x", "http://special/ " ASKED},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true",
         "https://sts.eu-west-1.amazonaws.com/ " ASKED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("config", config);
        write_file("keys", TWO_PROFILES);
        set_variable(rows[i][0], rows[i][1]);
        open_profile(NULL);
        fetch();
        assert_key("ROLE");
        assert_string_equal(asked, rows[i][2]);
        tear_down(state);
        set_up(state);
    }
}

static void test_profile__region__comes_from_the_environment_first(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\n" ROLE);
    write_file("keys", TWO_PROFILES);
    set_variable("AWS_REGION", "us-west-2");
    open_profile(NULL);
    fetch();
    assert_key("ROLE");
    assert_string_equal(asked, "https://sts.us-west-2.amazonaws.com/ " ASKED);
}

/* The options know the environment and the profile, and what goes before both. */
static void test_profile__kind_of_endpoint__is_the_options(void **state)
{
    (void)state;
    write_file("config", "[default]\nregion = eu-west-1\nuse_fips_endpoint = true\n" ROLE);
    write_file("keys", TWO_PROFILES);
    set_variable("AWS_USE_FIPS_ENDPOINT", "true");
    set_variable("AWS_USE_DUALSTACK_ENDPOINT", "true");
    open_profile(NULL);
    fetch();
    assert_key("ROLE");
    assert_string_equal(asked, "https://sts.eu-west-1.amazonaws.com/ " ASKED);
}

static void test_profile__source_without_its_keys__stops_a_chain_of_providers(void **state)
{
    (void)state;
    write_file("config", "[profile p]\nregion = eu-west-1\nrole_arn = "
                         "arn:aws:iam::123456789012:role/A\ncredential_source = Environment\n");
    open_profile("p");
    fetch();
    assert_null(keys);
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_OPTION_MISSING);
    assert_memory_equal(awslogsrc_error_message(error), "profile p: ", 11);
}

static void test_profile__no_files__is_not_configured(void **state)
{
    (void)state;
    open_profile(NULL);
    fetch();
    assert_fails(AWSLOGSRC_E_NO_CREDENTIALS, "profile default: there is no such profile");
}

static void test_profile__device_for_a_file__is_as_good_as_none(void **state)
{
    (void)state;
    variables[0][1] = "/dev/null";
    open_profile(NULL);
    fetch();
    assert_fails(AWSLOGSRC_E_NO_CREDENTIALS, "profile default: there is no such profile");
}

static void test_profile__chosen_profile_that_is_not_there__is_told_with_the_files(void **state)
{
    char message[256];
    (void)state;
    write_file("keys", TWO_PROFILES);
    open_profile("c");
    fetch();
    (void)snprintf(message, sizeof message, "profile c: it is neither in %s/config nor in %s/keys",
                   home, home);
    assert_fails(AWSLOGSRC_E_OPTION_VALUE, message);
}

static void test_profile__syntax_error__is_told_with_file_and_line(void **state)
{
    char message[256];
    (void)state;
    write_file("config", "[default]\nregion\n");
    open_profile(NULL);
    fetch();
    (void)snprintf(message, sizeof message, "%s/config:2: no '=' behind the property's name", home);
    assert_fails(AWSLOGSRC_E_FILE_SYNTAX, message);
}

static void test_profile__broken_process__is_told_with_the_profile(void **state)
{
    (void)state;
    write_file("config", "[profile p]\ncredential_process = a | b\n");
    open_profile("p");
    fetch();
    assert_fails(AWSLOGSRC_E_OPTION_VALUE,
                 "profile p: credential_process: the command line has what only a shell "
                 "understands, and none is used; write sh -c '...'");
}

static void test_profile__others_may_read_the_keys__is_warned_of_once(void **state)
{
    char expected[256];
    (void)state;
    write_file("keys", "[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n");
    assert_int_equal(chmod(path_of("keys"), 0640), 0);
    open_profile(NULL);
    fetch();
    fetch();
    assert_key("AKID");
    (void)snprintf(expected, sizeof expected,
                   "%s/keys can be read by others than its owner: chmod 600 %s/keys\n", home, home);
    assert_string_equal(log_lines, expected);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_profile__keys_of_the_default_profile__are_used),
        TEST(test_profile__name__is_given_or_in_the_environment),
        TEST(test_profile__files__are_read_at_each_attempt),
        TEST(test_profile__process__is_run),
        TEST(test_profile__failing_process__can_be_mended_in_the_file),
        TEST(test_profile__cancelled_while_a_process_runs__answers_nothing),
        TEST(test_profile__role__is_assumed_at_the_sts_of_the_region),
        TEST(test_profile__clock_is_off__second_attempt_goes_by_that_of_sts),
        TEST(test_profile__refused_in_mid_chain__rests_as_for_a_single_role),
        TEST(test_profile__role_over_keys_that_expired__rests_as_there_are_no_others),
        TEST(test_profile__sts__is_where_the_order_of_the_sdks_says),
        TEST(test_profile__region__comes_from_the_environment_first),
        TEST(test_profile__kind_of_endpoint__is_the_options),
        TEST(test_profile__source_without_its_keys__stops_a_chain_of_providers),
        TEST(test_profile__no_files__is_not_configured),
        TEST(test_profile__device_for_a_file__is_as_good_as_none),
        TEST(test_profile__chosen_profile_that_is_not_there__is_told_with_the_files),
        TEST(test_profile__syntax_error__is_told_with_file_and_line),
        TEST(test_profile__broken_process__is_told_with_the_profile),
        TEST(test_profile__others_may_read_the_keys__is_warned_of_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
