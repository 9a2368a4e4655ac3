#include "testing.h"

#include "plan/planner.h"

enum { MARGIN = 300000, POLL = 10000 };

#define HOUR INT64_C(3600000)

#define NOW INT64_C(100000000)

struct fixture {
    struct als_coverage coverage;
    struct als_ledger ledger;
    struct als_recent_ids ids;
    struct als_margin margin;
    struct als_planner_options options;
    struct als_planner planner;
    int64_t now;
};

/* A source whose map is unread from floor on. */
static void setup(struct fixture *fixture, int64_t floor)
{
    *fixture = (struct fixture){.now = NOW};
    als_coverage_init(&fixture->coverage, floor);
    als_ledger_init(&fixture->ledger);
    als_margin_init(&fixture->margin, MARGIN);
    fixture->options = (struct als_planner_options){.poll_interval = POLL,
                                                    .horizon = HOUR,
                                                    .end_time = ALS_TIME_MAX,
                                                    .backfill_parallelism = 2,
                                                    .max_recent_ids = 1000};
    als_planner_init(&fixture->planner, &fixture->options);
}

static void apply(struct fixture *fixture)
{
    als_planner_init(&fixture->planner, &fixture->options);
}

static void teardown(struct fixture *fixture)
{
    als_coverage_clear(&fixture->coverage);
    als_ledger_clear(&fixture->ledger);
    als_recent_ids_clear(&fixture->ids);
}

static struct als_planner_view view_of(const struct fixture *fixture)
{
    return (struct als_planner_view){&fixture->coverage, &fixture->ledger, &fixture->ids,
                                     &fixture->margin, fixture->now};
}

static struct als_scan_plan next(struct fixture *fixture)
{
    struct als_planner_view view = view_of(fixture);
    return als_planner_next(&fixture->planner, &view);
}

static bool finished(const struct fixture *fixture)
{
    struct als_planner_view view = view_of(fixture);
    return als_planner_finished(&fixture->planner, &view);
}

static uint64_t begin(struct fixture *fixture, const struct als_scan_plan *plan)
{
    als_planner_began(&fixture->planner, plan, fixture->now);
    return als_ledger_begin(&fixture->ledger, plan->kind, plan->start, plan->end);
}

/* Reads a plan to its end: that many calls, nothing new. */
static void read(struct fixture *fixture, const struct als_scan_plan *plan, unsigned calls)
{
    uint64_t scan = begin(fixture, plan);
    struct als_ledger_page page = {.began = fixture->now};
    for (unsigned i = 0; i < calls; i++)
        assert_int_equal(als_ledger_add_page(&fixture->ledger, scan, 0, &page, &fixture->coverage),
                         0);
    als_planner_ended(&fixture->planner, als_ledger_find(&fixture->ledger, scan), true,
                      fixture->now);
    als_ledger_end(&fixture->ledger, scan, true, &fixture->coverage);
}

static void mark(struct fixture *fixture, int64_t start, int64_t end, int64_t began)
{
    assert_int_equal(als_coverage_mark(&fixture->coverage, start, end, began), 0);
}

static void assert_plan(struct als_scan_plan plan, enum als_scan_kind kind, int64_t start,
                        int64_t end)
{
    assert_true(plan.found);
    assert_int_equal(plan.kind, kind);
    assert_int_equal(plan.start, start);
    assert_int_equal(plan.end, end);
}

/* Or what the poll has not read yet would wait its turn among old holes, behind the live edge. */
static void test_planner__looked_ahead_before_the_poll__the_live_edge_is_read_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    als_planner_stretch(&fixture.planner, 70000);
    mark(&fixture, NOW - HOUR, NOW - 66000, NOW + HOUR);
    mark(&fixture, NOW - 66000, NOW - 65000, NOW - 66000);
    mark(&fixture, NOW - 100, ALS_TIME_MAX, NOW - 60); /* ahead of the clock, a moment ago */
    assert_plan(next(&fixture), ALS_SCAN_LIVE, NOW - 66000, NOW);
    teardown(&fixture);
}

/* The same, right after the look ahead, while the poll waits for its turn. */
static void test_planner__looked_ahead_just_now__leaves_no_hole_behind_the_edge(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    als_planner_stretch(&fixture.planner, 70000);
    mark(&fixture, NOW - HOUR, NOW - 66000, NOW + HOUR);
    struct als_scan_plan poll = {.kind = ALS_SCAN_LIVE, .start = NOW - 66000, .end = NOW - 30000};
    begin(&fixture, &poll);
    als_planner_began(&fixture.planner, &(struct als_scan_plan){.kind = ALS_SCAN_AHEAD},
                      fixture.now);
    mark(&fixture, NOW - 1, ALS_TIME_MAX, NOW);
    assert_false(next(&fixture).found);
    teardown(&fixture);
}

static void test_planner__polls_further_apart_than_an_age__leave_it_to_the_next_poll(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    als_planner_stretch(&fixture.planner, 70000);
    mark(&fixture, NOW - HOUR, NOW - 130000, NOW + HOUR);
    mark(&fixture, NOW - 130000, NOW - 70000, NOW - 70000);
    mark(&fixture, NOW - 70000, NOW, NOW);
    fixture.planner.next_live = fixture.planner.next_ahead = NOW + 5000;
    assert_false(next(&fixture).found);
    fixture.planner.interval = POLL; /* where polls are as often as that, it is read on its own */
    assert_plan(next(&fixture), ALS_SCAN_AGE, NOW - 130000 + 1, NOW - 70000);
    teardown(&fixture);
}

static void test_planner__ages__are_ascending_below_the_horizon(void **state)
{
    (void)state;
    static const int64_t expected[] = {0, 10000, 30000, 60000, 360000, 1200000, HOUR};
    int64_t ages[ALS_PLANNER_AGES];
    assert_int_equal(als_planner_ages(HOUR, MARGIN, ages), 7);
    assert_memory_equal(ages, expected, sizeof expected);
}

static void test_planner__wide_margin_or_short_horizon__keep_the_ages_in_order(void **state)
{
    (void)state;
    int64_t ages[ALS_PLANNER_AGES];
    assert_int_equal(als_planner_ages(HOUR, 1500000, ages), 7);
    assert_int_equal(ages[4], 1200000);
    assert_int_equal(ages[5], 1560000);
    assert_int_equal(als_planner_ages(60000, MARGIN, ages), 4);
    assert_int_equal(ages[3], 60000);
    assert_int_equal(als_planner_ages(1000, MARGIN, ages), 2);
}

static void test_planner__new_source__reads_the_live_edge_first(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    assert_plan(next(&fixture), ALS_SCAN_LIVE, NOW - INT64_C(10) * POLL, NOW);
    teardown(&fixture);
}

static void test_planner__live_edge_begun__looks_ahead_then_back_in_disjoint_slices(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 2 * HOUR);
    struct als_scan_plan plan = next(&fixture);
    begin(&fixture, &plan);
    plan = next(&fixture);
    assert_plan(plan, ALS_SCAN_AHEAD, NOW, ALS_TIME_MAX);
    begin(&fixture, &plan);
    plan = next(&fixture);
    assert_plan(plan, ALS_SCAN_BACKFILL, NOW - 2 * HOUR, NOW - 2 * HOUR + HOUR / 2);
    begin(&fixture, &plan);
    plan = next(&fixture);
    assert_plan(plan, ALS_SCAN_BACKFILL, NOW - 2 * HOUR + HOUR / 2, NOW - HOUR);
    begin(&fixture, &plan);
    assert_false(next(&fixture).found);
    teardown(&fixture);
}

static void test_planner__live_edge_read__waits_for_a_poll(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 5000);
    struct als_scan_plan plan = next(&fixture);
    read(&fixture, &plan, 1);
    plan = next(&fixture);
    assert_int_equal(plan.kind, ALS_SCAN_AHEAD);
    read(&fixture, &plan, 1);
    fixture.now = NOW + POLL - 1;
    plan = next(&fixture);
    assert_false(plan.found);
    assert_int_equal(plan.wake, NOW + POLL);
    fixture.now = NOW + POLL;
    assert_int_equal(next(&fixture).kind, ALS_SCAN_LIVE);
    teardown(&fixture);
}

static void test_planner__ahead_scan_with_many_calls__comes_back_later(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 5000);
    struct als_scan_plan ahead = {true, ALS_SCAN_AHEAD, NOW, ALS_TIME_MAX, 0};
    read(&fixture, &ahead, 1);
    assert_int_equal(fixture.planner.next_ahead, NOW + 60000);
    read(&fixture, &ahead, 7);
    assert_int_equal(fixture.planner.next_ahead, NOW + INT64_C(7) * 60000);
    read(&fixture, &ahead, 500);
    assert_int_equal(fixture.planner.next_ahead, NOW + INT64_C(20) * 60000);
    teardown(&fixture);
}

/* All was read just now, but [start, end) at began. */
static void read_all_but(struct fixture *fixture, int64_t start, int64_t end, int64_t began)
{
    als_coverage_clear(&fixture->coverage);
    als_coverage_init(&fixture->coverage, start);
    mark(fixture, start, end, began);
    mark(fixture, end, ALS_TIME_MAX, fixture->now);
    fixture->planner.next_ahead = ALS_TIME_MAX;
    fixture->planner.next_live = ALS_TIME_MAX;
}

static void test_planner__stretch_of_an_age__is_read_once_it_is_worth_a_call(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0);
    int64_t start = NOW - 1200000 - 200000;
    read_all_but(&fixture, start, start + 200000, start + 400000);
    assert_plan(next(&fixture), ALS_SCAN_AGE, start, start + 200000);
    teardown(&fixture);
}

static void test_planner__sliver_of_an_age__waits_but_not_for_ever(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0);
    int64_t start = NOW - 1200000 - 5000;
    read_all_but(&fixture, start, start + 5000, start + 400000);
    assert_false(next(&fixture).found);
    fixture.now = start + 1200000 + 200000 - 1;
    mark(&fixture, start + 5000, ALS_TIME_MAX, fixture.now);
    assert_false(next(&fixture).found);
    fixture.now++;
    assert_plan(next(&fixture), ALS_SCAN_AGE, start, start + 5000);
    teardown(&fixture);
}

static void test_planner__rereading__takes_the_youngest_and_the_oldest_in_turn(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 2 * HOUR);
    fixture.planner.next_live = fixture.planner.next_ahead = ALS_TIME_MAX;
    mark(&fixture, NOW - 2 * HOUR, NOW - 2 * MARGIN, NOW - 2 * MARGIN);
    struct als_scan_plan first = next(&fixture);
    assert_int_equal(first.kind, ALS_SCAN_AGE);
    read(&fixture, &first, 1);
    struct als_scan_plan second = next(&fixture);
    assert_int_equal(second.kind, ALS_SCAN_AGE);
    assert_true(second.start < first.start);
    teardown(&fixture);
}

static void test_planner__hole_in_history__is_backfill(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0);
    read_all_but(&fixture, NOW - HOUR, NOW - HOUR + 5000, ALS_TIME_NEVER);
    assert_plan(next(&fixture), ALS_SCAN_BACKFILL, NOW - HOUR, NOW - HOUR + 5000);
    teardown(&fixture);
}

static void test_planner__slices_with_few_calls__widen_and_with_many_narrow(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0);
    int64_t width = fixture.planner.slice;
    struct als_scan_plan slice = {true, ALS_SCAN_BACKFILL, 0, width, 0};
    read(&fixture, &slice, 4);
    assert_int_equal(fixture.planner.slice, 2 * width);
    slice.end = 2 * width;
    read(&fixture, &slice, 5);
    assert_int_equal(fixture.planner.slice, 2 * width);
    read(&fixture, &slice, 16);
    assert_int_equal(fixture.planner.slice, width);
    teardown(&fixture);
}

static void test_planner__beginning_of_time__is_reached_in_few_empty_slices(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, 0);
    fixture.now = INT64_C(1700000000000);
    fixture.planner.next_live = ALS_TIME_MAX;
    fixture.planner.next_ahead = ALS_TIME_MAX;
    unsigned slices = 0;
    for (struct als_scan_plan plan = next(&fixture); plan.found; plan = next(&fixture)) {
        read(&fixture, &plan, 1);
        slices++;
    }
    assert_in_range(slices, 15, 30);
    teardown(&fixture);
}

static void test_planner__stretched_interval__still_reads_the_last_polls_as_live_edge(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    mark(&fixture, NOW - HOUR, NOW - 300000, NOW - 300000); /* more than ten polls ago */
    assert_int_equal(next(&fixture).start, NOW - fixture.options.poll_interval * 10);
    als_planner_stretch(&fixture.planner, 60000);
    assert_plan(next(&fixture), ALS_SCAN_LIVE, NOW - 300000, NOW);
    teardown(&fixture);
}

static void test_planner__withdrawn_live_scan__begins_again_with_what_is_due_by_then(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    mark(&fixture, NOW - HOUR, NOW - 20000, NOW - 20000);
    struct als_scan_plan plan = next(&fixture);
    uint64_t scan = begin(&fixture, &plan);
    als_planner_withdrew(&fixture.planner, plan.kind);
    als_ledger_end(&fixture.ledger, scan, false, &fixture.coverage);
    fixture.now += 3000;
    plan = next(&fixture);
    assert_int_equal(plan.kind, ALS_SCAN_LIVE);
    assert_int_equal(plan.end, NOW + 3000);
    teardown(&fixture);
}

static void fill_ids(struct fixture *fixture, int64_t timestamp, int64_t ingestion)
{
    for (unsigned i = 0; i < fixture->options.max_recent_ids; i++) {
        struct als_event_id id = {{0}};
        memcpy(id.bytes, &i, sizeof i);
        assert_int_equal(als_recent_ids_restore(&fixture->ids, &id, timestamp, ingestion), 0);
    }
}

static void test_planner__full_of_ids__begins_only_what_frees_them(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    fill_ids(&fixture, NOW - 400000, NOW - 400000);
    mark(&fixture, NOW - HOUR, NOW - 300000, NOW - 300000);
    struct als_scan_plan plan = next(&fixture);
    assert_plan(plan, ALS_SCAN_RELEASE, NOW - 400000, NOW - 399999);
    begin(&fixture, &plan);
    assert_false(next(&fixture).found);
    assert_int_equal(als_planner_allowed(&fixture.planner, &fixture.ids), 1U << ALS_SCAN_RELEASE);
    teardown(&fixture);
}

static void test_planner__full_of_ids_nothing_can_free__goes_on_after_the_margin(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    fill_ids(&fixture, NOW - 400000, ALS_TIME_MAX);
    assert_false(next(&fixture).found);
    fixture.now = NOW + MARGIN + 2001;
    assert_int_equal(next(&fixture).kind, ALS_SCAN_LIVE);
    teardown(&fixture);
}

static void read_all(struct fixture *fixture)
{
    for (struct als_scan_plan plan = next(fixture); plan.found; plan = next(fixture))
        read(fixture, &plan, 1);
}

static void test_planner__once__ends_when_all_was_read_since_the_start(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 3 * HOUR);
    fixture.options.once = true;
    apply(&fixture);
    mark(&fixture, NOW - HOUR / 2, NOW - 60000, NOW - 50000);
    assert_false(finished(&fixture));
    read_all(&fixture);
    assert_true(finished(&fixture));
    assert_int_equal(als_coverage_began(&fixture.coverage, NOW - HOUR / 4), NOW);
    teardown(&fixture);
}

static void test_planner__once__waits_for_what_lies_ahead(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    fixture.options.once = true;
    apply(&fixture);
    (void)next(&fixture);
    mark(&fixture, NOW - HOUR, NOW, NOW);
    assert_false(finished(&fixture));
    read_all(&fixture);
    assert_true(finished(&fixture));
    teardown(&fixture);
}

static void test_planner__end_time__is_exclusive_and_ends_when_settled(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - HOUR);
    fixture.options.end_time = NOW - 60000;
    apply(&fixture);
    read_all(&fixture);
    assert_int_equal(als_coverage_began(&fixture.coverage, NOW - 60000), ALS_TIME_NEVER);
    assert_false(finished(&fixture));
    fixture.now = NOW - 60000 + HOUR;
    read_all(&fixture);
    assert_true(finished(&fixture));
    teardown(&fixture);
}

static void test_planner__end_time_in_the_future__bounds_the_scan_ahead(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 5000);
    fixture.options.end_time = NOW + 60000;
    apply(&fixture);
    struct als_scan_plan plan = next(&fixture);
    begin(&fixture, &plan);
    assert_plan(next(&fixture), ALS_SCAN_AHEAD, NOW, NOW + 60000);
    teardown(&fixture);
}

static void test_planner__held_live_scan__does_not_stop_the_next(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture, NOW - 5000);
    struct als_scan_plan plan = next(&fixture);
    uint64_t scan = begin(&fixture, &plan);
    struct als_ledger_page page = {.began = NOW,
                                   .events = 1,
                                   .page_last = NOW - 10,
                                   .new_events = 1,
                                   .first = NOW - 10,
                                   .last = NOW - 10};
    uint64_t batch = als_ledger_next_batch(&fixture.ledger);
    assert_int_equal(als_ledger_add_page(&fixture.ledger, scan, batch, &page, &fixture.coverage),
                     0);
    als_ledger_end(&fixture.ledger, scan, true, &fixture.coverage);
    fixture.now = NOW + POLL;
    assert_plan(next(&fixture), ALS_SCAN_LIVE, NOW, NOW + POLL);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planner__ages__are_ascending_below_the_horizon),
        cmocka_unit_test(test_planner__looked_ahead_before_the_poll__the_live_edge_is_read_whole),
        cmocka_unit_test(test_planner__looked_ahead_just_now__leaves_no_hole_behind_the_edge),
        cmocka_unit_test(test_planner__polls_further_apart_than_an_age__leave_it_to_the_next_poll),
        cmocka_unit_test(test_planner__wide_margin_or_short_horizon__keep_the_ages_in_order),
        cmocka_unit_test(test_planner__new_source__reads_the_live_edge_first),
        cmocka_unit_test(test_planner__live_edge_begun__looks_ahead_then_back_in_disjoint_slices),
        cmocka_unit_test(test_planner__live_edge_read__waits_for_a_poll),
        cmocka_unit_test(test_planner__ahead_scan_with_many_calls__comes_back_later),
        cmocka_unit_test(test_planner__stretch_of_an_age__is_read_once_it_is_worth_a_call),
        cmocka_unit_test(test_planner__sliver_of_an_age__waits_but_not_for_ever),
        cmocka_unit_test(test_planner__rereading__takes_the_youngest_and_the_oldest_in_turn),
        cmocka_unit_test(test_planner__hole_in_history__is_backfill),
        cmocka_unit_test(test_planner__slices_with_few_calls__widen_and_with_many_narrow),
        cmocka_unit_test(test_planner__beginning_of_time__is_reached_in_few_empty_slices),
        cmocka_unit_test(test_planner__stretched_interval__still_reads_the_last_polls_as_live_edge),
        cmocka_unit_test(test_planner__withdrawn_live_scan__begins_again_with_what_is_due_by_then),
        cmocka_unit_test(test_planner__full_of_ids__begins_only_what_frees_them),
        cmocka_unit_test(test_planner__full_of_ids_nothing_can_free__goes_on_after_the_margin),
        cmocka_unit_test(test_planner__once__ends_when_all_was_read_since_the_start),
        cmocka_unit_test(test_planner__once__waits_for_what_lies_ahead),
        cmocka_unit_test(test_planner__end_time__is_exclusive_and_ends_when_settled),
        cmocka_unit_test(test_planner__end_time_in_the_future__bounds_the_scan_ahead),
        cmocka_unit_test(test_planner__held_live_scan__does_not_stop_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
