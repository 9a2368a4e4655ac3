#include "normalize/vpc_flow_format.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "awslogsrc/record.h"
#include "base/memory.h"
#include "normalize/lookup.h"

static const char standard[] = "version account-id interface-id srcaddr dstaddr srcport dstport "
                               "protocol packets bytes start end action log-status";

#define TEXT(f)    ALS_VPC_FLOW_TEXT, AWSLOGSRC_FIELD_##f
#define ADDRESS(f) ALS_VPC_FLOW_ADDRESS, AWSLOGSRC_FIELD_##f
#define NUMBER(f)  ALS_VPC_FLOW_NUMBER, AWSLOGSRC_FIELD_##f
#define SECONDS(f) ALS_VPC_FLOW_SECONDS, AWSLOGSRC_FIELD_##f
#define IGNORED    ALS_VPC_FLOW_IGNORED, 0

/* Everything that AWS has documented up to version 11. Sorted by name. */
static const struct als_vpc_flow_column columns[] = {
    {"-", IGNORED},
    {"account-id", TEXT(ACCOUNT)},
    {"action", TEXT(FLOW_ACTION)},
    {"asg-tag", IGNORED},
    {"asg-tag-2", IGNORED},
    {"az-id", TEXT(ZONE)},
    {"bytes", NUMBER(BYTES)},
    {"dstaddr", ADDRESS(DST_IP)},
    {"dstport", NUMBER(DST_PORT)},
    {"ecs-cluster-arn", IGNORED},
    {"ecs-cluster-name", IGNORED},
    {"ecs-container-id", IGNORED},
    {"ecs-container-instance-arn", IGNORED},
    {"ecs-container-instance-id", IGNORED},
    {"ecs-second-container-id", IGNORED},
    {"ecs-service-name", IGNORED},
    {"ecs-task-arn", IGNORED},
    {"ecs-task-definition-arn", IGNORED},
    {"ecs-task-id", IGNORED},
    {"encryption-status", IGNORED},
    {"end", SECONDS(END_MS)},
    {"flow-direction", TEXT(FLOW_DIRECTION)},
    {"instance-id", TEXT(INSTANCE)},
    {"instance-tag", IGNORED},
    {"instance-tag-2", IGNORED},
    {"interface-id", TEXT(INTERFACE)},
    {"interface-tag", IGNORED},
    {"interface-tag-2", IGNORED},
    {"interface-type", IGNORED},
    {"log-status", TEXT(FLOW_STATUS)},
    {"next-hop-az-id", IGNORED},
    {"next-hop-interface-id", IGNORED},
    {"next-hop-interface-type", IGNORED},
    {"next-hop-subnet-id", IGNORED},
    {"next-hop-vpc-id", IGNORED},
    {"packets", NUMBER(PACKETS)},
    {"packets-lost-blackhole", IGNORED},
    {"packets-lost-mtu-exceeded", IGNORED},
    {"packets-lost-no-route", IGNORED},
    {"packets-lost-ttl-expired", IGNORED},
    {"pkt-dst-aws-service", TEXT(PKT_DST_SERVICE)},
    {"pkt-dstaddr", ADDRESS(PKT_DST_IP)},
    {"pkt-src-aws-service", TEXT(PKT_SRC_SERVICE)},
    {"pkt-srcaddr", ADDRESS(PKT_SRC_IP)},
    {"protocol", NUMBER(PROTOCOL)},
    {"region", TEXT(REGION)},
    {"reject-reason", TEXT(REJECT_REASON)},
    {"resource-id", IGNORED},
    {"resource-type", IGNORED},
    {"srcaddr", ADDRESS(SRC_IP)},
    {"srcport", NUMBER(SRC_PORT)},
    {"start", SECONDS(START_MS)},
    {"sublocation-id", IGNORED},
    {"sublocation-type", IGNORED},
    {"subnet-id", TEXT(SUBNET)},
    {"tcp-flags", NUMBER(TCP_FLAGS)},
    {"tgw-attachment-id", IGNORED},
    {"tgw-dst-az-id", IGNORED},
    {"tgw-dst-eni", IGNORED},
    {"tgw-dst-subnet-id", IGNORED},
    {"tgw-dst-vpc-account-id", IGNORED},
    {"tgw-dst-vpc-id", IGNORED},
    {"tgw-id", IGNORED},
    {"tgw-pair-attachment-id", IGNORED},
    {"tgw-src-az-id", IGNORED},
    {"tgw-src-eni", IGNORED},
    {"tgw-src-subnet-id", IGNORED},
    {"tgw-src-vpc-account-id", IGNORED},
    {"tgw-src-vpc-id", IGNORED},
    {"traffic-path", NUMBER(TRAFFIC_PATH)},
    {"type", IGNORED},
    {"version", TEXT(EVENT_VERSION)},
    {"vpc-id", TEXT(VPC)},
};

void als_vpc_flow_format_clear(struct als_vpc_flow_format *format)
{
    als_free(format->text);
    format->text = NULL;
    format->count = 0;
}

/* ${name} or name */
static struct als_text without_braces(struct als_text name)
{
    if (name.size > 3 && als_text_starts_with(name, ALS_TEXT("${")) &&
        name.data[name.size - 1] == '}')
        return (struct als_text){name.data + 2, name.size - 3};
    return name;
}

/* Names the field by its place: texts of options are not repeated in errors. */
static bool refuse(struct als_buffer *why, size_t place, const char *what)
{
    if (why != NULL)
        als_buffer_format(why, "field %zu %s", place, what);
    return false;
}

static bool add_column(struct als_vpc_flow_format *format, struct als_text name,
                       struct als_buffer *why)
{
    const struct als_vpc_flow_column *column = als_lookup_find(ALS_LOOKUP(columns), name);
    size_t place = format->count + 1;
    if (column == NULL)
        return refuse(why, place, "is none of flow logs; - stands for a column to ignore");
    for (size_t i = 0; column->type != ALS_VPC_FLOW_IGNORED && i < format->count; i++) {
        if (format->columns[i] == column)
            return refuse(why, place, "comes a second time");
    }
    if (format->count == ALS_VPC_FLOW_COLUMNS_MAX)
        return refuse(why, place, "is one too many");
    format->columns[format->count++] = column;
    return true;
}

static bool add_columns(struct als_vpc_flow_format *format, struct als_text text,
                        struct als_buffer *why)
{
    struct als_text name;
    format->count = 0;
    while (als_text_next_field(&text, ' ', &name)) {
        name = als_text_trim(name);
        if (name.size > 0 && !add_column(format, without_braces(name), why))
            return false;
    }
    return format->count > 0 || refuse(why, 1, "is missing");
}

int als_vpc_flow_format_compile(struct als_vpc_flow_format *format, struct als_text text,
                                struct als_buffer *why)
{
    if (als_text_trim(text).size == 0)
        text = ALS_TEXT(standard);
    if (format->text != NULL && als_text_equal(als_text_of(format->text), text))
        return 0;
    als_vpc_flow_format_clear(format);
    format->standard = als_text_equal(text, ALS_TEXT(standard));
    if (!add_columns(format, text, why)) {
        format->count = 0;
        return AWSLOGSRC_E_OPTION_VALUE;
    }
    format->text = als_copy_bytes(text.data, text.size);
    if (format->text != NULL)
        return 0;
    format->count = 0;
    return AWSLOGSRC_E_NO_MEMORY;
}

bool als_vpc_flow_format_check(struct als_text text, struct als_buffer *why)
{
    struct als_vpc_flow_format format = {.text = NULL};
    return add_columns(&format, text, why);
}
