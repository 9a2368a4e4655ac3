#include "testing.h"

#include "awslogsrc/error.h"
#include "source/recovery.h"

static struct als_random chance = {.state = 7};

static int64_t fail_at(struct als_recovery *recovery, int code, int64_t hint, int64_t now)
{
    struct als_failure failure = {code, hint};
    return als_recovery_fail(recovery, &failure, now, &chance);
}

static void test_recovery__two_failures_of_a_call__are_retried_quietly(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, false, 0);
    assert_in_range(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 0), 0, 50);
    assert_true(recovery.retries);
    assert_in_range(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 100), 0, 100);
    assert_true(recovery.retries);
    assert_in_range(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 200), 0, 200);
    assert_false(recovery.retries);
}

static void test_recovery__throttled__waits_twenty_times_as_long(void **state)
{
    (void)state;
    int64_t longest = 0;
    for (int i = 0; i < 200; i++) {
        struct als_recovery recovery;
        als_recovery_start(&recovery, false, 0);
        int64_t wait = fail_at(&recovery, AWSLOGSRC_E_THROTTLED, 0, 0);
        assert_in_range(wait, 0, 1000);
        longest = wait > longest ? wait : longest;
    }
    assert_true(longest > 800);
}

static void test_recovery__failing_for_long__waits_twenty_seconds_at_most(void **state)
{
    (void)state;
    struct als_recovery recovery;
    int64_t longest = 0;
    als_recovery_start(&recovery, false, 0);
    for (int i = 0; i < 200; i++) {
        int64_t wait = fail_at(&recovery, AWSLOGSRC_E_NETWORK, 0, i * 1000);
        longest = wait > longest ? wait : longest;
    }
    assert_in_range(longest, 15000, 20000);
}

static void test_recovery__hint_of_the_server__counts_for_five_seconds_more(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, false, 0);
    assert_int_equal(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 3000, 0), 3000);
    assert_in_range(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 60000, 0), 5000, 5100);
}

static void test_recovery__denied__is_told_at_once_and_asked_again_in_a_while(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, false, 0);
    assert_in_range(fail_at(&recovery, AWSLOGSRC_E_ACCESS_DENIED, 0, 0), 30000, 60000);
    assert_false(recovery.retries);
}

static void test_recovery__many_calls_that_fail__use_up_the_quota_of_retries(void **state)
{
    (void)state;
    struct als_recovery recovery;
    int retried = 0;
    als_recovery_start(&recovery, false, 0);
    for (int i = 0; i < 100; i++) {
        recovery.retry.failures = 0; /* another call */
        (void)fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, i * 1000);
        retried += recovery.retries;
    }
    assert_int_equal(retried, 500 / 14);
}

static void test_recovery__successes__bring_the_quota_back(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, false, 0);
    (void)fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 0);
    assert_int_equal(recovery.quota.tokens, 486);
    als_recovery_succeed(&recovery, 100);
    assert_int_equal(recovery.quota.tokens, 500);
    recovery.quota.tokens = 0;
    als_recovery_succeed(&recovery, 200);
    assert_int_equal(recovery.quota.tokens, 1);
}

static void test_recovery__once_without_progress_for_a_minute__gives_up(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, true, 0);
    assert_true(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 1000) >= 0);
    assert_true(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 60000) >= 0);
    assert_int_equal(fail_at(&recovery, AWSLOGSRC_E_SERVICE, 0, 61001), -1);
}

/* A proxy or a name server that is starting anew. */
static void test_recovery__once_with_nobody_there__tries_for_five_seconds(void **state)
{
    (void)state;
    static const int codes[] = {AWSLOGSRC_E_CONNECT, AWSLOGSRC_E_NAME_LOOKUP};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct als_recovery recovery;
        als_recovery_start(&recovery, true, 0);
        assert_true(fail_at(&recovery, codes[i], 0, 1000) >= 0);
        assert_true(fail_at(&recovery, codes[i], 0, 1050) >= 0);
        assert_true(fail_at(&recovery, codes[i], 0, 5999) >= 0);
        assert_int_equal(fail_at(&recovery, codes[i], 0, 6000), -1);
    }
}

static void test_recovery__once_with_nobody_there__tries_three_times(void **state)
{
    (void)state;
    struct als_recovery recovery;
    als_recovery_start(&recovery, true, 0);
    assert_true(fail_at(&recovery, AWSLOGSRC_E_CONNECT, 0, 0) >= 0);
    assert_true(fail_at(&recovery, AWSLOGSRC_E_CONNECT, 0, 30000) >= 0);
    assert_int_equal(fail_at(&recovery, AWSLOGSRC_E_CONNECT, 0, 40000), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recovery__two_failures_of_a_call__are_retried_quietly),
        cmocka_unit_test(test_recovery__throttled__waits_twenty_times_as_long),
        cmocka_unit_test(test_recovery__failing_for_long__waits_twenty_seconds_at_most),
        cmocka_unit_test(test_recovery__hint_of_the_server__counts_for_five_seconds_more),
        cmocka_unit_test(test_recovery__denied__is_told_at_once_and_asked_again_in_a_while),
        cmocka_unit_test(test_recovery__many_calls_that_fail__use_up_the_quota_of_retries),
        cmocka_unit_test(test_recovery__successes__bring_the_quota_back),
        cmocka_unit_test(test_recovery__once_without_progress_for_a_minute__gives_up),
        cmocka_unit_test(test_recovery__once_with_nobody_there__tries_for_five_seconds),
        cmocka_unit_test(test_recovery__once_with_nobody_there__tries_three_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
