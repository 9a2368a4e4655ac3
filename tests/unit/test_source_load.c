/* A position that is loaded in steps, and a host that stops, starts or frees the source between any
 * two of them. */
#include "source_fixture.h"

#include "folder.h"
#include "source/region_reader.h"

enum { EVENTS = 14000, MOST_STEPS = 400, FILE_STEPS = 3 };

static size_t delivered;
static char folder[] = "load-XXXXXX";

static int count(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    (void)user_data, (void)source;
    delivered += awslogsrc_batch_count(batch);
    return AWSLOGSRC_ACCEPT;
}

static void open_counting(struct fixture *fixture)
{
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, count, fixture, NULL), 0);
    start(fixture);
}

static void free_source(struct fixture *fixture)
{
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
}

/* A position of more than one step, stored in two generations. */
static void store_position(struct fixture *fixture)
{
    set(fixture, "state_dir", folder);
    for (int i = 0; i < EVENTS; i++)
        put(fixture, noon - MINUTE + i, "x");
    for (int i = 0; i < 2; i++) {
        open_counting(fixture);
        run(fixture, 30 * SECOND);
        free_source(fixture);
    }
    assert_int_equal(delivered, EVENTS);
    delivered = 0;
}

/* One timer. */
static void take_step(struct fixture *fixture)
{
    int64_t due = als_timers_next_due(&fixture->aws.loop.timers);
    if (due > fixture->aws.now_ms)
        fixture->aws.now_ms = due;
    fixture->aws.context->processing = true;
    (void)als_timers_run(&fixture->aws.loop.timers, fixture->aws.now_ms, 1);
    fixture->aws.context->processing = false;
}

/* Up to so many steps into the load; false where it is over by then. */
static bool load_until(struct fixture *fixture, int steps)
{
    const struct als_region_reader *reader = fixture->source->readers[0];
    for (int i = 0; i < MOST_STEPS && reader->phase != ALS_READER_LOADING; i++)
        take_step(fixture);
    assert_int_equal(reader->phase, ALS_READER_LOADING);
    for (int i = 0; i < steps && reader->phase == ALS_READER_LOADING; i++)
        take_step(fixture);
    return reader->phase == ALS_READER_LOADING;
}

static void damage(void)
{
    char previous[FOLDER_PATH_SIZE];
    assert_int_equal(folder_find(folder, ".cursor.previous", previous), 1);
    FILE *file = fopen(folder_file(folder, ".cursor"), "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, -100, SEEK_END), 0);
    assert_int_equal(fputc('!', file), '!');
    assert_int_equal(fclose(file), 0);
}

static void test_source_load__freed_after_every_step__lets_go_and_the_next_one_goes_on(void **state)
{
    struct fixture *fixture = *state;
    int steps = 0;
    bool loads = true;
    while (loads) {
        open_counting(fixture);
        loads = load_until(fixture, steps++);
        free_source(fixture);
    }
    assert_true(steps > FILE_STEPS);
    open_counting(fixture);
    run(fixture, MINUTE);
    assert_int_equal(delivered, 0);
    assert_int_equal(fixture->aws.context->queued_bytes, 0);
}

static void test_source_load__started_again_after_every_step__loads_anew(void **state)
{
    struct fixture *fixture = *state;
    int steps = 0;
    open_counting(fixture);
    while (load_until(fixture, steps++)) {
        assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
        start(fixture);
    }
    assert_true(steps > FILE_STEPS);
    run(fixture, MINUTE);
    assert_int_equal(delivered, 0);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

static void test_source_load__damaged_and_stopped_after_every_step__former_generation(void **state)
{
    struct fixture *fixture = *state;
    int steps = 0;
    damage();
    open_counting(fixture);
    while (load_until(fixture, steps++)) {
        assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
        start(fixture);
    }
    run(fixture, MINUTE);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

static int setup_position(void **state)
{
    (void)memcpy(folder, "load-XXXXXX", sizeof folder);
    if (setup(state) != 0 || mkdtemp(folder) == NULL)
        return -1;
    delivered = 0;
    store_position(*state);
    return 0;
}

static int teardown_position(void **state)
{
    int status = teardown(state);
    folder_empty(folder);
    return status;
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(test_source_load__##name, setup_position, teardown_position)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(freed_after_every_step__lets_go_and_the_next_one_goes_on),
        TEST(started_again_after_every_step__loads_anew),
        TEST(damaged_and_stopped_after_every_step__former_generation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
