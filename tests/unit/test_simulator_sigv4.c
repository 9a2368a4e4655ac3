#include "testing.h"

#include "sigv4.h"
#include "testbed.h"

/* Judges one of the service-shaped vectors, made with botocore. */
static void check_vector(const char *name)
{
    const char *path = test_shared_path("data/sigv4/cwl-vectors.json");
    if (!path)
        skip();
    char *text = test_read_file(path, NULL);
    cJSON *all = cJSON_Parse(text);
    const cJSON *vector = NULL;
    cJSON_ArrayForEach(vector, all)
    {
        if (strcmp(cJSON_GetObjectItem(vector, "name")->valuestring, name) == 0)
            break;
    }
    assert_non_null(vector);
    struct sim_header headers[16];
    size_t count = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItem(vector, "headers_before_signing"))
        headers[count++] = (struct sim_header){item->string, item->valuestring};
    headers[count++] =
        (struct sim_header){"x-amz-date", cJSON_GetObjectItem(vector, "amz_date")->valuestring};
    headers[count++] = (struct sim_header){
        "authorization", cJSON_GetObjectItem(vector, "authorization")->valuestring};
    const cJSON *token = cJSON_GetObjectItem(vector, "session_token");
    if (cJSON_IsString(token))
        headers[count++] = (struct sim_header){"x-amz-security-token", token->valuestring};
    const char *url = strstr(cJSON_GetObjectItem(vector, "url")->valuestring, "//") + 2;
    char host[128];
    snprintf(host, sizeof host, "%.*s", (int)strcspn(url, "/"), url);
    const char *body = cJSON_GetObjectItem(vector, "body")->valuestring;
    struct sim_request request = {"POST", strchr(url, '/'), host, headers, count,
                                  body,   strlen(body)};

    struct sim_authorization authorization;
    assert_true(sim_sigv4_parse(&request, &authorization));
    char signature[65];
    sim_sigv4_signature(&request, &authorization,
                        cJSON_GetObjectItem(vector, "secret_access_key")->valuestring, signature);
    assert_string_equal(signature, cJSON_GetObjectItem(vector, "signature")->valuestring);
    cJSON_Delete(all);
    free(text);
}

static void test_simulator_sigv4__static_key_vector__has_its_signature(void **state)
{
    (void)state;
    check_vector("logs-filter-static");
}

static void test_simulator_sigv4__session_token_vector__has_its_signature(void **state)
{
    (void)state;
    check_vector("logs-filter-session");
}

static void test_simulator_sigv4__ipv6_and_port_vector__has_its_signature(void **state)
{
    (void)state;
    check_vector("logs-ipv6-port");
}

static void test_simulator_sigv4__base_path_vector__has_its_signature(void **state)
{
    (void)state;
    check_vector("logs-base-path");
}

/* ---- what the service makes of it ---- */

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

static void expect_answer(const char *error)
{
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    if (error)
        assert_string_equal(response.error_type ? response.error_type : "none", error);
    else
        assert_int_equal(response.status, 200);
    sim_response_clear(&response);
}

static void test_simulator_sigv4__right_key__is_answered(void **state)
{
    (void)state;
    expect_answer(NULL);
}

static void test_simulator_sigv4__wrong_secret__is_an_invalid_signature(void **state)
{
    (void)state;
    bed.client.secret_key = "other";
    expect_answer("InvalidSignatureException");
}

static void test_simulator_sigv4__unknown_key__is_an_unrecognized_client(void **state)
{
    (void)state;
    bed.client.access_key = "AKIDOTHER";
    expect_answer("UnrecognizedClientException");
}

static void test_simulator_sigv4__token_of_nobody__is_an_unrecognized_client(void **state)
{
    (void)state;
    bed.client.session_token = "made-up";
    expect_answer("UnrecognizedClientException");
}

static void test_simulator_sigv4__right_session_token__is_answered(void **state)
{
    (void)state;
    sim_service_add_key(bed.service, "ASIAEXAMPLE", "secret", "to/ken==");
    bed.client.access_key = "ASIAEXAMPLE";
    bed.client.session_token = "to/ken==";
    expect_answer(NULL);
}

static void test_simulator_sigv4__expired_key__is_an_expired_token(void **state)
{
    (void)state;
    sim_service_expire_key(bed.service, "AKIDEXAMPLE", SIM_TESTBED_NOW);
    expect_answer("ExpiredTokenException");
}

static void test_simulator_sigv4__clock_5_minutes_behind__is_answered(void **state)
{
    (void)state;
    bed.client.skew_ms = -300000;
    expect_answer(NULL);
}

static void test_simulator_sigv4__clock_more_than_5_minutes_behind__is_expired(void **state)
{
    (void)state;
    bed.client.skew_ms = -301000;
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    assert_non_null(strstr(response.body, "Signature expired: 20260131T235458Z is now earlier than "
                                          "20260131T235459Z (20260131T235959Z - 5 min.)"));
    sim_response_clear(&response);
}

static void test_simulator_sigv4__clock_more_than_5_minutes_ahead__is_not_yet_current(void **state)
{
    (void)state;
    bed.client.skew_ms = 301000;
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    assert_non_null(strstr(response.body, "Signature not yet current"));
    sim_response_clear(&response);
}

static void test_simulator_sigv4__region_not_enabled__is_an_unrecognized_client(void **state)
{
    (void)state;
    bed.client.region = "ap-east-1";
    expect_answer("UnrecognizedClientException");
}

static void test_simulator_sigv4__switched_off__anything_is_answered(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->check_signatures = false;
    bed.client.secret_key = "other";
    expect_answer(NULL);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simulator_sigv4__static_key_vector__has_its_signature),
        cmocka_unit_test(test_simulator_sigv4__session_token_vector__has_its_signature),
        cmocka_unit_test(test_simulator_sigv4__ipv6_and_port_vector__has_its_signature),
        cmocka_unit_test(test_simulator_sigv4__base_path_vector__has_its_signature),
        WITH_BED(test_simulator_sigv4__right_key__is_answered),
        WITH_BED(test_simulator_sigv4__wrong_secret__is_an_invalid_signature),
        WITH_BED(test_simulator_sigv4__unknown_key__is_an_unrecognized_client),
        WITH_BED(test_simulator_sigv4__token_of_nobody__is_an_unrecognized_client),
        WITH_BED(test_simulator_sigv4__right_session_token__is_answered),
        WITH_BED(test_simulator_sigv4__expired_key__is_an_expired_token),
        WITH_BED(test_simulator_sigv4__clock_5_minutes_behind__is_answered),
        WITH_BED(test_simulator_sigv4__clock_more_than_5_minutes_behind__is_expired),
        WITH_BED(test_simulator_sigv4__clock_more_than_5_minutes_ahead__is_not_yet_current),
        WITH_BED(test_simulator_sigv4__region_not_enabled__is_an_unrecognized_client),
        WITH_BED(test_simulator_sigv4__switched_off__anything_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
