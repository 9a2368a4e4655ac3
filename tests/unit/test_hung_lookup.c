/* Nothing blocks, whatever the resolver does. The program brings its own getaddrinfo(), which
 * libcurl's resolver threads find first: it hangs until the test lets it go. */
#include "testing.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"

enum {
    TRY_AGAIN = -3,       /* EAI_AGAIN */
    HANG_MS = 30000,      /* how long the lookup would take */
    NOTICEABLE_MS = 1000, /* far below that, and far above what a busy test machine adds */
    CONNECT_TIMEOUT_MS = 300
};

static atomic_int lookups;
static atomic_bool released;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): glibc names them otherwise.
 */
struct addrinfo; /* as in netdb.h, whose own declaration of getaddrinfo() stays out of the way */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result);

__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **result)
{
    (void)node, (void)service, (void)hints;
    *result = NULL;
    atomic_fetch_add(&lookups, 1);
    for (int ms = 0; ms < HANG_MS && !atomic_load(&released); ms++)
        (void)usleep(1000);
    return TRY_AGAIN;
}

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct fixture {
    awslogsrc_context *context;
    awslogsrc_source *source;
    int64_t longest_ms;
    int waiting;
};

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    (void)user_data, (void)source, (void)batch;
    return AWSLOGSRC_ACCEPT;
}

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)source, (void)region, (void)retry_at_ms;
    if (state == AWSLOGSRC_REGION_WAITING) {
        assert_int_equal(awslogsrc_error_code(error), AWSLOGSRC_E_TIMEOUT);
        fixture->waiting++;
    }
}

static void set(awslogsrc_options *options, const char *name, const char *value)
{
    assert_int_equal(awslogsrc_options_set(options, name, value, NULL), 0);
}

static int setup(void **state)
{
    static struct fixture fixture;
    awslogsrc_options *options = NULL;
    fixture = (struct fixture){0};
    atomic_store(&released, false);
    atomic_store(&lookups, 0);
    assert_int_equal(awslogsrc_context_new(&fixture.context, NULL), 0);
    assert_int_equal(awslogsrc_options_new(&options, NULL), 0);
    set(options, "log_group", "g");
    set(options, "regions", "us-east-1");
    set(options, "access_key", "AKIDEXAMPLE");
    set(options, "secret_key", "x");
    set(options, "endpoint_url", "http://name.invalid:8080");
    set(options, "connect_timeout", "300ms");
    assert_int_equal(awslogsrc_source_new(fixture.context, options, &fixture.source, NULL), 0);
    awslogsrc_options_free(options);
    assert_int_equal(awslogsrc_source_on_batch(fixture.source, on_batch, NULL, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture.source, on_status, &fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_start(fixture.source, NULL), 0);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    atomic_store(&released, true);
    awslogsrc_source_free(fixture->source);
    awslogsrc_context_free(fixture->context);
    return 0;
}

static void process(struct fixture *fixture)
{
    int64_t began = now_ms();
    assert_true(awslogsrc_context_process(fixture->context) >= 0);
    int64_t took = now_ms() - began;
    fixture->longest_ms = took > fixture->longest_ms ? took : fixture->longest_ms;
}

/* Runs the loop as a host does, until the resolver was asked. */
static void run_until_lookup(struct fixture *fixture)
{
    int64_t deadline = now_ms() + 5000;
    while (atomic_load(&lookups) == 0 && now_ms() < deadline) {
        process(fixture);
        (void)usleep(1000);
    }
    assert_true(atomic_load(&lookups) > 0);
}

static void test_context_process__lookup_hangs__never_blocks_and_times_out(void **state)
{
    struct fixture *fixture = *state;
    int64_t deadline = now_ms() + 10 * (int64_t)CONNECT_TIMEOUT_MS + 5000;
    run_until_lookup(fixture);
    while (fixture->waiting == 0 && now_ms() < deadline) {
        process(fixture);
        (void)usleep(1000);
    }
    assert_true(fixture->waiting > 0);
    printf("longest process() with a hung lookup: %d ms\n", (int)fixture->longest_ms);
    assert_true(fixture->longest_ms < NOTICEABLE_MS);
}

static void test_source_stop__lookup_hangs__returns_at_once(void **state)
{
    struct fixture *fixture = *state;
    run_until_lookup(fixture);
    int64_t began = now_ms();
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_true(now_ms() - began < NOTICEABLE_MS);
}

static void test_context_free__lookup_hangs__returns_at_once(void **state)
{
    struct fixture *fixture = *state;
    run_until_lookup(fixture);
    int64_t began = now_ms();
    awslogsrc_source_free(fixture->source);
    awslogsrc_context_free(fixture->context);
    fixture->source = NULL;
    fixture->context = NULL;
    assert_true(now_ms() - began < NOTICEABLE_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_context_process__lookup_hangs__never_blocks_and_times_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_source_stop__lookup_hangs__returns_at_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_context_free__lookup_hangs__returns_at_once, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
