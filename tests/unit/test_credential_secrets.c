/* What stays in memory of keys and tokens once everything is freed: nothing. */
#include "testing.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "credentials/assume_role.h"
#include "credentials/cached.h"
#include "credentials/container.h"
#include "credentials/custom.h"
#include "credentials/imds.h"
#include "credentials/static.h"
#include "credentials/web_identity.h"
#include "scripted_loop.h"

enum { SECRET_SIZE = 41, SECRETS = 6, MASK = 0x55, SECOND = 1000 };

enum secret { SECRET_KEY, SESSION_TOKEN, IMDS_TOKEN, ROLE_SECRET_KEY, ROLE_TOKEN, WEB_TOKEN };

/* Masked: the search must not find what it searches with. */
static char masked[SECRETS][SECRET_SIZE];
static bool breaks; /* answers break off behind the secrets */

static void unmask(enum secret secret, char out[SECRET_SIZE])
{
    for (size_t i = 0; i < SECRET_SIZE; i++)
        out[i] = (char)(masked[secret][i] ^ MASK);
}

static void make_secrets(void)
{
    uint64_t random = 88172645463325252U;
    for (size_t n = 0; n < SECRETS; n++) {
        for (size_t i = 0; i < SECRET_SIZE - 1; i++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            masked[n][i] = (char)(('A' + (char)(random % 26)) ^ MASK);
        }
        masked[n][SECRET_SIZE - 1] = MASK;
    }
}

/* A document with two secrets, where the form has \1 and \2; a broken one ends at \3. */
static void write_document(struct scripted_answer *answer, const char *form, enum secret key,
                           enum secret token)
{
    char *out = answer->body;
    for (; *form != '\0' && !(*form == '\3' && breaks); form++) {
        if (*form == '\1' || *form == '\2') {
            unmask(*form == '\1' ? key : token, out);
            out += SECRET_SIZE - 1;
        } else if (*form != '\3') {
            *out++ = *form;
        }
    }
    *out = '\0';
}

static void serve(void *user_data, const struct scripted_request *request,
                  struct scripted_answer *answer)
{
    (void)user_data;
    if (strstr(request->url, "/latest/api/token") != NULL)
        unmask(IMDS_TOKEN, answer->body);
    else if (strstr(request->url, "security-credentials/role") != NULL ||
             strstr(request->url, "169.254.170.2") != NULL)
        write_document(answer,
                       "{\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"\1\",\"Token\":\"\2\","
                       "\"Expiration\":\"1970-01-01T02:00:00Z\"\3}",
                       SECRET_KEY, SESSION_TOKEN);
    else if (strstr(request->url, "security-credentials/") != NULL)
        (void)snprintf(answer->body, sizeof answer->body, "role");
    else
        write_document(answer,
                       "<R><Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>\1"
                       "</SecretAccessKey><SessionToken>\2</SessionToken>"
                       "<Expiration>1970-01-01T02:00:00Z</Expiration>\3</Credentials></R>",
                       ROLE_SECRET_KEY, ROLE_TOKEN);
}

/* --- the search --- */

static bool is_searched(const char *line)
{
    return strstr(line, " rw-p ") != NULL &&
           (strstr(line, "[heap]") != NULL || strrchr(line, '/') == NULL) &&
           strstr(line, "[stack") == NULL && strstr(line, "[v") == NULL;
}

static bool is_in_memory(const char *text)
{
    char line[512];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (!found && fgets(line, sizeof line, maps) != NULL) {
        char *end = NULL;
        uintptr_t from = strtoull(line, &end, 16);
        uintptr_t to = strtoull(end + 1, NULL, 16);
        if (is_searched(line))
            found = memmem((const void *)from, to - from, text, strlen(text)) != NULL;
    }
    (void)fclose(maps);
    return found;
}

/* AddressSanitizer has memory that nobody may read, and keeps what was freed. */
static bool can_search(void)
{
#ifdef __SANITIZE_ADDRESS__
    return false;
#else
    return true;
#endif
}

static void assert_no_secret_is_left(void)
{
    for (int n = 0; n < SECRETS; n++) {
        char text[SECRET_SIZE];
        unmask((enum secret)n, text);
        bool found = is_in_memory(text);
        als_wipe(text, sizeof text);
        if (found)
            fail_msg("secret %d is still in memory", n);
    }
}

/* --- providers at work --- */

static struct als_keys *came;

static void answered(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                     int64_t retry_at_ms)
{
    (void)user_data, (void)retry_at_ms;
    came = keys;
    if (error != NULL && !breaks)
        printf("%s\n", error->message);
}

/* Takes the provider. */
static void use(awslogsrc_credentials *provider)
{
    struct scripted_loop *script = calloc(1, sizeof *script);
    struct als_caches caches = {.loop = &script->loop};
    struct als_http_settings http = {.connect_timeout_ms = SECOND, .request_timeout_ms = SECOND};
    struct als_cached_waiter waiter = {.answer = answered, .http = &http};
    struct als_cached *cached = NULL;
    scripted_loop_init(script, serve, NULL);
    assert_int_equal(als_cached_open(&caches, provider, NULL, &cached), 0);
    came = als_cached_ask(cached, &waiter);
    scripted_loop_run(script, 10 * SECOND);
    assert_true(breaks || came != NULL);
    if (came != NULL) { /* a search that finds nothing ever proves nothing */
        char text[SECRET_SIZE];
        (void)snprintf(text, sizeof text, "%s", came->secret_key);
        assert_true(is_in_memory(text));
        als_wipe(text, sizeof text);
    }
    als_cached_forget(cached, &waiter);
    als_keys_unref(came);
    came = NULL;
    als_cached_close(cached);
    als_provider_unref(provider);
    free(script);
}

static awslogsrc_credentials *new_imds(void)
{
    awslogsrc_credentials *provider = NULL;
    assert_int_equal(als_imds_new(&(struct als_imds_config){0}, &provider, NULL), 0);
    return provider;
}

static char *agent_uri(const char *name)
{
    static char uri[] = "/v2/credentials/1";
    return strstr(name, "RELATIVE_URI") != NULL ? uri : NULL;
}

static awslogsrc_credentials *new_container(void)
{
    awslogsrc_credentials *provider = NULL;
    assert_int_equal(als_container_new(agent_uri, &provider, NULL), 0);
    return provider;
}

static const struct als_role role = {.arn = "arn:aws:iam::123456789012:role/r"};
static const struct als_sts_config sts = {.region = "us-east-1"};

static awslogsrc_credentials *new_role(void)
{
    awslogsrc_credentials *provider = NULL, *base = new_imds();
    assert_int_equal(als_assume_role_new(base, &role, &sts, &provider, NULL), 0);
    als_provider_unref(base);
    return provider;
}

static void use_web_identity(void)
{
    char path[] = "/tmp/awslogsrc-XXXXXX", token[SECRET_SIZE];
    awslogsrc_credentials *provider = NULL;
    int fd = mkstemp(path);
    unmask(WEB_TOKEN, token);
    assert_int_equal(write(fd, token, strlen(token)), (ssize_t)strlen(token));
    als_wipe(token, sizeof token);
    (void)close(fd);
    assert_int_equal(als_web_identity_new(path, &role, &sts, &provider, NULL), 0);
    use(provider);
    (void)unlink(path);
}

static void use_all(void)
{
    use(new_imds());
    use(new_container());
    use(new_role());
    use_web_identity();
}

static int setup(void **state)
{
    (void)state;
    make_secrets();
    breaks = false;
    return 0;
}

static void test_credential_secrets__freed__none_is_left_in_memory(void **state)
{
    (void)state;
    use_all();
    assert_no_secret_is_left();
}

static void test_credential_secrets__broken_answers__none_is_left_in_memory(void **state)
{
    (void)state;
    breaks = true;
    use_all();
    assert_no_secret_is_left();
}

static void test_credential_secrets__static_keys__none_is_left_in_memory(void **state)
{
    (void)state;
    char key[SECRET_SIZE], token[SECRET_SIZE];
    awslogsrc_credentials *provider = NULL;
    unmask(SECRET_KEY, key);
    unmask(SESSION_TOKEN, token);
    struct als_sigv4_keys keys = {"AKID", key, token};
    assert_int_equal(als_static_new(&keys, &provider, NULL), 0);
    als_wipe(key, sizeof key);
    als_wipe(token, sizeof token);
    use(provider);
    assert_no_secret_is_left();
}

#define SECRETS_TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SECRETS_TEST(test_credential_secrets__freed__none_is_left_in_memory),
        SECRETS_TEST(test_credential_secrets__broken_answers__none_is_left_in_memory),
        SECRETS_TEST(test_credential_secrets__static_keys__none_is_left_in_memory),
    };
    if (!can_search()) {
        printf("SKIPPED: AddressSanitizer lets nobody search the memory\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
