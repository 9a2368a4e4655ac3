/* Every allocation of the library fails once, one after the other: nothing may be lost. */
#include "source_fixture.h"

static long left = -1;
static bool fails_now(void)
{
    return left >= 0 && left-- == 0;
}

void *__real_als_new(size_t size);
void *__real_als_new_array(size_t count, size_t size);
void *__real_als_resize_array(void *memory, size_t count, size_t size);
char *__real_als_copy_bytes(const char *data, size_t size);
void *__wrap_als_new(size_t size);
void *__wrap_als_new_array(size_t count, size_t size);
void *__wrap_als_resize_array(void *memory, size_t count, size_t size);
char *__wrap_als_copy_bytes(const char *data, size_t size);
void *__wrap_als_new(size_t size)
{
    return fails_now() ? NULL : __real_als_new(size);
}
void *__wrap_als_new_array(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_als_new_array(count, size);
}
void *__wrap_als_resize_array(void *memory, size_t count, size_t size)
{
    return fails_now() ? NULL : __real_als_resize_array(memory, count, size);
}
char *__wrap_als_copy_bytes(const char *data, size_t size)
{
    return fails_now() ? NULL : __real_als_copy_bytes(data, size);
}

static int accept_and_export(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)fixture;
    awslogsrc_cursor *cursor = NULL;
    awslogsrc_error *error = NULL;
    (void)awslogsrc_batch_cursor(batch, &cursor, &error);
    awslogsrc_error_free(error);
    awslogsrc_cursor_free(cursor);
    return AWSLOGSRC_ACCEPT;
}

static bool one(long n, bool with_store)
{
    void *state = NULL;
    setup(&state);
    struct fixture *fixture = state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 10);
    put(fixture, noon + 20 * SECOND, "10");
    fixture->answer = accept_and_export;
    set(fixture, "use_as_gateway_log_source", "true");
    set(fixture, "log_source_identifier_pattern", "$1=Message: (.*)");
    open_source(fixture);
    if (with_store) {
        awslogsrc_store *store = NULL;
        awslogsrc_store_memory_new(&store, NULL);
        awslogsrc_source_set_store(fixture->source, store);
        awslogsrc_store_free(store);
    }
    awslogsrc_source_on_status(fixture->source, NULL, NULL, NULL);
    left = n;
    if (awslogsrc_source_start(fixture->source, NULL) != 0)
        start(fixture); /* there is memory again */
    run(fixture, 90 * SECOND);
    bool failed = left < 0;
    left = -1;
    run(fixture, 20 * MINUTE);
    bool good = fixture->count == 11;
    for (int i = 0; i < 11; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        good = good && times(fixture, text) == 1;
    }
    if (!good)
        fail_msg("allocation %ld failed: %zu events delivered", n, fixture->count);
    teardown(&state);
    return failed;
}

/* In the short run one allocation in seven. */
static void fail_each(bool with_store)
{
    long n = 0;
    while (one(n, with_store))
        n += test_is_long() ? 1 : 7;
    assert_true(n > 100);
}

static void test_source__any_allocation_fails__nothing_is_lost_or_repeated(void **state)
{
    (void)state;
    fail_each(false);
}

static void test_source__any_allocation_fails_with_a_store__nothing_is_lost_or_repeated(
    void **state)
{
    (void)state;
    fail_each(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source__any_allocation_fails__nothing_is_lost_or_repeated),
        cmocka_unit_test(
            test_source__any_allocation_fails_with_a_store__nothing_is_lost_or_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
