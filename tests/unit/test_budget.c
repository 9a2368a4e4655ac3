#include "testing.h"

#include "plan/budget.h"

/* How many calls go out in [from, to) where each is sent as soon as it may be. */
static int calls_between(struct als_budget *budget, int64_t from, int64_t to)
{
    int calls = 0;
    for (int64_t now = from; now < to;) {
        int64_t wait = als_budget_take(budget, now);
        calls += wait == 0;
        now += wait;
    }
    return calls;
}

static void test_budget__full_bucket__gives_one_call_at_once(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 5, 1000);
    assert_int_equal(als_budget_take(&budget, 1000), 0);
    assert_in_range(als_budget_take(&budget, 1000), 200, 201);
}

static void test_budget__ten_seconds__give_ten_seconds_worth(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 5, 0);
    assert_in_range(calls_between(&budget, 0, 10000), 49, 51);
}

static void test_budget__idle_hour__saves_up_no_burst(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 5, 0);
    assert_in_range(calls_between(&budget, 3600000, 3601000), 5, 6);
}

static void test_budget__throttled__lowers_the_rate(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    als_budget_throttled(&budget, 5000);
    assert_in_range(als_budget_rate(&budget) * 10, 55, 57);
}

static void test_budget__answers_to_calls_under_way__count_as_one_throttling(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    for (int64_t now = 5000; now < 5900; now += 100)
        als_budget_throttled(&budget, now);
    assert_in_range(als_budget_rate(&budget) * 10, 55, 57);
}

static void test_budget__throttled_for_ever__keeps_trying(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    for (int64_t now = 0; now < 1000000; now += 2000)
        als_budget_throttled(&budget, now);
    assert_in_range(als_budget_take(&budget, 1000000), 0, 20001);
    assert_true(als_budget_rate(&budget) > 0);
}

static void test_budget__answers_after_throttling__bring_the_quota_back_and_no_more(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    als_budget_throttled(&budget, 5000);
    als_budget_answered(&budget, 20000);
    double climbing = als_budget_rate(&budget);
    assert_true(climbing > 5.6 && climbing < 8);
    for (int64_t now = 21000; now < 300000; now += 1000)
        als_budget_answered(&budget, now);
    assert_true(als_budget_rate(&budget) == 8);
}

/* Somebody else takes half of the quota. */
static void test_budget__quota_shared_with_strangers__is_seldom_exceeded(void **state)
{
    (void)state;
    struct als_budget budget;
    double tokens = 5;
    int calls = 0, throttled = 0;
    als_budget_init(&budget, 10, 0);
    for (int64_t now = 0; now < 1800000; now += 10) {
        tokens = tokens + 0.05 < 5 ? tokens + 0.05 : 5;
        if (als_budget_take(&budget, now) > 0)
            continue;
        bool refused = tokens < 1;
        tokens -= refused ? 0 : 1;
        calls++;
        throttled += refused;
        if (refused)
            als_budget_throttled(&budget, now);
        else
            als_budget_answered(&budget, now);
    }
    assert_in_range(throttled, 1, calls / 50);
    assert_in_range(calls, 1800 * 5 * 8 / 10, 1800 * 5 + 100);
}

static void test_budget__limit_lowered_and_lifted__follows(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 10, 0);
    als_budget_limit(&budget, 3);
    assert_true(als_budget_rate(&budget) == 3);
    als_budget_limit(&budget, 10);
    assert_true(als_budget_rate(&budget) == 10);
    als_budget_throttled(&budget, 5000);
    als_budget_limit(&budget, 20);
    assert_true(als_budget_rate(&budget) < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget__full_bucket__gives_one_call_at_once),
        cmocka_unit_test(test_budget__ten_seconds__give_ten_seconds_worth),
        cmocka_unit_test(test_budget__idle_hour__saves_up_no_burst),
        cmocka_unit_test(test_budget__throttled__lowers_the_rate),
        cmocka_unit_test(test_budget__answers_to_calls_under_way__count_as_one_throttling),
        cmocka_unit_test(test_budget__throttled_for_ever__keeps_trying),
        cmocka_unit_test(test_budget__answers_after_throttling__bring_the_quota_back_and_no_more),
        cmocka_unit_test(test_budget__quota_shared_with_strangers__is_seldom_exceeded),
        cmocka_unit_test(test_budget__limit_lowered_and_lifted__follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
