#include "testing.h"

#include "testbed.h"

static struct sim_testbed bed;

static int open_bed(void **state)
{
    (void)state;
    bed = sim_testbed_new();
    return 0;
}

static int close_bed(void **state)
{
    (void)state;
    sim_testbed_free(&bed);
    return 0;
}

/* Whatever the style, a parser must find the same. */
static void expect_two_pages(void)
{
    sim_testbed_put(&bed, 1, "first");
    sim_testbed_put(&bed, 2, "second \xc3\xa9");
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, ",\"limit\":1", &pages), 2);
    assert_int_equal(pages, 2);
    cJSON *page = sim_testbed_filter(&bed, ",\"startTime\":2");
    const cJSON *event = cJSON_GetArrayItem(cJSON_GetObjectItem(page, "events"), 0);
    assert_string_equal(cJSON_GetObjectItem(event, "message")->valuestring, "second \xc3\xa9");
    cJSON_Delete(page);
}

static struct sim_json_style *style(void)
{
    return &sim_service_settings(bed.service)->json;
}

static void test_simulator_style__plain__says_the_same(void **state)
{
    (void)state;
    expect_two_pages();
}

static void test_simulator_style__reversed__says_the_same(void **state)
{
    (void)state;
    style()->reverse_members = true;
    expect_two_pages();
}

static void test_simulator_style__unknown_members__say_the_same(void **state)
{
    (void)state;
    style()->unknown_members = true;
    expect_two_pages();
}

static void test_simulator_style__null_token__says_the_same(void **state)
{
    (void)state;
    style()->null_token = true;
    expect_two_pages();
}

static void test_simulator_style__everything_at_once__says_the_same(void **state)
{
    (void)state;
    *style() = (struct sim_json_style){true, true, true, true, true};
    expect_two_pages();
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_style__plain__says_the_same),
        WITH_BED(test_simulator_style__reversed__says_the_same),
        WITH_BED(test_simulator_style__unknown_members__say_the_same),
        WITH_BED(test_simulator_style__null_token__says_the_same),
        WITH_BED(test_simulator_style__everything_at_once__says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
