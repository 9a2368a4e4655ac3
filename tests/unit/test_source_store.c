/* Stores of the host's that fail, or answer late, or from which the host stops, frees or starts its
 * source again. */
#include "custom_store.h"
#include "source_fixture.h"

#include "source/context.h"

static void free_source(struct fixture *fixture)
{
    awslogsrc_source *source = fixture->source;
    fixture->source = NULL;
    awslogsrc_source_free(source);
}

static void stop_source(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
}

static void restart_source(struct fixture *fixture)
{
    stop_source(fixture);
    start(fixture);
}

static void pause_source(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_pause(fixture->source), 0);
}

/* A source that has read three events and has not written since. */
static void read_three(struct fixture *fixture)
{
    put_many(fixture, 3);
    set(fixture, "checkpoint_interval", "1h");
    open_source(fixture);
    use_store(fixture);
    start(fixture);
    run(fixture, MINUTE);
    assert_each_once(fixture, 3);
}

static void free_on_store_error(void *user_data, awslogsrc_source *source, const char *region,
                                int now, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)region, (void)now, (void)retry_at_ms;
    if (awslogsrc_error_code(error) == AWSLOGSRC_E_STORE && fixture->source != NULL) {
        fixture->source = NULL;
        awslogsrc_source_free(source);
    }
}

/* The host gives up where its position cannot be stored. */
static void test_source__freed_when_told_of_a_failed_write__is_safe(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    use_store(fixture);
    store.fail_from = 2;
    awslogsrc_source_on_status(fixture->source, free_on_store_error, fixture, NULL);
    start(fixture);
    run(fixture, MINUTE);
}

/* The same from awslogsrc_source_stop(). */
static void test_source__stopped_with_a_failing_store__is_safe(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    set(fixture, "checkpoint_interval", "1h");
    open_source(fixture);
    use_store(fixture);
    store.write_status = AWSLOGSRC_E_STORE;
    awslogsrc_source_on_status(fixture->source, free_on_store_error, fixture, NULL);
    start(fixture);
    run(fixture, MINUTE);
    assert_non_null(fixture->source);
    awslogsrc_source_stop(fixture->source);
}

static bool outside;
static void see_outside(void *user_data, awslogsrc_source *source, const char *region, int now,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)source, (void)region, (void)now, (void)retry_at_ms, (void)error;
    if (!fixture->aws.context->processing)
        outside = true;
}

/* Every callback comes from inside process(). */
static void test_source__store_fails__is_told_inside_process_only(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    set(fixture, "checkpoint_interval", "1h");
    open_source(fixture);
    use_store(fixture);
    store.write_status = AWSLOGSRC_E_STORE;
    awslogsrc_source_on_status(fixture->source, see_outside, fixture, NULL);
    start(fixture);
    run(fixture, MINUTE);
    outside = false;
    awslogsrc_source_stop(fixture->source);
    assert_false(outside);
}

/* An asynchronous load, and a host that frees on the first status. */
static void test_source__freed_when_told_of_a_failed_load__is_safe(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    use_store(fixture);
    store.load_later = true;
    awslogsrc_source_on_status(fixture->source, free_on_store_error, fixture, NULL);
    start(fixture);
    run(fixture, MINUTE);
    assert_non_null(store.load);
    awslogsrc_store_loaded(store.load, AWSLOGSRC_E_STORE, NULL, 0);
}

/* Freed in the store's own write callback. */
static void test_source__freed_in_a_store_write__is_safe(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    use_store(fixture);
    store.before_write = free_source;
    start(fixture);
    run(fixture, MINUTE);
}

/* --- the host acts inside its store's functions --- */

static void read_once_with(struct fixture *fixture, store_act *after_write)
{
    put_many(fixture, 3);
    set(fixture, "checkpoint_interval", "1h");
    set(fixture, "once", "yes");
    open_source(fixture);
    use_store(fixture);
    store.after_write = after_write;
    start(fixture);
    run(fixture, HOUR);
}

static void test_source__freed_in_its_last_write__is_safe(void **state)
{
    struct fixture *fixture = *state;
    read_once_with(fixture, free_source);
    assert_null(fixture->source);
    assert_each_once(fixture, 3);
}

static void test_source__stopped_in_its_last_write__is_stopped(void **state)
{
    struct fixture *fixture = *state;
    read_once_with(fixture, stop_source);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_STOPPED);
    assert_each_once(fixture, 3);
}

static void test_source__restarted_in_its_last_write__reads_on(void **state)
{
    struct fixture *fixture = *state;
    read_once_with(fixture, restart_source);
    assert_int_equal(store.loads, 2);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
    assert_each_once(fixture, 3);
}

static void test_source__freed_in_the_write_of_its_stop__is_safe(void **state)
{
    struct fixture *fixture = *state;
    read_three(fixture);
    put(fixture, noon - MINUTE, "3");
    run(fixture, MINUTE);
    store.after_write = free_source;
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_null(fixture->source);
}

static void try_start(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), AWSLOGSRC_E_STATE);
}

static void test_source__started_in_the_write_of_its_stop__is_refused(void **state)
{
    struct fixture *fixture = *state;
    read_three(fixture);
    store.before_write = try_start;
    stop_source(fixture);
    assert_null(store.before_write);
    start(fixture);
    run(fixture, MINUTE);
    assert_each_once(fixture, 3);
}

static void test_source__stopped_in_the_write_of_its_end__is_safe(void **state)
{
    struct fixture *fixture = *state;
    read_three(fixture);
    put(fixture, noon - MINUTE, "3");
    run(fixture, MINUTE);
    awslogsrc_source *source = fixture->source;
    store.after_write = stop_source;
    awslogsrc_source_free(source);
    fixture->source = NULL;
    assert_null(store.after_write);
}

static void load_with(struct fixture *fixture, store_act *after_load)
{
    put_many(fixture, 3);
    open_source(fixture);
    use_store(fixture);
    store.load_later = true;
    store.after_load = after_load;
    start(fixture);
    run(fixture, MINUTE);
    assert_int_equal(store.loads, 1);
}

static void test_source__freed_in_its_load__is_safe(void **state)
{
    struct fixture *fixture = *state;
    load_with(fixture, free_source);
    assert_int_equal(awslogsrc_store_loaded(store.load, 0, NULL, 0), 0);
    assert_int_equal(fixture->count, 0);
}

static void test_source__stopped_in_its_load__is_stopped(void **state)
{
    struct fixture *fixture = *state;
    load_with(fixture, stop_source);
    assert_int_equal(awslogsrc_store_loaded(store.load, 0, NULL, 0), 0);
    run(fixture, MINUTE);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_STOPPED);
    assert_int_equal(fixture->count, 0);
}

/* What the life before had loaded, and not begun with, is not the next life's. */
static void test_source__stopped_when_loaded__waits_for_the_next_load(void **state)
{
    struct fixture *fixture = *state;
    read_three(fixture);
    stop_source(fixture);
    store.after_load = pause_source; /* so that nothing begins */
    start(fixture);
    run(fixture, MINUTE);
    stop_source(fixture);
    assert_int_equal(awslogsrc_source_resume(fixture->source), 0);
    store.load_later = true;
    start(fixture);
    run(fixture, MINUTE);
    assert_int_equal(store.loads, 3);
    assert_int_equal(fixture->count, 3);
    assert_int_equal(awslogsrc_store_loaded(store.load, 0, store.text, store.size), 0);
    run(fixture, MINUTE);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
    assert_each_once(fixture, 3);
}

/* --- the host sets its store inside a batch's callback --- */

static int stop_and_set_store(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    stop_source(fixture);
    assert_int_equal(awslogsrc_source_set_store(fixture->source, store.store), AWSLOGSRC_E_STATE);
    return AWSLOGSRC_ACCEPT;
}

static void test_source__store_set_in_a_callback__is_refused(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    use_store(fixture);
    fixture->answer = stop_and_set_store;
    start(fixture);
    run(fixture, MINUTE);
    fixture->answer = NULL;
    start(fixture);
    run(fixture, MINUTE);
    assert_each_once(fixture, 3);
}

/* --- statistics --- */

/* The store answers at once, however long after the last write. */
static void test_source__written_when_stopped__takes_no_time(void **state)
{
    struct fixture *fixture = *state;
    char *text = NULL;
    read_three(fixture);
    stop_source(fixture);
    assert_int_equal(awslogsrc_source_stats_openmetrics(fixture->source, &text, NULL, NULL), 0);
    const char *sum = strstr(text, "awslogsrc_checkpoint_duration_seconds_sum");
    assert_non_null(sum);
    assert_memory_equal(strchr(sum, '}'), "} 0.000\n", 8);
    awslogsrc_source_stats_free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_source__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(freed_when_told_of_a_failed_write__is_safe),
        TEST(stopped_with_a_failing_store__is_safe),
        TEST(store_fails__is_told_inside_process_only),
        TEST(freed_when_told_of_a_failed_load__is_safe),
        TEST(freed_in_a_store_write__is_safe),
        TEST(freed_in_its_last_write__is_safe),
        TEST(stopped_in_its_last_write__is_stopped),
        TEST(restarted_in_its_last_write__reads_on),
        TEST(freed_in_the_write_of_its_stop__is_safe),
        TEST(started_in_the_write_of_its_stop__is_refused),
        TEST(stopped_in_the_write_of_its_end__is_safe),
        TEST(freed_in_its_load__is_safe),
        TEST(stopped_in_its_load__is_stopped),
        TEST(stopped_when_loaded__waits_for_the_next_load),
        TEST(store_set_in_a_callback__is_refused),
        TEST(written_when_stopped__takes_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
