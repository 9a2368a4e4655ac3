#include "testing.h"

#include "source/budget.h"

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

static void test_budget__throttled__halves_the_rate(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    als_budget_throttled(&budget, 5000);
    assert_true(als_budget_rate(&budget) == 4);
}

static void test_budget__answers_to_calls_under_way__count_as_one_throttling(void **state)
{
    (void)state;
    struct als_budget budget;
    als_budget_init(&budget, 8, 0);
    for (int64_t now = 5000; now < 5900; now += 100)
        als_budget_throttled(&budget, now);
    assert_true(als_budget_rate(&budget) == 4);
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
    assert_true(climbing > 4 && climbing < 8);
    for (int64_t now = 21000; now < 200000; now += 1000)
        als_budget_answered(&budget, now);
    assert_true(als_budget_rate(&budget) == 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget__full_bucket__gives_one_call_at_once),
        cmocka_unit_test(test_budget__ten_seconds__give_ten_seconds_worth),
        cmocka_unit_test(test_budget__idle_hour__saves_up_no_burst),
        cmocka_unit_test(test_budget__throttled__halves_the_rate),
        cmocka_unit_test(test_budget__answers_to_calls_under_way__count_as_one_throttling),
        cmocka_unit_test(test_budget__throttled_for_ever__keeps_trying),
        cmocka_unit_test(test_budget__answers_after_throttling__bring_the_quota_back_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
