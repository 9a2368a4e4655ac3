#include "testing.h"

#include "plan/ledger.h"

enum { T1 = 1000, T2 = 2000 };

struct fixture {
    struct als_ledger ledger;
    struct als_coverage coverage;
};

static void setup(struct fixture *fixture)
{
    als_ledger_init(&fixture->ledger);
    als_coverage_init(&fixture->coverage, 0);
}

static void teardown(struct fixture *fixture)
{
    als_ledger_clear(&fixture->ledger);
    als_coverage_clear(&fixture->coverage);
}

static uint64_t begin(struct fixture *fixture, int64_t start, int64_t end)
{
    return als_ledger_begin(&fixture->ledger, ALS_SCAN_LIVE, start, end);
}

/* A page of new events from first to last. Returns its batch. */
static uint64_t page(struct fixture *fixture, uint64_t scan, int64_t began, int64_t first,
                     int64_t last)
{
    struct als_ledger_page entry = {.began = began,
                                    .events = 2,
                                    .page_last = last,
                                    .new_events = 2,
                                    .first = first,
                                    .last = last};
    uint64_t batch = als_ledger_next_batch(&fixture->ledger);
    assert_int_equal(als_ledger_add_page(&fixture->ledger, scan, batch, &entry, &fixture->coverage),
                     0);
    return batch;
}

static void known_page(struct fixture *fixture, uint64_t scan, int64_t began, int64_t last)
{
    struct als_ledger_page entry = {.began = began, .events = 1, .page_last = last};
    assert_int_equal(als_ledger_add_page(&fixture->ledger, scan, 0, &entry, &fixture->coverage), 0);
}

static void acknowledge(struct fixture *fixture, uint64_t batch)
{
    als_ledger_acknowledge(&fixture->ledger, batch, &fixture->coverage);
}

static void end(struct fixture *fixture, uint64_t scan, bool complete)
{
    als_ledger_end(&fixture->ledger, scan, complete, &fixture->coverage);
}

/* B is began on [start, end), and was never read just before and after. */
static void assert_marked(const struct fixture *fixture, int64_t start, int64_t end_, int64_t began)
{
    const struct als_coverage *coverage = &fixture->coverage;
    assert_int_equal(als_coverage_began(coverage, start), began);
    assert_int_equal(als_coverage_began(coverage, end_ - 1), began);
    assert_true(als_coverage_began(coverage, end_) != began);
}

static void test_ledger__acknowledged_page__is_marked_up_to_its_last_millisecond(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    acknowledge(&fixture, page(&fixture, scan, T1, 110, 150));
    assert_marked(&fixture, 100, 150, T1);
    teardown(&fixture);
}

static void test_ledger__later_page_acknowledged_first__marks_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    uint64_t first = page(&fixture, scan, T1, 110, 150);
    uint64_t second = page(&fixture, scan, T1, 150, 180);
    acknowledge(&fixture, second);
    assert_int_equal(als_coverage_began(&fixture.coverage, 100), ALS_TIME_NEVER);
    acknowledge(&fixture, first);
    assert_marked(&fixture, 100, 180, T1);
    teardown(&fixture);
}

static void test_ledger__chain_ended_and_all_acknowledged__is_marked_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    uint64_t batch = page(&fixture, scan, T1, 110, 150);
    end(&fixture, scan, true);
    assert_int_equal(als_coverage_began(&fixture.coverage, 100), ALS_TIME_NEVER);
    acknowledge(&fixture, batch);
    assert_marked(&fixture, 100, 200, T1);
    assert_int_equal(als_ledger_scan_count(&fixture.ledger), 0);
    teardown(&fixture);
}

static void test_ledger__empty_chain__is_marked_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    struct als_ledger_page empty = {.began = T1};
    assert_int_equal(als_ledger_add_page(&fixture.ledger, scan, 0, &empty, &fixture.coverage), 0);
    end(&fixture, scan, true);
    assert_marked(&fixture, 100, 200, T1);
    teardown(&fixture);
}

static void test_ledger__chain_without_any_answer__marks_nothing(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    end(&fixture, scan, false);
    assert_int_equal(als_coverage_began(&fixture.coverage, 100), ALS_TIME_NEVER);
    assert_int_equal(als_ledger_scan_count(&fixture.ledger), 0);
    teardown(&fixture);
}

static void test_ledger__broken_chain__keeps_its_prefix_alone(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    uint64_t batch = page(&fixture, scan, T1, 110, 150);
    end(&fixture, scan, false);
    acknowledge(&fixture, batch);
    assert_marked(&fixture, 100, 150, T1);
    assert_int_equal(als_ledger_scan_count(&fixture.ledger), 0);
    teardown(&fixture);
}

static void test_ledger__page_of_known_events__needs_no_acknowledgement(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    known_page(&fixture, scan, T1, 160);
    assert_marked(&fixture, 100, 160, T1);
    teardown(&fixture);
}

static void test_ledger__first_answer__fixes_when_the_scan_began(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    known_page(&fixture, scan, T1, 120);
    known_page(&fixture, scan, T2, 160);
    assert_marked(&fixture, 100, 160, T1);
    teardown(&fixture);
}

static void test_ledger__mark__skips_what_another_scan_holds(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t one = begin(&fixture, 100, 200);
    uint64_t held = page(&fixture, one, T1, 130, 140);
    uint64_t two = begin(&fixture, 100, 200);
    known_page(&fixture, two, T2, 190);
    end(&fixture, two, true);
    assert_marked(&fixture, 100, 130, T2);
    assert_int_equal(als_coverage_began(&fixture.coverage, 130), ALS_TIME_NEVER);
    assert_int_equal(als_coverage_began(&fixture.coverage, 140), ALS_TIME_NEVER);
    assert_marked(&fixture, 141, 200, T2);
    acknowledge(&fixture, held);
    assert_int_equal(als_coverage_began(&fixture.coverage, 130), T1);
    teardown(&fixture);
}

static void test_ledger__refused_batch__is_skipped_by_scans_under_way_then(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t one = begin(&fixture, 100, 200);
    uint64_t held = page(&fixture, one, T1, 130, 140);
    uint64_t two = begin(&fixture, 100, 200);
    known_page(&fixture, two, T2, 110);
    assert_int_equal(als_ledger_refuse(&fixture.ledger, held), one);
    end(&fixture, one, false);
    end(&fixture, two, true);
    assert_marked(&fixture, 100, 130, T2);
    assert_int_equal(als_coverage_began(&fixture.coverage, 135), ALS_TIME_NEVER);
    assert_marked(&fixture, 141, 200, T2);
    assert_int_equal(fixture.ledger.gap_count, 0);
    teardown(&fixture);
}

static void test_ledger__refused_batch__is_marked_by_scans_begun_later(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t one = begin(&fixture, 100, 200);
    uint64_t held = page(&fixture, one, T1, 130, 140);
    als_ledger_refuse(&fixture.ledger, held);
    uint64_t two = begin(&fixture, 100, 200);
    known_page(&fixture, two, T2, 190);
    end(&fixture, two, true);
    assert_marked(&fixture, 100, 200, T2);
    teardown(&fixture);
}

static void test_ledger__refused_batch__stops_the_prefix_of_its_scan(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    uint64_t first = page(&fixture, scan, T1, 110, 120);
    uint64_t second = page(&fixture, scan, T1, 130, 140);
    uint64_t third = page(&fixture, scan, T1, 150, 160);
    als_ledger_refuse(&fixture.ledger, second);
    acknowledge(&fixture, third);
    acknowledge(&fixture, first);
    end(&fixture, scan, true);
    assert_marked(&fixture, 100, 120, T1);
    assert_int_equal(als_ledger_scan_count(&fixture.ledger), 0);
    teardown(&fixture);
}

static void test_ledger__answer_to_a_batch_answered_before__is_ignored(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    uint64_t scan = begin(&fixture, 100, 200);
    uint64_t batch = page(&fixture, scan, T1, 110, 150);
    als_ledger_refuse(&fixture.ledger, batch);
    acknowledge(&fixture, batch);
    assert_int_equal(als_ledger_refuse(&fixture.ledger, batch), 0);
    assert_int_equal(als_coverage_began(&fixture.coverage, 100), ALS_TIME_NEVER);
    assert_int_equal(als_ledger_held(&fixture.ledger), 0);
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger__acknowledged_page__is_marked_up_to_its_last_millisecond),
        cmocka_unit_test(test_ledger__later_page_acknowledged_first__marks_nothing),
        cmocka_unit_test(test_ledger__chain_ended_and_all_acknowledged__is_marked_whole),
        cmocka_unit_test(test_ledger__empty_chain__is_marked_whole),
        cmocka_unit_test(test_ledger__chain_without_any_answer__marks_nothing),
        cmocka_unit_test(test_ledger__broken_chain__keeps_its_prefix_alone),
        cmocka_unit_test(test_ledger__page_of_known_events__needs_no_acknowledgement),
        cmocka_unit_test(test_ledger__first_answer__fixes_when_the_scan_began),
        cmocka_unit_test(test_ledger__mark__skips_what_another_scan_holds),
        cmocka_unit_test(test_ledger__refused_batch__is_skipped_by_scans_under_way_then),
        cmocka_unit_test(test_ledger__refused_batch__is_marked_by_scans_begun_later),
        cmocka_unit_test(test_ledger__refused_batch__stops_the_prefix_of_its_scan),
        cmocka_unit_test(test_ledger__answer_to_a_batch_answered_before__is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
