#include "testing.h"

#include "plan/coverage.h"
#include "plan/lateness.h"

static const int64_t ages[] = {0, 10000, 60000, 3600000};
enum { AGES = sizeof ages / sizeof ages[0] };

static struct als_lateness observe(int64_t timestamp, int64_t ingestion, int64_t began, int64_t now)
{
    struct als_lateness lateness = {0};
    struct als_lateness_event event = {timestamp, ingestion, began, now};
    als_lateness_observe(&lateness, &event, ages, AGES);
    return lateness;
}

static void test_lateness__powers_of_two__fall_into_their_own_buckets(void **state)
{
    (void)state;
    struct als_histogram histogram = {0};
    als_histogram_add(&histogram, 1024);
    als_histogram_add(&histogram, 1025);
    als_histogram_add(&histogram, -5);
    assert_int_equal(histogram.buckets[10], 1);
    assert_int_equal(histogram.buckets[11], 1);
    assert_int_equal(histogram.buckets[0], 1);
    assert_int_equal(histogram.max, 1025);
}

static void test_lateness__huge_value__falls_into_the_last_bucket(void **state)
{
    (void)state;
    struct als_histogram histogram = {0};
    als_histogram_add(&histogram, INT64_C(1) << 50);
    assert_int_equal(histogram.buckets[ALS_HISTOGRAM_BUCKETS - 1], 1);
}

static void test_lateness__quantiles__are_bounds_of_their_buckets(void **state)
{
    (void)state;
    struct als_histogram histogram = {0};
    assert_int_equal(als_histogram_quantile(&histogram, 0.5), 0);
    for (int i = 0; i < 99; i++)
        als_histogram_add(&histogram, 100);
    als_histogram_add(&histogram, 5000);
    assert_int_equal(als_histogram_quantile(&histogram, 0.5), 128);
    assert_int_equal(als_histogram_quantile(&histogram, 1), 5000);
}

static void test_lateness__event_found_at_age__counts_for_that_age(void **state)
{
    (void)state;
    assert_int_equal(observe(1000000, 1000100, ALS_TIME_NEVER, 1009999).by_age[0], 1);
    assert_int_equal(observe(1000000, 1000100, ALS_TIME_NEVER, 1010000).by_age[1], 1);
    assert_int_equal(observe(1000000, 1000100, ALS_TIME_NEVER, 9000000).by_age[3], 1);
}

static void test_lateness__event_dated_ahead__is_counted(void **state)
{
    (void)state;
    assert_int_equal(observe(2000000, 1000000, ALS_TIME_NEVER, 1000500).ahead, 1);
}

static void test_lateness__event_later_than_the_horizon__is_counted(void **state)
{
    (void)state;
    assert_int_equal(observe(0, 3600000, ALS_TIME_NEVER, 3700000).beyond_horizon, 0);
    assert_int_equal(observe(0, 3600001, ALS_TIME_NEVER, 3700000).beyond_horizon, 1);
}

static void test_lateness__event_missed_by_an_earlier_scan__proves_its_delay(void **state)
{
    (void)state;
    assert_int_equal(observe(0, 1000, 31000, 60000).longest_invisible, 30000);
    assert_int_equal(observe(0, 1000, ALS_TIME_NEVER, 60000).longest_invisible, 0);
}

static void test_lateness__unknown_ingestion__counts_for_its_age_alone(void **state)
{
    (void)state;
    struct als_lateness lateness = observe(0, ALS_TIME_MAX, 31000, 60000);
    assert_int_equal(lateness.by_age[2], 1);
    assert_int_equal(lateness.arrival.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lateness__powers_of_two__fall_into_their_own_buckets),
        cmocka_unit_test(test_lateness__huge_value__falls_into_the_last_bucket),
        cmocka_unit_test(test_lateness__quantiles__are_bounds_of_their_buckets),
        cmocka_unit_test(test_lateness__event_found_at_age__counts_for_that_age),
        cmocka_unit_test(test_lateness__event_dated_ahead__is_counted),
        cmocka_unit_test(test_lateness__event_later_than_the_horizon__is_counted),
        cmocka_unit_test(test_lateness__event_missed_by_an_earlier_scan__proves_its_delay),
        cmocka_unit_test(test_lateness__unknown_ingestion__counts_for_its_age_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
