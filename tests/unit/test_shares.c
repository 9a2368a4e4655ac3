#include "testing.h"

#include "plan/shares.h"

enum {
    LIVE = 1U << ALS_SCAN_LIVE,
    AHEAD = 1U << ALS_SCAN_AHEAD,
    AGE = 1U << ALS_SCAN_AGE,
    RELEASE = 1U << ALS_SCAN_RELEASE,
    BACKFILL = 1U << ALS_SCAN_BACKFILL
};

static void count(unsigned ready, unsigned counts[ALS_SCAN_KINDS])
{
    struct als_shares shares = {0};
    memset(counts, 0, ALS_SCAN_KINDS * sizeof *counts);
    for (int i = 0; i < 10000; i++) {
        enum als_scan_kind kind = als_shares_turn(&shares, ready);
        als_shares_called(&shares, ready, kind);
        counts[kind]++;
    }
}

static void test_shares__nobody_ready__is_nobodys_turn(void **state)
{
    (void)state;
    assert_int_equal(als_shares_turn(&(struct als_shares){0}, 0), ALS_SCAN_KINDS);
}

static void test_shares__everything_ready__the_live_edge_has_what_is_not_kept(void **state)
{
    (void)state;
    unsigned counts[ALS_SCAN_KINDS];
    count(LIVE | AHEAD | AGE | BACKFILL, counts);
    assert_in_range(counts[ALS_SCAN_AGE], 1995, 2010);
    assert_in_range(counts[ALS_SCAN_BACKFILL], 1995, 2010);
    assert_in_range(counts[ALS_SCAN_AHEAD], 495, 510);
    assert_in_range(counts[ALS_SCAN_LIVE], 5470, 5515);
}

static void test_shares__two_kinds_of_rereading__keep_one_fifth_together(void **state)
{
    (void)state;
    unsigned counts[ALS_SCAN_KINDS];
    count(LIVE | RELEASE | AGE, counts);
    assert_in_range(counts[ALS_SCAN_RELEASE] + counts[ALS_SCAN_AGE], 1995, 2010);
}

static void test_shares__nothing_live__rereading_goes_before_backfill(void **state)
{
    (void)state;
    unsigned counts[ALS_SCAN_KINDS];
    count(AGE | BACKFILL, counts);
    assert_in_range(counts[ALS_SCAN_BACKFILL], 1995, 2010);
    assert_in_range(counts[ALS_SCAN_AGE], 7990, 8005);
}

static void test_shares__backfill_that_begins__waits_for_its_share(void **state)
{
    (void)state;
    struct als_shares shares = {0};
    int in_a_row = 0;
    for (int i = 0; i < 1000000; i++)
        als_shares_called(&shares, LIVE, ALS_SCAN_LIVE);
    while (als_shares_turn(&shares, LIVE | BACKFILL) == ALS_SCAN_BACKFILL && in_a_row < 10000) {
        als_shares_called(&shares, LIVE | BACKFILL, ALS_SCAN_BACKFILL);
        in_a_row++;
    }
    assert_int_equal(in_a_row, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares__nobody_ready__is_nobodys_turn),
        cmocka_unit_test(test_shares__everything_ready__the_live_edge_has_what_is_not_kept),
        cmocka_unit_test(test_shares__two_kinds_of_rereading__keep_one_fifth_together),
        cmocka_unit_test(test_shares__nothing_live__rereading_goes_before_backfill),
        cmocka_unit_test(test_shares__backfill_that_begins__waits_for_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
