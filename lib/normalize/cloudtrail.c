#include "normalize/cloudtrail.h"

#include <string.h>

#include "base/calendar.h"
#include "normalize/actor.h"
#include "normalize/address.h"
#include "normalize/classify.h"
#include "normalize/cloudtrail_shape.h"

/* --- Fields made of others --- */

/* Everything but AWS's own form comes from programs in between: without a zone, it is UTC. Nothing
 * of AWS's happened before 1970, which not all formats can say. */
static void derive_time(awslogsrc_record *record)
{
    enum { TIME_MAX = 40 };
    char zoned[TIME_MAX + 1];
    struct als_text time = als_record_text(record, ALS_FIELD_EVENT_TIME);
    int64_t ms = 0;
    bool good = als_calendar_from_rfc3339(time, &ms);
    if (!good && time.size > 0 && time.size < TIME_MAX) {
        memcpy(zoned, time.data, time.size);
        zoned[time.size] = 'Z';
        good = als_calendar_from_rfc3339((struct als_text){zoned, time.size + 1}, &ms);
    }
    if (good && ms >= 0)
        als_record_set_integer(record, AWSLOGSRC_FIELD_TIME_MS, ms);
}

static void derive_kind(awslogsrc_record *record)
{
    enum als_record_kind kind = ALS_RECORD_CLOUDTRAIL;
    if (als_record_is(record, AWSLOGSRC_FIELD_EVENT_TYPE, ALS_TEXT("AwsCloudTrailInsight")) ||
        als_record_is(record, AWSLOGSRC_FIELD_EVENT_CATEGORY, ALS_TEXT("Insight")))
        kind = ALS_RECORD_INSIGHT;
    else if (als_record_is(record, AWSLOGSRC_FIELD_EVENT_TYPE, ALS_TEXT("AwsVpceEvent")) ||
             als_record_is(record, AWSLOGSRC_FIELD_EVENT_CATEGORY, ALS_TEXT("NetworkActivity")))
        kind = ALS_RECORD_NETWORK;
    als_record_set_kind(record, kind);
    if (kind != ALS_RECORD_CLOUDTRAIL && !als_record_has(record, AWSLOGSRC_FIELD_EVENT_CATEGORY))
        als_record_set(record, AWSLOGSRC_FIELD_EVENT_CATEGORY,
                       kind == ALS_RECORD_INSIGHT ? ALS_TEXT("Insight")
                                                  : ALS_TEXT("NetworkActivity"));
}

static void use_instead(awslogsrc_record *record, int field, int otherwise)
{
    als_record_set(record, field, als_record_either(record, field, otherwise));
}

static void derive_operation(awslogsrc_record *record)
{
    struct als_text source, service;
    use_instead(record, AWSLOGSRC_FIELD_NAME, ALS_FIELD_INSIGHT_NAME);
    use_instead(record, AWSLOGSRC_FIELD_SOURCE, ALS_FIELD_INSIGHT_SOURCE);
    source = als_record_text(record, AWSLOGSRC_FIELD_SOURCE);
    if (als_text_next_field(&source, '.', &service))
        als_record_set(record, AWSLOGSRC_FIELD_SERVICE, service);
    use_instead(record, AWSLOGSRC_FIELD_ACCOUNT, AWSLOGSRC_FIELD_ACTOR_ACCOUNT);
}

static struct als_text last_segment(struct als_text arn)
{
    size_t at = arn.size;
    while (at > 0 && arn.data[at - 1] != '/')
        at--;
    return at == 0 ? arn : (struct als_text){arn.data + at, arn.size - at};
}

static void derive_target(awslogsrc_record *record)
{
    static const int names[] = {ALS_FIELD_REQUEST_USER, ALS_FIELD_REQUEST_ROLE,
                                ALS_FIELD_REQUEST_GROUP};
    struct als_text name = {NULL, 0};
    for (size_t i = 0; i < sizeof names / sizeof *names && name.size == 0; i++)
        name = als_record_text(record, names[i]);
    if (name.size == 0)
        name = last_segment(als_record_text(record, ALS_FIELD_REQUEST_ROLE_ARN));
    als_record_set(record, AWSLOGSRC_FIELD_TARGET_NAME, name);
    als_record_set(
        record, AWSLOGSRC_FIELD_TARGET_ARN,
        als_record_either(record, ALS_FIELD_REQUEST_POLICY_ARN, ALS_FIELD_REQUEST_ROLE_ARN));
}

/* Of one without ARN nothing is kept. */
static void read_resource(struct als_json_reader *reader, awslogsrc_record *record)
{
    (void)als_shape_read(reader, &als_cloudtrail_shape_resource, record);
    if (als_record_has(record, AWSLOGSRC_FIELD_RESOURCE_ARN))
        return;
    als_record_set(record, AWSLOGSRC_FIELD_RESOURCE_TYPE, (struct als_text){NULL, 0});
    als_record_set(record, AWSLOGSRC_FIELD_RESOURCE_ACCOUNT, (struct als_text){NULL, 0});
}

/* The first resource that has an ARN, and how many there are. Other producers list bare ARNs. */
static void derive_resources(awslogsrc_record *record)
{
    struct als_json_reader reader;
    struct als_json_raw string;
    int64_t count = 0;
    struct als_text resources = als_record_text(record, AWSLOGSRC_FIELD_RESOURCES);
    if (resources.size == 0 || *resources.data != '[')
        return;
    als_json_reader_init(&reader, resources);
    (void)als_json_reader_open(&reader, '[');
    for (bool first = true; als_json_reader_next_element(&reader, &first); count++) {
        struct als_text value;
        bool known = als_record_has(record, AWSLOGSRC_FIELD_RESOURCE_ARN);
        int c = als_json_reader_peek(&reader);
        if (c == '{' && !known)
            read_resource(&reader, record);
        else if (c == '"' && !known && als_json_reader_string(&reader, &string))
            als_shape_set(record, AWSLOGSRC_FIELD_RESOURCE_ARN, &string);
        else
            (void)als_json_reader_value(&reader, &value);
    }
    als_record_set_integer(record, AWSLOGSRC_FIELD_RESOURCE_COUNT, count);
}

/* What an object says under the event's name: Success, Failure or nothing of the kind. */
static bool read_result(awslogsrc_record *record, int field)
{
    const struct als_shape_member member = {.name = als_record_text(record, AWSLOGSRC_FIELD_NAME),
                                            .type = ALS_SHAPE_TEXT,
                                            .field = ALS_FIELD_RESULT};
    const struct als_shape shape = {.members = &member, .count = 1};
    struct als_json_reader reader;
    als_json_reader_init(&reader, als_record_text(record, field));
    if (als_json_reader_peek(&reader) == '{')
        (void)als_shape_read(&reader, &shape, record);
    struct als_text result = als_record_text(record, ALS_FIELD_RESULT);
    return als_text_equal_ignoring_case(result, ALS_TEXT("Success")) ||
           als_text_equal_ignoring_case(result, ALS_TEXT("Failure"));
}

static void derive_result(awslogsrc_record *record)
{
    if (!als_record_has(record, ALS_FIELD_RESULTS))
        return;
    bool named = als_record_has(record, AWSLOGSRC_FIELD_NAME);
    if (!named || (!read_result(record, AWSLOGSRC_FIELD_RESPONSE_ELEMENTS) &&
                   !read_result(record, AWSLOGSRC_FIELD_SERVICE_EVENT_DETAILS)))
        als_record_set(record, ALS_FIELD_RESULT, (struct als_text){NULL, 0});
}

static void derive(awslogsrc_record *record)
{
    derive_time(record);
    derive_kind(record);
    derive_operation(record);
    als_address_set_source(record, als_record_text(record, AWSLOGSRC_FIELD_SRC_ADDRESS));
    als_actor_derive(record);
    derive_target(record);
    derive_resources(record);
    derive_result(record);
    als_classify_event(record);
}

/* --- Reading --- */

static bool is_event(const awslogsrc_record *record)
{
    return als_record_has(record, AWSLOGSRC_FIELD_EVENT_VERSION) ||
           (als_record_has(record, AWSLOGSRC_FIELD_SOURCE) &&
            als_record_has(record, AWSLOGSRC_FIELD_NAME));
}

static bool is_wrapped(const awslogsrc_record *record)
{
    return als_record_has(record, ALS_FIELD_WRAPPED_TYPE) &&
           als_record_has(record, ALS_FIELD_WRAPPED) &&
           *als_record_text(record, ALS_FIELD_WRAPPED).data == '{';
}

static bool read_object(awslogsrc_record *record, struct als_text text)
{
    struct als_json_reader reader;
    als_json_reader_init(&reader, text);
    return als_shape_read(&reader, &als_cloudtrail_shape_event, record) &&
           als_json_reader_end(&reader);
}

enum als_cloudtrail_answer als_cloudtrail_read(awslogsrc_record *record, struct als_text text,
                                               bool any)
{
    if (!read_object(record, text))
        return ALS_CLOUDTRAIL_INVALID;
    struct als_text records = als_record_text(record, ALS_FIELD_RECORDS);
    if (!is_event(record) && records.size > 0 && *records.data == '[')
        return ALS_CLOUDTRAIL_RECORDS;
    if (!is_event(record) && is_wrapped(record)) {
        struct als_text wrapped = als_record_text(record, ALS_FIELD_WRAPPED);
        als_record_restart(record);
        (void)read_object(record, wrapped);
    }
    if (!is_event(record) && !any)
        return ALS_CLOUDTRAIL_OTHER;
    derive(record);
    return ALS_CLOUDTRAIL_EVENT;
}
