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

/* A chain of two pages: the answer's status to the second, asked with these members. */
static int second_page(const char *first, const char *second)
{
    char token[256];
    char members[600];
    for (int i = 0; i < 4; i++)
        sim_testbed_put(&bed, 1000 + i, "m");
    cJSON *page = sim_testbed_filter(&bed, first);
    sim_testbed_token(page, token, sizeof token);
    cJSON_Delete(page);
    assert_true(token[0]);
    bed.client.now_ms += 1000;
    snprintf(members, sizeof members, "%s,\"nextToken\":\"%s\"", second, token);
    struct sim_response response;
    sim_testbed_ask(&bed, members, &response);
    int status = response.status;
    if (status != 200)
        assert_non_null(strstr(response.body, "The specified nextToken is invalid."));
    sim_response_clear(&response);
    return status;
}

static void test_simulator_page_token__same_parameters__is_good(void **state)
{
    (void)state;
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":2"), 200);
}

static void test_simulator_page_token__other_limit__is_good(void **state)
{
    (void)state;
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":3"), 200);
}

static void test_simulator_page_token__other_start__is_invalid(void **state)
{
    (void)state;
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":2,\"startTime\":1"), 400);
}

static void test_simulator_page_token__other_pattern__is_invalid(void **state)
{
    (void)state;
    assert_int_equal(second_page(",\"limit\":2", ",\"filterPattern\":\"m\""), 400);
}

static void test_simulator_page_token__lifetime_over__is_invalid(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->token_lifetime_ms = 1000;
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":2"), 400);
}

static void test_simulator_page_token__default_lifetime__is_24_hours(void **state)
{
    (void)state;
    assert_int_equal(sim_service_settings(bed.service)->token_lifetime_ms, 86400000);
}

static void test_simulator_page_token__made_up__is_invalid(void **state)
{
    (void)state;
    struct sim_response response;
    sim_testbed_ask(&bed, ",\"nextToken\":\"Bxkq6kVGFtq2y_MoigeqscPOdhXVbhiVtLoAmXb5jCo\"",
                    &response);
    assert_non_null(strstr(response.body, "The specified nextToken is invalid."));
    sim_response_clear(&response);
}

static void test_simulator_page_token__expired_by_fault__is_invalid_once(void **state)
{
    (void)state;
    struct sim_fault fault = {.kind = SIM_FAULT_EXPIRED_PAGE_TOKEN, .times = 1};
    sim_service_add_fault(bed.service, &fault);
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":2"), 400);
    assert_int_equal(second_page(",\"limit\":2", ",\"limit\":2"), 200);
}

static void test_simulator_page_token__repeated_by_fault__is_the_one_sent(void **state)
{
    (void)state;
    struct sim_fault fault = {.kind = SIM_FAULT_REPEATED_PAGE_TOKEN};
    sim_service_add_fault(bed.service, &fault);
    char token[256];
    char again[256];
    char members[300];
    for (int i = 0; i < 4; i++)
        sim_testbed_put(&bed, 1000 + i, "m");
    cJSON *page = sim_testbed_filter(&bed, ",\"limit\":1");
    sim_testbed_token(page, token, sizeof token);
    cJSON_Delete(page);
    snprintf(members, sizeof members, ",\"limit\":1,\"nextToken\":\"%s\"", token);
    page = sim_testbed_filter(&bed, members);
    sim_testbed_token(page, again, sizeof again);
    cJSON_Delete(page);
    assert_string_equal(token, again);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_page_token__same_parameters__is_good),
        WITH_BED(test_simulator_page_token__other_limit__is_good),
        WITH_BED(test_simulator_page_token__other_start__is_invalid),
        WITH_BED(test_simulator_page_token__other_pattern__is_invalid),
        WITH_BED(test_simulator_page_token__lifetime_over__is_invalid),
        WITH_BED(test_simulator_page_token__default_lifetime__is_24_hours),
        WITH_BED(test_simulator_page_token__made_up__is_invalid),
        WITH_BED(test_simulator_page_token__expired_by_fault__is_invalid_once),
        WITH_BED(test_simulator_page_token__repeated_by_fault__is_the_one_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
