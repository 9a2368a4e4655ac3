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

static cJSON *describe(const char *operation, const char *body)
{
    struct sim_response response;
    sim_client_call(&bed.client, operation, body, &response);
    assert_int_equal(response.status, 200);
    cJSON *page = cJSON_Parse(response.body);
    sim_response_clear(&response);
    return page;
}

static const char *text(const cJSON *page, const char *list, const char *member)
{
    const cJSON *item = cJSON_GetArrayItem(cJSON_GetObjectItem(page, list), 0);
    return cJSON_GetObjectItem(item, member)->valuestring;
}

static void test_simulator_describe__log_group__has_its_arn_with_and_without_star(void **state)
{
    (void)state;
    cJSON *page = describe("DescribeLogGroups", "{}");
    assert_string_equal(text(page, "logGroups", "arn"),
                        "arn:aws:logs:eu-west-1:123456789012:log-group:" SIM_TESTBED_GROUP ":*");
    assert_string_equal(text(page, "logGroups", "logGroupArn"),
                        "arn:aws:logs:eu-west-1:123456789012:log-group:" SIM_TESTBED_GROUP);
    cJSON_Delete(page);
}

static void test_simulator_describe__log_groups__come_in_pages_by_name(void **state)
{
    (void)state;
    char body[300];
    char token[256];
    sim_service_add_group(bed.service, SIM_TESTBED_REGION, "a", SIM_TESTBED_NOW);
    cJSON *page = describe("DescribeLogGroups", "{\"limit\":1}");
    assert_string_equal(text(page, "logGroups", "logGroupName"), SIM_TESTBED_GROUP);
    sim_testbed_token(page, token, sizeof token);
    cJSON_Delete(page);
    snprintf(body, sizeof body, "{\"limit\":1,\"nextToken\":\"%s\"}", token);
    page = describe("DescribeLogGroups", body);
    assert_string_equal(text(page, "logGroups", "logGroupName"), "a");
    assert_null(cJSON_GetObjectItem(page, "nextToken"));
    cJSON_Delete(page);
}

static void test_simulator_describe__log_streams__are_selected_by_prefix(void **state)
{
    (void)state;
    sim_testbed_put(&bed, 1, "m");
    sim_group_stream(bed.group, "other");
    cJSON *page = describe("DescribeLogStreams", "{\"logGroupName\":\"" SIM_TESTBED_GROUP
                                                 "\",\"logStreamNamePrefix\":\"o\"}");
    assert_string_equal(text(page, "logStreams", "logStreamName"), "other");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(page, "logStreams")), 1);
    cJSON_Delete(page);
}

static void test_simulator_describe__prefix_with_order_by_time__is_refused(void **state)
{
    (void)state;
    struct sim_response response;
    sim_client_call(&bed.client, "DescribeLogStreams",
                    "{\"logGroupName\":\"" SIM_TESTBED_GROUP
                    "\",\"logStreamNamePrefix\":\"o\",\"orderBy\":\"LastEventTime\"}",
                    &response);
    assert_string_equal(response.error_type, "InvalidParameterException");
    sim_response_clear(&response);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_describe__log_group__has_its_arn_with_and_without_star),
        WITH_BED(test_simulator_describe__log_groups__come_in_pages_by_name),
        WITH_BED(test_simulator_describe__log_streams__are_selected_by_prefix),
        WITH_BED(test_simulator_describe__prefix_with_order_by_time__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
