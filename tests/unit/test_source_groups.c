/* Log groups that come and go. */
#include "source_fixture.h"

static void test_source_groups__missing_group__is_read_once_it_appears(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "log_group", "later");
    set(fixture, "start_time", "now");
    run_source(fixture, 5 * MINUTE);
    assert_true(was_in(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_NOT_FOUND));
    fixture->group = sim_service_add_group(fixture->aws.service, "eu-west-1", "later",
                                           virtual_aws_server_ms(&fixture->aws));
    /* Written at once: before the next look, and after the source was started. */
    int64_t now = virtual_aws_server_ms(&fixture->aws);
    put_visible(fixture, now, "0", now);
    run(fixture, 3 * MINUTE);
    assert_each_once(fixture, 1);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

static void test_source_groups__deleted_and_made_again__is_read_on(void **state)
{
    struct fixture *fixture = *state;
    struct sim_service *service = fixture->aws.service;
    put(fixture, noon - MINUTE, "0");
    run_source(fixture, 5 * MINUTE);
    assert_true(sim_world_remove_group(sim_service_world(service), "eu-west-1", group_name));
    run(fixture, 5 * MINUTE);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_WAITING);
    int64_t now = virtual_aws_server_ms(&fixture->aws);
    fixture->group = sim_service_add_group(service, "eu-west-1", group_name, now);
    put_visible(fixture, now, "1", now);
    run(fixture, 3 * MINUTE);
    assert_each_once(fixture, 2);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_source_groups__##name, setup, teardown)
        TEST(missing_group__is_read_once_it_appears),
        TEST(deleted_and_made_again__is_read_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
