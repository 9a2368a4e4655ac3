#include "testing.h"

#include <unistd.h>

#include "credentials/default_chain.h"
#include "credentials/provider.h"
#include "scripted_loop.h"

static char path[64];
static const char *agent; /* AWS_CONTAINER_CREDENTIALS_FULL_URI */
static struct scripted_loop script;
static awslogsrc_credentials *provider;
static struct als_keys *keys;
static awslogsrc_error *error;

static char *fake_getenv(const char *name)
{
    if (strcmp(name, "AWS_CONFIG_FILE") == 0)
        return path;
    return strcmp(name, "AWS_CONTAINER_CREDENTIALS_FULL_URI") == 0 ? (char *)(uintptr_t)agent
                                                                   : NULL;
}

static int set_up(void **state)
{
    (void)state;
    provider = NULL;
    keys = NULL;
    error = NULL;
    scripted_loop_init(&script, NULL, NULL);
    (void)snprintf(path, sizeof path, "/tmp/test_default_chain_XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 || close(fd) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    als_provider_unref(provider);
    als_keys_unref(keys);
    als_error_free(error);
    (void)unlink(path);
    return 0;
}

static void came(void *self, struct als_keys *new_keys)
{
    (void)self;
    keys = new_keys;
}

static void failed(void *self, awslogsrc_error *new_error, int64_t least_wait_ms)
{
    (void)self, (void)least_wait_ms;
    error = new_error;
}

static int open_chain(void)
{
    const struct als_default_chain_config config = {.sts = {.region = "us-east-1"}};
    return als_default_chain_new(&config, fake_getenv, &provider, &error);
}

static void fetch_with(const char *config)
{
    const struct als_fetcher_place place = {.loop = &script.loop};
    const struct als_fetcher_listener listener = {.done = came, .failed = failed};
    struct als_fetcher *fetcher = NULL;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(config, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(open_chain(), 0);
    assert_int_equal(als_fetcher_open(provider, &place, &listener, &fetcher), 0);
    als_fetcher_fetch(fetcher);
    als_fetcher_close(fetcher);
}

static void assert_names_the_agent(void)
{
    assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_OPTION_VALUE);
    assert_non_null(strstr(awslogsrc_error_message(error), "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
}

static void test_default_chain__broken_link_behind_a_profile_with_keys__does_not_matter(
    void **state)
{
    (void)state;
    agent = "http://agent.example/";
    fetch_with("[default]\naws_access_key_id = AKID\naws_secret_access_key = secret\n");
    if (keys == NULL)
        fail_msg("%s", awslogsrc_error_message(error));
    assert_string_equal(keys->access_key, "AKID");
}

static void test_default_chain__broken_link_behind_a_profile_without_keys__is_told(void **state)
{
    (void)state;
    agent = "http://agent.example/";
    fetch_with("[default]\nregion = us-east-1\n");
    assert_null(keys);
    assert_names_the_agent();
}

static void test_default_chain__broken_link_and_no_files__is_told_at_once(void **state)
{
    (void)state;
    agent = "http://agent.example/";
    assert_int_equal(unlink(path), 0);
    assert_int_equal(open_chain(), AWSLOGSRC_E_OPTION_VALUE);
    assert_names_the_agent();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_default_chain__broken_link_behind_a_profile_with_keys__does_not_matter),
        TEST(test_default_chain__broken_link_behind_a_profile_without_keys__is_told),
        TEST(test_default_chain__broken_link_and_no_files__is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
