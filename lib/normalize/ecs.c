#include "normalize/ecs.h"

#include "normalize/classify.h"
#include "normalize/header_fields.h"
#include "normalize/json_writer.h"
#include "normalize/resources.h"

#define F(name) AWSLOGSRC_FIELD_##name

struct key {
    const char *name;
    int field;
};

static const struct key of_all[] = {
    {"event.action", F(NAME)},          {"event.outcome", F(OUTCOME)},
    {"event.severity", F(SEVERITY)},    {"message", F(TITLE)},
    {"cloud.account.id", F(ACCOUNT)},   {"cloud.region", F(REGION)},
    {"cloud.service.name", F(SERVICE)}, {"source.address", F(SRC_ADDRESS)},
    {"source.ip", F(SRC_IP)},
};

static const struct key of_event[] = {
    {"event.id", F(EVENT_ID)},
    {"event.provider", F(SOURCE)},
    {"event.reason", F(ERROR_MESSAGE)},
    {"source.domain", F(SRC_HOST)},
    {"user.name", F(ACTOR_USER)},
    {"user.id", F(ACTOR_ID)},
    {"user.target.name", F(TARGET_NAME)},
    {"user_agent.original", F(USER_AGENT)},
    {"error.code", F(ERROR_CODE)},
    {"error.message", F(ERROR_MESSAGE)},
    {"tls.cipher", F(TLS_CIPHER)},
    {"tls.client.server_name", F(TLS_HOST)},
    {"aws.cloudtrail.event_version", F(EVENT_VERSION)},
    {"aws.cloudtrail.event_type", F(EVENT_TYPE)},
    {"aws.cloudtrail.event_category", F(EVENT_CATEGORY)},
    {"aws.cloudtrail.request_id", F(REQUEST_ID)},
    {"aws.cloudtrail.shared_event_id", F(SHARED_EVENT_ID)},
    {"aws.cloudtrail.api_version", F(API_VERSION)},
    {"aws.cloudtrail.read_only", F(READ_ONLY)},
    {"aws.cloudtrail.management_event", F(MANAGEMENT)},
    {"aws.cloudtrail.recipient_account_id", F(ACCOUNT)},
    {"aws.cloudtrail.vpc_endpoint_id", F(VPC_ENDPOINT)},
    {"aws.cloudtrail.user_identity.type", F(ACTOR_TYPE)},
    {"aws.cloudtrail.user_identity.arn", F(ACTOR_ARN)},
    {"aws.cloudtrail.user_identity.account_id", F(ACTOR_ACCOUNT)},
    {"aws.cloudtrail.user_identity.access_key_id", F(ACTOR_ACCESS_KEY)},
    {"aws.cloudtrail.user_identity.invoked_by", F(ACTOR_INVOKED_BY)},
    {"aws.cloudtrail.user_identity.session_name", F(ACTOR_SESSION)},
    {"aws.cloudtrail.user_identity.session_context.session_issuer.arn", F(ACTOR_ISSUER_ARN)},
    {"aws.cloudtrail.insight_details.type", F(INSIGHT_TYPE)},
    {"aws.cloudtrail.insight_details.state", F(INSIGHT_STATE)},
    {"aws.cloudtrail.request_parameters", F(REQUEST_PARAMETERS)},
    {"aws.cloudtrail.response_elements", F(RESPONSE_ELEMENTS)},
    {"aws.cloudtrail.additional_eventdata", F(ADDITIONAL_EVENT_DATA)},
    {"aws.cloudtrail.service_event_details", F(SERVICE_EVENT_DETAILS)},
};

static const struct key of_flow[] = {
    {"source.port", F(SRC_PORT)},
    {"source.bytes", F(BYTES)},
    {"source.packets", F(PACKETS)},
    {"destination.address", F(DST_IP)},
    {"destination.ip", F(DST_IP)},
    {"destination.port", F(DST_PORT)},
    {"network.bytes", F(BYTES)},
    {"network.packets", F(PACKETS)},
    {"network.direction", F(FLOW_DIRECTION)},
    {"cloud.availability_zone", F(ZONE)},
    {"cloud.instance.id", F(INSTANCE)},
    {"aws.vpcflow.version", F(EVENT_VERSION)},
    {"aws.vpcflow.action", F(FLOW_ACTION)},
    {"aws.vpcflow.log_status", F(FLOW_STATUS)},
    {"aws.vpcflow.interface_id", F(INTERFACE)},
    {"aws.vpcflow.vpc_id", F(VPC)},
    {"aws.vpcflow.subnet_id", F(SUBNET)},
    {"aws.vpcflow.tcp_flags", F(TCP_FLAGS)},
    {"aws.vpcflow.pkt_srcaddr", F(PKT_SRC_IP)},
    {"aws.vpcflow.pkt_dstaddr", F(PKT_DST_IP)},
    {"aws.vpcflow.reject_reason", F(REJECT_REASON)},
};

static const struct key of_log[] = {
    {"aws.cloudwatch.log_group", F(LOG_GROUP)},
    {"aws.cloudwatch.log_stream", F(LOG_STREAM)},
};

static void write_keys(struct als_json_writer *json, const awslogsrc_record *record,
                       const struct key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        als_json_writer_field(json, keys[i].name, record, keys[i].field);
}

#define WRITE_ALL(json, record, array) \
    write_keys((json), (record), (array), sizeof(array) / sizeof *(array))

static void write_time(struct als_json_writer *json, const char *name,
                       const awslogsrc_record *record, int field)
{
    if (als_record_has(record, field))
        als_json_writer_time(json, name, als_record_integer(record, field, 0));
}

static void write_word(struct als_json_writer *json, const char *word)
{
    als_json_writer_text(json, NULL, als_text_of(word));
}

/* --- Categories and types: only pairs that ECS allows --- */

enum category { AUTHENTICATION, IAM, DATABASE, FILES, CONFIGURATION, CATEGORIES };

static const char *const category_names[CATEGORIES] = {"authentication", "iam", "database", "file",
                                                       "configuration"};

/* Reading and changing data; what makes and removes databases is configuration. */
static bool is_about_content(enum als_activity activity)
{
    return activity == ALS_ACTIVITY_READ || activity == ALS_ACTIVITY_UPDATE ||
           activity == ALS_ACTIVITY_EXECUTE;
}

static enum category categorize(const awslogsrc_record *record)
{
    bool data = als_record_integer(record, F(MANAGEMENT), 1) == 0;
    switch (als_classify_domain(record)) {
    case ALS_DOMAIN_AUTH: return AUTHENTICATION;
    case ALS_DOMAIN_IAM: return IAM;
    case ALS_DOMAIN_DATABASE:
        return is_about_content(als_classify_activity(record)) ? DATABASE : CONFIGURATION;
    case ALS_DOMAIN_STORAGE: return data ? FILES : CONFIGURATION;
    default: return CONFIGURATION;
    }
}

static bool is_api_call(const awslogsrc_record *record)
{
    return als_record_is(record, F(EVENT_TYPE), ALS_TEXT("AwsApiCall")) ||
           als_record_is(record, F(EVENT_TYPE), ALS_TEXT("AwsVpceEvent"));
}

static const char *type_of(const awslogsrc_record *record, enum category category)
{
    const char *type = als_activity_row(als_classify_activity(record))->ecs_type;
    bool login = als_classify_activity(record) == ALS_ACTIVITY_LOGIN ||
                 als_classify_activity(record) == ALS_ACTIVITY_LOGOUT;
    if (category == AUTHENTICATION)
        return login ? type : "info";
    if (als_record_kind(record) == ALS_RECORD_INSIGHT)
        return "info";
    if (!is_api_call(record) && (strcmp(type, "start") == 0 || strcmp(type, "end") == 0))
        return "change"; /* of these categories api alone knows them */
    return category == IAM && strcmp(type, "access") == 0 ? "info" : type;
}

static void write_category(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_text name = als_record_text(record, F(NAME));
    enum category category = categorize(record);
    bool api = is_api_call(record);
    als_json_writer_open_array(json, "event.category");
    write_word(json, category_names[category]);
    if (api)
        write_word(json, "api");
    als_json_writer_close(json);
    als_json_writer_open_array(json, "event.type");
    write_word(json, type_of(record, category));
    if (category == IAM && als_text_contains(name, ALS_TEXT("User")))
        write_word(json, "user");
    else if (category == IAM && als_text_contains(name, ALS_TEXT("Group")))
        write_word(json, "group");
    if (api && als_record_integer(record, F(DENIED), 0) != 0)
        write_word(json, "denied");
    als_json_writer_close(json);
}

static void write_flow_category(struct als_json_writer *json, const awslogsrc_record *record)
{
    als_json_writer_open_array(json, "event.category");
    write_word(json, "network");
    als_json_writer_close(json);
    als_json_writer_open_array(json, "event.type");
    if (als_record_has(record, F(FLOW_ACTION))) {
        write_word(json, "connection");
        write_word(json, als_classify_failed(record) ? "denied" : "allowed");
    } else {
        write_word(json, "info");
    }
    als_json_writer_close(json);
}

/* --- What takes more than a table --- */

/* Everybody who has a part in it, each once. */
struct names {
    struct als_text list[5];
    size_t count;
};

static void add_name(struct names *names, struct als_text name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (als_text_equal(names->list[i], name))
            return;
    }
    if (name.size > 0)
        names->list[names->count++] = name;
}

static struct als_text local_part(struct als_text address)
{
    const char *at = address.size == 0 ? NULL : memchr(address.data, '@', address.size);
    return at == NULL ? (struct als_text){NULL, 0}
                      : (struct als_text){address.data, (size_t)(at - address.data)};
}

static void write_related(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct names names = {.count = 0};
    add_name(&names, als_record_text(record, F(ACTOR_USER)));
    add_name(&names, als_record_text(record, F(ACTOR_SESSION)));
    add_name(&names, local_part(als_record_text(record, F(ACTOR_SESSION))));
    add_name(&names, als_record_text(record, F(ACTOR_SOURCE_IDENTITY)));
    add_name(&names, als_record_text(record, F(TARGET_NAME)));
    als_json_writer_open_array(json, "related.user");
    for (size_t i = 0; i < names.count; i++)
        als_json_writer_text(json, NULL, names.list[i]);
    als_json_writer_close(json);
    als_json_writer_open_array(json, "related.ip");
    als_json_writer_field(json, NULL, record, F(SRC_IP));
    als_json_writer_field(json, NULL, record, F(DST_IP));
    als_json_writer_close(json);
}

/* TLSv1.2 is version 1.2 of tls. */
static void write_tls(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_text version = als_record_text(record, F(TLS_VERSION));
    struct als_text prefix = ALS_TEXT("TLSv");
    if (!als_text_starts_with(version, prefix) || version.size == prefix.size)
        return;
    als_json_writer_text(json, "tls.version",
                         (struct als_text){version.data + prefix.size, version.size - prefix.size});
    als_json_writer_text(json, "tls.version_protocol", ALS_TEXT("tls"));
}

static void write_network(struct als_json_writer *json, const awslogsrc_record *record)
{
    int64_t protocol = als_record_integer(record, F(PROTOCOL), -1);
    int64_t version = als_record_integer(record, F(SRC_IP_VERSION), 0);
    struct als_text transport = als_header_fields_protocol(protocol);
    char digits[24];
    struct als_writer writer = {.data = digits, .capacity = sizeof digits};
    als_writer_integer(&writer, protocol);
    if (protocol >= 0) /* a keyword in ECS */
        als_json_writer_text(json, "network.iana_number", (struct als_text){digits, writer.size});
    if (transport.size > 0)
        als_json_writer_text(json, "network.transport", transport);
    if (version > 0)
        als_json_writer_text(json, "network.type",
                             version == 4 ? ALS_TEXT("ipv4") : ALS_TEXT("ipv6"));
    write_time(json, "event.start", record, F(START_MS));
    write_time(json, "event.end", record, F(END_MS));
}

static void write_dataset(struct als_json_writer *json, const char *dataset)
{
    als_json_writer_text(json, "ecs.version", ALS_TEXT("8.11.0"));
    als_json_writer_text(json, "event.kind", ALS_TEXT("event"));
    als_json_writer_text(json, "event.module", ALS_TEXT("aws"));
    als_json_writer_text(json, "event.dataset", als_text_of(dataset));
    als_json_writer_text(json, "cloud.provider", ALS_TEXT("aws"));
}

static void write_sign_in(struct als_json_writer *json, const awslogsrc_record *record)
{
    write_time(json, "aws.cloudtrail.user_identity.session_context.creation_date", record,
               F(ACTOR_SESSION_CREATED_MS));
    als_json_writer_flag(json, "aws.cloudtrail.user_identity.session_context.mfa_authenticated",
                         record, ALS_FIELD_SESSION_MFA);
    als_json_writer_flag(json, "aws.cloudtrail.console_login.additional_eventdata.mfa_used", record,
                         ALS_FIELD_SIGN_IN_MFA);
}

static void write_resources(struct als_json_writer *json, const awslogsrc_record *record)
{
    struct als_resources resources;
    struct als_resource resource;
    als_json_writer_open_array(json, "aws.cloudtrail.resources");
    als_resources_open(&resources, record, json->writer->value_max > 0);
    while (als_resources_next(&resources, &resource)) {
        als_json_writer_open(json, NULL);
        als_json_writer_raw(json, "arn", resource.arn);
        als_json_writer_raw(json, "account_id", resource.account);
        als_json_writer_raw(json, "type", resource.type);
        als_json_writer_close(json);
    }
    als_json_writer_close(json);
}

static void write_event(struct als_json_writer *json, const awslogsrc_record *record)
{
    write_dataset(json, "aws.cloudtrail");
    write_category(json, record);
    WRITE_ALL(json, record, of_all);
    WRITE_ALL(json, record, of_event);
    write_sign_in(json, record);
    write_resources(json, record);
    write_tls(json, record);
    write_related(json, record);
}

static void write_flow(struct als_json_writer *json, const awslogsrc_record *record)
{
    write_dataset(json, "aws.vpcflow");
    write_flow_category(json, record);
    WRITE_ALL(json, record, of_all);
    WRITE_ALL(json, record, of_flow);
    write_network(json, record);
    write_related(json, record);
}

static void write_log(struct als_json_writer *json, const awslogsrc_record *record)
{
    write_dataset(json, "aws.cloudwatch_logs");
    als_json_writer_field(json, "message", record, ALS_FIELD_MESSAGE_TEXT);
    als_json_writer_field(json, "event.id", record, F(LOG_EVENT_ID));
    als_json_writer_field(json, "cloud.region", record, F(REGION));
    if (als_record_kind(record) == ALS_RECORD_INVALID)
        als_json_writer_text(json, "error.message", ALS_TEXT("the message cannot be parsed"));
}

void als_ecs_write(struct als_writer *writer, const awslogsrc_record *record, bool original)
{
    struct als_json_writer json;
    als_json_writer_init(&json, writer);
    als_json_writer_open(&json, NULL);
    write_time(&json, "@timestamp", record, F(TIME_MS));
    write_time(&json, "event.created", record, F(LOG_INGESTION_MS));
    if (als_record_kind(record) == ALS_RECORD_VPC_FLOW)
        write_flow(&json, record);
    else if (als_record_is_event(record))
        write_event(&json, record);
    else
        write_log(&json, record);
    WRITE_ALL(&json, record, of_log);
    if (original)
        als_json_writer_field(&json, "event.original", record, ALS_FIELD_MESSAGE_TEXT);
    als_json_writer_close(&json);
}
