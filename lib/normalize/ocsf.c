#include "normalize/ocsf.h"

#include "normalize/classify.h"
#include "normalize/json_writer.h"
#include "normalize/ocsf_class.h"
#include "normalize/ocsf_flow.h"
#include "normalize/resources.h"

#define F(name) AWSLOGSRC_FIELD_##name

/* --- Every class --- */

static void write_class(struct als_json_writer *json, const struct als_ocsf_class *class)
{
    struct als_writer *writer = json->writer;
    als_json_writer_integer(json, "class_uid", class->uid);
    als_json_writer_text(json, "class_name", als_text_of(class->name));
    als_json_writer_integer(json, "category_uid", class->category);
    als_json_writer_text(json, "category_name", als_text_of(class->category_name));
    als_json_writer_integer(json, "activity_id", class->activity);
    als_json_writer_text(json, "activity_name", als_text_of(class->activity_name));
    als_json_writer_integer(json, "type_uid", (int64_t) class->uid * 100 + class->activity);
    als_writer_literal(writer, ",\"type_name\":\"");
    als_writer_bytes(writer, class->name, strlen(class->name));
    als_writer_literal(writer, ": ");
    als_writer_bytes(writer, class->activity_name, strlen(class->activity_name));
    als_writer_char(writer, '"');
    als_json_writer_integer(json, "severity_id", 1);
    als_json_writer_text(json, "severity", ALS_TEXT("Informational"));
}

static void write_status(struct als_json_writer *json, const awslogsrc_record *record)
{
    if (als_classify_succeeded(record)) {
        als_json_writer_integer(json, "status_id", 1);
        als_json_writer_text(json, "status", ALS_TEXT("Success"));
    } else if (als_classify_failed(record)) {
        als_json_writer_integer(json, "status_id", 2);
        als_json_writer_text(json, "status", ALS_TEXT("Failure"));
    } else {
        als_json_writer_integer(json, "status_id", 0);
        als_json_writer_text(json, "status", ALS_TEXT("Unknown"));
    }
}

static void write_time(struct als_json_writer *json, const awslogsrc_record *record)
{
    int64_t ms = als_record_integer(record, F(TIME_MS), 0); /* required */
    als_json_writer_integer(json, "time", ms);
    als_json_writer_time(json, "time_dt", ms);
}

static void write_product(struct als_json_writer *json, const char *name, const char *feature,
                          const awslogsrc_record *record)
{
    struct als_text category = als_record_text(record, F(EVENT_CATEGORY));
    als_json_writer_open(json, "product");
    als_json_writer_text(json, "name", als_text_of(name));
    als_json_writer_text(json, "vendor_name", ALS_TEXT("AWS"));
    als_json_writer_field(json, "version", record, F(EVENT_VERSION));
    als_json_writer_open(json, "feature");
    als_json_writer_text(json, "name", category.size > 0 ? category : als_text_of(feature));
    als_json_writer_close(json);
    als_json_writer_close(json);
}

static void write_profiles(struct als_json_writer *json, bool flow)
{
    als_json_writer_open_array(json, "profiles");
    als_json_writer_text(json, NULL, ALS_TEXT("cloud"));
    als_json_writer_text(json, NULL, ALS_TEXT("datetime"));
    if (flow)
        als_json_writer_text(json, NULL, ALS_TEXT("security_control"));
    als_json_writer_close(json);
}

static void write_metadata(struct als_json_writer *json, const awslogsrc_record *record)
{
    bool flow = als_record_kind(record) == ALS_RECORD_VPC_FLOW;
    als_json_writer_open(json, "metadata");
    als_json_writer_text(json, "version", ALS_TEXT("1.5.0"));
    als_json_writer_text(json, "uid", als_record_either(record, F(EVENT_ID), F(LOG_EVENT_ID)));
    als_json_writer_field(json, "event_code", record, F(EVENT_TYPE));
    als_json_writer_field(json, "logged_time", record, F(LOG_INGESTION_MS));
    als_json_writer_field(json, "log_name", record, F(LOG_GROUP));
    if (flow)
        write_product(json, "Amazon VPC", "Flowlogs", record);
    else if (als_record_is_event(record))
        write_product(json, "CloudTrail", "Management, Data, and Insights", record);
    else
        write_product(json, "CloudWatch", "Logs", record);
    write_profiles(json, flow);
    als_json_writer_close(json);
}

static void write_account(struct als_json_writer *json, const awslogsrc_record *record, int field)
{
    als_json_writer_open(json, "account");
    als_json_writer_field(json, "uid", record, field);
    als_json_writer_close(json);
}

static void write_cloud(struct als_json_writer *json, const awslogsrc_record *record)
{
    als_json_writer_open(json, "cloud");
    als_json_writer_text(json, "provider", ALS_TEXT("AWS"));
    als_json_writer_field(json, "region", record, F(REGION));
    als_json_writer_field(json, "zone", record, F(ZONE));
    write_account(json, record, F(ACCOUNT));
    als_json_writer_close(json);
}

/* --- Who --- */

/* As AWS has it, the name is empty for roles: it is userName and nothing else. Users of IAM
 * Identity Center have other members for all of this. */
static void write_actor_user(struct als_json_writer *json, const awslogsrc_record *record)
{
    bool center = als_record_is(record, F(ACTOR_TYPE), ALS_TEXT("IdentityCenterUser"));
    int name = center ? ALS_FIELD_SIGN_IN_USER : F(ACTOR_USER_NAME);
    int id = center ? F(ACTOR_ON_BEHALF_OF) : F(ACTOR_ID);
    int credential = center ? F(ACTOR_CREDENTIAL) : F(ACTOR_ACCESS_KEY);
    als_json_writer_open(json, "user");
    als_json_writer_field(json, "type", record, F(ACTOR_TYPE));
    als_json_writer_text(json, "name", als_record_either(record, F(ACTOR_USER_NAME), name));
    als_json_writer_field(json, "uid", record, F(ACTOR_ARN));
    als_json_writer_text(json, "uid_alt", als_record_either(record, F(ACTOR_ID), id));
    als_json_writer_text(json, "credential_uid",
                         als_record_either(record, F(ACTOR_ACCESS_KEY), credential));
    write_account(json, record, F(ACTOR_ACCOUNT));
    als_json_writer_close(json);
}

static void write_actor_session(struct als_json_writer *json, const awslogsrc_record *record)
{
    als_json_writer_open(json, "session");
    if (als_record_has(record, F(ACTOR_SESSION_CREATED_MS))) {
        int64_t ms = als_record_integer(record, F(ACTOR_SESSION_CREATED_MS), 0);
        als_json_writer_integer(json, "created_time", ms);
        als_json_writer_time(json, "created_time_dt", ms);
    }
    als_json_writer_flag(json, "is_mfa", record, ALS_FIELD_SESSION_MFA);
    als_json_writer_field(json, "issuer", record, F(ACTOR_ISSUER_ARN));
    als_json_writer_close(json);
}

static void write_idp(struct als_json_writer *json, const awslogsrc_record *record)
{
    als_json_writer_open(json, "idp");
    als_json_writer_text(
        json, "name",
        als_record_either(record, ALS_FIELD_IDENTITY_PROVIDER, ALS_FIELD_FEDERATED_PROVIDER));
    als_json_writer_field(json, "uid", record, ALS_FIELD_IDENTITY_STORE);
    als_json_writer_close(json);
}

/* Required, with at least a user, a session, an application or whoever invoked it. */
static void write_actor(struct als_json_writer *json, const awslogsrc_record *record)
{
    size_t before = json->writer->size;
    als_json_writer_open(json, "actor");
    write_actor_user(json, record);
    write_actor_session(json, record);
    bool somebody = json->writer->size > before || als_record_has(record, F(ACTOR_INVOKED_BY));
    write_idp(json, record);
    als_json_writer_field(json, "invoked_by", record, F(ACTOR_INVOKED_BY));
    if (!somebody)
        als_json_writer_text(json, "app_name", ALS_TEXT("Unknown"));
    als_json_writer_close(json);
}

static void write_source(struct als_json_writer *json, const awslogsrc_record *record)
{
    als_json_writer_open(json, "src_endpoint");
    if (als_record_has(record, F(SRC_IP)))
        als_json_writer_field(json, "ip", record, F(SRC_IP));
    else
        als_json_writer_field(json, "domain", record, F(SRC_ADDRESS));
    als_json_writer_field(json, "uid", record, F(VPC_ENDPOINT));
    if (!als_record_has(record, F(SRC_ADDRESS)) && !als_record_has(record, F(VPC_ENDPOINT)))
        als_json_writer_text(json, "name", ALS_TEXT("Unknown"));
    als_json_writer_close(json);
    als_json_writer_open(json, "http_request");
    als_json_writer_field(json, "user_agent", record, F(USER_AGENT));
    als_json_writer_close(json);
}

/* --- What --- */

static void write_api(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_text name = als_record_text(record, F(NAME));
    als_json_writer_open(json, "api");
    als_json_writer_text(json, "operation", name.size > 0 ? name : ALS_TEXT("Unknown"));
    als_json_writer_field(json, "version", record, F(API_VERSION));
    als_json_writer_open(json, "service");
    als_json_writer_field(json, "name", record, F(SOURCE));
    als_json_writer_close(json);
    if (als_record_has(record, F(REQUEST_ID)) || als_record_has(record, F(REQUEST_PARAMETERS))) {
        als_json_writer_open(json, "request");
        als_json_writer_text(json, "uid",
                             als_record_has(record, F(REQUEST_ID))
                                 ? als_record_text(record, F(REQUEST_ID))
                                 : ALS_TEXT("")); /* required */
        als_json_writer_field(json, "data", record, F(REQUEST_PARAMETERS));
        als_json_writer_close(json);
    }
    als_json_writer_open(json, "response");
    als_json_writer_field(json, "error", record, F(ERROR_CODE));
    als_json_writer_field(json, "message", record, F(ERROR_MESSAGE));
    als_json_writer_field(json, "data", record, F(RESPONSE_ELEMENTS));
    als_json_writer_close(json);
    als_json_writer_close(json);
}

/* Strings go over as they stand: JSON is JSON. */
static void write_resources(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_resources resources;
    struct als_resource resource;
    als_json_writer_open_array(json, "resources");
    als_resources_open(&resources, record, json->writer->value_max > 0);
    while (als_resources_next(&resources, &resource)) {
        als_json_writer_open(json, NULL);
        als_json_writer_raw(json, "uid", resource.arn);
        als_json_writer_raw(json, "type", resource.type);
        als_json_writer_open(json, "owner");
        als_json_writer_open(json, "account");
        als_json_writer_raw(json, "uid", resource.account);
        als_json_writer_close(json);
        als_json_writer_close(json);
        als_json_writer_close(json);
    }
    als_json_writer_close(json);
}

/* --- Classes of their own --- */

static void write_account_change(struct als_json_writer *json, const awslogsrc_record *record)
{
    static const int names[] = {ALS_FIELD_RESPONSE_USER, ALS_FIELD_REQUEST_USER,
                                ALS_FIELD_RESPONSE_ROLE, ALS_FIELD_REQUEST_ROLE,
                                ALS_FIELD_REQUEST_GROUP, F(ACTOR_USER)};
    size_t i = 0;
    while (i < sizeof names / sizeof *names - 1 && !als_record_has(record, names[i]))
        i++;
    als_json_writer_open(json, "user");
    als_json_writer_text(json, "name",
                         als_record_has(record, names[i]) ? als_record_text(record, names[i])
                                                          : ALS_TEXT("Unknown"));
    als_json_writer_text(
        json, "uid",
        als_record_either(record, ALS_FIELD_RESPONSE_USER_ARN, ALS_FIELD_RESPONSE_ROLE_ARN));
    als_json_writer_close(json);
    als_json_writer_open(json, "policy");
    als_json_writer_field(json, "uid", record, ALS_FIELD_REQUEST_POLICY_ARN);
    als_json_writer_close(json);
}

static void write_authentication(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_text name = als_record_either(record, ALS_FIELD_REQUEST_SESSION, F(ACTOR_USER));
    als_json_writer_open(json, "user");
    als_json_writer_text(json, "name", name.size > 0 ? name : ALS_TEXT("Unknown"));
    als_json_writer_text(json, "uid",
                         als_record_either(record, ALS_FIELD_REQUEST_ROLE_ARN, F(ACTOR_ARN)));
    als_json_writer_field(json, "uid_alt", record, F(ACTOR_ID));
    als_json_writer_close(json);
    als_json_writer_open(json, "session");
    als_json_writer_field(json, "uid", record, ALS_FIELD_RESPONSE_SESSION_ARN);
    als_json_writer_field(json, "credential_uid", record, ALS_FIELD_RESPONSE_ACCESS_KEY);
    als_json_writer_close(json);
    als_json_writer_flag(json, "is_mfa", record, ALS_FIELD_SIGN_IN_MFA);
    als_json_writer_open(json, "dst_endpoint");
    als_json_writer_field(json, "svc_name", record, F(LOGIN_TO));
    als_json_writer_close(json);
    als_json_writer_open(json, "service");
    als_json_writer_field(json, "name", record, F(SOURCE));
    als_json_writer_close(json);
}

/* What the class has no place for. */
static void write_unmapped(struct als_json_writer *json, const awslogsrc_record *record,
                           bool resources)
{
    als_json_writer_open(json, "unmapped");
    als_json_writer_field(json, "readOnly", record, F(READ_ONLY));
    als_json_writer_field(json, "managementEvent", record, F(MANAGEMENT));
    als_json_writer_field(json, "sharedEventID", record, F(SHARED_EVENT_ID));
    als_json_writer_field(json, "additionalEventData", record, F(ADDITIONAL_EVENT_DATA));
    als_json_writer_field(json, "serviceEventDetails", record, F(SERVICE_EVENT_DETAILS));
    als_json_writer_field(json, "insightDetails", record, F(INSIGHT_DETAILS));
    if (resources)
        als_json_writer_field(json, "resources", record, F(RESOURCES));
    als_json_writer_field(json, "sourceIdentity", record, F(ACTOR_SOURCE_IDENTITY));
    als_json_writer_field(json, "tlsVersion", record, F(TLS_VERSION));
    als_json_writer_field(json, "cipherSuite", record, F(TLS_CIPHER));
    als_json_writer_field(json, "clientProvidedHostHeader", record, F(TLS_HOST));
    als_json_writer_close(json);
}

static void write_event(struct als_json_writer *json, const awslogsrc_record *record,
                        enum als_ocsf_class_uid class)
{
    write_actor(json, record);
    write_api(json, record);
    write_source(json, record);
    if (class == ALS_OCSF_ACCOUNT_CHANGE)
        write_account_change(json, record);
    else if (class == ALS_OCSF_AUTHENTICATION)
        write_authentication(json, record);
    else
        write_resources(json, record);
    write_unmapped(json, record, class != ALS_OCSF_API_ACTIVITY);
}

static void write_base_event(struct als_json_writer *json, const awslogsrc_record *record)
{
    if (als_record_is_event(record)) {
        als_json_writer_field(json, "message", record, F(TITLE));
        write_unmapped(json, record, true);
    } else {
        als_json_writer_field(json, "raw_data", record, ALS_FIELD_MESSAGE_TEXT);
    }
}

void als_ocsf_write(struct als_writer *writer, const awslogsrc_record *record, bool original)
{
    struct als_json_writer json;
    struct als_ocsf_class class = als_ocsf_class_of(record);
    als_json_writer_init(&json, writer);
    als_json_writer_open(&json, NULL);
    write_class(&json, &class);
    write_status(&json, record);
    write_time(&json, record);
    write_metadata(&json, record);
    write_cloud(&json, record);
    if (class.uid == ALS_OCSF_NETWORK_ACTIVITY)
        als_ocsf_flow_write(&json, record);
    else if (class.uid == ALS_OCSF_BASE_EVENT)
        write_base_event(&json, record);
    else
        write_event(&json, record, class.uid);
    if (original && als_record_is_event(record))
        als_json_writer_field(&json, "raw_data", record, ALS_FIELD_MESSAGE_TEXT);
    als_json_writer_close(&json);
}
