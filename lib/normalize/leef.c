#include "normalize/leef.h"

#include "base/utf8.h"
#include "normalize/header_fields.h"

/* IBM's guide: names of users and accounts, and the event's id, have 255 characters at most. */
enum { NAME_MAX_SIZE = 255, NO_LIMIT = 0 };

struct attribute {
    const char *key;
    int field;
    size_t most;
};

#define F(name) AWSLOGSRC_FIELD_##name

static const struct attribute of_event[] = {
    {"usrName", F(ACTOR_USER), NAME_MAX_SIZE},
    {"domain", F(ACTOR_ACCOUNT), NO_LIMIT},
    {"accountName", F(ACCOUNT), NAME_MAX_SIZE},
    {"policy", F(TARGET_ARN), NO_LIMIT},
    {"outcome", F(OUTCOME), NO_LIMIT},
    {"eventName", F(TITLE), NO_LIMIT},
    {"category", F(DOMAIN), NO_LIMIT},
    {"eventType", F(EVENT_TYPE), NO_LIMIT},
    {"eventSource", F(SOURCE), NO_LIMIT},
    {"srcAddress", F(SRC_ADDRESS), NO_LIMIT},
    {"awsRegion", F(REGION), NO_LIMIT},
    {"errorCode", F(ERROR_CODE), NO_LIMIT},
    {"errorMessage", F(ERROR_MESSAGE), NO_LIMIT},
    {"userAgent", F(USER_AGENT), NO_LIMIT},
    {"identityType", F(ACTOR_TYPE), NO_LIMIT},
    {"userArn", F(ACTOR_ARN), NO_LIMIT},
    {"principalId", F(ACTOR_ID), NO_LIMIT},
    {"sessionName", F(ACTOR_SESSION), NO_LIMIT},
    {"accessKeyId", F(ACTOR_ACCESS_KEY), NO_LIMIT},
    {"mfa", F(ACTOR_MFA), NO_LIMIT},
    {"readOnly", F(READ_ONLY), NO_LIMIT},
    {"vpcEndpointId", F(VPC_ENDPOINT), NO_LIMIT},
    {"eventId", F(EVENT_ID), NO_LIMIT},
    {"requestId", F(REQUEST_ID), NO_LIMIT},
};

static const struct attribute of_flow[] = {
    {"srcPort", F(SRC_PORT), NO_LIMIT},
    {"dst", F(DST_IP), NO_LIMIT},
    {"dstPort", F(DST_PORT), NO_LIMIT},
    {"proto", F(PROTOCOL), NO_LIMIT},
    {"srcBytes", F(BYTES), NO_LIMIT},
    {"srcPackets", F(PACKETS), NO_LIMIT},
    {"accountName", F(ACCOUNT), NAME_MAX_SIZE},
    {"outcome", F(OUTCOME), NO_LIMIT},
    {"eventName", F(TITLE), NO_LIMIT},
    {"category", F(DOMAIN), NO_LIMIT},
    {"awsRegion", F(REGION), NO_LIMIT},
    {"logStatus", F(FLOW_STATUS), NO_LIMIT},
    {"endTime", F(END_MS), NO_LIMIT},
    {"interfaceId", F(INTERFACE), NO_LIMIT},
    {"vpcId", F(VPC), NO_LIMIT},
    {"subnetId", F(SUBNET), NO_LIMIT},
    {"instanceId", F(INSTANCE), NO_LIMIT},
    {"azId", F(ZONE), NO_LIMIT},
    {"flowDirection", F(FLOW_DIRECTION), NO_LIMIT},
    {"tcpFlags", F(TCP_FLAGS), NO_LIMIT},
    {"pktSrc", F(PKT_SRC_IP), NO_LIMIT},
    {"pktDst", F(PKT_DST_IP), NO_LIMIT},
    {"rejectReason", F(REJECT_REASON), NO_LIMIT},
};

static const struct attribute of_log[] = {
    {"logGroup", F(LOG_GROUP), NO_LIMIT},      {"logStream", F(LOG_STREAM), NO_LIMIT},
    {"awsRegion", F(REGION), NO_LIMIT},        {"eventId", F(LOG_EVENT_ID), NO_LIMIT},
    {"msg", ALS_FIELD_MESSAGE_TEXT, NO_LIMIT},
};

/* A blank for every run of what would end the value or the line. */
static void write_value(struct als_writer *writer, struct als_text value)
{
    struct als_text kept = als_writer_kept(writer, value);
    const char *at = kept.data;
    const char *end = kept.size == 0 ? at : at + kept.size;
    while (at < end) {
        const char *plain = at;
        while (at < end && (unsigned char)*at >= 0x20)
            at++;
        als_writer_bytes(writer, plain, (size_t)(at - plain));
        if (at < end)
            als_writer_char(writer, ' ');
        while (at < end && (unsigned char)*at < 0x20)
            at++;
    }
    als_writer_mark(writer, kept, value);
}

static void write_header_field(struct als_writer *writer, struct als_text field)
{
    field = als_utf8_cut(field, NAME_MAX_SIZE);
    struct als_text kept = als_writer_kept(writer, field);
    for (size_t i = 0; i < kept.size; i++) {
        char c = kept.data[i];
        als_writer_char(writer, (unsigned char)c < 0x20 || c == '|' ? ' ' : c);
    }
    als_writer_mark(writer, kept, field);
    als_writer_char(writer, '|');
}

static void write_key(struct als_writer *writer, const char *key)
{
    als_writer_char(writer, '\t');
    als_writer_bytes(writer, key, strlen(key));
    als_writer_char(writer, '=');
}

static void write_text(struct als_writer *writer, const char *key, struct als_text value)
{
    if (value.size == 0)
        return;
    write_key(writer, key);
    write_value(writer, value);
}

static void write_attribute(struct als_writer *writer, const awslogsrc_record *record,
                            const struct attribute *attribute)
{
    int field = attribute->field;
    int type = als_record_field_type(field);
    if (!als_record_has(record, field))
        return;
    write_key(writer, attribute->key);
    if (type == AWSLOGSRC_TYPE_INTEGER)
        als_writer_integer(writer, als_record_integer(record, field, 0));
    else if (type == AWSLOGSRC_TYPE_BOOLEAN)
        als_writer_text(writer, als_record_integer(record, field, 0) != 0 ? ALS_TEXT("true")
                                                                          : ALS_TEXT("false"));
    else if (attribute->most == NO_LIMIT)
        write_value(writer, als_record_text(record, field));
    else
        write_value(writer, als_utf8_cut(als_record_text(record, field), attribute->most));
}

static void write_attributes(struct als_writer *writer, const awslogsrc_record *record,
                             const struct attribute *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_attribute(writer, record, &attributes[i]);
}

#define WRITE_ALL(writer, record, array) \
    write_attributes((writer), (record), (array), sizeof(array) / sizeof *(array))

/* Static, so that an administrator maps a few dozen values instead of every operation of AWS. */
static void write_category(struct als_writer *writer, const awslogsrc_record *record)
{
    als_writer_literal(writer, "\tcat=");
    if (als_record_kind(record) == ALS_RECORD_VPC_FLOW) {
        write_value(writer, als_record_text(record, F(NAME)));
        return;
    }
    als_writer_text(writer, als_record_text(record, F(ACTIVITY)));
    als_writer_char(writer, '_');
    als_writer_text(writer, als_record_text(record, F(OUTCOME)));
}

static void write_header(struct als_writer *writer, const awslogsrc_record *record)
{
    struct als_text name = als_record_text(record, F(NAME));
    als_writer_literal(writer, "LEEF:2.0|Amazon|");
    write_header_field(writer, als_header_fields_product(record));
    write_header_field(writer, als_header_fields_version(record));
    write_header_field(writer, name.size > 0 ? name : ALS_TEXT("Unknown"));
    als_writer_literal(writer, "x09|");
}

/* Severity comes first: it is never missing, so that every other attribute has a tab in front. */
static void write_common(struct als_writer *writer, const awslogsrc_record *record)
{
    int64_t severity = als_record_integer(record, F(SEVERITY), 1);
    als_writer_literal(writer, "sev=");
    als_writer_integer(writer, severity < 1 ? 1 : severity);
    write_category(writer, record);
    if (als_record_has(record, F(TIME_MS))) {
        als_writer_literal(writer, "\tdevTime=");
        als_writer_integer(writer, als_record_integer(record, F(TIME_MS), 0));
    }
    write_text(writer, "src", als_record_text(record, F(SRC_IP)));
}

void als_leef_write(struct als_writer *writer, const awslogsrc_record *record)
{
    write_header(writer, record);
    write_common(writer, record);
    if (als_record_kind(record) == ALS_RECORD_VPC_FLOW) {
        WRITE_ALL(writer, record, of_flow);
        return;
    }
    if (!als_record_is_event(record)) {
        WRITE_ALL(writer, record, of_log);
        return;
    }
    write_text(writer, "role", als_record_either(record, F(ACTOR_ISSUER), F(ACTOR_TYPE)));
    write_text(writer, "resource", als_record_either(record, F(RESOURCE_ARN), F(TARGET_NAME)));
    WRITE_ALL(writer, record, of_event);
}

size_t als_leef_cut(struct als_text text)
{
    size_t size = text.size;
    while (size > 0 && text.data[size - 1] != '\t')
        size--;
    return size > 0 ? size - 1 : 0;
}
