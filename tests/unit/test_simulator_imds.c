#include "testing.h"

#include "testbed.h"

#define ROLES "/latest/meta-data/iam/security-credentials/"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

static struct sim_testbed bed;
static char token[64];

static int open_bed(void **state)
{
    (void)state;
    bed = sim_testbed_new();
    sim_service_settings(bed.service)->role = "collector";
    return 0;
}

static int close_bed(void **state)
{
    (void)state;
    sim_testbed_free(&bed);
    return 0;
}

static void add(struct sim_fault fault)
{
    sim_service_add_fault(bed.service, &fault);
}

/* ---- asking ---- */

static struct sim_response put_token(const char *path, const char *ttl, bool forwarded)
{
    const struct sim_header headers[] = {{"x-aws-ec2-metadata-token-ttl-seconds", ttl},
                                         {"X-Forwarded-For", "10.0.0.1"}};
    struct sim_request request = {
        .method = "PUT",
        .path = path,
        .host = "169.254.169.254",
        .headers = ttl ? headers : headers + 1,
        .header_count = (ttl ? 1u : 0u) + (forwarded ? 1u : 0u),
    };
    struct sim_response response;
    sim_service_request(bed.service, &request, bed.client.now_ms, &response);
    return response;
}

static int token_status(const char *ttl)
{
    struct sim_response response = put_token("/latest/api/token", ttl, false);
    int status = response.status;
    sim_response_clear(&response);
    return status;
}

static void get_token(const char *ttl)
{
    struct sim_response response = put_token("/latest/api/token", ttl, false);
    assert_int_equal(response.status, 200);
    (void)snprintf(token, sizeof token, "%s", response.body);
    sim_response_clear(&response);
}

static struct sim_response get(const char *path)
{
    struct sim_response response;
    sim_client_get(&bed.client, path, &(struct sim_header){"x-aws-ec2-metadata-token", token},
                   &response);
    return response;
}

static int get_status(const char *path)
{
    struct sim_response response = get(path);
    int status = response.status;
    sim_response_clear(&response);
    return status;
}

static cJSON *get_keys(void)
{
    get_token("21600");
    struct sim_response response = get(ROLES "collector");
    assert_int_equal(response.status, 200);
    cJSON *keys = cJSON_Parse(response.body);
    sim_response_clear(&response);
    assert_non_null(keys);
    return keys;
}

static const char *text_of(const cJSON *keys, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(keys, name));
}

/* What the logs API makes of the keys; NULL when it answers. */
static const char *use(const cJSON *keys)
{
    static char error[64];
    struct sim_response response;
    struct sim_client own = bed.client;
    bed.client.access_key = text_of(keys, "AccessKeyId");
    bed.client.secret_key = text_of(keys, "SecretAccessKey");
    bed.client.session_token = text_of(keys, "Token");
    sim_testbed_ask(&bed, "", &response);
    bed.client = own;
    (void)snprintf(error, sizeof error, "%s", response.error_type ? response.error_type : "");
    sim_response_clear(&response);
    return error[0] ? error : NULL;
}

/* ---- tokens ---- */

static void test_simulator_imds__token_for_6_hours__is_given(void **state)
{
    (void)state;
    struct sim_response response = put_token("/latest/api/token", "21600", false);
    struct sim_header header = {0};
    assert_int_equal(response.status, 200);
    assert_true(sim_response_header(&response, 2, &header));
    assert_string_equal(header.name, "X-aws-ec2-metadata-token-ttl-seconds");
    assert_string_equal(header.value, "21600");
    sim_response_clear(&response);
}

static void test_simulator_imds__token_for_longer__is_refused(void **state)
{
    (void)state;
    assert_int_equal(token_status("21601"), 400);
}

static void test_simulator_imds__token_for_0_s__is_refused(void **state)
{
    (void)state;
    assert_int_equal(token_status("1"), 200);
    assert_int_equal(token_status("0"), 400);
}

static void test_simulator_imds__token_without_ttl__is_refused(void **state)
{
    (void)state;
    assert_int_equal(token_status(NULL), 400);
}

static void test_simulator_imds__ttl_with_garbage__is_refused(void **state)
{
    (void)state;
    assert_int_equal(token_status("60s"), 400);
}

static void test_simulator_imds__forwarded_put__is_forbidden(void **state)
{
    (void)state;
    struct sim_response response = put_token("/latest/api/token", "60", true);
    assert_int_equal(response.status, 403);
    sim_response_clear(&response);
}

static void test_simulator_imds__versioned_token_path__is_forbidden(void **state)
{
    (void)state;
    struct sim_response response = put_token("/2021-01-03/api/token", "60", false);
    assert_int_equal(response.status, 403);
    sim_response_clear(&response);
}

static void test_simulator_imds__get_without_token__is_unauthorized(void **state)
{
    (void)state;
    struct sim_response response;
    sim_client_get(&bed.client, ROLES, NULL, &response);
    assert_int_equal(response.status, 401);
    sim_response_clear(&response);
}

static void test_simulator_imds__made_up_token__is_unauthorized(void **state)
{
    (void)state;
    get_token("60");
    token[20] ^= 1;
    assert_int_equal(get_status(ROLES), 401);
}

static void test_simulator_imds__token_at_its_end__is_unauthorized(void **state)
{
    (void)state;
    get_token("60");
    bed.client.now_ms += MINUTE_MS - 1;
    assert_int_equal(get_status(ROLES), 200);
    bed.client.now_ms += 1;
    assert_int_equal(get_status(ROLES), 401);
}

/* ---- what there is ---- */

static void test_simulator_imds__role_list__has_the_role(void **state)
{
    (void)state;
    get_token("60");
    struct sim_response response = get(ROLES);
    assert_string_equal(response.body, "collector");
    sim_response_clear(&response);
}

static void test_simulator_imds__no_role__is_an_xhtml_404(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->role = NULL;
    get_token("60");
    struct sim_response response = get(ROLES);
    assert_int_equal(response.status, 404);
    assert_non_null(strstr(response.body, "<h1>404 - Not Found</h1>"));
    sim_response_clear(&response);
}

static void test_simulator_imds__other_role__is_not_found(void **state)
{
    (void)state;
    get_token("60");
    assert_int_equal(get_status(ROLES "other"), 404);
}

static void test_simulator_imds__region__is_the_first_one(void **state)
{
    (void)state;
    get_token("60");
    struct sim_response response = get("/latest/meta-data/placement/region");
    assert_string_equal(response.body, SIM_TESTBED_REGION);
    sim_response_clear(&response);
}

/* ---- keys ---- */

static void test_simulator_imds__role_document__says_success_and_when_it_ends(void **state)
{
    (void)state;
    cJSON *keys = get_keys();
    assert_string_equal(text_of(keys, "Code"), "Success");
    assert_string_equal(text_of(keys, "Expiration"), "2026-02-01T00:59:59Z");
    cJSON_Delete(keys);
}

static void test_simulator_imds__keys__are_accepted_until_they_expire(void **state)
{
    (void)state;
    cJSON *keys = get_keys();
    bed.client.now_ms += HOUR_MS - 1;
    assert_null(use(keys));
    bed.client.now_ms += 1;
    assert_string_equal(use(keys), "ExpiredTokenException");
    cJSON_Delete(keys);
}

static void test_simulator_imds__keys__are_the_same_until_5_minutes_before_the_end(void **state)
{
    (void)state;
    cJSON *first = get_keys();
    bed.client.now_ms += HOUR_MS - 5 * MINUTE_MS - 1;
    cJSON *same = get_keys();
    bed.client.now_ms += 1;
    cJSON *next = get_keys();
    assert_string_equal(text_of(same, "AccessKeyId"), text_of(first, "AccessKeyId"));
    assert_string_not_equal(text_of(next, "AccessKeyId"), text_of(first, "AccessKeyId"));
    assert_null(use(next));
    cJSON_Delete(first);
    cJSON_Delete(same);
    cJSON_Delete(next);
}

/* ---- faults ---- */

static void test_simulator_imds__stale_from_the_start__hands_out_expired_keys(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_STALE_KEYS});
    cJSON *keys = get_keys();
    assert_string_equal(text_of(keys, "Expiration"), "2026-01-31T22:59:59Z");
    assert_string_equal(use(keys), "ExpiredTokenException");
    cJSON_Delete(keys);
}

static void test_simulator_imds__stale__goes_on_with_what_it_has(void **state)
{
    (void)state;
    cJSON *first = get_keys();
    add((struct sim_fault){.kind = SIM_FAULT_STALE_KEYS});
    bed.client.now_ms += 2 * HOUR_MS;
    cJSON *same = get_keys();
    sim_service_remove_faults(bed.service);
    cJSON *next = get_keys();
    assert_string_equal(text_of(same, "AccessKeyId"), text_of(first, "AccessKeyId"));
    assert_null(use(next));
    cJSON_Delete(first);
    cJSON_Delete(same);
    cJSON_Delete(next);
}

static void test_simulator_imds__code_not_success__is_said_in_a_200(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_CODE_NOT_SUCCESS});
    cJSON *answer = get_keys();
    assert_string_equal(text_of(answer, "Code"), "AssumeRoleUnauthorizedAccess");
    assert_null(text_of(answer, "AccessKeyId"));
    cJSON_Delete(answer);
}

static void test_simulator_imds__missing_member__is_the_one_that_was_named(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_MISSING_MEMBER, .member = "Token"});
    cJSON *keys = get_keys();
    assert_null(text_of(keys, "Token"));
    assert_non_null(text_of(keys, "Expiration"));
    cJSON_Delete(keys);
}

static void expect_role_status(enum sim_fault_kind kind, int status)
{
    get_token("60");
    add((struct sim_fault){.kind = kind, .operation = "imds.role"});
    assert_int_equal(get_status(ROLES "collector"), status);
    assert_int_equal(get_status(ROLES), 200);
}

static void test_simulator_imds__fault_of_one_path__has_its_status(void **state)
{
    (void)state;
    static const struct {
        enum sim_fault_kind kind;
        int status;
    } cases[] = {
        {SIM_FAULT_INTERNAL_ERROR, 500}, {SIM_FAULT_UNAVAILABLE, 503}, {SIM_FAULT_THROTTLING, 429},
        {SIM_FAULT_UNAUTHORIZED, 401},   {SIM_FAULT_FORBIDDEN, 403},   {SIM_FAULT_NOT_FOUND, 404},
        {SIM_FAULT_HTML_OK, 200},        {SIM_FAULT_REDIRECT, 302},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_role_status(cases[i].kind, cases[i].status);
        sim_service_remove_faults(bed.service);
    }
}

static void test_simulator_imds__fault_of_the_endpoint__spares_the_logs_api(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_FORBIDDEN, .operation = "imds"});
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    assert_int_equal(response.status, 200);
    sim_response_clear(&response);
    assert_int_equal(token_status("60"), 403);
}

static void test_simulator_imds__redirect__says_where(void **state)
{
    (void)state;
    get_token("60");
    add((struct sim_fault){.kind = SIM_FAULT_REDIRECT});
    struct sim_response response = get(ROLES);
    assert_string_equal(response.extra_name, "Location");
    assert_string_equal(response.extra_value, "/redirected");
    sim_response_clear(&response);
}

static void test_simulator_imds__huge_body__is_valid_and_1_mib(void **state)
{
    (void)state;
    get_token("60");
    add((struct sim_fault){.kind = SIM_FAULT_HUGE_BODY});
    struct sim_response response = get(ROLES "collector");
    cJSON *keys = cJSON_ParseWithLength(response.body, response.body_length);
    assert_int_equal(response.body_length, 1 << 20);
    assert_non_null(text_of(keys, "AccessKeyId"));
    cJSON_Delete(keys);
    sim_response_clear(&response);
}

static void test_simulator_imds__hang__is_for_the_transport(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_HANG, .operation = "imds.token"});
    struct sim_response response = put_token("/latest/api/token", "60", false);
    assert_int_equal(response.transport, SIM_HANG);
    sim_response_clear(&response);
}

/* ---- counters ---- */

static void test_simulator_imds__counters__know_attempts_per_second(void **state)
{
    (void)state;
    const struct sim_call_log *log = sim_service_log(bed.service);
    get_token("60");
    assert_int_equal(get_status(ROLES), 200);
    bed.client.now_ms += 1000;
    assert_int_equal(get_status(ROLES), 200);
    assert_int_equal(sim_call_log_counter(log, "", "imds.roles")->calls, 2);
    const struct sim_call_counter *all = &log->endpoints[SIM_IMDS].counter;
    assert_int_equal(all->calls, 3);
    assert_int_equal(sim_call_counter_peak(all, 1), 2);
    assert_int_equal(log->endpoints[SIM_LOGS].counter.calls, 0);
}

static void test_simulator_imds__answers_not_yet_cleared__are_in_flight(void **state)
{
    (void)state;
    struct sim_endpoint_counter *imds = &sim_service_log(bed.service)->endpoints[SIM_IMDS];
    get_token("60");
    assert_int_equal(imds->most_in_flight, 1);
    struct sim_response first = get(ROLES);
    struct sim_response second = get(ROLES);
    sim_response_clear(&first);
    sim_response_clear(&second);
    assert_int_equal(imds->most_in_flight, 2);
    assert_int_equal(imds->in_flight, 0);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_imds__token_for_6_hours__is_given),
        WITH_BED(test_simulator_imds__token_for_longer__is_refused),
        WITH_BED(test_simulator_imds__token_for_0_s__is_refused),
        WITH_BED(test_simulator_imds__token_without_ttl__is_refused),
        WITH_BED(test_simulator_imds__ttl_with_garbage__is_refused),
        WITH_BED(test_simulator_imds__forwarded_put__is_forbidden),
        WITH_BED(test_simulator_imds__versioned_token_path__is_forbidden),
        WITH_BED(test_simulator_imds__get_without_token__is_unauthorized),
        WITH_BED(test_simulator_imds__made_up_token__is_unauthorized),
        WITH_BED(test_simulator_imds__token_at_its_end__is_unauthorized),
        WITH_BED(test_simulator_imds__role_list__has_the_role),
        WITH_BED(test_simulator_imds__no_role__is_an_xhtml_404),
        WITH_BED(test_simulator_imds__other_role__is_not_found),
        WITH_BED(test_simulator_imds__region__is_the_first_one),
        WITH_BED(test_simulator_imds__role_document__says_success_and_when_it_ends),
        WITH_BED(test_simulator_imds__keys__are_accepted_until_they_expire),
        WITH_BED(test_simulator_imds__keys__are_the_same_until_5_minutes_before_the_end),
        WITH_BED(test_simulator_imds__stale_from_the_start__hands_out_expired_keys),
        WITH_BED(test_simulator_imds__stale__goes_on_with_what_it_has),
        WITH_BED(test_simulator_imds__code_not_success__is_said_in_a_200),
        WITH_BED(test_simulator_imds__missing_member__is_the_one_that_was_named),
        WITH_BED(test_simulator_imds__fault_of_one_path__has_its_status),
        WITH_BED(test_simulator_imds__fault_of_the_endpoint__spares_the_logs_api),
        WITH_BED(test_simulator_imds__redirect__says_where),
        WITH_BED(test_simulator_imds__huge_body__is_valid_and_1_mib),
        WITH_BED(test_simulator_imds__hang__is_for_the_transport),
        WITH_BED(test_simulator_imds__counters__know_attempts_per_second),
        WITH_BED(test_simulator_imds__answers_not_yet_cleared__are_in_flight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
