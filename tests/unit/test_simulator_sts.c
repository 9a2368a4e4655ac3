#include "testing.h"

#include "testbed.h"

#define ROLE    "arn:aws:iam::123456789012:role/team/collector"
#define ROLE_2  "arn:aws:iam::210987654321:role/reader"
#define VERSION "&Version=2011-06-15"
#define ASSUME  "Action=AssumeRole" VERSION "&RoleSessionName=siem"

enum { HOUR_MS = 60 * 60 * 1000 };

static struct sim_testbed bed;
static char access_key[32], secret_key[64], session_token[512];

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

/* ---- asking ---- */

/* Copies the text of an element, with the one reference that this service uses. */
static bool element(const char *body, const char *name, char *out, size_t size)
{
    char tag[64];
    (void)snprintf(tag, sizeof tag, "<%s>", name);
    const char *at = strstr(body, tag);
    size_t length = 0;
    for (at = at ? at + strlen(tag) : ""; *at && *at != '<' && length < size - 1; at++) {
        bool plus = strncmp(at, "&#x2B;", 6) == 0;
        out[length++] = plus ? '+' : *at;
        at += plus ? 5 : 0;
    }
    out[length] = '\0';
    return length > 0;
}

static struct sim_response ask(const char *form)
{
    struct sim_response response;
    sim_client_sts(&bed.client, form, &response);
    return response;
}

static struct sim_response ask_unsigned(const char *form)
{
    struct sim_header header = {"Content-Type", "application/x-www-form-urlencoded"};
    struct sim_request request = {.method = "POST",
                                  .path = "/",
                                  .host = "sts." SIM_TESTBED_REGION ".amazonaws.com",
                                  .headers = &header,
                                  .header_count = 1,
                                  .body = form,
                                  .body_length = strlen(form)};
    struct sim_response response;
    sim_service_request(bed.service, &request, bed.client.now_ms, &response);
    return response;
}

static void expect(struct sim_response response, int status, const char *code)
{
    char said[64];
    assert_int_equal(response.status, status);
    assert_true(element(response.body, "Code", said, sizeof said));
    assert_string_equal(said, code);
    assert_string_equal(response.content_type, "text/xml");
    sim_response_clear(&response);
}

/* The client goes on with the keys of the answer. */
static void take_keys(struct sim_response response)
{
    assert_int_equal(response.status, 200);
    assert_true(element(response.body, "AccessKeyId", access_key, sizeof access_key));
    assert_true(element(response.body, "SecretAccessKey", secret_key, sizeof secret_key));
    assert_true(element(response.body, "SessionToken", session_token, sizeof session_token));
    sim_response_clear(&response);
    bed.client.access_key = access_key;
    bed.client.secret_key = secret_key;
    bed.client.session_token = session_token;
}

static const char *caller(void)
{
    static char arn[256];
    struct sim_response response = ask("Action=GetCallerIdentity" VERSION);
    assert_int_equal(response.status, 200);
    element(response.body, "Arn", arn, sizeof arn);
    sim_response_clear(&response);
    return arn;
}

static int logs_status(void)
{
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    int status = response.status;
    sim_response_clear(&response);
    return status;
}

static void add_role(struct sim_role role)
{
    sim_service_add_role(bed.service, &role);
}

static void add(struct sim_fault fault)
{
    sim_service_add_fault(bed.service, &fault);
}

/* ---- AssumeRole ---- */

static void test_simulator_sts__assumed_role__is_the_caller_from_then_on(void **state)
{
    (void)state;
    assert_string_equal(caller(), "arn:aws:iam::123456789012:user/simulated");
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    assert_string_equal(caller(), "arn:aws:sts::123456789012:assumed-role/collector/siem");
}

static void test_simulator_sts__keys__are_accepted_until_they_expire(void **state)
{
    (void)state;
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    bed.client.now_ms += HOUR_MS - 1;
    assert_int_equal(logs_status(), 200);
    bed.client.now_ms += 1;
    assert_int_equal(logs_status(), 400);
    expect(ask("Action=GetCallerIdentity" VERSION), 403, "ExpiredToken");
}

static void test_simulator_sts__duration__decides_when_keys_end(void **state)
{
    (void)state;
    char end[32];
    struct sim_response response = ask(ASSUME "&DurationSeconds=900&RoleArn=" ROLE);
    assert_true(element(response.body, "Expiration", end, sizeof end));
    assert_string_equal(end, "2026-02-01T00:14:59Z");
    sim_response_clear(&response);
}

static void test_simulator_sts__duration_past_its_limits__is_a_validation_error(void **state)
{
    (void)state;
    expect(ask(ASSUME "&DurationSeconds=899&RoleArn=" ROLE), 400, "ValidationError");
    expect(ask(ASSUME "&DurationSeconds=43201&RoleArn=" ROLE), 400, "ValidationError");
    take_keys(ask(ASSUME "&DurationSeconds=43200&RoleArn=" ROLE));
}

static void test_simulator_sts__duration_past_the_roles__is_a_validation_error(void **state)
{
    (void)state;
    add_role((struct sim_role){.arn = ROLE, .max_duration_s = 7200});
    expect(ask(ASSUME "&DurationSeconds=7201&RoleArn=" ROLE), 400, "ValidationError");
}

static void test_simulator_sts__chained_for_more_than_an_hour__is_refused(void **state)
{
    (void)state;
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    expect(ask(ASSUME "&DurationSeconds=3601&RoleArn=" ROLE_2), 400, "ValidationError");
}

static void test_simulator_sts__chain_of_two__ends_as_the_second_role(void **state)
{
    (void)state;
    add_role((struct sim_role){.arn = ROLE});
    add_role((struct sim_role){.arn = ROLE_2, .principal = ROLE});
    expect(ask(ASSUME "&RoleArn=" ROLE_2), 403, "AccessDenied");
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    take_keys(ask(ASSUME "&RoleArn=" ROLE_2));
    assert_string_equal(caller(), "arn:aws:sts::210987654321:assumed-role/reader/siem");
}

static void test_simulator_sts__unknown_role__is_denied(void **state)
{
    (void)state;
    add_role((struct sim_role){.arn = ROLE});
    expect(ask(ASSUME "&RoleArn=" ROLE_2), 403, "AccessDenied");
}

static void test_simulator_sts__external_id__must_be_the_right_one(void **state)
{
    (void)state;
    add_role((struct sim_role){.arn = ROLE, .external_id = "a:b/c"});
    expect(ask(ASSUME "&RoleArn=" ROLE), 403, "AccessDenied");
    expect(ask(ASSUME "&ExternalId=other&RoleArn=" ROLE), 403, "AccessDenied");
    take_keys(ask(ASSUME "&ExternalId=a%3Ab%2fc&RoleArn=" ROLE));
}

static void test_simulator_sts__session_name_with_a_blank__is_a_validation_error(void **state)
{
    (void)state;
    expect(ask("Action=AssumeRole" VERSION "&RoleSessionName=a+b&RoleArn=" ROLE), 400,
           "ValidationError");
}

static void test_simulator_sts__no_session_name__is_a_validation_error(void **state)
{
    (void)state;
    expect(ask("Action=AssumeRole" VERSION "&RoleArn=" ROLE), 400, "ValidationError");
}

/* ---- who asks ---- */

static void test_simulator_sts__wrong_secret__is_a_signature_mismatch(void **state)
{
    (void)state;
    bed.client.secret_key = "other";
    expect(ask(ASSUME "&RoleArn=" ROLE), 403, "SignatureDoesNotMatch");
}

static void test_simulator_sts__unknown_key__is_an_invalid_client_token(void **state)
{
    (void)state;
    bed.client.access_key = "AKIDOTHER";
    expect(ask(ASSUME "&RoleArn=" ROLE), 403, "InvalidClientTokenId");
}

static void test_simulator_sts__session_keys_without_their_token__are_refused(void **state)
{
    (void)state;
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    bed.client.session_token = NULL;
    expect(ask(ASSUME "&RoleArn=" ROLE_2), 403, "InvalidClientTokenId");
}

static void test_simulator_sts__unsigned__is_refused(void **state)
{
    (void)state;
    expect(ask_unsigned(ASSUME "&RoleArn=" ROLE), 403, "MissingAuthenticationToken");
}

static void test_simulator_sts__signed_for_logs__is_a_signature_mismatch(void **state)
{
    (void)state;
    bed.client.signed_for = "logs";
    expect(ask(ASSUME "&RoleArn=" ROLE), 403, "SignatureDoesNotMatch");
}

static void test_simulator_sts__region_not_enabled__is_disabled(void **state)
{
    (void)state;
    bed.client.region = "ap-east-1";
    expect(ask(ASSUME "&RoleArn=" ROLE), 403, "RegionDisabledException");
}

/* ---- AssumeRoleWithWebIdentity ---- */

#define WEB                                                                          \
    "Action=AssumeRoleWithWebIdentity" VERSION "&RoleSessionName=siem&RoleArn=" ROLE \
    "&WebIdentityToken="

static void test_simulator_sts__web_identity__needs_no_signature(void **state)
{
    (void)state;
    take_keys(ask_unsigned(WEB "eyJhbGciOi.J9"));
    assert_int_equal(logs_status(), 200);
}

static void test_simulator_sts__other_web_token__is_an_invalid_identity(void **state)
{
    (void)state;
    sim_service_settings(bed.service)->web_identity_token = "right";
    expect(ask_unsigned(WEB "wrong"), 400, "InvalidIdentityToken");
    expect(ask_unsigned(WEB "right%0A"), 400, "InvalidIdentityToken");
    take_keys(ask_unsigned(WEB "right"));
}

static void test_simulator_sts__idp_error__befalls_web_identity_only(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_IDP_ERROR});
    expect(ask_unsigned(WEB "eyJhbGciOi.J9"), 400, "IDPCommunicationError");
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
}

/* ---- shape and faults ---- */

static void test_simulator_sts__answers__come_in_several_shapes(void **state)
{
    (void)state;
    bool pretty = false, flat = false, keys_first = false, keys_last = false, escaped = false;
    for (int i = 0; i < 50; i++) {
        struct sim_response response = ask(ASSUME "&RoleArn=" ROLE);
        bool lines = strchr(response.body, '\n') != response.body + response.body_length - 1;
        bool first =
            strstr(response.body, "<Credentials>") < strstr(response.body, "<AssumedRoleUser");
        pretty = pretty || lines;
        flat = flat || !lines;
        escaped = escaped || strstr(response.body, "&#x2B;") != NULL;
        keys_first = keys_first || first;
        keys_last = keys_last || !first;
        sim_response_clear(&response);
    }
    assert_true(pretty && flat && keys_first && keys_last && escaped);
}

static void test_simulator_sts__stale_keys__have_expired(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_STALE_KEYS});
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    assert_int_equal(logs_status(), 400);
}

static void test_simulator_sts__missing_member__is_the_one_that_was_named(void **state)
{
    (void)state;
    char text[64];
    add((struct sim_fault){.kind = SIM_FAULT_MISSING_MEMBER, .member = "Expiration"});
    struct sim_response response = ask(ASSUME "&RoleArn=" ROLE);
    assert_false(element(response.body, "Expiration", text, sizeof text));
    assert_true(element(response.body, "AccessKeyId", text, sizeof text));
    sim_response_clear(&response);
}

static void test_simulator_sts__malformed__ends_inside_the_credentials(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_MALFORMED});
    struct sim_response response = ask(ASSUME "&RoleArn=" ROLE);
    assert_non_null(strstr(response.body, "<Credentials>"));
    assert_null(strstr(response.body, "</Credentials>"));
    sim_response_clear(&response);
}

static void test_simulator_sts__internal_error__is_the_receivers_in_xml(void **state)
{
    (void)state;
    char type[32];
    add((struct sim_fault){.kind = SIM_FAULT_INTERNAL_ERROR, .operation = "sts"});
    struct sim_response response = ask(ASSUME "&RoleArn=" ROLE);
    assert_int_equal(response.status, 500);
    assert_true(element(response.body, "Type", type, sizeof type));
    assert_string_equal(type, "Receiver");
    sim_response_clear(&response);
}

static void test_simulator_sts__throttling__has_the_query_protocols_name(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_THROTTLING, .operation = "sts"});
    expect(ask(ASSUME "&RoleArn=" ROLE), 400, "Throttling");
}

static void test_simulator_sts__unknown_action__is_invalid(void **state)
{
    (void)state;
    expect(ask("Action=GetFederationToken" VERSION), 400, "InvalidAction");
}

static void test_simulator_sts__calls__are_counted_by_region(void **state)
{
    (void)state;
    const struct sim_call_log *log = sim_service_log(bed.service);
    take_keys(ask(ASSUME "&RoleArn=" ROLE));
    assert_int_equal(sim_call_log_counter(log, SIM_TESTBED_REGION, "sts.AssumeRole")->calls, 1);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_sts__assumed_role__is_the_caller_from_then_on),
        WITH_BED(test_simulator_sts__keys__are_accepted_until_they_expire),
        WITH_BED(test_simulator_sts__duration__decides_when_keys_end),
        WITH_BED(test_simulator_sts__duration_past_its_limits__is_a_validation_error),
        WITH_BED(test_simulator_sts__duration_past_the_roles__is_a_validation_error),
        WITH_BED(test_simulator_sts__chained_for_more_than_an_hour__is_refused),
        WITH_BED(test_simulator_sts__chain_of_two__ends_as_the_second_role),
        WITH_BED(test_simulator_sts__unknown_role__is_denied),
        WITH_BED(test_simulator_sts__external_id__must_be_the_right_one),
        WITH_BED(test_simulator_sts__session_name_with_a_blank__is_a_validation_error),
        WITH_BED(test_simulator_sts__no_session_name__is_a_validation_error),
        WITH_BED(test_simulator_sts__wrong_secret__is_a_signature_mismatch),
        WITH_BED(test_simulator_sts__unknown_key__is_an_invalid_client_token),
        WITH_BED(test_simulator_sts__session_keys_without_their_token__are_refused),
        WITH_BED(test_simulator_sts__unsigned__is_refused),
        WITH_BED(test_simulator_sts__signed_for_logs__is_a_signature_mismatch),
        WITH_BED(test_simulator_sts__region_not_enabled__is_disabled),
        WITH_BED(test_simulator_sts__web_identity__needs_no_signature),
        WITH_BED(test_simulator_sts__other_web_token__is_an_invalid_identity),
        WITH_BED(test_simulator_sts__idp_error__befalls_web_identity_only),
        WITH_BED(test_simulator_sts__answers__come_in_several_shapes),
        WITH_BED(test_simulator_sts__stale_keys__have_expired),
        WITH_BED(test_simulator_sts__missing_member__is_the_one_that_was_named),
        WITH_BED(test_simulator_sts__malformed__ends_inside_the_credentials),
        WITH_BED(test_simulator_sts__internal_error__is_the_receivers_in_xml),
        WITH_BED(test_simulator_sts__throttling__has_the_query_protocols_name),
        WITH_BED(test_simulator_sts__unknown_action__is_invalid),
        WITH_BED(test_simulator_sts__calls__are_counted_by_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
