#include "testing.h"

#include "awslogsrc/awslogsrc.h"

#define EVENT                                                                                    \
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"ann\"},"   \
    "\"eventTime\":\"2026-01-31T23:59:59Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":" \
    "\"GetObject\",\"sourceIPAddress\":\"203.0.113.7\",\"errorCode\":\"AccessDenied\","          \
    "\"errorMessage\":\"a|b=c\\\\d\\te\\r\\nf \\u00e9\\u2028\"}"

struct fixture {
    awslogsrc_record *record;
    awslogsrc_encoder *encoder;
    awslogsrc_error *error;
    const char *data;
    size_t size;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    return fixture == NULL || awslogsrc_encoder_new(&fixture->encoder, NULL) != 0 ||
                   awslogsrc_record_parse_text(&fixture->record, EVENT, sizeof EVENT - 1, NULL,
                                               NULL) != 0
               ? -1
               : 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_record_free(fixture->record);
    awslogsrc_encoder_free(fixture->encoder);
    awslogsrc_error_free(fixture->error);
    free(fixture);
    return 0;
}

static int set(struct fixture *fixture, const char *name, const char *value)
{
    awslogsrc_error_free(fixture->error);
    fixture->error = NULL;
    return awslogsrc_encoder_set(fixture->encoder, name, value, &fixture->error);
}

static int encode(struct fixture *fixture)
{
    return awslogsrc_encode(fixture->encoder, fixture->record, &fixture->data, &fixture->size,
                            NULL);
}

static const char *text(struct fixture *fixture, const char *format)
{
    assert_int_equal(set(fixture, "format", format), 0);
    assert_int_equal(encode(fixture), 0);
    assert_int_equal(strlen(fixture->data), fixture->size);
    return fixture->data;
}

static void test_encoder__leef__has_blanks_for_what_would_end_a_value(void **state)
{
    const char *leef = text(*state, "leef");
    assert_non_null(strstr(leef, "LEEF:2.0|Amazon|AWS CloudTrail|1.08|GetObject|x09|sev=5\tcat="
                                 "read_failure\tdevTime=1769903999000\tsrc=203.0.113.7\t"));
    assert_non_null(strstr(leef, "\terrorMessage=a|b=c\\d e f \xc3\xa9\xe2\x80\xa8\t"));
}

static void test_encoder__cef__escapes_values(void **state)
{
    const char *cef = text(*state, "cef");
    assert_non_null(strstr(cef, "CEF:0|Amazon|AWS CloudTrail|1.08|s3:GetObject|Get Object|5|"));
    assert_non_null(strstr(cef, " msg=a|b\\=c\\\\d e\\r\\nf \xc3\xa9\xe2\x80\xa8"));
}

static void test_encoder__json__escapes_line_separators(void **state)
{
    assert_non_null(strstr(text(*state, "json"),
                           "\"error_message\":\"a|b=c\\\\d\\te\\r\\nf \xc3\xa9\\u2028\""));
}

static void test_encoder__original__is_the_message(void **state)
{
    assert_string_equal(text(*state, "original"), EVENT);
}

static void test_encoder__original_wanted__is_in_every_json(void **state)
{
    assert_int_equal(set(*state, "original", "true"), 0);
    assert_non_null(strstr(text(*state, "json"), ",\"message\":\"{\\\"eventVersion\\\""));
    assert_non_null(strstr(text(*state, "ecs"), ",\"event.original\":\"{\\\"eventVersion\\\""));
    assert_non_null(strstr(text(*state, "ocsf"), ",\"raw_data\":\"{\\\"eventVersion\\\""));
}

static void test_encoder__leef_behind_rfc3164__has_no_tag(void **state)
{
    assert_int_equal(set(*state, "syslog-header", "rfc3164"), 0);
    assert_int_equal(set(*state, "host", "collector"), 0);
    assert_memory_equal(text(*state, "leef"), "<109>Jan 31 23:59:59 collector LEEF:2.0|", 39);
    assert_memory_equal(text(*state, "json"), "<109>Jan 31 23:59:59 collector awslogsrc: {", 42);
}

static void test_encoder__octet_framing__counts_header_and_message(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "syslog_header", "rfc5424"), 0);
    assert_int_equal(set(fixture, "framing", "octet"), 0);
    const char *frame = text(fixture, "cef");
    char *rest = NULL;
    size_t size = strtoul(frame, &rest, 10);
    assert_memory_equal(rest, " <109>1 2026-01-31T23:59:59.000Z - awslogsrc - cloudtrail - CEF:0|",
                        65);
    assert_int_equal(strlen(rest + 1), size);
}

static void test_encoder__text_of_the_caller__is_framed_the_same(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "syslog_header", "short"), 0);
    assert_int_equal(set(fixture, "framing", "lf"), 0);
    assert_int_equal(awslogsrc_encode_text(fixture->encoder, 1769903999123, "a\nb", 3,
                                           &fixture->data, &fixture->size),
                     0);
    assert_string_equal(fixture->data, "<110>1 2026-01-31T23:59:59.123Z - a\\nb\n");
}

static void test_encoder__too_large__is_refused_unless_told_otherwise(void **state)
{
    assert_int_equal(set(*state, "format", "ocsf"), 0);
    assert_int_equal(set(*state, "max_message", "600"), 0);
    assert_int_equal(encode(*state), AWSLOGSRC_E_TOO_LARGE);
}

static void test_encoder__truncation__ends_visibly_and_between_characters(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "oversize", "truncate"), 0);
    assert_int_equal(awslogsrc_encode_text(fixture->encoder, -1,
                                           "abc\xc3\xa9"
                                           "0123456789",
                                           15, &fixture->data, &fixture->size),
                     0);
    assert_int_equal(fixture->size, 15);
    assert_int_equal(set(fixture, "max_message", "15"), 0);
    assert_int_equal(awslogsrc_encode_text(fixture->encoder, -1,
                                           "abc\xc3\xa9"
                                           "01234567890",
                                           16, &fixture->data, &fixture->size),
                     0);
    assert_string_equal(fixture->data, "abc[truncated]");
    assert_int_equal(set(fixture, "max_message", "10"), 0);
    assert_int_equal(encode(fixture), AWSLOGSRC_E_TOO_LARGE);
}

static const char *text_of_message(struct fixture *fixture, const char *message, const char *format)
{
    assert_int_equal(
        awslogsrc_record_parse_text(&fixture->record, message, strlen(message), NULL, NULL), 0);
    return text(fixture, format);
}

static void limit(struct fixture *fixture, int most)
{
    char number[12];
    (void)snprintf(number, sizeof number, "%d", most);
    assert_int_equal(set(fixture, "oversize", "truncate"), 0);
    assert_int_equal(set(fixture, "max_message", number), 0);
}

static size_t count(const char *where, const char *what)
{
    size_t found = 0;
    while ((where = strstr(where, what)) != NULL) {
        found++;
        where += strlen(what);
    }
    return found;
}

/* Every attribute is one of the whole message, but for the last, which tells. */
static void test_encoder__truncation__keeps_whole_attributes(void **state)
{
    static const char *const formats[] = {"leef", "cef"};
    static const char *const marks[] = {"\ttruncated=true",
                                        " flexString1=true flexString1Label=truncated"};
    for (int i = 0; i < 2; i++) {
        limit(*state, 0);
        char *whole = strdup(text(*state, formats[i]));
        int size = (int)strlen(whole);
        for (int most = 220; most < size; most++) {
            limit(*state, most);
            const char *cut = text(*state, formats[i]);
            size_t kept = strlen(cut) - strlen(marks[i]);
            assert_true(strlen(cut) <= (size_t)most);
            assert_string_equal(cut + kept, marks[i]);
            assert_memory_equal(cut, whole, kept);
            assert_true(i == 0 || count(cut, "cs1=") == count(cut, "cs1Label="));
            assert_true(whole[kept] == marks[i][0]);
        }
        free(whole);
    }
}

#define LONG_EVENT(argument)                                                                       \
    "{\"eventVersion\":\"1.08\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"," \
    "\"sourceIPAddress\":\"203.0.113.7\",\"requestParameters\":" argument                          \
    ",\"errorCode\":\"Denied\"}"

/* Escapes of one character or of two halves, at each distance from the cut. */
static void test_encoder__truncation__cuts_values_between_escapes(void **state)
{
    static const char *const units[] = {"\\\\",    "\\\"",     "\\ud83d\\ude00",
                                        "\\u00e9", "\xc3\xa9", "\\ud83dx"};
    for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++) {
        char argument[2048] = "{\"k\":\"";
        for (int shift = 0; shift < 12; shift++) {
            char event[4096];
            size_t size =
                (size_t)snprintf(argument, sizeof argument, "{\"k\":\"%.*s", shift, "abcdefghijkl");
            while (size < 1500)
                size +=
                    (size_t)snprintf(argument + size, sizeof argument - size, "%s", units[unit]);
            (void)snprintf(event, sizeof event, LONG_EVENT("%s\"}"), argument);
            limit(*state, 0);
            (void)text_of_message(*state, event, "ocsf");
            limit(*state, 1200);
            const char *cut = text(*state, "ocsf");
            assert_int_equal(count(cut, "[truncated]\""), 1);
            assert_int_equal(cut[strlen(cut) - 1], '}');
            const char *mark = strstr(cut, "[truncated]");
            size_t backslashes = 0;
            while (mark[-1 - (ptrdiff_t)backslashes] == '\\')
                backslashes++;
            assert_int_equal(backslashes % 2, 0);
        }
    }
}

static void test_encoder__truncation__of_many_resources__keeps_the_first(void **state)
{
    char event[32768], list[30000] = "";
    size_t size = 0;
    for (int i = 0; i < 200; i++)
        size += (size_t)snprintf(list + size, sizeof list - size,
                                 "%s{\"ARN\":\"arn:aws:s3:::bucket/%d\",\"accountId\":\"1234\"}",
                                 i > 0 ? "," : "", i);
    (void)snprintf(event, sizeof event, LONG_EVENT("null,\"resources\":[%s]"), list);
    limit(*state, 0);
    assert_int_equal(count(text_of_message(*state, event, "ocsf"), "arn:aws:s3"), 200);
    limit(*state, 4096);
    const char *cut = text(*state, "ocsf");
    assert_int_equal(count(cut, "arn:aws:s3"), 4);
    assert_int_equal(cut[strlen(cut) - 1], '}');
}

/* A name of the sender's choice stops no collection: it is a value like others. */
static void test_encoder__truncation__of_a_long_header__stays_well_formed(void **state)
{
    static const char *const formats[] = {"leef", "cef"};
    char event[1024], name[401] = "";
    memset(name, 'N', sizeof name - 1);
    (void)snprintf(
        event, sizeof event,
        "{\"eventVersion\":\"1.08\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"%s\"}",
        name);
    for (int i = 0; i < 2; i++) {
        int most = i == 0 ? 200 : 300;
        limit(*state, most);
        const char *cut = text_of_message(*state, event, formats[i]);
        assert_true(strlen(cut) <= (size_t)most);
        assert_non_null(
            strstr(cut, i == 0 ? "NNN[truncated]|x09|sev=3\t" : "NNN[truncated]|3|cat="));
        assert_non_null(strstr(cut, i == 0 ? "\ttruncated=true" : " flexString1Label=truncated"));
        limit(*state, 100);
        assert_int_equal(encode(*state), AWSLOGSRC_E_TOO_LARGE);
    }
}

static bool is_json(const char *text)
{
    awslogsrc_record *record = NULL;
    size_t size = 0;
    assert_int_equal(awslogsrc_record_parse_text(&record, text, strlen(text), NULL, NULL), 0);
    const char *kind = awslogsrc_record_get(record, AWSLOGSRC_FIELD_KIND, &size);
    bool json = size == 4 && memcmp(kind, "json", 4) == 0;
    awslogsrc_record_free(record);
    return json;
}

/* Every member as long, in characters that take six bytes, two or one. */
static void test_encoder__truncation__of_long_values__leaves_json_well_formed(void **state)
{
    static const char *const formats[] = {"json", "ecs", "ocsf"};
    static const char *const units[] = {"\\u0001", "\\\"", "x", "\xe2\x80\xa8"};
    static const char *const keys[] = {
        "userAgent",    "errorCode",   "errorMessage", "requestID",     "eventID",
        "eventType",    "apiVersion",  "awsRegion",    "sharedEventID", "vpcEndpointId",
        "eventVersion", "eventSource", "eventName",    "eventCategory", "recipientAccountId"};
    static char event[256 * 1024];
    for (size_t unit = 0; unit < sizeof units / sizeof *units; unit++) {
        size_t size = (size_t)snprintf(event, sizeof event, "{\"readOnly\":true");
        for (size_t key = 0; key < sizeof keys / sizeof *keys; key++) {
            size += (size_t)snprintf(event + size, sizeof event - size, ",\"%s\":\"", keys[key]);
            for (int i = 0; i < 1000; i++)
                size += (size_t)snprintf(event + size, sizeof event - size, "%s", units[unit]);
            event[size++] = '"';
        }
        (void)snprintf(event + size, sizeof event - size, "}");
        for (int most = 600; most < 14000; most += 731) {
            limit(*state, most);
            for (int i = 0; i < 3; i++) {
                const char *cut = text_of_message(*state, event, formats[i]);
                assert_true(strlen(cut) <= (size_t)most && strlen(cut) > 400);
                assert_non_null(strstr(cut, "truncated"));
                assert_true(is_json(cut));
            }
        }
    }
}

/* Whole members, and one that tells. */
static void test_encoder__truncation__below_all_values__keeps_the_first_members(void **state)
{
    limit(*state, 60);
    assert_string_equal(text(*state, "ocsf"), "{\"class_uid\":6003,\"truncated\":true}");
    limit(*state, 20);
    assert_int_equal(encode(*state), AWSLOGSRC_E_TOO_LARGE);
}

static void test_encoder__truncation__of_lines__leaves_no_half_of_a_line_feed(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "framing", "lf"), 0);
    for (int most = 12; most < 23; most++) {
        limit(fixture, most);
        assert_int_equal(awslogsrc_encode_text(fixture->encoder, -1, "a\n\nb\nc\n0123456789012", 19,
                                               &fixture->data, &fixture->size),
                         0);
        const char *mark = strstr(fixture->data, "[truncated]\n");
        assert_true(mark != NULL && mark[-1] != '\\');
    }
}

static void test_encoder__truncation__of_what_is_no_utf8__keeps_what_fits(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "oversize", "truncate"), 0);
    assert_int_equal(set(fixture, "max_message", "17"), 0);
    assert_int_equal(awslogsrc_encode_text(fixture->encoder, -1,
                                           "\x80\x80\x80\x80\x80\x80\x80\x80\x80"
                                           "0123456789",
                                           19, &fixture->data, &fixture->size),
                     0);
    assert_string_equal(fixture->data, "\x80\x80\x80[truncated]");
}

static void test_encoder__cef__names_its_custom_fields(void **state)
{
    assert_non_null(strstr(text_of_message(*state,
                                           "{\"eventVersion\":\"1.08\",\"userIdentity\":"
                                           "{\"accessKeyId\":\"AKIA\"}}",
                                           "cef"),
                           " cs6=AKIA cs6Label=accessKeyId"));
}

#define API_CALL(service, name, rest)                       \
    "{\"eventVersion\":\"1.08\",\"eventSource\":\"" service \
    ".amazonaws.com\",\"eventName\":\"" name "\",\"eventType\":\"AwsApiCall\"," rest "}"

static void test_encoder__ecs__starts_and_ends_where_it_is_an_api_call(void **state)
{
    const char *ecs = text_of_message(*state, API_CALL("ec2", "StartInstances", "\"x\":1"), "ecs");
    assert_non_null(strstr(ecs, "\"event.type\":[\"start\"]"));
    ecs = text_of_message(*state, API_CALL("ec2", "StopInstances", "\"x\":1"), "ecs");
    assert_non_null(strstr(ecs, "\"event.type\":[\"end\"]"));
    ecs = text_of_message(*state,
                          "{\"eventVersion\":\"1.08\",\"eventSource\":\"ec2.amazonaws.com\","
                          "\"eventName\":\"StartInstances\",\"eventType\":\"AwsServiceEvent\"}",
                          "ecs");
    assert_non_null(strstr(ecs, "\"event.type\":[\"change\"]"));
}

#define SIGN_IN_OF(type)                                                         \
    API_CALL("signin", "ConsoleLogin",                                           \
             "\"userIdentity\":{\"type\":\"" type                                \
             "\",\"onBehalfOf\":{\"userId\":\"u-1\"},\"credentialId\":\"c-1\"}," \
             "\"additionalEventData\":{\"UserName\":\"ann\"}")

/* As AWS has it: for others, the name is userName or nothing. */
static void test_encoder__ocsf__names_identity_center_users_by_their_sign_in(void **state)
{
    const char *ocsf = text_of_message(*state, SIGN_IN_OF("IdentityCenterUser"), "ocsf");
    assert_non_null(strstr(ocsf, "\"actor\":{\"user\":{\"type\":\"IdentityCenterUser\",\"name\":"
                                 "\"ann\",\"uid_alt\":\"u-1\",\"credential_uid\":\"c-1\"}"));
    ocsf = text_of_message(*state, SIGN_IN_OF("AssumedRole"), "ocsf");
    assert_non_null(strstr(ocsf, "\"actor\":{\"user\":{\"type\":\"AssumedRole\"}"));
}

static void test_encoder__mfa__of_session_and_sign_in__are_told_apart(void **state)
{
    static const char event[] = API_CALL(
        "signin", "ConsoleLogin",
        "\"userIdentity\":{\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"false\","
        "\"creationDate\":\"2026-01-31T23:59:59Z\"}}},"
        "\"additionalEventData\":{\"MFAUsed\":\"Yes\"}");
    const char *ocsf = text_of_message(*state, event, "ocsf");
    assert_non_null(
        strstr(ocsf, "\"created_time_dt\":\"2026-01-31T23:59:59.000Z\",\"is_mfa\":false}"));
    assert_non_null(strstr(ocsf, ",\"is_mfa\":true"));
    const char *ecs = text_of_message(*state, event, "ecs");
    assert_non_null(strstr(ecs, ".session_context.mfa_authenticated\":false"));
    assert_non_null(strstr(ecs, ".additional_eventdata.mfa_used\":true"));
    assert_non_null(strstr(ecs, ".creation_date\":\"2026-01-31T23:59:59.000Z\""));
}

static void test_encoder__resources__are_in_every_json(void **state)
{
    static const char event[] = API_CALL(
        "sts", "AssumeRole",
        "\"resources\":[{\"ARN\":\"\",\"type\":\"A\"},{\"ARN\":\"arn:1\",\"accountId\":\"2\","
        "\"type\":\"T\",\"type\":null},\"arn:3\"]");
    assert_non_null(strstr(text_of_message(*state, event, "ocsf"),
                           "\"unmapped\":{\"resources\":\"[{\\\"ARN\\\":\\\"\\\","));
    assert_non_null(strstr(text_of_message(*state, event, "ecs"),
                           "\"aws.cloudtrail.resources\":[{\"type\":\"A\"},"
                           "{\"arn\":\"arn:1\",\"account_id\":\"2\"},{\"arn\":\"arn:3\"}]"));
}

static void test_encoder__ocsf__has_no_resource_without_a_name(void **state)
{
    const char *ocsf = text_of_message(
        *state, API_CALL("s3", "PutObject", "\"resources\":[{\"ARN\":\"\"},{\"ARN\":\"arn:1\"}]"),
        "ocsf");
    assert_non_null(strstr(ocsf, "\"resources\":[{\"uid\":\"arn:1\"}]"));
}

static void test_encoder__drop_to_leef_behind_rfc3164__has_no_tag(void **state)
{
    assert_int_equal(set(*state, "syslog-header", "rfc3164"), 0);
    assert_int_equal(set(*state, "oversize", "drop-to-leef"), 0);
    assert_int_equal(set(*state, "max_message", "600"), 0);
    assert_memory_equal(text(*state, "ocsf"), "<109>Jan 31 23:59:59 - LEEF:2.0|", 32);
}

static void test_encoder__cef__has_no_value_of_control_characters(void **state)
{
    const char *cef = text_of_message(*state,
                                      "{\"eventVersion\":\"1.08\",\"userAgent\":\"\\u0001\","
                                      "\"errorMessage\":\"\\u0000 \\u001bx\\u0007\\n\"}",
                                      "cef");
    assert_null(strstr(cef, "requestClientApplication"));
    assert_non_null(strstr(cef, " msg=x"));
    assert_null(strstr(cef, " msg=x\\n"));
}

/* A class of OCSF with an actor requires it, and something in it. */
static void test_encoder__ocsf__has_an_actor_where_the_event_names_nobody(void **state)
{
    static const char event[] = "{\"eventVersion\":\"1.08\",\"userIdentity\":{},"
                                "\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"PutObject\"}";
    assert_non_null(
        strstr(text_of_message(*state, event, "ocsf"), ",\"actor\":{\"app_name\":\"Unknown\"}"));
}

static void test_encoder__drop_to_leef__writes_leef_where_json_is_too_large(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "oversize", "drop-to-leef"), 0);
    assert_int_equal(set(fixture, "max_message", "600"), 0);
    assert_memory_equal(text(fixture, "ocsf"), "LEEF:2.0|", 9);
    assert_int_equal(set(fixture, "max_message", "200"), 0);
    assert_non_null(strstr(text(fixture, "ocsf"), "\ttruncated=true"));
    assert_int_equal(awslogsrc_encode_text(fixture->encoder, -1, EVENT, sizeof EVENT - 1,
                                           &fixture->data, &fixture->size),
                     AWSLOGSRC_E_TOO_LARGE);
}

static void test_encoder__bad_settings__are_refused_with_what_is_good(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(set(fixture, "framing", "crlf"), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(awslogsrc_error_message(fixture->error),
                        "framing: \"crlf\" is none of none, lf, octet");
    assert_int_equal(set(fixture, "facility", "24"), AWSLOGSRC_E_OPTION_VALUE);
    assert_string_equal(awslogsrc_error_message(fixture->error),
                        "facility: \"24\" is no number between 0 and 23");
    assert_int_equal(set(fixture, "colour", "red"), AWSLOGSRC_E_OPTION_UNKNOWN);
    assert_int_equal(awslogsrc_encoder_set(fixture->encoder, "format", NULL, NULL),
                     AWSLOGSRC_E_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_encoder__leef__has_blanks_for_what_would_end_a_value),
        TEST(test_encoder__cef__escapes_values),
        TEST(test_encoder__json__escapes_line_separators),
        TEST(test_encoder__original__is_the_message),
        TEST(test_encoder__original_wanted__is_in_every_json),
        TEST(test_encoder__leef_behind_rfc3164__has_no_tag),
        TEST(test_encoder__octet_framing__counts_header_and_message),
        TEST(test_encoder__text_of_the_caller__is_framed_the_same),
        TEST(test_encoder__too_large__is_refused_unless_told_otherwise),
        TEST(test_encoder__truncation__ends_visibly_and_between_characters),
        TEST(test_encoder__truncation__keeps_whole_attributes),
        TEST(test_encoder__truncation__cuts_values_between_escapes),
        TEST(test_encoder__truncation__of_many_resources__keeps_the_first),
        TEST(test_encoder__truncation__of_a_long_header__stays_well_formed),
        TEST(test_encoder__truncation__of_long_values__leaves_json_well_formed),
        TEST(test_encoder__truncation__below_all_values__keeps_the_first_members),
        TEST(test_encoder__truncation__of_lines__leaves_no_half_of_a_line_feed),
        TEST(test_encoder__truncation__of_what_is_no_utf8__keeps_what_fits),
        TEST(test_encoder__cef__names_its_custom_fields),
        TEST(test_encoder__ecs__starts_and_ends_where_it_is_an_api_call),
        TEST(test_encoder__ocsf__names_identity_center_users_by_their_sign_in),
        TEST(test_encoder__mfa__of_session_and_sign_in__are_told_apart),
        TEST(test_encoder__resources__are_in_every_json),
        TEST(test_encoder__ocsf__has_no_resource_without_a_name),
        TEST(test_encoder__drop_to_leef_behind_rfc3164__has_no_tag),
        TEST(test_encoder__cef__has_no_value_of_control_characters),
        TEST(test_encoder__ocsf__has_an_actor_where_the_event_names_nobody),
        TEST(test_encoder__drop_to_leef__writes_leef_where_json_is_too_large),
        TEST(test_encoder__bad_settings__are_refused_with_what_is_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
