#include "source_fixture.h"

#include "base/random.h"

/* --- LATER --- */

static void test_source__later__the_same_batch_comes_again_and_counts_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 4);
    fixture->laters = 5;
    run_source(fixture, 2 * HOUR);
    assert_int_equal(fixture->offers, 6);
    assert_each_once(fixture, 4);
}

static int on_event(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct fixture *fixture = user_data;
    (void)source;
    note(fixture, event);
    bool postpone = fixture->count == 3 || fixture->count == 4;
    return postpone ? AWSLOGSRC_LATER : AWSLOGSRC_ACCEPT;
}

static void test_source__later_in_mid_batch__goes_on_at_that_event(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 4);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_event(fixture->source, on_event, fixture, NULL), 0);
    start(fixture);
    run(fixture, 2 * HOUR);
    assert_int_equal(fixture->count, 6);
    assert_int_equal(times(fixture, "2"), 3);
    assert_string_equal(fixture->messages[5], "3");
}

/* --- HOLD --- */

static void test_source__held_for_hours_then_acked__is_not_repeated(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    fixture->answer = hold;
    run_source(fixture, 5 * HOUR);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 3);
}

static int hold_first(struct fixture *fixture, awslogsrc_batch *batch)
{
    return fixture->batches == 1 ? hold(fixture, batch) : AWSLOGSRC_ACCEPT;
}

static void test_source__nacked__comes_again_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_batch_nack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__dropped__comes_again_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    awslogsrc_batch_unref(fixture->held[--fixture->held_count]);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__acked_in_reverse__nothing_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 12);
    fixture->answer = hold;
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->held_count, 4);
    while (fixture->held_count > 0) {
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
        run(fixture, MINUTE);
    }
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 12);
}

/* Acknowledges what came before, from inside the callback. */
static int ack_former(struct fixture *fixture, awslogsrc_batch *batch)
{
    if (fixture->held_count > 0)
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    return hold(fixture, batch);
}

static void test_source__acked_inside_a_callback__nothing_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 12);
    fixture->answer = ack_former;
    run_source(fixture, 5 * HOUR);
    assert_each_once(fixture, 12);
}

/* --- stop, start, pause --- */

static int hold_second(struct fixture *fixture, awslogsrc_batch *batch)
{
    return fixture->batches == 2 ? hold(fixture, batch) : AWSLOGSRC_ACCEPT;
}

static void test_source__started_again__repeats_only_what_was_not_acknowledged(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 2;
    put_many(fixture, 6);
    fixture->answer = hold_second;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    run(fixture, HOUR);
    start(fixture);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 8);
    assert_int_equal(times(fixture, "2"), 2);
    assert_int_equal(times(fixture, "3"), 2);
}

static void test_source__acked_after_stop__has_no_effect(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__stopped__asks_nothing(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    uint64_t requests = fixture->aws.requests;
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
    assert_int_equal(fixture->aws.in_flight, 0);
}

static void test_source__paused__asks_and_delivers_nothing(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_pause(fixture->source), 0);
    run(fixture, MINUTE);
    put_many(fixture, 3);
    uint64_t requests = fixture->aws.requests;
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
    assert_int_equal(fixture->count, 0);
}

static void test_source__resumed__delivers_what_came_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_pause(fixture->source), 0);
    run(fixture, HOUR);
    put(fixture, noon + 30 * MINUTE, "0");
    assert_int_equal(awslogsrc_source_resume(fixture->source), 0);
    run(fixture, MINUTE);
    assert_each_once(fixture, 1);
}

/* --- inside callbacks --- */

static int stop_and_accept(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    (void)awslogsrc_source_stop(fixture->source);
    return AWSLOGSRC_ACCEPT;
}

static void test_source__stopped_and_accepted_in_callback__is_not_repeated(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 2);
    fixture->answer = stop_and_accept;
    run_source(fixture, MINUTE);
    fixture->answer = NULL;
    start(fixture);
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 2);
}

static int stop_and_hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)awslogsrc_source_stop(fixture->source);
    return hold(fixture, batch);
}

static void test_source__stopped_and_held_in_callback__the_host_has_its_reference(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = stop_and_hold;
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->held_count, 1);
    assert_int_equal(awslogsrc_batch_count(fixture->held[0]), 1);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
}

static int free_source(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    return AWSLOGSRC_ACCEPT;
}

static void test_source__freed_in_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 1;
    put_many(fixture, 3);
    fixture->answer = free_source;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->count, 1);
}

static int free_and_hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)free_source(fixture, batch);
    return hold(fixture, batch);
}

static void test_source__freed_and_held_in_callback__the_host_has_its_reference(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = free_and_hold;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->held_count, 1);
    assert_int_equal(awslogsrc_batch_count(fixture->held[0]), 1);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
}

static int free_in_event(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct fixture *fixture = user_data;
    note(fixture, event);
    awslogsrc_source_free(source);
    fixture->source = NULL;
    return AWSLOGSRC_ACCEPT;
}

static void test_source__freed_in_event_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_event(fixture->source, free_in_event, fixture, NULL), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->count, 1);
}

static void free_in_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                           const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)region, (void)state, (void)error, (void)retry_at_ms;
    fixture->state_count++;
    awslogsrc_source_free(source);
    fixture->source = NULL;
}

static void test_source__freed_in_status_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, free_in_status, fixture, NULL), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->state_count, 1);
    assert_int_equal(fixture->count, 0);
}

static void count_free(void *user_data)
{
    struct fixture *fixture = user_data;
    fixture->freed++;
}

static void test_source__freed_in_callback__user_data_is_freed_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = free_source;
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, count_free), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->freed, 1);
}

static void test_source__context_freed_first__source_can_still_be_freed(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    awslogsrc_context_free(fixture->aws.context);
    fixture->aws.context = NULL;
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    assert_int_equal(fixture->aws.in_flight, 0);
}

/* --- back-pressure --- */

static void put_large(struct fixture *fixture, int count, int64_t apart)
{
    static char large[100 * 1024];
    memset(large, 'x', sizeof large - 1);
    for (int i = 0; i < count; i++)
        put(fixture, noon - 10 * MINUTE - i * apart, large);
}

static void test_source__host_holds_max_inflight__asks_nothing(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60, SECOND);
    set(fixture, "max_inflight", "3MiB");
    fixture->answer = hold;
    run_source(fixture, 5 * MINUTE);
    uint64_t requests = fixture->aws.requests;
    assert_in_range(fixture->count, 10, 40);
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
}

static void test_source__room_again__goes_on(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60, SECOND);
    set(fixture, "max_inflight", "3MiB");
    fixture->answer = hold;
    run_source(fixture, 5 * MINUTE);
    fixture->answer = NULL;
    while (fixture->held_count > 0)
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * MINUTE);
    assert_int_equal(fixture->count, 60);
}

static void test_source__host_answers_later__reads_ahead_a_quarter_of_max_inflight(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 100, SECOND);
    set(fixture, "max_inflight", "8MiB");
    fixture->laters = 1000;
    run_source(fixture, MINUTE);
    assert_in_range(fixture->aws.context->inflight_bytes, 1 << 19, 3 << 20); /* a page on top */
}

/* What waited has left, and nobody answers it: that makes room to read ahead all the same. */
static void test_source__postponed_and_then_held__reads_on_at_once(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60, SECOND);
    set(fixture, "max_inflight", "8MiB");
    fixture->laters = 150; /* half a minute of them */
    fixture->answer = hold;
    run_source(fixture, 37 * SECOND);
    assert_int_equal(fixture->count, 60);
}

static void test_source__others_make_room__reads_on_with_nothing_acknowledged(void **state)
{
    enum { OTHERS = 8 << 20 };
    struct fixture *fixture = *state;
    put_large(fixture, 60, SECOND);
    set(fixture, "max_inflight", "8MiB");
    fixture->answer = hold;
    fixture->aws.context->queued_bytes = OTHERS;
    run_source(fixture, MINUTE + 3 * SECOND);
    size_t before = fixture->count;
    fixture->aws.context->queued_bytes -= OTHERS;
    run(fixture, 5 * SECOND);
    assert_in_range(before, 1, 20);
    assert_int_equal(fixture->count, 60);
}

static void note_reserved(void *user_data, int64_t server_ms)
{
    struct fixture *fixture = user_data;
    (void)server_ms;
    if (fixture->aws.context->reserved_bytes > fixture->most_reserved)
        fixture->most_reserved = fixture->aws.context->reserved_bytes;
}

static void test_source__pages_above_max_inflight__one_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60, 20 * MINUTE);
    set(fixture, "max_inflight", "1MiB");
    set(fixture, "start_time", "-1d");
    fixture->aws.before_request = note_reserved;
    fixture->aws.user_data = fixture;
    run_source(fixture, 5 * MINUTE);
    assert_int_equal(fixture->count, 60);
    assert_in_range(fixture->most_reserved, 1 << 20, 2 << 20);
}

/* --- what is counted --- */

static struct als_random dice;

static int64_t throw_dice(int sides)
{
    return als_random_below(&dice, sides);
}

static void start_anew(struct fixture *fixture)
{
    (void)awslogsrc_source_stop(fixture->source);
    if (throw_dice(2) == 0)
        start(fixture);
}

static int do_anything(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct fixture *fixture = user_data;
    if (throw_dice(12) == 0)
        start_anew(fixture);
    if (throw_dice(12) == 0)
        (void)awslogsrc_source_pause(source);
    if (fixture->held_count > 0 && throw_dice(2) == 0)
        (void)awslogsrc_batch_ack(fixture->held[--fixture->held_count]);
    switch (throw_dice(4)) {
    case 0: return AWSLOGSRC_LATER;
    case 1:
        if (fixture->held_count < 3)
            return hold(fixture, batch);
        return AWSLOGSRC_LATER;
    default: return AWSLOGSRC_ACCEPT;
    }
}

static void test_source__whatever_the_host_does__nothing_is_left_counted(void **state)
{
    enum { TURNS = 400 };
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 7;
    put_many(fixture, 500);
    set(fixture, "max_inflight", "8MiB");
    set(fixture, "use_as_gateway_log_source", "true");
    set(fixture, "log_source_identifier_pattern", "$1=(\\d+)");
    dice.state = 1;
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, do_anything, fixture, NULL), 0);
    start(fixture);
    for (int i = 0; i < TURNS; i++) {
        run(fixture, throw_dice(1500));
        (void)awslogsrc_source_resume(fixture->source);
        if (throw_dice(10) == 0)
            start_anew(fixture);
        if (throw_dice(5) == 0)
            (void)awslogsrc_source_start(fixture->source, NULL);
    }
    while (fixture->held_count > 0)
        (void)awslogsrc_batch_nack(fixture->held[--fixture->held_count]);
    (void)awslogsrc_source_stop(fixture->source);
    run(fixture, SECOND);
    assert_int_equal(fixture->aws.context->queued_bytes, 0);
    assert_int_equal(fixture->aws.context->reserved_bytes, 0);
    assert_int_equal(fixture->aws.context->inflight_bytes, 0);
}

/* --- */

#define TEST(name) cmocka_unit_test_setup_teardown(test_source__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(later__the_same_batch_comes_again_and_counts_once),
        TEST(later_in_mid_batch__goes_on_at_that_event),
        TEST(held_for_hours_then_acked__is_not_repeated),
        TEST(nacked__comes_again_once),
        TEST(dropped__comes_again_once),
        TEST(acked_in_reverse__nothing_is_repeated),
        TEST(acked_inside_a_callback__nothing_is_repeated),
        TEST(started_again__repeats_only_what_was_not_acknowledged),
        TEST(acked_after_stop__has_no_effect),
        TEST(stopped__asks_nothing),
        TEST(paused__asks_and_delivers_nothing),
        TEST(resumed__delivers_what_came_meanwhile),
        TEST(stopped_and_accepted_in_callback__is_not_repeated),
        TEST(stopped_and_held_in_callback__the_host_has_its_reference),
        TEST(freed_in_callback__nothing_more_comes),
        TEST(freed_and_held_in_callback__the_host_has_its_reference),
        TEST(freed_in_event_callback__nothing_more_comes),
        TEST(freed_in_status_callback__nothing_more_comes),
        TEST(freed_in_callback__user_data_is_freed_once),
        TEST(context_freed_first__source_can_still_be_freed),
        TEST(host_holds_max_inflight__asks_nothing),
        TEST(room_again__goes_on),
        TEST(host_answers_later__reads_ahead_a_quarter_of_max_inflight),
        TEST(postponed_and_then_held__reads_on_at_once),
        TEST(others_make_room__reads_on_with_nothing_acknowledged),
        TEST(pages_above_max_inflight__one_at_a_time),
        TEST(whatever_the_host_does__nothing_is_left_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
