#include "normalize/cef.h"

#include "base/utf8.h"
#include "normalize/header_fields.h"

/* Limits of the CEF implementation standard. */
enum {
    VERSION_MAX = 31,
    CLASS_MAX = 1023,
    NAME_SIZE_MAX = 512,
    SHORT_MAX = 63,
    ID_MAX = 40,
    TEXT_MAX = 1023,
    CUSTOM_MAX = 4000
};

#define F(name) AWSLOGSRC_FIELD_##name

struct extension {
    const char *key;
    int field;
    size_t most;
    const char *label; /* of the custom ones */
};

static const struct extension of_event[] = {
    {"externalId", F(EVENT_ID), ID_MAX, NULL},
    {"outcome", F(OUTCOME), SHORT_MAX, NULL},
    {"act", F(NAME), SHORT_MAX, NULL},
    {"suser", F(ACTOR_USER), TEXT_MAX, NULL},
    {"suid", F(ACTOR_ID), TEXT_MAX, NULL},
    {"spriv", F(ACTOR_TYPE), TEXT_MAX, NULL},
    {"duser", F(TARGET_NAME), TEXT_MAX, NULL},
    {"destinationServiceName", F(SOURCE), TEXT_MAX, NULL},
    {"requestClientApplication", F(USER_AGENT), TEXT_MAX, NULL},
    {"reason", F(ERROR_CODE), TEXT_MAX, NULL},
    {"msg", F(ERROR_MESSAGE), TEXT_MAX, NULL},
    {"cs1", F(ACCOUNT), CUSTOM_MAX, "accountId"},
    {"cs2", F(REGION), CUSTOM_MAX, "awsRegion"},
    {"cs3", F(ACTOR_ARN), CUSTOM_MAX, "userArn"},
    {"cs4", F(ACTOR_SESSION), CUSTOM_MAX, "sessionName"},
    {"cs5", F(RESOURCE_ARN), CUSTOM_MAX, "resourceArn"},
    {"cs6", F(ACTOR_ACCESS_KEY), CUSTOM_MAX, "accessKeyId"},
};

static const struct extension of_flow[] = {
    {"spt", F(SRC_PORT), 0, NULL},
    {"dpt", F(DST_PORT), 0, NULL},
    {"in", F(BYTES), 0, NULL},
    {"cn1", F(PACKETS), 0, "packets"},
    {"start", F(START_MS), 0, NULL},
    {"end", F(END_MS), 0, NULL},
    {"act", F(FLOW_ACTION), SHORT_MAX, NULL},
    {"outcome", F(OUTCOME), SHORT_MAX, NULL},
    {"deviceInboundInterface", F(INTERFACE), 128, NULL},
    {"reason", F(REJECT_REASON), TEXT_MAX, NULL},
    {"cs1", F(ACCOUNT), CUSTOM_MAX, "accountId"},
    {"cs2", F(REGION), CUSTOM_MAX, "awsRegion"},
    {"cs3", F(VPC), CUSTOM_MAX, "vpcId"},
    {"cs4", F(SUBNET), CUSTOM_MAX, "subnetId"},
    {"cs5", F(INSTANCE), CUSTOM_MAX, "instanceId"},
    {"cs6", F(FLOW_STATUS), CUSTOM_MAX, "logStatus"},
};

static const struct extension of_log[] = {
    {"msg", ALS_FIELD_MESSAGE_TEXT, TEXT_MAX, NULL},
    {"cs1", F(LOG_GROUP), CUSTOM_MAX, "logGroup"},
    {"cs2", F(REGION), CUSTOM_MAX, "awsRegion"},
    {"cs3", F(LOG_STREAM), CUSTOM_MAX, "logStream"},
};

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '\\' && c != '=';
}

/* Only line ends have an escape of their own among the control characters; the others read as
 * blanks. */
static void write_special(struct als_writer *writer, char c)
{
    char escape[] = {'\\', c};
    if (c == '\n')
        escape[1] = 'n';
    else if (c == '\r')
        escape[1] = 'r';
    else if ((unsigned char)c < 0x20)
        escape[0] = ' ';
    als_writer_bytes(writer, escape, escape[0] == ' ' ? 1 : 2);
}

static void write_value(struct als_writer *writer, struct als_text value)
{
    struct als_text kept = als_writer_kept(writer, value);
    const char *at = kept.data;
    const char *end = kept.size == 0 ? at : at + kept.size;
    while (at < end) {
        const char *plain = at;
        while (at < end && is_plain(*at))
            at++;
        als_writer_bytes(writer, plain, (size_t)(at - plain));
        if (at < end)
            write_special(writer, *at++);
    }
    als_writer_mark(writer, kept, value);
}

static void write_header_field(struct als_writer *writer, struct als_text field, size_t most)
{
    field = als_utf8_cut(field, most);
    struct als_text kept = als_writer_kept(writer, field);
    for (size_t i = 0; i < kept.size; i++) {
        char c = kept.data[i];
        if (c == '\\' || c == '|')
            als_writer_char(writer, '\\');
        als_writer_char(writer, (unsigned char)c < 0x20 ? ' ' : c);
    }
    als_writer_mark(writer, kept, field);
    als_writer_char(writer, '|');
}

static void write_key(struct als_writer *writer, const char *key)
{
    als_writer_char(writer, ' ');
    als_writer_bytes(writer, key, strlen(key));
    als_writer_char(writer, '=');
}

/* Blanks around a value are lost on the way, so they do not set out; nor does what would be one. */
static struct als_text trim(struct als_text text)
{
    while (text.size > 0 && (unsigned char)text.data[text.size - 1] <= ' ')
        text.size--;
    for (; text.size > 0 && (unsigned char)*text.data <= ' '; text.size--)
        text.data++;
    return text;
}

static void write_text(struct als_writer *writer, const char *key, struct als_text value,
                       size_t most)
{
    value = trim(als_utf8_cut(trim(value), most));
    if (value.size == 0)
        return;
    write_key(writer, key);
    write_value(writer, value);
}

static void write_integer(struct als_writer *writer, const char *key, int64_t value)
{
    write_key(writer, key);
    als_writer_integer(writer, value);
}

/* A custom field's name goes where its value goes. */
static void write_label(struct als_writer *writer, const struct extension *extension)
{
    als_writer_char(writer, ' ');
    als_writer_bytes(writer, extension->key, strlen(extension->key));
    als_writer_literal(writer, "Label=");
    als_writer_bytes(writer, extension->label, strlen(extension->label));
}

static void write_extensions(struct als_writer *writer, const awslogsrc_record *record,
                             const struct extension *extensions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct extension *extension = &extensions[i];
        size_t before = writer->size;
        if (!als_record_has(record, extension->field))
            continue;
        if (extension->most > 0)
            write_text(writer, extension->key, als_record_text(record, extension->field),
                       extension->most);
        else
            write_integer(writer, extension->key, als_record_integer(record, extension->field, 0));
        if (extension->label != NULL && writer->size > before)
            write_label(writer, extension);
    }
}

#define WRITE_ALL(writer, record, array) \
    write_extensions((writer), (record), (array), sizeof(array) / sizeof *(array))

/* src and dst are IPv4 in this version of CEF. */
static void write_addresses(struct als_writer *writer, const awslogsrc_record *record)
{
    static const struct extension v6[] = {
        {"c6a2", F(SRC_IP), TEXT_MAX, "Source IPv6 Address"},
        {"c6a3", F(DST_IP), TEXT_MAX, "Destination IPv6 Address"},
    };
    if (als_record_integer(record, F(SRC_IP_VERSION), 0) == 6)
        write_extensions(writer, record, &v6[0], 1);
    else
        write_text(writer, "src", als_record_text(record, F(SRC_IP)), TEXT_MAX);
    if (als_record_integer(record, F(DST_IP_VERSION), 0) == 6)
        write_extensions(writer, record, &v6[1], 1);
    else
        write_text(writer, "dst", als_record_text(record, F(DST_IP)), TEXT_MAX);
    if (!als_record_has(record, F(SRC_IP)))
        write_text(writer, "shost", als_record_either(record, F(SRC_HOST), F(SRC_ADDRESS)),
                   TEXT_MAX);
}

static void write_capitals(struct als_writer *writer, const char *key, struct als_text word)
{
    write_key(writer, key);
    for (size_t i = 0; i < word.size; i++) {
        bool small = word.data[i] >= 'a' && word.data[i] <= 'z';
        als_writer_char(writer, small ? (char)(word.data[i] - 'a' + 'A') : word.data[i]);
    }
}

static void write_protocol(struct als_writer *writer, const awslogsrc_record *record)
{
    int64_t number = als_record_integer(record, F(PROTOCOL), -1);
    struct als_text name = als_header_fields_protocol(number);
    if (name.size > 0)
        write_capitals(writer, "proto", name);
    else if (number >= 0)
        write_integer(writer, "proto", number);
}

static void write_flow(struct als_writer *writer, const awslogsrc_record *record)
{
    WRITE_ALL(writer, record, of_flow);
    write_protocol(writer, record);
    if (als_record_is(record, F(FLOW_DIRECTION), ALS_TEXT("ingress")))
        als_writer_literal(writer, " deviceDirection=0");
    else if (als_record_is(record, F(FLOW_DIRECTION), ALS_TEXT("egress")))
        als_writer_literal(writer, " deviceDirection=1");
}

/* The class: service and operation, since AWS uses one name in several services. */
static void write_header(struct als_writer *writer, const awslogsrc_record *record)
{
    struct als_text service = als_record_text(record, F(SERVICE));
    struct als_text name = als_record_text(record, F(NAME));
    struct als_text title = als_record_text(record, F(TITLE));
    als_writer_literal(writer, "CEF:0|Amazon|");
    write_header_field(writer, als_header_fields_product(record), SHORT_MAX);
    write_header_field(writer, als_header_fields_version(record), VERSION_MAX);
    if (service.size > 0) {
        write_header_field(writer, service, SHORT_MAX);
        writer->size--; /* the bar: the name belongs to it */
        als_writer_char(writer, ':');
    }
    write_header_field(writer, name.size > 0 ? name : ALS_TEXT("Unknown"),
                       CLASS_MAX - SHORT_MAX - 1);
    write_header_field(writer, title.size > 0 ? title : ALS_TEXT("Unknown"), NAME_SIZE_MAX);
    als_writer_integer(writer, als_record_integer(record, F(SEVERITY), 0));
    als_writer_char(writer, '|');
}

void als_cef_write(struct als_writer *writer, const awslogsrc_record *record)
{
    write_header(writer, record);
    als_writer_literal(writer, "cat=");
    als_writer_text(writer, als_record_text(record, F(DOMAIN)));
    als_writer_char(writer, '/');
    als_writer_text(writer, als_record_text(record, F(ACTIVITY)));
    if (als_record_has(record, F(TIME_MS)))
        write_integer(writer, "rt", als_record_integer(record, F(TIME_MS), 0));
    write_addresses(writer, record);
    if (als_record_kind(record) == ALS_RECORD_VPC_FLOW)
        write_flow(writer, record);
    else if (als_record_is_event(record))
        WRITE_ALL(writer, record, of_event);
    else
        WRITE_ALL(writer, record, of_log);
}

/* Behind the header's seven bars. */
static size_t measure_header(struct als_text text)
{
    size_t at = 0;
    for (int bars = 0; at < text.size && bars < 7; at++) {
        bars += text.data[at] == '|';
        at += text.data[at] == '\\';
    }
    return at;
}

/* The last extension may go on, and a label belongs to what stands before it. */
size_t als_cef_cut(struct als_text text)
{
    static const char label[] = "Label";
    enum { LABEL_SIZE = sizeof label - 1 };
    size_t blank = 0, last = 0, before_last = 0;
    bool labels = false;
    for (size_t at = measure_header(text); at < text.size; at++) {
        if (text.data[at] == ' ') {
            blank = at;
        } else if (text.data[at] == '=') {
            labels = memcmp(text.data + at - LABEL_SIZE, label, LABEL_SIZE) == 0;
            before_last = last;
            last = blank;
        } else if (text.data[at] == '\\') {
            at++;
        }
    }
    return labels ? before_last : last;
}
