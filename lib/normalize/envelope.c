#include "normalize/envelope.h"

#include <string.h>

#include "normalize/shape.h"

/* --- {LogStreamName: S,Timestamp: N,Message: M,IngestionTime: N,EventId: E} --- */

static bool is_blank(struct als_text text, size_t at)
{
    return at < text.size && text.data[at] == ' ';
}

/* The size of ",NAME: " at a comma, 0 where there is something else. Others write blanks behind the
 * comma, or none behind the colon. */
static size_t mark_size(struct als_text text, size_t at, struct als_text name)
{
    size_t end = at + 1;
    while (is_blank(text, end))
        end++;
    if (!als_text_starts_with((struct als_text){text.data + end, text.size - end}, name))
        return 0;
    end += name.size;
    return (is_blank(text, end) ? end + 1 : end) - at;
}

/* Cuts what is in front of the mark off *rest, which goes on behind it. */
static bool cut_before(struct als_text *rest, struct als_text name, struct als_text *part)
{
    const char *end = rest->data + rest->size;
    const char *comma = rest->data;
    while ((comma = memchr(comma, ',', (size_t)(end - comma))) != NULL) {
        size_t at = (size_t)(comma - rest->data);
        size_t size = mark_size(*rest, at, name);
        if (size > 0) {
            *part = (struct als_text){rest->data, at};
            *rest = (struct als_text){comma + size, rest->size - at - size};
            return true;
        }
        comma++;
    }
    return false;
}

/* At the last mark: the message may hold others. */
static bool cut_behind(struct als_text *rest, struct als_text name, struct als_text *part)
{
    for (size_t at = rest->size; at > 0; at--) {
        size_t size = rest->data[at - 1] == ',' ? mark_size(*rest, at - 1, name) : 0;
        if (size > 0) {
            *part = (struct als_text){rest->data + at - 1 + size, rest->size - (at - 1) - size};
            rest->size = at - 1;
            return true;
        }
    }
    return false;
}

static bool set_time(awslogsrc_record *record, int field, struct als_text text)
{
    int64_t ms = 0;
    if (!als_text_to_int64(text, &ms))
        return false;
    als_record_set_integer(record, field, ms);
    return true;
}

static bool open_payload(awslogsrc_record *record, struct als_text text, struct als_text *message)
{
    const struct als_text start = ALS_TEXT("{LogStreamName:");
    struct als_text stream, timestamp, ingestion, id, rest = als_text_trim(text);
    if (!als_text_starts_with(rest, start) || rest.data[rest.size - 1] != '}')
        return false;
    rest = (struct als_text){rest.data + start.size, rest.size - start.size - 1};
    if (is_blank(rest, 0))
        rest = (struct als_text){rest.data + 1, rest.size - 1};
    if (!cut_before(&rest, ALS_TEXT("Timestamp:"), &stream) ||
        !cut_before(&rest, ALS_TEXT("Message:"), &timestamp) ||
        !cut_behind(&rest, ALS_TEXT("EventId:"), &id) ||
        !cut_behind(&rest, ALS_TEXT("IngestionTime:"), &ingestion) ||
        !set_time(record, AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS, timestamp) ||
        !set_time(record, AWSLOGSRC_FIELD_LOG_INGESTION_MS, ingestion))
        return false;
    als_record_set(record, AWSLOGSRC_FIELD_LOG_STREAM, stream);
    als_record_set(record, AWSLOGSRC_FIELD_LOG_EVENT_ID, id);
    *message = rest;
    return true;
}

/* --- JSON --- */

static const struct als_shape_member members[] = {
    ALS_SHAPE_TEXT_OF("region", ALS_FIELD_LOG_REGION),
    ALS_SHAPE_TEXT_OF("log_group", AWSLOGSRC_FIELD_LOG_GROUP),
    ALS_SHAPE_TEXT_OF("log_stream", AWSLOGSRC_FIELD_LOG_STREAM),
    ALS_SHAPE_TEXT_OF("timestamp", ALS_FIELD_EVENT_TIME),
    ALS_SHAPE_TEXT_OF("ingestion_time", ALS_FIELD_SESSION_CREATED),
    ALS_SHAPE_TEXT_OF("event_id", AWSLOGSRC_FIELD_LOG_EVENT_ID),
    ALS_SHAPE_JSON_OF("message", ALS_FIELD_WRAPPED, NULL),
    ALS_SHAPE_TEXT_OF("logStreamName", AWSLOGSRC_FIELD_LOG_STREAM),
    ALS_SHAPE_TEXT_OF("ingestionTime", ALS_FIELD_SESSION_CREATED),
    ALS_SHAPE_TEXT_OF("eventId", AWSLOGSRC_FIELD_LOG_EVENT_ID),
};
static const struct als_shape shape = {ALS_SHAPE_MEMBERS(members)};

/* Whether the first member is one of an envelope's: most of what has none is found out so. */
static bool begins_like_envelope(struct als_text text)
{
    struct als_json_reader reader;
    struct als_json_raw name;
    bool first = true;
    als_json_reader_init(&reader, text);
    if (!als_json_reader_open(&reader, '{') || !als_json_reader_next_member(&reader, &first, &name))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        if (als_text_equal(name.text, members[i].name))
            return true;
    }
    return als_text_equal(name.text, ALS_TEXT("source"));
}

static bool read_json(awslogsrc_record *record, struct als_text text)
{
    struct als_json_reader reader;
    als_json_reader_init(&reader, text);
    return begins_like_envelope(text) && als_shape_read(&reader, &shape, record) &&
           als_json_reader_end(&reader);
}

/* A message with both of its times: nobody else's JSON looks like that. */
static bool open_json(awslogsrc_record *record, struct als_text text, struct als_text *message)
{
    struct als_json_reader reader;
    struct als_json_raw string;
    if (!read_json(record, text) ||
        !set_time(record, AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS,
                  als_record_text(record, ALS_FIELD_EVENT_TIME)) ||
        !set_time(record, AWSLOGSRC_FIELD_LOG_INGESTION_MS,
                  als_record_text(record, ALS_FIELD_SESSION_CREATED)))
        return false;
    als_json_reader_init(&reader, als_record_text(record, ALS_FIELD_WRAPPED));
    if (als_json_reader_peek(&reader) != '"' || !als_json_reader_string(&reader, &string))
        return false;
    *message = string.text;
    if (!string.escaped)
        return true;
    char *room = als_record_room(record, string.text.size);
    *message = (struct als_text){room, room == NULL ? 0 : als_json_reader_decode(&string, room)};
    return room != NULL;
}

struct als_text als_envelope_open(awslogsrc_record *record, struct als_text text)
{
    struct als_text message = text;
    size_t used = record->arena_used;
    if (open_payload(record, text, &message) || open_json(record, text, &message))
        return message;
    record->arena_used = used;
    memset(record->values, 0, sizeof record->values);
    return text;
}
