#include "testing.h"

#include "testbed.h"

static struct sim_testbed bed;

static int open_bed(void **state)
{
    (void)state;
    bed = sim_testbed_new();
    sim_service_settings(bed.service)->role = "collector";
    sim_service_settings(bed.service)->container_token = "Basic c2VjcmV0";
    return 0;
}

static int close_bed(void **state)
{
    (void)state;
    sim_testbed_free(&bed);
    return 0;
}

static struct sim_response get(const char *path, const char *token)
{
    struct sim_response response;
    struct sim_header header = {"Authorization", token};
    sim_client_get(&bed.client, path, token ? &header : NULL, &response);
    return response;
}

static int status(const char *path, const char *token)
{
    struct sim_response response = get(path, token);
    int result = response.status;
    sim_response_clear(&response);
    return result;
}

static void test_simulator_container__right_token__gets_keys_that_work(void **state)
{
    (void)state;
    struct sim_response response = get("/v2/credentials/3b7e1c", "Basic c2VjcmV0");
    cJSON *keys = cJSON_Parse(response.body);
    sim_response_clear(&response);
    bed.client.access_key = cJSON_GetStringValue(cJSON_GetObjectItem(keys, "AccessKeyId"));
    bed.client.secret_key = cJSON_GetStringValue(cJSON_GetObjectItem(keys, "SecretAccessKey"));
    bed.client.session_token = cJSON_GetStringValue(cJSON_GetObjectItem(keys, "Token"));
    sim_testbed_ask(&bed, "", &response);
    assert_int_equal(response.status, 200);
    sim_response_clear(&response);
    cJSON_Delete(keys);
}

static void test_simulator_container__document__names_the_role(void **state)
{
    (void)state;
    struct sim_response response = get("/v1/credentials", "Basic c2VjcmV0");
    assert_non_null(
        strstr(response.body, "\"RoleArn\":\"arn:aws:iam::123456789012:role/collector\""));
    sim_response_clear(&response);
}

static void test_simulator_container__wrong_token__is_unauthorized(void **state)
{
    (void)state;
    assert_int_equal(status("/v2/credentials/3b7e1c", "Basic other"), 401);
}

static void test_simulator_container__no_token__is_unauthorized(void **state)
{
    (void)state;
    assert_int_equal(status("/v2/credentials/3b7e1c", NULL), 401);
}

static void test_simulator_container__no_token_wanted__is_answered_without(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->container_token = NULL;
    assert_int_equal(status("/v2/credentials/3b7e1c", NULL), 200);
}

static void test_simulator_container__no_role__is_not_found(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->role = NULL;
    assert_int_equal(status("/v2/credentials/3b7e1c", "Basic c2VjcmV0"), 404);
}

static void test_simulator_container__unavailable__is_a_503_in_json(void **state)
{
    (void)state;
    struct sim_fault fault = {.kind = SIM_FAULT_UNAVAILABLE, .operation = "container"};
    sim_service_add_fault(bed.service, &fault);
    struct sim_response response = get("/v2/credentials/3b7e1c", "Basic c2VjcmV0");
    assert_int_equal(response.status, 503);
    assert_string_equal(response.content_type, "application/json");
    sim_response_clear(&response);
}

static void test_simulator_container__calls__are_counted_apart(void **state)
{
    (void)state;
    const struct sim_call_log *log = sim_service_log(bed.service);
    status("/v2/credentials/3b7e1c", NULL);
    assert_int_equal(log->endpoints[SIM_CONTAINER].counter.calls, 1);
    assert_int_equal(log->endpoints[SIM_IMDS].counter.calls, 0);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_container__right_token__gets_keys_that_work),
        WITH_BED(test_simulator_container__document__names_the_role),
        WITH_BED(test_simulator_container__wrong_token__is_unauthorized),
        WITH_BED(test_simulator_container__no_token__is_unauthorized),
        WITH_BED(test_simulator_container__no_token_wanted__is_answered_without),
        WITH_BED(test_simulator_container__no_role__is_not_found),
        WITH_BED(test_simulator_container__unavailable__is_a_503_in_json),
        WITH_BED(test_simulator_container__calls__are_counted_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
