#include "testing.h"

#include "plan/coverage.h"
#include "plan/margin.h"

#define WIDTH INT64_C(300000)
#define LIMIT INT64_C(3600000)

static void test_margin__delay_of_half_the_margin__changes_nothing(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    assert_false(als_margin_observe(&margin, 1000000, 1000000 + WIDTH / 2, 2000000, LIMIT));
    assert_int_equal(als_margin_widest(&margin), WIDTH);
}

static void test_margin__longer_delay__doubles_it(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    assert_true(als_margin_observe(&margin, 1000000, 1000001 + WIDTH / 2, 2000000, LIMIT));
    assert_int_equal(als_margin_widest(&margin), 2 * WIDTH);
}

static void test_margin__widened__stays_narrow_for_what_may_have_been_released(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    als_margin_raise(&margin, 2 * WIDTH, 2000000);
    assert_int_equal(als_margin_of(&margin, 2000000 - WIDTH), WIDTH);
    assert_int_equal(als_margin_of(&margin, 2000000 - WIDTH + 1), 2 * WIDTH);
}

static void test_margin__evidence_for_ever__stops_at_the_limit(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    for (int i = 0; i < 100; i++)
        als_margin_observe(&margin, 0, LIMIT, 10000000, LIMIT);
    assert_int_equal(als_margin_widest(&margin), LIMIT);
}

static void test_margin__narrower_width__is_ignored(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    als_margin_raise(&margin, WIDTH / 2, 2000000);
    assert_int_equal(margin.count, 1);
}

static void test_margin__never_read_or_unknown_ingestion__is_no_evidence(void **state)
{
    (void)state;
    struct als_margin margin;
    als_margin_init(&margin, WIDTH);
    assert_false(als_margin_observe(&margin, 0, ALS_TIME_NEVER, 10000000, LIMIT));
    assert_false(als_margin_observe(&margin, 0, ALS_TIME_MAX, 10000000, LIMIT));
    assert_false(als_margin_observe(&margin, ALS_TIME_MAX, 9000000, 10000000, LIMIT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_margin__delay_of_half_the_margin__changes_nothing),
        cmocka_unit_test(test_margin__longer_delay__doubles_it),
        cmocka_unit_test(test_margin__widened__stays_narrow_for_what_may_have_been_released),
        cmocka_unit_test(test_margin__evidence_for_ever__stops_at_the_limit),
        cmocka_unit_test(test_margin__narrower_width__is_ignored),
        cmocka_unit_test(test_margin__never_read_or_unknown_ingestion__is_no_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
