/* The recorded cases that the SDKs share: an environment, files, what is asked over HTTP and what
 * is answered, and the keys or the failure that come of it. */
#include "testing.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <poll.h>
#include <unistd.h>

#include "credentials/cached.h"
#include "credentials/default_chain.h"
#include "credentials/profile.h"
#include "folder.h"
#include "net/reactor.h"

#define SUITE "data/smithy-rs/aws/rust-runtime/aws-config/test-data/"

enum {
    LONG_MS = 60000, /* no test waits for it */
    MOST_ATTEMPTS = 4,
    PATH_SIZE = 512
};
static const int64_t WALL_MS = 1230768000000; /* 2009: nothing recorded has expired by then */

struct left_out {
    const char *name;
    const char *why;
};

static const struct left_out left_out[] = {
    {"e2e_fips_and_dual_stack_sso", "IAM Identity Center"},
    {"sso_assume_role", "IAM Identity Center"},
    {"sso_no_token_file", "IAM Identity Center"},
    {"sso_server_error", "IAM Identity Center"},
    {"sso_credentials", "IAM Identity Center"},
    {"sso_override_global_env_url", "IAM Identity Center"},
    {"sso_token", "IAM Identity Center"},
    {"invalid_sso_credentials_config", "IAM Identity Center"},
    {"credential_process", "its command needs a shell"},
    {"credential_process_account_id_fallback", "its command needs a shell"},
};

static struct als_reactor reactor;
static struct als_caches caches;
static struct als_http_settings http;
static struct als_fetcher_place place;
static struct als_keys *keys;
static awslogsrc_error *error;
static int answers;
static char folder[2 * PATH_SIZE], home[64];
static cJSON *environment, *traffic;
static const cJSON *event; /* the next one of the traffic */
static char config_path[PATH_SIZE], keys_path[PATH_SIZE], token_path[3 * PATH_SIZE];

/* --- time, network and environment --- */

static int64_t fake_wall(void *self)
{
    (void)self;
    return WALL_MS;
}

struct als_http_call {
    struct als_timer timer;
    als_http_done *done;
    void *user_data;
    int status;
    struct als_buffer body;
};

static const cJSON *find(const cJSON *from, const char *kind)
{
    while (from != NULL && cJSON_GetObjectItem(cJSON_GetObjectItem(from, "action"), kind) == NULL)
        from = from->next;
    return from;
}

/* The next event of a kind: {"Request": ...}, {"Response": ...}, {"Data": ...}. */
static const cJSON *take(const char *kind)
{
    const cJSON *found = find(event, kind);
    if (found == NULL) {
        fail_msg("%s: nothing was asked here any more", folder);
        return NULL;
    }
    event = found->next;
    return cJSON_GetObjectItem(cJSON_GetObjectItem(found, "action"), kind);
}

static void answer(void *user_data)
{
    struct als_http_call *call = user_data;
    int64_t now = als_loop_now_ms(&reactor.loop);
    struct als_http_response response = {
        .status = call->status, .body = &call->body, .sent_ms = now, .received_ms = now};
    call->done(call->user_data, &response);
    als_buffer_clear(&call->body);
    free(call);
}

static int fake_send(void *self, const struct als_http_request *request, als_http_done *done,
                     void *user_data, struct als_http_call **out)
{
    (void)self;
    const cJSON *asked = cJSON_GetObjectItem(take("Request"), "request");
    const char *uri = cJSON_GetStringValue(cJSON_GetObjectItem(asked, "uri"));
    const char *method = cJSON_GetStringValue(cJSON_GetObjectItem(asked, "method"));
    size_t size = strlen(uri);
    if (strncmp(request->url, uri, size) != 0 || strlen(request->url) - size > 1)
        fail_msg("%s: %s was asked, not %s", folder, uri, request->url);
    const char *own = request->method != NULL      ? request->method
                      : request->body.data != NULL ? "POST"
                                                   : "GET";
    assert_string_equal(own, method);
    const cJSON *answered =
        cJSON_GetObjectItem(cJSON_GetObjectItem(take("Response"), "response"), "Ok");
    struct als_http_call *call = calloc(1, sizeof *call);
    assert_non_null(call);
    *call = (struct als_http_call){.timer = {.fn = answer, .user_data = call},
                                   .done = done,
                                   .user_data = user_data,
                                   .status = cJSON_GetObjectItem(answered, "status")->valueint};
    als_buffer_init(&call->body, request->response_limit);
    const cJSON *data = cJSON_GetObjectItem(cJSON_GetObjectItem(event, "action"), "Data");
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "Utf8"));
    als_buffer_append_string(&call->body, text == NULL ? "" : text);
    als_loop_arm(&reactor.loop, &call->timer, als_loop_now_ms(&reactor.loop));
    *out = call;
    return 0;
}

static void fake_cancel(void *self, struct als_http_call *call)
{
    (void)self;
    als_loop_disarm(&reactor.loop, &call->timer);
    als_buffer_clear(&call->body);
    free(call);
}

static char *fake_getenv(const char *name)
{
    char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(environment, name));
    if (strcmp(name, "AWS_CONFIG_FILE") == 0)
        return config_path;
    if (strcmp(name, "AWS_SHARED_CREDENTIALS_FILE") == 0)
        return keys_path;
    return value != NULL && strcmp(value, "/token.jwt") == 0 ? token_path : value;
}

/* --- a case --- */

static cJSON *read_json(const char *name)
{
    char path[3 * PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (access(path, R_OK) != 0)
        return NULL;
    char *data = test_read_file(path, NULL);
    cJSON *json = cJSON_Parse(data);
    free(data);
    assert_non_null(json);
    return json;
}

/* Copies a file of the case, whose token is not below the root. */
static void copy_file(const char *name, const char *to)
{
    char path[3 * PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/fs/home/.aws/%s", folder, name);
    if (access(path, R_OK) != 0)
        return;
    char *data = test_read_file(path, NULL);
    const char *token = strstr(data, "/token.jwt");
    FILE *file = fopen(to, "w");
    assert_non_null(file);
    if (token == NULL)
        (void)fputs(data, file);
    else
        (void)fprintf(file, "%.*s%s%s", (int)(token - data), data, token_path,
                      token + strlen("/token.jwt"));
    assert_int_equal(fclose(file), 0);
    free(data);
}

static void came(void *self, struct als_keys *new_keys)
{
    (void)self;
    answers++;
    keys = new_keys;
}

static void failed(void *self, awslogsrc_error *new_error, int64_t least_wait_ms)
{
    (void)self, (void)least_wait_ms;
    answers++;
    als_error_free(error);
    error = new_error;
}

static void attempt(struct als_fetcher *fetcher)
{
    answers = 0;
    als_fetcher_fetch(fetcher);
    while (answers == 0) {
        struct pollfd descriptor = {.fd = reactor.epoll_fd, .events = POLLIN};
        assert_true(poll(&descriptor, 1, LONG_MS) > 0);
        assert_true(als_reactor_process(&reactor) >= 0);
    }
}

/* Attempts until there are keys, or nothing more is recorded. */
static void run_provider(bool whole_chain)
{
    const struct als_fetcher_listener listener = {.done = came, .failed = failed};
    /* As the options have it, from the environment or the profile. */
    bool special = strstr(folder, "fips_and_dual_stack") != NULL;
    const struct als_default_chain_config chain = {.sts = {.region = fake_getenv("AWS_REGION")}};
    const struct als_profile_config profile = {
        .sts = {.use_fips = special, .use_dualstack = special}};
    awslogsrc_credentials *provider = NULL;
    struct als_fetcher *fetcher = NULL;
    int status = whole_chain ? als_default_chain_new(&chain, fake_getenv, &provider, &error)
                             : als_profile_new(&profile, fake_getenv, &provider, &error);
    if (status != 0)
        return;
    assert_int_equal(als_fetcher_open(provider, &place, &listener, &fetcher), 0);
    for (int i = 0; keys == NULL && i < MOST_ATTEMPTS && (i == 0 || find(event, "Request") != NULL);
         i++)
        attempt(fetcher);
    als_fetcher_close(fetcher);
    als_provider_unref(provider);
}

static void open_case(const char *path)
{
    (void)snprintf(folder, sizeof folder, "%s", path);
    (void)snprintf(home, sizeof home, "/tmp/test_folders_XXXXXX");
    assert_non_null(mkdtemp(home));
    (void)snprintf(config_path, sizeof config_path, "%s/config", home);
    (void)snprintf(keys_path, sizeof keys_path, "%s/keys", home);
    (void)snprintf(token_path, sizeof token_path, "%s/fs/token.jwt", path);
    copy_file("config", config_path);
    copy_file("credentials", keys_path);
    environment = read_json("env.json");
    traffic = read_json("http-traffic.json");
    event = traffic == NULL ? NULL : cJSON_GetObjectItem(traffic, "events")->child;
    keys = NULL;
    error = NULL;
    assert_int_equal(als_reactor_init(&reactor, NULL), 0);
    reactor.loop.clock.wall_ms = fake_wall;
    reactor.loop.http = (struct als_http){.send = fake_send, .cancel = fake_cancel};
    caches = (struct als_caches){.loop = &reactor.loop};
    place = (struct als_fetcher_place){&reactor.loop, &http, &caches};
}

static void close_case(void)
{
    als_keys_unref(keys);
    als_error_free(error);
    als_reactor_clear(&reactor);
    cJSON_Delete(environment);
    cJSON_Delete(traffic);
    folder_empty(home);
}

static void assert_same(const cJSON *expected, const char *name, const char *value)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(expected, name));
    if (text == NULL)
        assert_null(value);
    else
        assert_string_equal(value, text);
}

static void run_case(bool whole_chain)
{
    cJSON *test = read_json("test-case.json");
    const cJSON *expected = cJSON_GetObjectItem(cJSON_GetObjectItem(test, "result"), "Ok");
    run_provider(whole_chain);
    if (expected == NULL) {
        assert_null(keys);
        assert_non_null(error);
    } else if (keys == NULL) {
        fail_msg("%s: %s", folder, awslogsrc_error_message(error));
    } else {
        assert_same(expected, "access_key_id", keys->access_key);
        assert_same(expected, "secret_access_key", keys->secret_key);
        assert_same(expected, "session_token", keys->session_token);
    }
    cJSON_Delete(test);
}

static const char *why_left_out(const char *name)
{
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        if (strcmp(left_out[i].name, name) == 0)
            return left_out[i].why;
    }
    return NULL;
}

static void run_folder(const char *name, bool whole_chain, int expected, int expected_left_out)
{
    char suite[PATH_SIZE];
    int count = 0, skipped = 0;
    (void)snprintf(suite, sizeof suite, SUITE "%s/%s", name,
                   whole_chain ? "imds_disabled/env.json" : "empty_config/env.json");
    const char *path = test_shared_path(suite);
    if (path == NULL)
        skip();
    (void)snprintf(suite, sizeof suite, "%s", path);
    *strrchr(suite, '/') = '\0';
    *strrchr(suite, '/') = '\0';
    struct dirent **entries = NULL;
    int found = scandir(suite, &entries, NULL, alphasort);
    assert_true(found > 0);
    for (int i = 0; i < found; i++) {
        const char *why = why_left_out(entries[i]->d_name);
        char one[PATH_SIZE + 256];
        if (entries[i]->d_name[0] != '.') {
            count++;
            skipped += why != NULL;
            if (why != NULL) {
                printf("%s: %s left out: %s\n", name, entries[i]->d_name, why);
            } else {
                (void)snprintf(one, sizeof one, "%s/%s", suite, entries[i]->d_name);
                open_case(one);
                run_case(whole_chain);
                close_case();
            }
        }
        free(entries[i]);
    }
    free(entries);
    printf("%s: %d of %d cases agree, %d left out\n", name, count - skipped, count, skipped);
    assert_int_equal(count, expected);
    assert_int_equal(skipped, expected_left_out);
}

static void test_provider_folders__profiles__come_to_these_keys(void **state)
{
    (void)state;
    run_folder("profile-provider", false, 18, 6);
}

static void test_provider_folders__default_chain__comes_to_these_keys(void **state)
{
    (void)state;
    run_folder("default-credential-provider-chain", true, 29, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provider_folders__profiles__come_to_these_keys),
        cmocka_unit_test(test_provider_folders__default_chain__comes_to_these_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
