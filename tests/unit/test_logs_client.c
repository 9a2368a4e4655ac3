#include "testing.h"

#include "source/logs_client.h"

enum { SECOND = 1000, HOUR = 3600 * SECOND };

/* What the client believes after one answer: the server is that far ahead of the monotonic clock.
 */
static struct als_logs_client client_at(int64_t ahead_ms)
{
    struct als_logs_client client = {0};
    als_logs_client_learn_time(&client, ahead_ms, 0, 0);
    return client;
}

static void test_logs_client__slow_answer__is_no_clock_set_back(void **state)
{
    (void)state;
    struct als_logs_client client = client_at(HOUR);
    als_logs_client_learn_time(&client, HOUR + 10 * SECOND, 10 * SECOND, 25 * SECOND);
    assert_false(client.set_back);
    assert_int_equal(client.server_ahead_ms, HOUR);
}

static void test_logs_client__date_before_the_possible__is_a_clock_set_back(void **state)
{
    (void)state;
    struct als_logs_client client = client_at(HOUR);
    als_logs_client_learn_time(&client, HOUR, 10 * SECOND, 10 * SECOND);
    assert_true(client.set_back);
    assert_int_equal(client.server_ahead_ms, HOUR - 10 * SECOND);
}

static void test_logs_client__one_date_far_ahead__is_not_believed(void **state)
{
    (void)state;
    struct als_logs_client client = client_at(HOUR);
    als_logs_client_learn_time(&client, 2 * HOUR, SECOND, SECOND);
    assert_int_equal(client.server_ahead_ms, HOUR);
}

static void test_logs_client__second_date_far_ahead__is_believed(void **state)
{
    (void)state;
    struct als_logs_client client = client_at(HOUR);
    als_logs_client_learn_time(&client, 2 * HOUR, SECOND, SECOND);
    als_logs_client_learn_time(&client, 2 * HOUR + SECOND, 2 * SECOND, 2 * SECOND);
    assert_int_equal(client.server_ahead_ms, 2 * HOUR - SECOND);
    assert_false(client.set_back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logs_client__slow_answer__is_no_clock_set_back),
        cmocka_unit_test(test_logs_client__date_before_the_possible__is_a_clock_set_back),
        cmocka_unit_test(test_logs_client__one_date_far_ahead__is_not_believed),
        cmocka_unit_test(test_logs_client__second_date_far_ahead__is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
