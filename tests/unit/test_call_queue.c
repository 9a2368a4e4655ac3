#include "testing.h"

#include "source/call_queue.h"

enum { MOST_CALLS = 4096, MOST_CALLERS = 64 };

struct fixture;

struct reader {
    struct als_caller caller;
    struct fixture *fixture;
    unsigned wants; /* again after each call */
    bool refuses;
    int calls;
    int64_t last_ms, longest_ms; /* between two calls */
};

struct fixture {
    struct als_loop loop;
    int64_t now_ms;
    struct als_call_queue *queues;
    struct reader readers[MOST_CALLERS];
    int calls;
    int64_t sent_ms[MOST_CALLS];
    enum als_scan_kind kinds[MOST_CALLS];
};

static int64_t now_ms(void *self)
{
    return ((struct fixture *)self)->now_ms;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->loop.clock = (struct als_clock){now_ms, now_ms, fixture};
    fixture->now_ms = 1000;
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < MOST_CALLERS; i++) {
        struct als_caller *caller = &fixture->readers[i].caller;
        if (caller->queue != NULL)
            als_call_queue_leave(caller);
        als_call_queue_unref(caller->queue);
    }
    assert_null(fixture->queues);
    free(fixture);
    return 0;
}

static bool take_turn(void *user_data, enum als_scan_kind kind)
{
    struct reader *reader = user_data;
    struct fixture *fixture = reader->fixture;
    if (reader->refuses)
        return false;
    assert_true(fixture->calls < MOST_CALLS);
    fixture->sent_ms[fixture->calls] = fixture->now_ms;
    fixture->kinds[fixture->calls++] = kind;
    if (reader->calls++ > 0 && fixture->now_ms - reader->last_ms > reader->longest_ms)
        reader->longest_ms = fixture->now_ms - reader->last_ms;
    reader->last_ms = fixture->now_ms;
    als_call_queue_want(&reader->caller, reader->wants);
    return true;
}

static struct reader *enter(struct fixture *fixture, int number, const char *identity,
                            const char *region, int64_t limit)
{
    struct reader *reader = &fixture->readers[number];
    struct als_call_queue_key key = {identity, region, "FilterLogEvents", 10};
    *reader = (struct reader){.fixture = fixture, .wants = 1U << ALS_SCAN_LIVE};
    reader->caller.queue = als_call_queue_of(&fixture->queues, &fixture->loop, &key);
    reader->caller.take_turn = take_turn;
    reader->caller.user_data = reader;
    reader->caller.limit = limit;
    assert_non_null(reader->caller.queue);
    als_call_queue_enter(&reader->caller);
    return reader;
}

static void want(struct reader *reader)
{
    als_call_queue_want(&reader->caller, reader->wants);
}

static void run(struct fixture *fixture, int64_t ms)
{
    int64_t until = fixture->now_ms + ms;
    for (;;) {
        int64_t due = als_timers_next_due(&fixture->loop.timers);
        if (due > until)
            break;
        fixture->now_ms = due > fixture->now_ms ? due : fixture->now_ms;
        als_timers_run(&fixture->loop.timers, fixture->now_ms, 1);
    }
    fixture->now_ms = until;
}

static int most_in(const struct fixture *fixture, int64_t window_ms)
{
    int most = 0;
    for (int i = 0, first = 0; i < fixture->calls; i++) {
        while (fixture->sent_ms[first] <= fixture->sent_ms[i] - window_ms)
            first++;
        most = i - first + 1 > most ? i - first + 1 : most;
    }
    return most;
}

static void test_call_queue__many_callers__share_one_quota(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 50; i++)
        want(enter(fixture, i, "key", "eu-west-1", 0));
    run(fixture, 60000);
    assert_in_range(fixture->calls, 580, 601);
    assert_true(most_in(fixture, 10000) <= 101);
}

static void test_call_queue__more_callers_than_calls__wait_equally_long(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 50; i++)
        want(enter(fixture, i, "key", "eu-west-1", 0));
    run(fixture, 120000);
    for (int i = 0; i < 50; i++) {
        assert_in_range(fixture->readers[i].calls, 23, 25);
        assert_in_range(fixture->readers[i].longest_ms, 4900, 5200);
    }
    assert_in_range(fixture->readers[0].caller.queue->delay_ms, 4500, 5200);
}

static void test_call_queue__other_region_or_credentials__has_a_budget_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    want(enter(fixture, 0, "key", "eu-west-1", 0));
    want(enter(fixture, 1, "key", "eu-west-2", 0));
    want(enter(fixture, 2, "other key", "eu-west-1", 0));
    run(fixture, 10000);
    for (int i = 0; i < 3; i++)
        assert_in_range(fixture->readers[i].calls, 97, 101);
}

static void test_call_queue__lowest_limit__holds_for_all_while_its_caller_is_in(void **state)
{
    struct fixture *fixture = *state;
    want(enter(fixture, 0, "key", "eu-west-1", 4));
    want(enter(fixture, 1, "key", "eu-west-1", 0));
    struct reader *lowest = enter(fixture, 2, "key", "eu-west-1", 2);
    run(fixture, 10000);
    assert_in_range(fixture->calls, 19, 21);
    als_call_queue_leave(&lowest->caller);
    fixture->calls = 0;
    run(fixture, 10000);
    assert_in_range(fixture->calls, 38, 41);
}

static void test_call_queue__throttled__slows_everybody(void **state)
{
    struct fixture *fixture = *state;
    want(enter(fixture, 0, "key", "eu-west-1", 0));
    want(enter(fixture, 1, "key", "eu-west-1", 0));
    als_call_queue_answered(fixture->readers[0].caller.queue, true);
    run(fixture, 10000);
    assert_in_range(fixture->calls, 68, 71);
}

static void test_call_queue__turn_that_cannot_be_used__goes_to_the_next(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 10; i++) {
        struct reader *reader = enter(fixture, i, "key", "eu-west-1", 0);
        reader->refuses = i < 9;
        want(reader);
    }
    run(fixture, 1);
    assert_int_equal(fixture->readers[9].calls, 1);
}

static void test_call_queue__turn_given_back__is_used_by_whoever_comes(void **state)
{
    struct fixture *fixture = *state;
    struct reader *refusing = enter(fixture, 0, "key", "eu-west-1", 0);
    refusing->refuses = true;
    want(refusing);
    run(fixture, 1000);
    want(enter(fixture, 1, "key", "eu-west-1", 0));
    run(fixture, 1);
    assert_int_equal(fixture->calls, 1);
}

static void test_call_queue__left__has_no_turn_any_more(void **state)
{
    struct fixture *fixture = *state;
    struct reader *reader = enter(fixture, 0, "key", "eu-west-1", 0);
    want(reader);
    als_call_queue_leave(&reader->caller);
    run(fixture, 10000);
    assert_int_equal(fixture->calls, 0);
}

static void test_call_queue__live_edges_of_all__go_before_backfill_of_one(void **state)
{
    struct fixture *fixture = *state;
    struct reader *history = enter(fixture, 0, "key", "eu-west-1", 0);
    history->wants = 1U << ALS_SCAN_BACKFILL;
    want(history);
    for (int i = 1; i <= 20; i++)
        want(enter(fixture, i, "key", "eu-west-1", 0));
    run(fixture, 60000);
    assert_in_range(history->calls, 115, 125); /* a fifth */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_call_queue__##name, setup, teardown)
        TEST(many_callers__share_one_quota),
        TEST(more_callers_than_calls__wait_equally_long),
        TEST(other_region_or_credentials__has_a_budget_of_its_own),
        TEST(lowest_limit__holds_for_all_while_its_caller_is_in),
        TEST(throttled__slows_everybody),
        TEST(turn_that_cannot_be_used__goes_to_the_next),
        TEST(turn_given_back__is_used_by_whoever_comes),
        TEST(left__has_no_turn_any_more),
        TEST(live_edges_of_all__go_before_backfill_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
