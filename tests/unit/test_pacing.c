#include "testing.h"

#include "source/pacing.h"

static void test_pacing__no_limit__never_waits(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 0);
    assert_int_equal(als_pacing_page(&pacing, 10000), 10000);
    for (int i = 0; i < 100; i++) {
        (void)als_pacing_asked(&pacing);
        als_pacing_arrived(&pacing, 10000);
        als_pacing_delivered(&pacing, 10000, 5000);
    }
    assert_true(als_pacing_ask_at(&pacing, 5000) <= 5000);
    assert_true(als_pacing_deliver_at(&pacing) <= 5000);
}

static void test_pacing__page__is_a_seconds_worth_at_most(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 500);
    assert_int_equal(als_pacing_page(&pacing, 10000), 500);
    assert_int_equal(als_pacing_page(&pacing, 100), 100);
}

static void test_pacing__delivered__the_next_page_waits_its_time(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 500);
    als_pacing_delivered(&pacing, 250, 10000);
    assert_int_equal(als_pacing_deliver_at(&pacing), 10500);
    als_pacing_delivered(&pacing, 1, 10500);
    assert_int_equal(als_pacing_deliver_at(&pacing), 10502);
}

static void test_pacing__idle_hour__saves_nothing_up(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 500);
    als_pacing_delivered(&pacing, 500, 0);
    als_pacing_delivered(&pacing, 500, 3600000);
    assert_int_equal(als_pacing_deliver_at(&pacing), 3601000);
}

static void test_pacing__a_second_has_arrived__nothing_more_is_asked_for(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 500);
    als_pacing_arrived(&pacing, 500);
    assert_true(als_pacing_ask_at(&pacing, 10000) <= 10000);
    als_pacing_arrived(&pacing, 100);
    assert_int_equal(als_pacing_ask_at(&pacing, 10000), 10200);
    als_pacing_left(&pacing, 600);
    assert_true(als_pacing_ask_at(&pacing, 10000) <= 10000);
}

static void test_pacing__calls_under_way__count_with_what_they_usually_bring(void **state)
{
    (void)state;
    struct als_pacing pacing;
    als_pacing_init(&pacing, 1000);
    for (int i = 0; i < 30; i++) /* a backlog */
        als_pacing_arrived(&pacing, 1000);
    als_pacing_left(&pacing, 30 * 1000);
    int64_t asked = als_pacing_asked(&pacing) + als_pacing_asked(&pacing);
    assert_in_range(asked, 1990, 2000);
    assert_in_range(als_pacing_ask_at(&pacing, 10000), 10990, 11000);
    als_pacing_answered(&pacing, asked);
    for (int i = 0; i < 30; i++) /* a quiet log group */
        als_pacing_arrived(&pacing, 0);
    assert_in_range(als_pacing_asked(&pacing), 0, 10);
}

/* Pages of all sizes, delivered as soon as they may be: no ten seconds have more than their worth
 * and one page. */
static void test_pacing__any_ten_seconds__hold_their_worth_and_one_page(void **state)
{
    (void)state;
    enum { EPS = 300, PAGES = 4000 };
    static int64_t times[PAGES], counts[PAGES];
    struct als_pacing pacing;
    int64_t now = 0;
    als_pacing_init(&pacing, EPS);
    for (int i = 0; i < PAGES; i++) {
        counts[i] = 1 + (int64_t)i * 7919 % EPS;
        if (i % 97 == 0)
            now += 30000; /* a lull */
        now = als_pacing_deliver_at(&pacing) > now ? als_pacing_deliver_at(&pacing) : now;
        times[i] = now;
        als_pacing_delivered(&pacing, counts[i], now);
    }
    for (int first = 0; first < PAGES; first++) {
        int64_t sum = 0;
        for (int i = first; i < PAGES && times[i] < times[first] + 10000; i++)
            sum += counts[i];
        assert_true(sum <= 10 * EPS + EPS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pacing__no_limit__never_waits),
        cmocka_unit_test(test_pacing__page__is_a_seconds_worth_at_most),
        cmocka_unit_test(test_pacing__delivered__the_next_page_waits_its_time),
        cmocka_unit_test(test_pacing__idle_hour__saves_nothing_up),
        cmocka_unit_test(test_pacing__a_second_has_arrived__nothing_more_is_asked_for),
        cmocka_unit_test(test_pacing__calls_under_way__count_with_what_they_usually_bring),
        cmocka_unit_test(test_pacing__any_ten_seconds__hold_their_worth_and_one_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
