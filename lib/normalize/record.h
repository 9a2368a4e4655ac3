/* A record: the fields of one event. Parsers fill it, encoders read it. */
#ifndef ALS_NORMALIZE_RECORD_H
#define ALS_NORMALIZE_RECORD_H

#include <stdbool.h>

#include "awslogsrc/record.h"
#include "base/text.h"
#include "normalize/log_source_type.h"
#include "normalize/vpc_flow_format.h"

enum {
    ALS_RECORD_FIELDS = AWSLOGSRC_FIELD_INSIGHT_DETAILS + 1,
    /* Beyond the public ones: texts that derived fields and some encoders are made of. */
    ALS_FIELD_LOG_REGION = ALS_RECORD_FIELDS,
    ALS_FIELD_ACTIVITY_NUMBER, /* enum als_activity */
    ALS_FIELD_DOMAIN_NUMBER,   /* enum als_domain */
    ALS_FIELD_KIND_NUMBER,     /* enum als_record_kind */
    ALS_FIELD_MESSAGE_TEXT,    /* the message, as UTF-8 */
    ALS_FIELD_EVENT_TIME,
    ALS_FIELD_USER_ID,
    ALS_FIELD_IDENTITY_STORE,
    ALS_FIELD_IDENTITY_PROVIDER,
    ALS_FIELD_FEDERATED_PROVIDER,
    ALS_FIELD_SESSION_CREATED,
    ALS_FIELD_SESSION_MFA, /* flags: of the session, and of the sign-in */
    ALS_FIELD_SIGN_IN_MFA,
    ALS_FIELD_SIGN_IN_USER,
    ALS_FIELD_REQUEST_USER,
    ALS_FIELD_REQUEST_ROLE,
    ALS_FIELD_REQUEST_GROUP,
    ALS_FIELD_REQUEST_ROLE_ARN,
    ALS_FIELD_REQUEST_POLICY_ARN,
    ALS_FIELD_REQUEST_SESSION,
    ALS_FIELD_REQUEST_SOURCE_IDENTITY,
    ALS_FIELD_RESPONSE_USER,
    ALS_FIELD_RESPONSE_USER_ARN,
    ALS_FIELD_RESPONSE_ROLE,
    ALS_FIELD_RESPONSE_ROLE_ARN,
    ALS_FIELD_RESPONSE_SESSION_ARN,
    ALS_FIELD_RESPONSE_ACCESS_KEY,
    ALS_FIELD_INSIGHT_NAME,
    ALS_FIELD_INSIGHT_SOURCE,
    ALS_FIELD_RESULTS,      /* a flag: members that say Success or Failure were seen */
    ALS_FIELD_RESULT,       /* what the one says that has the event's name */
    ALS_FIELD_WRAPPED_TYPE, /* of EventBridge: detail-type, and the event */
    ALS_FIELD_WRAPPED,
    ALS_FIELD_RECORDS,
    ALS_RECORD_VALUES
};

enum als_record_kind {
    ALS_RECORD_CLOUDTRAIL,
    ALS_RECORD_INSIGHT,
    ALS_RECORD_NETWORK,
    ALS_RECORD_VPC_FLOW,
    ALS_RECORD_JSON,
    ALS_RECORD_PLAIN,
    ALS_RECORD_INVALID
};

/* NULL data: absent. Texts have their size in the number. */
struct als_record_value {
    const char *data;
    int64_t number;
};

struct awslogsrc_record {
    struct als_record_value values[ALS_RECORD_VALUES];
    enum als_log_source_type type;
    struct als_vpc_flow_format flow_format;
    struct als_text records; /* what is left of the array {"Records": [ */
    size_t kept;             /* of the arena, for all of those */
    /* Memory for texts that do not stand in the message as they are. */
    char *arena;
    size_t arena_size;
    size_t arena_used;
};

static inline bool als_record_has(const awslogsrc_record *record, int field)
{
    return record->values[field].data != NULL;
}

/* Empty where the field is absent. */
static inline struct als_text als_record_text(const awslogsrc_record *record, int field)
{
    const struct als_record_value *value = &record->values[field];
    return (struct als_text){value->data, (size_t)value->number};
}

static inline int64_t als_record_integer(const awslogsrc_record *record, int field,
                                         int64_t otherwise)
{
    const struct als_record_value *value = &record->values[field];
    return value->data == NULL ? otherwise : value->number;
}

/* An empty text makes the field absent. */
static inline void als_record_set(awslogsrc_record *record, int field, struct als_text text)
{
    record->values[field].data = text.size == 0 ? NULL : text.data;
    record->values[field].number = (int64_t)text.size;
}

static inline void als_record_set_integer(awslogsrc_record *record, int field, int64_t number)
{
    record->values[field] = (struct als_record_value){"", number};
}

bool als_record_is(const awslogsrc_record *record, int field, struct als_text text);

void als_record_set_kind(awslogsrc_record *record, enum als_record_kind kind);
enum als_record_kind als_record_kind(const awslogsrc_record *record);
bool als_record_is_event(const awslogsrc_record *record); /* it was taken apart */

/* The first of two fields that is there. */
struct als_text als_record_either(const awslogsrc_record *record, int field, int otherwise);

/* Empties the record, and makes sure that its arena has room for so many bytes. */
bool als_record_prepare(awslogsrc_record *record, size_t room);

/* Empties the fields that are not about the log, and all of the arena that is not kept. */
void als_record_restart(awslogsrc_record *record);

/* Memory of the size, out of the room that was made; NULL where that is used up. */
char *als_record_room(awslogsrc_record *record, size_t size);

void als_record_free(awslogsrc_record *record);

int als_record_field_type(int field); /* AWSLOGSRC_TYPE_*, 0 for none */
const char *als_record_field_name(int field);

#endif
