#include "testing.h"

#include "awslogsrc/error.h"
#include "base/random.h"
#include "plan/coverage.h"

/* A naive map over a small range of times: what coverage.c must agree with. */
enum { RANGE = 120, OPERATIONS = 400, WORLDS = 300 };

struct naive {
    int64_t began[RANGE];
    int64_t beyond; /* from RANGE on */
    int64_t floor;
};

static void naive_mark(struct naive *naive, int64_t start, int64_t end, int64_t began)
{
    for (int64_t t = start > naive->floor ? start : naive->floor; t < end && t < RANGE; t++) {
        if (naive->began[t] < began)
            naive->began[t] = began;
    }
    if (end == ALS_TIME_MAX && naive->beyond < began)
        naive->beyond = began;
}

static void naive_settle(struct naive *naive, int64_t horizon)
{
    while (naive->floor < RANGE && naive->began[naive->floor] >= naive->floor + horizon)
        naive->floor++;
}

static void assert_agrees(const struct als_coverage *coverage, const struct naive *naive)
{
    for (int64_t t = 0; t < RANGE; t++) {
        int64_t expected = t < naive->floor ? ALS_TIME_MAX : naive->began[t];
        int64_t began = als_coverage_began(coverage, t);
        if (began != expected)
            fail_msg("B(%d) is %lld, not %lld", (int)t, (long long)began, (long long)expected);
    }
    int64_t beyond = coverage->floor > RANGE ? coverage->floor : RANGE;
    assert_int_equal(als_coverage_began(coverage, beyond), naive->beyond);
}

static void assert_tidy(const struct als_coverage *coverage)
{
    int64_t behind = als_coverage_floor(coverage);
    int64_t last = ALS_TIME_MAX;
    for (size_t i = 0; i < als_coverage_piece_count(coverage); i++) {
        int64_t start = 0;
        int64_t end = 0;
        int64_t began = 0;
        als_coverage_piece_at(coverage, i, &start, &end, &began);
        assert_int_equal(start, behind);
        assert_true(end > start);
        assert_true(began != last);
        behind = end;
        last = began;
    }
    assert_int_equal(behind, ALS_TIME_MAX);
}

static void test_coverage__random_operations__agree_with_naive_map(void **state)
{
    (void)state;
    struct als_random random = {.state = 1};
    for (int world = 0; world < WORLDS; world++) {
        struct als_coverage coverage;
        als_coverage_init(&coverage, 0);
        struct naive naive = {.beyond = ALS_TIME_NEVER};
        for (int t = 0; t < RANGE; t++)
            naive.began[t] = ALS_TIME_NEVER;
        int64_t horizon = 20 + als_random_below(&random, 40);
        for (int i = 0; i < OPERATIONS; i++) {
            int64_t now = i;
            int64_t start = als_random_below(&random, RANGE);
            int64_t end = start + als_random_below(&random, 30);
            if (end > RANGE || als_random_below(&random, 50) == 0)
                end = als_random_below(&random, 2) == 0 ? RANGE - 1 : ALS_TIME_MAX;
            int64_t began = now - als_random_below(&random, 10);
            assert_int_equal(als_coverage_mark(&coverage, start, end, began), 0);
            naive_mark(&naive, start, end, began);
            assert_agrees(&coverage, &naive);
            assert_tidy(&coverage);
            if (als_random_below(&random, 20) == 0) {
                als_coverage_settle(&coverage, horizon);
                naive_settle(&naive, horizon);
                assert_agrees(&coverage, &naive);
                assert_tidy(&coverage);
                naive.floor = als_coverage_floor(&coverage);
            }
        }
        als_coverage_clear(&coverage);
    }
}

static void test_coverage__new_map__is_unread_above_floor_and_settled_below(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 1000);
    assert_int_equal(als_coverage_began(&coverage, 999), ALS_TIME_MAX);
    assert_int_equal(als_coverage_began(&coverage, 1000), ALS_TIME_NEVER);
    assert_int_equal(als_coverage_piece_count(&coverage), 1);
}

static void test_coverage__mark_below_floor__changes_nothing(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 1000);
    assert_int_equal(als_coverage_mark(&coverage, 0, 1000, 5000), 0);
    assert_int_equal(als_coverage_piece_count(&coverage), 1);
    als_coverage_clear(&coverage);
}

static void test_coverage__older_mark__does_not_lower(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 0);
    assert_int_equal(als_coverage_mark(&coverage, 0, 100, 500), 0);
    assert_int_equal(als_coverage_mark(&coverage, 0, 100, 400), 0);
    assert_int_equal(als_coverage_began(&coverage, 50), 500);
    als_coverage_clear(&coverage);
}

static void test_coverage__copy__lives_on_its_own(void **state)
{
    (void)state;
    struct als_coverage coverage;
    struct als_coverage copy;
    als_coverage_init(&coverage, 0);
    assert_int_equal(als_coverage_mark(&coverage, 10, 20, 500), 0);
    assert_int_equal(als_coverage_copy(&coverage, &copy), 0);
    assert_int_equal(als_coverage_mark(&coverage, 10, 20, 600), 0);
    als_coverage_clear(&coverage);
    assert_int_equal(als_coverage_began(&copy, 15), 500);
    als_coverage_clear(&copy);
}

/* The planner never reads such a time again: a floor that waited for that would wait for ever. */
static void test_coverage__read_at_exactly_the_horizon__is_settled(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 0);
    assert_int_equal(als_coverage_mark(&coverage, 0, 1, 1000), 0);
    assert_int_equal(als_coverage_mark(&coverage, 1, 50, 2000), 0);
    als_coverage_settle(&coverage, 1000);
    assert_int_equal(als_coverage_floor(&coverage), 50);
    als_coverage_clear(&coverage);
}

static void test_coverage__settle__stops_at_the_first_stretch_not_settled(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 0);
    assert_int_equal(als_coverage_mark(&coverage, 0, 100, 1100), 0);
    assert_int_equal(als_coverage_mark(&coverage, 200, 300, 9000), 0);
    als_coverage_settle(&coverage, 1000);
    assert_int_equal(als_coverage_floor(&coverage), 100);
    als_coverage_clear(&coverage);
}

static void test_coverage__ingestion_one_ms_inside_margin__is_not_decided(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 0);
    assert_int_equal(als_coverage_mark(&coverage, 0, 100, 1000), 0);
    assert_true(als_coverage_decides(&coverage, 50, 700, 300));
    assert_false(als_coverage_decides(&coverage, 50, 701, 300));
    als_coverage_clear(&coverage);
}

static void test_coverage__unknown_ingestion__is_decided_only_below_floor(void **state)
{
    (void)state;
    struct als_coverage coverage;
    als_coverage_init(&coverage, 10);
    assert_int_equal(als_coverage_mark(&coverage, 10, 100, 1000), 0);
    assert_false(als_coverage_decides(&coverage, 50, ALS_TIME_MAX, 0));
    assert_true(als_coverage_decides(&coverage, 9, ALS_TIME_MAX, 0));
    als_coverage_clear(&coverage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage__random_operations__agree_with_naive_map),
        cmocka_unit_test(test_coverage__new_map__is_unread_above_floor_and_settled_below),
        cmocka_unit_test(test_coverage__mark_below_floor__changes_nothing),
        cmocka_unit_test(test_coverage__older_mark__does_not_lower),
        cmocka_unit_test(test_coverage__copy__lives_on_its_own),
        cmocka_unit_test(test_coverage__read_at_exactly_the_horizon__is_settled),
        cmocka_unit_test(test_coverage__settle__stops_at_the_first_stretch_not_settled),
        cmocka_unit_test(test_coverage__ingestion_one_ms_inside_margin__is_not_decided),
        cmocka_unit_test(test_coverage__unknown_ingestion__is_decided_only_below_floor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
