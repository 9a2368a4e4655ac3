/* What other SDKs recorded of credential services, played back in virtual time; and their cases of
 * endpoints. Needs ../shared; test_credentials and test_cached show the same on data of our own. */
#include "testing.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/json.h"
#include "base/memory.h"
#include "credentials/cached.h"
#include "credentials/container.h"
#include "credentials/default_chain.h"
#include "credentials/profile.h"
#include "scripted_loop.h"

#define DATA SHARED_DIR "/data/smithy-rs/aws/rust-runtime/aws-config/test-data/"

enum {
    MOST_CASES = 100,
    PATH_SIZE = 512,
    LONGEST_CASE_MS = 60 * 1000,
    VALUES = 256 /* of the environment, at once */
};

/* --- data --- */

static struct als_json *read_json(const char *path)
{
    size_t size = 0;
    struct als_json *json = NULL;
    if (access(path, R_OK) != 0)
        return NULL;
    char *text = test_read_file(path, &size);
    assert_int_equal(als_json_parse(&json, (struct als_text){text, size}), 0);
    free(text);
    return json;
}

static struct als_json *need_json(const char *path)
{
    struct als_json *json = read_json(path);
    if (json == NULL) {
        printf("SKIPPED: %s is not there\n", path);
        skip();
    }
    return json;
}

static struct als_text text_of(const struct als_json *json, const char *name)
{
    struct als_text text = {"", 0};
    if (json != NULL)
        (void)als_json_get_text(json, name, &text);
    return text;
}

/* --- the environment of a case --- */

static const struct als_json *environment;
static char root[PATH_SIZE]; /* where its absolute paths lie */
static char home[PATH_SIZE]; /* what stands for its home */

static char *look_up(const char *name)
{
    static char values[VALUES][1024];
    static size_t next;
    struct als_text text;
    if (environment == NULL || !als_json_get_text(environment, name, &text))
        return NULL;
    char *value = values[next++ % VALUES];
    bool is_file = strstr(name, "_FILE") != NULL;
    if (strcmp(name, "HOME") == 0)
        (void)snprintf(value, sizeof values[0], "%s", home);
    else
        (void)snprintf(value, sizeof values[0], "%s%.*s", is_file ? root : "", (int)text.size,
                       text.data);
    return value;
}

/* The shared files of a case, with the paths inside them made true. */
static void copy_shared_file(const char *name)
{
    char path[2 * PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/home/.aws/%s", root, name);
    if (access(path, R_OK) != 0)
        return;
    char *text = test_read_file(path, NULL);
    (void)snprintf(path, sizeof path, "%s/.aws/%s", home, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    char *token = strstr(text, "web_identity_token_file = /");
    if (token != NULL) {
        char *value = strchr(token, '/');
        *value = '\0';
        (void)fprintf(file, "%s%s/%s", text, root, value + 1);
    } else {
        (void)fputs(text, file);
    }
    (void)fclose(file);
    free(text);
}

static void make_home(const char *case_name)
{
    char path[2 * PATH_SIZE];
    const char *folder = getenv("TMPDIR");
    (void)snprintf(root, sizeof root, DATA "%s/fs", case_name);
    (void)snprintf(home, sizeof home, "%s/awslogsrc-XXXXXX", folder == NULL ? "/tmp" : folder);
    assert_non_null(mkdtemp(home));
    (void)snprintf(path, sizeof path, "%s/.aws", home);
    assert_int_equal(mkdir(path, 0700), 0);
    copy_shared_file("config");
    copy_shared_file("credentials");
}

static void remove_home(void)
{
    static const char *const names[] = {"/.aws/config", "/.aws/credentials", "/.aws", ""};
    for (size_t i = 0; i < 4; i++) {
        char path[2 * PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s%s", home, names[i]);
        (void)remove(path);
    }
}

/* --- playing --- */

struct player {
    struct scripted_loop script;
    struct als_caches caches;
    const struct als_json *exchanges;
    size_t at;
    char complaint[1024];
    struct als_keys *keys;
    int code;
    char message[1024];
};

static void answered(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                     int64_t retry_at_ms)
{
    struct player *player = user_data;
    (void)retry_at_ms;
    player->keys = keys;
    if (error != NULL) {
        player->code = error->code;
        (void)snprintf(player->message, sizeof player->message, "%s", error->message);
    }
}

static void complain(struct player *player, const char *what, const char *got, struct als_text want)
{
    if (player->complaint[0] == '\0')
        (void)snprintf(player->complaint, sizeof player->complaint, "request %zu: %s %s, not %.*s",
                       player->at, what, got, (int)want.size, want.data);
}

static bool same_url(const char *got, struct als_text want)
{
    size_t size = strlen(got);
    if (want.size + 1 == size && got[size - 1] == '/') /* "http://host" is "http://host/" */
        size--;
    return als_text_equal((struct als_text){got, size}, want);
}

/* Name and value of a form, as they stand there. */
static void compare_field(struct player *player, const struct scripted_request *request,
                          struct als_text body, const char *name)
{
    struct als_text field;
    while (als_text_next_field(&body, '&', &field)) {
        bool wanted = als_text_starts_with(field, als_text_of(name));
        if (wanted &&
            memmem(request->body.data, request->body.size, field.data, field.size) == NULL)
            complain(player, name, "is another one", field);
    }
}

static void play(void *user_data, const struct scripted_request *request,
                 struct scripted_answer *answer)
{
    struct player *player = user_data;
    const struct als_json *exchange = als_json_element(player->exchanges, player->at);
    if (exchange == NULL) {
        complain(player, "one too many:", request->url, ALS_TEXT("none"));
        answer->code = AWSLOGSRC_E_NETWORK;
        return;
    }
    const struct als_json *wanted = als_json_get(exchange, "request");
    const struct als_json *given = als_json_get(exchange, "response");
    struct als_text body = text_of(given, "body"), form = text_of(wanted, "body");
    int64_t status = 0;
    if (!als_text_equal(als_text_of(request->method), text_of(wanted, "method")))
        complain(player, "method", request->method, text_of(wanted, "method"));
    if (!same_url(request->url, text_of(wanted, "uri")))
        complain(player, "URL", request->url, text_of(wanted, "uri"));
    compare_field(player, request, form, "Action=");
    assert_true(als_json_get_int64(given, "status", &status));
    answer->status = (int)status;
    (void)snprintf(answer->body, sizeof answer->body, "%.*s", (int)body.size, body.data);
    player->at++;
}

static size_t count_of(const struct als_json *list)
{
    size_t count = 0;
    while (als_json_element(list, count) != NULL)
        count++;
    return count;
}

static int make_provider(const char *case_name, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    struct als_sts_config sts = {.region = look_up("AWS_REGION"),
                                 .endpoint_url = look_up("AWS_ENDPOINT_URL_STS")};
    if (sts.endpoint_url == NULL)
        sts.endpoint_url = look_up("AWS_ENDPOINT_URL");
    /* As the options find it in the environment or the profile of these cases. */
    sts.use_fips = sts.use_dualstack = strstr(case_name, "fips_and_dual_stack") != NULL;
    if (strncmp(case_name, "profile-provider/", 17) == 0) {
        struct als_profile_config config = {.sts = sts};
        return als_profile_new(&config, look_up, out, error);
    }
    struct als_default_chain_config config = {.sts = sts};
    return als_default_chain_new(&config, look_up, out, error);
}

static void play_case(struct player *player, const char *case_name)
{
    awslogsrc_credentials *provider = NULL;
    awslogsrc_error *error = NULL;
    struct als_http_settings http = {.connect_timeout_ms = 1000, .request_timeout_ms = 1000};
    player->code = make_provider(case_name, &provider, &error);
    if (player->code != 0) {
        (void)snprintf(player->message, sizeof player->message, "%s", error->message);
        als_error_free(error);
        return;
    }
    struct als_cached *cached = NULL;
    struct als_cached_waiter waiter = {.answer = answered, .user_data = player, .http = &http};
    assert_int_equal(als_cached_open(&player->caches, provider, NULL, &cached), 0);
    player->keys = als_cached_ask(cached, &waiter);
    size_t count = count_of(player->exchanges);
    for (int64_t ms = 0; ms < LONGEST_CASE_MS && player->keys == NULL; ms += 100) {
        if (player->code != 0 && player->at >= count)
            break;
        scripted_loop_run(&player->script, 100);
    }
    als_cached_forget(cached, &waiter);
    als_cached_close(cached);
    als_provider_unref(provider);
}

static bool has(struct als_text wanted, const char *got)
{
    return als_text_equal(wanted, als_text_of(got));
}

/* What is wrong, "" where nothing is. */
static const char *judge(const struct player *player, const struct als_json *result)
{
    const struct als_json *good = als_json_get(result, "Ok");
    if (player->complaint[0] != '\0')
        return player->complaint;
    if (player->at != count_of(player->exchanges))
        return "not all requests were made";
    if (good == NULL)
        return player->keys == NULL ? "" : "there are keys, not an error";
    if (player->keys == NULL)
        return player->message;
    if (!has(text_of(good, "access_key_id"), player->keys->access_key) ||
        !has(text_of(good, "secret_access_key"), player->keys->secret_key))
        return "other keys";
    struct als_text token = text_of(good, "session_token");
    return token.size == 0 || has(token, player->keys->session_token) ? "" : "another token";
}

/* Why a case is none of ours, NULL where it is. */
static const char *left_out(const char *name)
{
    static const char *const reasons[][2] = {
        {"default-token-provider-chain/", "bearer tokens, for other services"},
        {"profile-provider/credential_process", "runs programs: test_process has them"},
        {"sso", "IAM Identity Center needs somebody's browser; answered with an error"}};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strstr(name, reasons[i][0]) != NULL)
            return reasons[i][1];
    return NULL;
}

/* A time at which the recorded keys are good: half an hour before the first of them ends. */
static int64_t time_of(const struct als_json *exchanges)
{
    int64_t first = INT64_MAX, ends = 0;
    const struct als_json *exchange = NULL;
    for (size_t i = 0; (exchange = als_json_element(exchanges, i)) != NULL; i++) {
        struct als_text body = text_of(als_json_get(exchange, "response"), "body");
        const char *at = body.size == 0 ? NULL : memmem(body.data, body.size, "Expiration", 10);
        at = at == NULL ? NULL : at + strcspn(at, "0123456789");
        if (at != NULL && als_calendar_from_rfc3339((struct als_text){at, 20}, &ends))
            first = ends < first ? ends : first;
    }
    return first == INT64_MAX ? 0 : first - 30 * 60 * 1000;
}

enum verdict { GOOD, BAD, NOT_AVAILABLE };

static enum verdict run_case(const struct als_json *transcript, const char *name)
{
    char path[PATH_SIZE];
    struct player *player = calloc(1, sizeof *player);
    (void)snprintf(path, sizeof path, DATA "%s/env.json", name);
    struct als_json *env = read_json(path);
    (void)snprintf(path, sizeof path, DATA "%s/test-case.json", name);
    struct als_json *expected = read_json(path);
    const struct als_json *result = als_json_get(expected, "result");
    environment = env;
    make_home(name);
    scripted_loop_init(&player->script, play, player);
    player->caches.loop = &player->script.loop;
    player->exchanges = als_json_get(transcript, "exchanges");
    player->script.wall_ms = time_of(player->exchanges) - player->script.now_ms;
    play_case(player, name);
    const char *wrong = judge(player, result);
    enum verdict verdict = *wrong == '\0' ? GOOD : BAD;
    if (verdict == BAD && player->code == AWSLOGSRC_E_NOT_AVAILABLE)
        verdict = NOT_AVAILABLE;
    if (verdict != GOOD)
        printf("%s: %s: %s\n", verdict == BAD ? "FAILED" : "left out", name,
               verdict == BAD ? wrong : player->message);
    als_keys_unref(player->keys);
    remove_home();
    als_json_free(expected);
    als_json_free(env);
    free(player);
    return verdict;
}

static void test_credential_transcripts__all__come_to_the_same_keys(void **state)
{
    (void)state;
    int total = 0, out = 0, bad = 0;
    struct als_json *all = need_json(SHARED_DIR "/data/http-transcripts.json");
    const struct als_json *transcript = NULL;
    for (size_t i = 0; (transcript = als_json_element(all, i)) != NULL; i++, total++) {
        char name[128];
        struct als_text text = text_of(transcript, "case");
        (void)snprintf(name, sizeof name, "%.*s", (int)text.size, text.data);
        const char *reason = left_out(name);
        if (reason != NULL) {
            printf("left out: %s: %s\n", name, reason);
            out++;
        } else {
            enum verdict verdict = run_case(transcript, name);
            bad += verdict == BAD;
            out += verdict == NOT_AVAILABLE;
        }
    }
    printf("%d transcripts: %d played, %d left out\n", total, total - out, out);
    als_json_free(all);
    assert_int_equal(total, 51);
    assert_int_equal(bad, 0);
}

/* --- endpoints --- */

struct seen {
    char url[PATH_SIZE];
    bool direct;
};

static void see(void *user_data, const struct scripted_request *request,
                struct scripted_answer *answer)
{
    struct seen *seen = user_data;
    (void)snprintf(seen->url, sizeof seen->url, "%s", request->url);
    seen->direct = request->direct;
    answer->code = AWSLOGSRC_E_NETWORK;
}

/* The first URL that a provider asks, past every proxy. */
static void find_first_url(awslogsrc_credentials *provider, struct seen *seen)
{
    struct scripted_loop script;
    struct als_caches caches = {.loop = &script.loop};
    struct als_cached *cached = NULL;
    struct player ignored = {.at = 0};
    struct als_http_settings http = {.request_timeout_ms = 1000};
    struct als_cached_waiter waiter = {.answer = answered, .user_data = &ignored, .http = &http};
    scripted_loop_init(&script, see, seen);
    assert_int_equal(als_cached_open(&caches, provider, NULL, &cached), 0);
    assert_null(als_cached_ask(cached, &waiter));
    als_cached_forget(cached, &waiter);
    als_cached_close(cached);
    assert_true(seen->direct);
}

typedef int new_provider(const struct als_json *test, awslogsrc_credentials **out,
                         awslogsrc_error **error);

static int new_container(const struct als_json *test, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    (void)test;
    return als_container_new(look_up, out, error);
}

/* Every test of a file: the URL that is asked, or an error. */
static void check_endpoints(const char *file, int expected, new_provider *make)
{
    int total = 0;
    struct als_json *all = need_json(file);
    const struct als_json *test = NULL, *tests = als_json_get(all, "tests");
    for (size_t i = 0; (test = als_json_element(tests, i)) != NULL; i++, total++) {
        awslogsrc_credentials *provider = NULL;
        awslogsrc_error *error = NULL;
        struct seen seen = {.url = ""};
        struct als_text docs = text_of(test, "docs");
        struct als_text wanted = text_of(als_json_get(test, "result"), "Ok");
        environment = als_json_get(test, "env");
        int status = make(test, &provider, &error);
        if (status == 0)
            find_first_url(provider, &seen);
        if ((status == 0) != (wanted.size > 0) || !has(wanted, seen.url))
            fail_msg("%.*s: %d, %s, %s", (int)docs.size, docs.data, status, seen.url,
                     als_error_message(error));
        als_error_free(error);
        als_provider_unref(provider);
    }
    printf("%d cases, none left out\n", total);
    als_json_free(all);
    assert_int_equal(total, expected);
}

static void test_credential_transcripts__ecs_cases__ask_where_they_should(void **state)
{
    (void)state;
    root[0] = '\0';
    check_endpoints(DATA "ecs-tests.json", 11, new_container);
}

/* A config file that stands in the case. */
static void write_config(const struct als_json *test)
{
    char path[2 * PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/.aws/config", home);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    struct als_text text = text_of(als_json_get(test, "fs"), "config");
    (void)fprintf(file, "%.*s", (int)text.size, text.data);
    (void)fclose(file);
}

static int new_imds(const struct als_json *test, awslogsrc_credentials **out,
                    awslogsrc_error **error)
{
    char endpoint[PATH_SIZE], mode[64];
    struct als_text override = text_of(test, "endpoint_override");
    struct als_text mode_override = text_of(test, "mode_override");
    (void)snprintf(endpoint, sizeof endpoint, "%.*s", (int) override.size, override.data);
    (void)snprintf(mode, sizeof mode, "%.*s", (int)mode_override.size, mode_override.data);
    make_home("none");
    write_config(test);
    (void)snprintf(root, sizeof root, "%.*s/.aws/", PATH_SIZE - 8,
                   home); /* AWS_CONFIG_FILE: "config" */
    struct als_imds_config config = {.endpoint = endpoint, .endpoint_mode = mode};
    int status = als_imds_new_from_environment(&config, NULL, look_up, out, error);
    remove_home();
    return status;
}

static void test_credential_transcripts__imds_cases__ask_where_they_should(void **state)
{
    (void)state;
    check_endpoints(DATA "imds-config/imds-endpoint-tests.json", 14, new_imds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credential_transcripts__all__come_to_the_same_keys),
        cmocka_unit_test(test_credential_transcripts__ecs_cases__ask_where_they_should),
        cmocka_unit_test(test_credential_transcripts__imds_cases__ask_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
