#include "normalize/record.h"

#include <string.h>

#include "base/memory.h"

bool als_record_is(const awslogsrc_record *record, int field, struct als_text text)
{
    return als_text_equal(als_record_text(record, field), text);
}

void als_record_set_kind(awslogsrc_record *record, enum als_record_kind kind)
{
    static const struct als_text names[] = {
        [ALS_RECORD_CLOUDTRAIL] = {"cloudtrail", 10},
        [ALS_RECORD_INSIGHT] = {"cloudtrail_insight", 18},
        [ALS_RECORD_NETWORK] = {"cloudtrail_network", 18},
        [ALS_RECORD_VPC_FLOW] = {"vpcflow", 7},
        [ALS_RECORD_JSON] = {"json", 4},
        [ALS_RECORD_PLAIN] = {"text", 4},
        [ALS_RECORD_INVALID] = {"invalid", 7},
    };
    als_record_set(record, AWSLOGSRC_FIELD_KIND, names[kind]);
    als_record_set_integer(record, ALS_FIELD_KIND_NUMBER, kind);
}

enum als_record_kind als_record_kind(const awslogsrc_record *record)
{
    return (enum als_record_kind)als_record_integer(record, ALS_FIELD_KIND_NUMBER,
                                                    ALS_RECORD_INVALID);
}

bool als_record_is_event(const awslogsrc_record *record)
{
    return als_record_kind(record) <= ALS_RECORD_VPC_FLOW;
}

struct als_text als_record_either(const awslogsrc_record *record, int field, int otherwise)
{
    return als_record_text(record, als_record_has(record, field) ? field : otherwise);
}

bool als_record_prepare(awslogsrc_record *record, size_t room)
{
    memset(record->values, 0, sizeof record->values);
    record->records = (struct als_text){NULL, 0};
    record->arena_used = 0;
    record->kept = 0;
    if (room <= record->arena_size)
        return true;
    size_t size = record->arena_size == 0 ? 4096 : record->arena_size;
    while (size < room && size <= SIZE_MAX / 2)
        size *= 2;
    als_free(record->arena); /* nothing in it is of use */
    record->arena_size = 0;
    record->arena = als_resize_array(NULL, size, 1);
    if (record->arena == NULL)
        return false;
    record->arena_size = size;
    return true;
}

void als_record_restart(awslogsrc_record *record)
{
    static const int about_log[] = {
        AWSLOGSRC_FIELD_LOG_GROUP,        AWSLOGSRC_FIELD_LOG_STREAM,
        AWSLOGSRC_FIELD_LOG_EVENT_ID,     AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS,
        AWSLOGSRC_FIELD_LOG_INGESTION_MS, ALS_FIELD_LOG_REGION};
    enum { COUNT = sizeof about_log / sizeof *about_log };
    struct als_record_value values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = record->values[about_log[i]];
    memset(record->values, 0, sizeof record->values);
    for (size_t i = 0; i < COUNT; i++)
        record->values[about_log[i]] = values[i];
    record->arena_used = record->kept;
}

char *als_record_room(awslogsrc_record *record, size_t size)
{
    if (size > record->arena_size - record->arena_used)
        return NULL;
    char *room = record->arena + record->arena_used;
    record->arena_used += size;
    return room;
}

void als_record_free(awslogsrc_record *record)
{
    if (record == NULL)
        return;
    als_vpc_flow_format_clear(&record->flow_format);
    als_free(record->arena);
    als_free(record);
}

int als_record_field_type(int field)
{
    static const unsigned char types[] = {
#define FIELD_TYPE(NAME, name, TYPE) AWSLOGSRC_TYPE_##TYPE,
        AWSLOGSRC_FIELD_MAP(FIELD_TYPE)
#undef FIELD_TYPE
    };
    return field < 0 || field >= ALS_RECORD_FIELDS ? 0 : types[field];
}

const char *als_record_field_name(int field)
{
    static const char *const names[] = {
#define FIELD_NAME(NAME, name, TYPE) #name,
        AWSLOGSRC_FIELD_MAP(FIELD_NAME)
#undef FIELD_NAME
    };
    return field < 0 || field >= ALS_RECORD_FIELDS ? NULL : names[field];
}
