#include "testing.h"

#include "awslogsrc/awslogsrc.h"

struct fixture {
    awslogsrc_record *record;
    awslogsrc_options *options;
    char text[4096]; /* of the field asked for last */
};

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_record_free(fixture->record);
    awslogsrc_options_free(fixture->options);
    free(fixture);
    return 0;
}

static void parse(struct fixture *fixture, const char *text)
{
    assert_int_equal(
        awslogsrc_record_parse_text(&fixture->record, text, strlen(text), fixture->options, NULL),
        0);
}

static void set_option(struct fixture *fixture, const char *name, const char *value)
{
    if (fixture->options == NULL)
        assert_int_equal(awslogsrc_options_new(&fixture->options, NULL), 0);
    assert_int_equal(awslogsrc_options_set(fixture->options, name, value, NULL), 0);
}

/* "" where it is absent. */
static const char *get(struct fixture *fixture, int field)
{
    size_t size = 0;
    const char *text = awslogsrc_record_get(fixture->record, field, &size);
    assert_true(size < sizeof fixture->text);
    if (text != NULL)
        memcpy(fixture->text, text, size);
    fixture->text[size] = '\0';
    return fixture->text;
}

static int64_t number(struct fixture *fixture, int field)
{
    int64_t value = -1;
    assert_int_equal(awslogsrc_record_get_integer(fixture->record, field, &value), 1);
    return value;
}

static bool has(struct fixture *fixture, int field)
{
    int64_t value = 0;
    return awslogsrc_record_get(fixture->record, field, NULL) != NULL ||
           awslogsrc_record_get_integer(fixture->record, field, &value) == 1;
}

#define FIELD(name) AWSLOGSRC_FIELD_##name
#define IDENTITY(identity)                                                                        \
    "{\"eventVersion\":\"1.08\",\"userIdentity\":" identity                                       \
    ",\"eventTime\":\"2026-01-31T23:59:59Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":" \
    "\"GetObject\",\"sourceIPAddress\":\"203.0.113.7\"}"

static void test_record__every_kind_of_identity__has_a_user(void **state)
{
    static const struct {
        const char *event;
        const char *user;
        const char *session;
    } rows[] = {
        {IDENTITY("{\"type\":\"Root\",\"userName\":\"alias\",\"arn\":\"arn:aws:iam::1:root\"}"),
         "root", ""},
        {IDENTITY("{\"type\":\"IAMUser\",\"userName\":\"ann\",\"principalId\":\"AIDA\"}"), "ann",
         ""},
        {IDENTITY("{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/a/b/ann\"}"), "ann", ""},
        {IDENTITY("{\"type\":\"IAMUser\",\"principalId\":\"AIDA\"}"), "AIDA", ""},
        {IDENTITY("{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::1:assumed-role/r/me@x.org\","
                  "\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"issuer\"}}}"),
         "issuer", "me@x.org"},
        {IDENTITY("{\"type\":\"AssumedRole\",\"arn\":\"arn:aws:sts::1:assumed-role/r/s\"}"), "r",
         "s"},
        {IDENTITY("{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s\"}"), "AROA:s", "s"},
        {IDENTITY("{\"type\":\"FederatedUser\",\"arn\":\"arn:aws:sts::1:federated-user/fay\"}"),
         "fay", ""},
        {IDENTITY("{\"type\":\"AWSService\",\"invokedBy\":\"config.amazonaws.com\"}"),
         "config.amazonaws.com", ""},
        {IDENTITY("{\"type\":\"AWSAccount\",\"accountId\":\"222233334444\"}"), "222233334444", ""},
        {IDENTITY("{\"type\":\"AWSAccount\",\"accountId\":\"ANONYMOUS_PRINCIPAL\"}"), "anonymous",
         ""},
        {IDENTITY("{\"type\":\"SAMLUser\",\"userName\":\"sam\",\"identityProvider\":\"idp\"}"),
         "sam", ""},
        {IDENTITY("{\"type\":\"WebIdentityUser\",\"userName\":\"web\"}"), "web", ""},
        {IDENTITY("{\"type\":\"IdentityCenterUser\",\"onBehalfOf\":{\"userId\":\"u-1\"}}"), "u-1",
         ""},
        {IDENTITY("{\"type\":\"Unknown\",\"principalId\":\"p\"}"), "p", ""},
        {IDENTITY("{\"accountId\":\"1\",\"invokedBy\":\"secretsmanager.amazonaws.com\"}"),
         "secretsmanager.amazonaws.com", ""},
        {IDENTITY("null"), "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse(*state, rows[i].event);
        assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail");
        assert_string_equal(get(*state, FIELD(ACTOR_USER)), rows[i].user);
        assert_string_equal(get(*state, FIELD(ACTOR_SESSION)), rows[i].session);
    }
}

/* The sample that the documentation of the reference product shows, in its wrapper. */
static void test_record__reading_by_the_console__is_a_console_login(void **state)
{
    parse(*state,
          "{LogStreamName: 1234567890_CloudTrail_us-east-2,Timestamp: 1505744407363,Message: "
          "{\"eventVersion\":\"1.05\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"ann\","
          "\"invokedBy\":\"signin.amazonaws.com\"},\"eventTime\":\"2017-09-18T14:10:15Z\","
          "\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"DescribeTrails\"},"
          "IngestionTime: 1505744407506,EventId: 335792}");
    assert_string_equal(get(*state, FIELD(TITLE)), "Console Login");
    assert_string_equal(get(*state, FIELD(CATEGORY)), "General Audit Event");
    assert_int_equal(number(*state, FIELD(CATEGORY_ID)), 19001);
    assert_string_equal(get(*state, FIELD(NAME)), "DescribeTrails");
    assert_string_equal(get(*state, FIELD(LOG_STREAM)), "1234567890_CloudTrail_us-east-2");
    assert_string_equal(get(*state, FIELD(LOG_EVENT_ID)), "335792");
    assert_int_equal(number(*state, FIELD(LOG_INGESTION_MS)), 1505744407506);
    assert_int_equal(number(*state, FIELD(TIME_MS)), 1505743815000);
}

static void test_record__result_of_no_name__is_no_outcome(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.05\",\"eventSource\":\"s3.amazonaws.com\","
                  "\"errorCode\":\"E\",\"responseElements\":{\"\":\"Success\",\"y\":\"Success\"}}");
    assert_string_equal(get(*state, FIELD(OUTCOME)), "failure");
}

/* As it is printed elsewhere. */
static void test_record__wrapper_with_other_blanks__is_opened(void **state)
{
    static const char *const texts[] = {
        "{LogStreamName: s,Timestamp: 7, Message: ACCEPT OK,IngestionTime: 8,EventId: 9}",
        "{LogStreamName: s,Timestamp: 7,Message: ACCEPT OK, IngestionTime: 8, EventId: 9}",
        "{LogStreamName:s,Timestamp:7,Message:ACCEPT OK,IngestionTime:8,EventId:9}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        parse(*state, texts[i]);
        assert_string_equal(get(*state, FIELD(LOG_STREAM)), "s");
        assert_int_equal(number(*state, FIELD(LOG_TIMESTAMP_MS)), 7);
        assert_int_equal(number(*state, FIELD(LOG_INGESTION_MS)), 8);
        assert_string_equal(get(*state, FIELD(LOG_EVENT_ID)), "9");
        assert_string_equal(get(*state, FIELD(MESSAGE)), "ACCEPT OK");
    }
}

#define SIGN_IN(rest)                                                                    \
    "{\"eventVersion\":\"1.08\",\"eventSource\":\"signin.amazonaws.com\",\"eventName\":" \
    "\"ConsoleLogin\"," rest "}"

static void test_record__what_a_sign_in_says__is_its_outcome(void **state)
{
    parse(*state, SIGN_IN("\"responseElements\":{\"ConsoleLogin\":\"Failure\"}"));
    assert_string_equal(get(*state, FIELD(OUTCOME)), "failure");
    assert_int_equal(number(*state, FIELD(SEVERITY)), 5);
    parse(*state, SIGN_IN("\"errorMessage\":\"No username found\",\"responseElements\":null"));
    assert_string_equal(get(*state, FIELD(OUTCOME)), "failure");
    parse(*state, SIGN_IN("\"errorCode\":\"\",\"additionalEventData\":{\"MFAUsed\":\"Yes\"},"
                          "\"responseElements\":{\"ConsoleLogin\":\"Success\"}"));
    assert_string_equal(get(*state, FIELD(OUTCOME)), "success");
    assert_int_equal(number(*state, FIELD(ACTOR_MFA)), 1);
    assert_string_equal(get(*state, FIELD(ACTIVITY)), "login");
    assert_string_equal(get(*state, FIELD(DOMAIN)), "auth");
}

/* The member that has the event's name says it, in responseElements before serviceEventDetails. */
static void test_record__results_of_other_names__are_not_the_outcome(void **state)
{
    static const char *const rows[][2] = {
        {"\"responseElements\":{\"ConsoleLogin\":\"Failure\"},"
         "\"serviceEventDetails\":{\"X\":\"Success\"}",
         "failure"},
        {"\"responseElements\":{\"ConsoleLogin\":\"Failure\",\"SwitchRole\":\"Success\"}",
         "failure"},
        {"\"errorCode\":\"E\",\"responseElements\":{\"ConsoleLogin\":\"Success\","
         "\"Status\":\"Failure\"}",
         "success"},
        {"\"responseElements\":{\"ConsoleLogin\":\"failure\"},"
         "\"serviceEventDetails\":{\"ConsoleLogin\":\"Success\"}",
         "failure"},
        {"\"responseElements\":{\"ConsoleLogin\":\"Pending\"},"
         "\"serviceEventDetails\":{\"ConsoleLogin\":\"FAILURE\"}",
         "failure"},
        {"\"responseElements\":{\"Console\\u004cogin\":\"\\u0046ailure\"}", "failure"},
        {"\"responseElements\":{\"Status\":\"Failure\"}", "success"},
        {"\"responseElements\":{\"ConsoleLogin\":\"Failure\",\"ConsoleLogin\":null}", "success"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[512];
        (void)snprintf(event, sizeof event, SIGN_IN("%s"), rows[i][0]);
        parse(*state, event);
        assert_string_equal(get(*state, FIELD(OUTCOME)), rows[i][1]);
    }
}

/* Nothing of the first one is left, whatever the second one is. */
static void test_record__object_that_comes_twice__is_the_last_one(void **state)
{
#define MALLORY                                                                   \
    "\"userIdentity\":{\"type\":\"Root\",\"userName\":\"mallory\",\"arn\":\"a\"," \
    "\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"mallory\"}}},"
    parse(*state, "{\"eventVersion\":\"1.08\"," MALLORY
                  "\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"ec2.aws\"}}");
    assert_string_equal(get(*state, FIELD(ACTOR_TYPE)), "AWSService");
    assert_string_equal(get(*state, FIELD(ACTOR_USER)), "ec2.aws");
    assert_false(has(*state, FIELD(ACTOR_USER_NAME)) || has(*state, FIELD(ACTOR_ARN)) ||
                 has(*state, FIELD(ACTOR_ISSUER)));
    parse(*state, "{\"eventVersion\":\"1.08\"," MALLORY "\"userIdentity\":null}");
    assert_false(has(*state, FIELD(ACTOR_TYPE)) || has(*state, FIELD(USER_IDENTITY)));
    parse(*state, "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"sessionContext\":"
                  "{\"sourceIdentity\":\"mallory\"},\"sessionContext\":{}},"
                  "\"requestParameters\":{\"roleName\":\"r\"},\"requestParameters\":\"x\"}");
    assert_false(has(*state, FIELD(ACTOR_SOURCE_IDENTITY)) || has(*state, FIELD(TARGET_NAME)));
}

static void test_record__mfa__is_what_the_sign_in_says_in_any_order(void **state)
{
#define SESSION_WITH_MFA \
    "\"userIdentity\":{\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"true\"}}}"
    static const struct {
        const char *members;
        int mfa;
    } rows[] = {
        {SESSION_WITH_MFA ",\"additionalEventData\":{\"MFAUsed\":\"No\"}", 0},
        {"\"additionalEventData\":{\"MFAUsed\":\"No\"}," SESSION_WITH_MFA, 0},
        {SESSION_WITH_MFA ",\"additionalEventData\":{\"MFAUsed\":\"N/A\"}", 1},
        {SESSION_WITH_MFA, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[512];
        (void)snprintf(event, sizeof event, SIGN_IN("%s"), rows[i].members);
        parse(*state, event);
        assert_int_equal(number(*state, FIELD(ACTOR_MFA)), rows[i].mfa);
    }
}

static void test_record__source_identity_that_a_session_begins_with__is_the_actors(void **state)
{
#define WITH_SOURCE_IDENTITY(service)                                                    \
    "{\"eventVersion\":\"1.08\",\"eventName\":\"AssumeRole\",\"eventSource\":\"" service \
    ".amazonaws.com\",\"requestParameters\":{\"sourceIdentity\":\"ann\"}"
    parse(*state, WITH_SOURCE_IDENTITY("sts") "}");
    assert_string_equal(get(*state, FIELD(ACTOR_SOURCE_IDENTITY)), "ann");
    parse(*state, WITH_SOURCE_IDENTITY("sts") ",\"userIdentity\":{\"type\":\"AssumedRole\","
                                              "\"sessionContext\":{\"sourceIdentity\":\"bob\"}}}");
    assert_string_equal(get(*state, FIELD(ACTOR_SOURCE_IDENTITY)), "bob");
    parse(*state, WITH_SOURCE_IDENTITY("ses") "}");
    assert_false(has(*state, FIELD(ACTOR_SOURCE_IDENTITY)));
}

static void test_record__time_before_1970__is_none(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.08\",\"eventTime\":\"1969-12-31T23:59:59Z\"}");
    assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail");
    assert_false(has(*state, FIELD(TIME_MS)));
    parse(*state, "{\"eventVersion\":\"1.08\",\"eventTime\":\"1970-01-01T00:00:00Z\"}");
    assert_int_equal(number(*state, FIELD(TIME_MS)), 0);
}

static void test_record__denial_with_a_prefix__is_denied(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.08\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":"
                  "\"CreateVpc\",\"errorCode\":\"Client.UnauthorizedOperation\"}");
    assert_int_equal(number(*state, FIELD(DENIED)), 1);
    assert_string_equal(get(*state, FIELD(OUTCOME)), "failure");
    assert_string_equal(get(*state, FIELD(DOMAIN)), "network");
    assert_string_equal(get(*state, FIELD(CATEGORY)), "Create Activity Failed");
}

static void test_record__insight__is_titled_by_type_and_state(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.07\",\"eventType\":\"AwsCloudTrailInsight\","
                  "\"insightDetails\":{\"state\":\"Start\",\"eventSource\":\"iam.amazonaws.com\","
                  "\"eventName\":\"GetUser\",\"insightType\":\"ApiCallRateInsight\"}}");
    assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail_insight");
    assert_string_equal(get(*state, FIELD(TITLE)), "Api Call Rate Insight Start");
    assert_string_equal(get(*state, FIELD(NAME)), "GetUser");
    assert_string_equal(get(*state, FIELD(OUTCOME)), "unknown");
    assert_int_equal(number(*state, FIELD(SEVERITY)), 6);
}

static void test_record__error_that_an_insight_is_about__is_not_its_own(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.07\",\"eventType\":\"AwsCloudTrailInsight\","
                  "\"insightDetails\":{\"state\":\"End\",\"eventName\":\"GetUser\","
                  "\"errorCode\":\"AccessDenied\",\"insightType\":\"ApiErrorRateInsight\"}}");
    assert_false(has(*state, FIELD(ERROR_CODE)));
    assert_int_equal(number(*state, FIELD(DENIED)), 0);
    assert_int_equal(number(*state, FIELD(SEVERITY)), 6);
}

static void test_record__network_activity__is_known_by_its_type(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.09\",\"eventType\":\"AwsVpceEvent\",\"eventSource\":"
                  "\"kms.amazonaws.com\",\"eventName\":\"ListKeys\",\"vpcEndpointId\":\"vpce-1\","
                  "\"errorCode\":\"VpceAccessDenied\"}");
    assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail_network");
    assert_string_equal(get(*state, FIELD(EVENT_CATEGORY)), "NetworkActivity");
    assert_int_equal(number(*state, FIELD(DENIED)), 1);
}

static void test_record__records_in_a_message__come_one_after_the_other(void **state)
{
    struct fixture *fixture = *state;
    parse(fixture, "{\"Records\":[" IDENTITY("null") " , 1, " SIGN_IN("\"eventID\":\"2\"") "]}");
    assert_string_equal(get(fixture, FIELD(NAME)), "GetObject");
    assert_int_equal(awslogsrc_record_next(fixture->record), 1);
    assert_string_equal(get(fixture, FIELD(EVENT_ID)), "2");
    assert_string_equal(get(fixture, FIELD(MESSAGE)), SIGN_IN("\"eventID\":\"2\""));
    assert_int_equal(awslogsrc_record_next(fixture->record), 0);
    assert_string_equal(get(fixture, FIELD(EVENT_ID)), "2");
}

static void test_record__records_of_others__are_json(void **state)
{
    parse(*state, "{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":{}}]}");
    assert_string_equal(get(*state, FIELD(KIND)), "json");
}

static void test_record__records_that_begin_with_something_else__lose_no_event(void **state)
{
    struct fixture *fixture = *state;
    parse(fixture, "{\"Records\":[{\"a\":1}," SIGN_IN("\"eventID\":\"2\"") ",{\"b\":2}]}");
    assert_string_equal(get(fixture, FIELD(KIND)), "json");
    assert_string_equal(get(fixture, FIELD(MESSAGE)), "{\"a\":1}");
    assert_int_equal(awslogsrc_record_next(fixture->record), 1);
    assert_string_equal(get(fixture, FIELD(EVENT_ID)), "2");
    assert_int_equal(awslogsrc_record_next(fixture->record), 1);
    assert_string_equal(get(fixture, FIELD(MESSAGE)), "{\"b\":2}");
    assert_int_equal(awslogsrc_record_next(fixture->record), 0);
}

static void test_record__event_bridge__is_unwrapped(void **state)
{
    parse(*state, "{\"version\":\"0\",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":"
                  "\"aws.s3\",\"resources\":[],\"detail\":" IDENTITY("null") "}");
    assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail");
    assert_string_equal(get(*state, FIELD(SRC_IP)), "203.0.113.7");
}

static void test_record__line_of_the_command__gives_log_and_message(void **state)
{
    parse(*state,
          "{\"source\":\"trail\",\"region\":\"eu-west-1\",\"log_group\":\"g\",\"log_stream\""
          ":\"s\",\"timestamp\":1000,\"ingestion_time\":2000,\"event_id\":\"e\","
          "\"message\":\"a \\\"b\\\"\\n\",\"payload\":\"x\",\"flags\":[]}");
    assert_string_equal(get(*state, FIELD(KIND)), "text");
    assert_string_equal(get(*state, FIELD(MESSAGE)), "a \"b\"\n");
    assert_string_equal(get(*state, FIELD(LOG_GROUP)), "g");
    assert_string_equal(get(*state, FIELD(REGION)), "eu-west-1");
    assert_int_equal(number(*state, FIELD(TIME_MS)), 1000);
}

static void test_record__what_is_no_event__keeps_its_message(void **state)
{
    static const char *const rows[][2] = {
        {"START RequestId: 1", "text"},
        {"[ERROR] not JSON", "text"},
        {"[1, 2]", "json"},
        {"{\"level\":\"info\"}", "json"},
        {"{\"eventVersion\":\"1.0", "invalid"},
        {"{} {}", "invalid"},
        {" ", "text"},
        {"{\"a\":\"\x01\"}", "invalid"},
        {"{\"a\":01}", "invalid"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse(*state, rows[i][0]);
        assert_string_equal(get(*state, FIELD(KIND)), rows[i][1]);
        assert_string_equal(get(*state, FIELD(MESSAGE)), rows[i][0]);
        assert_false(has(*state, FIELD(EVENT_ID)));
    }
}

static void test_record__addresses__are_ip_or_host_or_neither(void **state)
{
    static const char *const rows[][3] = {
        {"192.0.2.1", "192.0.2.1", ""},
        {"2001:db8::1", "2001:db8::1", ""},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", ""},
        {"config.amazonaws.com", "", "config.amazonaws.com"},
        {"AWS Internal", "", ""},
        {"192.0.2.1, 198.51.100.7", "", ""},
        {"300.1.2.3", "", ""},
        {"localhost", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char event[256];
        (void)snprintf(event, sizeof event,
                       "{\"eventVersion\":\"1.08\",\"sourceIPAddress\":\"%s\"}", rows[i][0]);
        parse(*state, event);
        assert_string_equal(get(*state, FIELD(SRC_ADDRESS)), rows[i][0]);
        assert_string_equal(get(*state, FIELD(SRC_IP)), rows[i][1]);
        assert_string_equal(get(*state, FIELD(SRC_HOST)), rows[i][2]);
    }
}

static void test_record__strings__are_decoded_and_the_message_left_alone(void **state)
{
    static const char event[] = "{\"eventVersion\":\"1.08\",\"event\\u004eame\":\"\\ud83d\\ude00\","
                                "\"userAgent\":\"\\ud800 \xff\",\"readOnly\":\"true\"}";
    parse(*state, event);
    assert_string_equal(get(*state, FIELD(NAME)), "\xf0\x9f\x98\x80");
    assert_string_equal(get(*state, FIELD(USER_AGENT)), "\xef\xbf\xbd \xef\xbf\xbd");
    assert_string_equal(get(*state, FIELD(MESSAGE)), event);
    assert_int_equal(number(*state, FIELD(READ_ONLY)), 1);
}

static void test_record__escaped_words__are_flags(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.08\",\"readOnly\":\"\\u0074rue\",\"managementEvent\":"
                  "\"\\u0046\\u0061\\u006c\\u0073\\u0065\"}");
    assert_int_equal(number(*state, FIELD(READ_ONLY)), 1);
    assert_int_equal(number(*state, FIELD(MANAGEMENT)), 0);
    parse(*state, "{\"eventVersion\":\"1.08\",\"readOnly\":\"\\u0074rue \",\"managementEvent\":"
                  "[\"\\u0074rue\"]}");
    assert_false(has(*state, FIELD(READ_ONLY)) || has(*state, FIELD(MANAGEMENT)));
}

static void test_record__first_resource_with_an_arn__is_the_resource(void **state)
{
    parse(*state, "{\"eventVersion\":\"1.08\",\"resources\":[{\"type\":\"A\",\"ARNPrefix\":\"p\"},"
                  "{\"ARN\":\"arn:2\",\"type\":\"B\",\"accountId\":\"1\"},{\"ARN\":\"arn:3\"}]}");
    assert_string_equal(get(*state, FIELD(RESOURCE_ARN)), "arn:2");
    assert_string_equal(get(*state, FIELD(RESOURCE_TYPE)), "B");
    assert_int_equal(number(*state, FIELD(RESOURCE_COUNT)), 3);
}

static void test_record__flow_in_the_default_format__is_taken_apart(void **state)
{
    parse(*state, "2 123456789010 eni-1 2001:db8::1 10.0.0.2 20641 22 6 20 4249 1418530010 "
                  "1418530070 REJECT OK\n");
    assert_string_equal(get(*state, FIELD(KIND)), "vpcflow");
    assert_string_equal(get(*state, FIELD(TITLE)), "VPC Flow Reject");
    assert_string_equal(get(*state, FIELD(CATEGORY)), "Firewall Deny");
    assert_int_equal(number(*state, FIELD(SRC_IP_VERSION)), 6);
    assert_int_equal(number(*state, FIELD(DST_PORT)), 22);
    assert_int_equal(number(*state, FIELD(TIME_MS)), 1418530010000);
    assert_int_equal(number(*state, FIELD(BYTES)), 4249);
}

static void test_record__flow_without_data__has_no_addresses(void **state)
{
    parse(*state, "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA");
    assert_string_equal(get(*state, FIELD(TITLE)), "VPC Flow No Data");
    assert_false(has(*state, FIELD(SRC_IP)) || has(*state, FIELD(BYTES)));
    assert_string_equal(get(*state, FIELD(OUTCOME)), "unknown");
}

static void test_record__flow_in_another_format__needs_to_be_told(void **state)
{
    static const char line[] = "i-1 - ingress 10.0.0.1 192.0.2.5";
    parse(*state, line);
    assert_string_equal(get(*state, FIELD(KIND)), "text");
    set_option(*state, "vpc_flow_format",
               "${instance-id} ${tgw-id} ${flow-direction} ${srcaddr} ${pkt-srcaddr}");
    parse(*state, line);
    assert_string_equal(get(*state, FIELD(KIND)), "vpcflow");
    assert_string_equal(get(*state, FIELD(INSTANCE)), "i-1");
    assert_string_equal(get(*state, FIELD(PKT_SRC_IP)), "192.0.2.5");
}

static void test_record__lines_that_are_nearly_flows__are_text(void **state)
{
    static const char *const lines[] = {
        "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT",
        "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK more",
        "2 1 eni-1 10.0.0 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK",
        "2 1 eni-1 10.0.0.1 10.0.0.2 70000 2 6 20 4249 1 2 ACCEPT OK",
        "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 MAYBE OK",
        "3 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK",
        "- 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK",
        "two 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        parse(*state, lines[i]);
        assert_string_equal(get(*state, FIELD(KIND)), "text");
    }
}

static void test_record__what_the_option_does_not_expect__is_invalid(void **state)
{
    set_option(*state, "log_source_type", "vpc_flow");
    parse(*state, IDENTITY("null"));
    assert_string_equal(get(*state, FIELD(KIND)), "invalid");
    set_option(*state, "log_source_type", "aws_cloudtrail");
    parse(*state, "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 20 4249 1 2 ACCEPT OK");
    assert_string_equal(get(*state, FIELD(KIND)), "invalid");
    parse(*state, "{\"eventName\":\"X\"}");
    assert_string_equal(get(*state, FIELD(KIND)), "cloudtrail");
}

static void test_record__flow_formats_with_a_mistake__are_refused_with_the_place(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_error *error = NULL;
    assert_int_equal(awslogsrc_options_new(&fixture->options, NULL), 0);
    assert_int_equal(
        awslogsrc_options_set(fixture->options, "vpc_flow_format", "version srcadr", &error),
        AWSLOGSRC_E_OPTION_VALUE);
    assert_non_null(strstr(awslogsrc_error_message(error), "vpc_flow_format: field 2 is none"));
    awslogsrc_error_free(error);
    assert_int_equal(
        awslogsrc_options_set(fixture->options, "vpc_flow_format", "start end start", NULL),
        AWSLOGSRC_E_OPTION_VALUE);
}

static void test_record__deep_nesting__is_read_up_to_the_limit(void **state)
{
    enum { LIMIT = 16384 };
    static char event[2 * LIMIT + 64];
    for (int depth = LIMIT; depth <= LIMIT + 1; depth++) {
        size_t size = (size_t)snprintf(event, sizeof event, "{\"eventVersion\":\"1\",\"x\":");
        memset(event + size, '[', (size_t)depth);
        memset(event + size + depth, ']', (size_t)depth);
        memcpy(event + size + 2 * (size_t)depth, "}", 2);
        parse(*state, event);
        assert_string_equal(get(*state, FIELD(KIND)), depth == LIMIT ? "cloudtrail" : "invalid");
    }
}

static void test_record__every_field__has_name_and_type(void **state)
{
    (void)state;
    assert_string_equal(awslogsrc_field_name(FIELD(KIND)), "kind");
    assert_int_equal(awslogsrc_field_type(FIELD(DENIED)), AWSLOGSRC_TYPE_BOOLEAN);
    assert_int_equal(awslogsrc_field_type(FIELD(RESOURCES)), AWSLOGSRC_TYPE_JSON);
    assert_null(awslogsrc_field_name(awslogsrc_field_count()));
    assert_int_equal(awslogsrc_field_type(-1), 0);
}

static void test_record__getter_of_the_wrong_type__has_nothing(void **state)
{
    struct fixture *fixture = *state;
    int64_t value = 0;
    parse(fixture, IDENTITY("null"));
    assert_null(awslogsrc_record_get(fixture->record, FIELD(TIME_MS), NULL));
    assert_int_equal(awslogsrc_record_get_integer(fixture->record, FIELD(NAME), &value),
                     AWSLOGSRC_E_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_record__every_kind_of_identity__has_a_user),
        TEST(test_record__reading_by_the_console__is_a_console_login),
        TEST(test_record__wrapper_with_other_blanks__is_opened),
        TEST(test_record__what_a_sign_in_says__is_its_outcome),
        TEST(test_record__results_of_other_names__are_not_the_outcome),
        TEST(test_record__result_of_no_name__is_no_outcome),
        TEST(test_record__object_that_comes_twice__is_the_last_one),
        TEST(test_record__mfa__is_what_the_sign_in_says_in_any_order),
        TEST(test_record__source_identity_that_a_session_begins_with__is_the_actors),
        TEST(test_record__time_before_1970__is_none),
        TEST(test_record__denial_with_a_prefix__is_denied),
        TEST(test_record__insight__is_titled_by_type_and_state),
        TEST(test_record__error_that_an_insight_is_about__is_not_its_own),
        TEST(test_record__network_activity__is_known_by_its_type),
        TEST(test_record__records_in_a_message__come_one_after_the_other),
        TEST(test_record__records_of_others__are_json),
        TEST(test_record__records_that_begin_with_something_else__lose_no_event),
        TEST(test_record__event_bridge__is_unwrapped),
        TEST(test_record__line_of_the_command__gives_log_and_message),
        TEST(test_record__what_is_no_event__keeps_its_message),
        TEST(test_record__addresses__are_ip_or_host_or_neither),
        TEST(test_record__strings__are_decoded_and_the_message_left_alone),
        TEST(test_record__escaped_words__are_flags),
        TEST(test_record__first_resource_with_an_arn__is_the_resource),
        TEST(test_record__flow_in_the_default_format__is_taken_apart),
        TEST(test_record__flow_without_data__has_no_addresses),
        TEST(test_record__flow_in_another_format__needs_to_be_told),
        TEST(test_record__lines_that_are_nearly_flows__are_text),
        TEST(test_record__what_the_option_does_not_expect__is_invalid),
        TEST(test_record__flow_formats_with_a_mistake__are_refused_with_the_place),
        TEST(test_record__deep_nesting__is_read_up_to_the_limit),
        TEST(test_record__every_field__has_name_and_type),
        TEST(test_record__getter_of_the_wrong_type__has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
