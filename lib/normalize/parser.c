#include "normalize/parser.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/utf8.h"
#include "normalize/classify.h"
#include "normalize/cloudtrail.h"
#include "normalize/envelope.h"
#include "normalize/json_reader.h"
#include "normalize/title.h"
#include "normalize/vpc_flow.h"

/* --- What is no event of AWS --- */

static void set_plain(awslogsrc_record *record, enum als_record_kind kind)
{
    bool invalid = kind == ALS_RECORD_INVALID;
    als_record_set_kind(record, kind);
    als_classify_set_activity(record, ALS_ACTIVITY_OTHER);
    als_classify_set_domain(record, ALS_DOMAIN_OTHER);
    als_record_set(record, AWSLOGSRC_FIELD_OUTCOME, ALS_TEXT("unknown"));
    als_record_set(record, AWSLOGSRC_FIELD_NAME,
                   invalid ? ALS_TEXT("UnparsedMessage") : ALS_TEXT("LogMessage"));
    als_record_set(record, AWSLOGSRC_FIELD_TITLE,
                   invalid ? ALS_TEXT("Unparsed Message") : ALS_TEXT("Log Message"));
    als_record_set_integer(record, AWSLOGSRC_FIELD_SEVERITY, 1);
}

static bool is_json(struct als_text text)
{
    struct als_json_reader reader;
    struct als_text value;
    als_json_reader_init(&reader, text);
    return als_json_reader_value(&reader, &value) && als_json_reader_end(&reader);
}

/* --- Events --- */

static void read_plain(awslogsrc_record *record, struct als_text message, int first)
{
    als_record_restart(record);
    if (record->type != ALS_LOG_SOURCE_AUTO)
        set_plain(record, ALS_RECORD_INVALID);
    else
        set_plain(record, first == '[' && is_json(message) ? ALS_RECORD_JSON : ALS_RECORD_PLAIN);
}

/* To the first of them; false where none is an event: such are those of SNS, S3 and others. */
static bool open_records(awslogsrc_record *record)
{
    struct als_text array = als_record_text(record, ALS_FIELD_RECORDS);
    struct als_text inside = {array.data + 1, array.size - 1};
    record->records = inside;
    for (bool first = true; als_parser_next(record); first = false) {
        if (als_record_kind(record) == ALS_RECORD_JSON)
            continue;
        if (first)
            return true;
        record->records = inside;
        return als_parser_next(record);
    }
    record->records = (struct als_text){NULL, 0};
    return false;
}

static void read_object(awslogsrc_record *record, struct als_text message)
{
    bool any = record->type == ALS_LOG_SOURCE_AWS_CLOUDTRAIL;
    enum als_cloudtrail_answer answer = als_cloudtrail_read(record, message, any);
    if (answer == ALS_CLOUDTRAIL_EVENT)
        return;
    if (answer == ALS_CLOUDTRAIL_RECORDS && open_records(record))
        return;
    als_record_restart(record);
    set_plain(record, answer == ALS_CLOUDTRAIL_INVALID ? ALS_RECORD_INVALID : ALS_RECORD_JSON);
}

/* A byte order mark is no white space of JSON, but some producers write one. */
static struct als_text without_mark(struct als_text text)
{
    static const char mark[] = "\xef\xbb\xbf";
    return als_text_starts_with(text, ALS_TEXT(mark))
               ? (struct als_text){text.data + 3, text.size - 3}
               : text;
}

static void read_message(awslogsrc_record *record, struct als_text message)
{
    struct als_json_reader reader;
    als_json_reader_init(&reader, message);
    int first = als_json_reader_peek(&reader);
    if (first == '{' && record->type != ALS_LOG_SOURCE_VPC_FLOW)
        read_object(record, message);
    else if (record->type == ALS_LOG_SOURCE_AWS_CLOUDTRAIL || first < 0 ||
             !als_vpc_flow_read(record, message))
        read_plain(record, message, first);
}

/* What an event does not say itself, the log does. */
static void fill_from_log(awslogsrc_record *record)
{
    if (!als_record_has(record, AWSLOGSRC_FIELD_TIME_MS) &&
        als_record_integer(record, AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS, -1) >= 0)
        als_record_set_integer(record, AWSLOGSRC_FIELD_TIME_MS,
                               als_record_integer(record, AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS, 0));
    if (!als_record_has(record, AWSLOGSRC_FIELD_REGION))
        als_record_set(record, AWSLOGSRC_FIELD_REGION,
                       als_record_text(record, ALS_FIELD_LOG_REGION));
}

/* --- Messages --- */

static void set_log(awslogsrc_record *record, const struct als_parser_input *input)
{
    als_record_set(record, ALS_FIELD_LOG_REGION, input->region);
    als_record_set(record, AWSLOGSRC_FIELD_LOG_GROUP, input->log_group);
    als_record_set(record, AWSLOGSRC_FIELD_LOG_STREAM, input->log_stream);
    als_record_set(record, AWSLOGSRC_FIELD_LOG_EVENT_ID, input->event_id);
    if (!input->timed)
        return;
    als_record_set_integer(record, AWSLOGSRC_FIELD_LOG_TIMESTAMP_MS, input->timestamp_ms);
    als_record_set_integer(record, AWSLOGSRC_FIELD_LOG_INGESTION_MS, input->ingestion_ms);
}

/* The message itself stays as it is; encoders take it as UTF-8. */
static void set_message(awslogsrc_record *record, struct als_text message, struct als_text utf8)
{
    als_record_set(record, AWSLOGSRC_FIELD_MESSAGE, message);
    als_record_set(record, ALS_FIELD_MESSAGE_TEXT, utf8);
}

/* A copy that is UTF-8: what is not reads U+FFFD. The room is there. */
static struct als_text scrub(awslogsrc_record *record, struct als_text text)
{
    char *out = als_record_room(record, ALS_UTF8_REPLACEMENT_SIZE * text.size);
    size_t size = 0;
    for (size_t at = 0; at < text.size;) {
        bool valid = false;
        size_t step = als_utf8_measure(text.data + at, text.size - at, &valid);
        if (valid) {
            memcpy(out + size, text.data + at, step);
            size += step;
        } else {
            size += als_utf8_encode(ALS_UTF8_REPLACEMENT, out + size);
        }
        at += step;
    }
    return (struct als_text){out, size};
}

static bool is_ascii(struct als_text text)
{
    uint64_t bits = 0;
    size_t at = 0;
    for (; text.size - at >= sizeof bits; at += sizeof bits) {
        uint64_t word = 0;
        memcpy(&word, text.data + at, sizeof word);
        bits |= word;
    }
    for (; at < text.size; at++)
        bits |= (unsigned char)text.data[at];
    return (bits & UINT64_C(0x8080808080808080)) == 0;
}

int als_parser_parse(awslogsrc_record *record, const struct als_parser_input *input)
{
    enum { TITLES = 4 * ALS_TITLE_NAME_MAX };
    struct als_text text = input->text;
    int status = als_vpc_flow_format_compile(&record->flow_format, input->vpc_flow_format, NULL);
    bool valid = is_ascii(text) || als_utf8_is_valid(text);
    /* Whatever is decoded takes no more room than where it stood: envelope, then fields. */
    size_t room = text.size * (valid ? 1 : ALS_UTF8_REPLACEMENT_SIZE);
    room += room * (valid ? 1 : 2) + TITLES;
    if (!als_record_prepare(record, status == 0 ? room : 0))
        status = AWSLOGSRC_E_NO_MEMORY;
    if (status != 0)
        return status;
    record->type = input->type;
    if (!valid)
        text = scrub(record, text);
    struct als_text message = text;
    if (input->wrapped)
        message = als_envelope_open(record, text);
    else
        set_log(record, input);
    record->kept = record->arena_used;
    als_record_restart(record);
    read_message(record, without_mark(message));
    fill_from_log(record);
    if (record->records.data == NULL)
        set_message(record, message.data == text.data ? input->text : message, message);
    return 0;
}

bool als_parser_next(awslogsrc_record *record)
{
    struct als_json_reader reader;
    struct als_text event;
    als_json_reader_init(&reader, record->records);
    do {
        if (als_json_reader_peek(&reader) == ',')
            reader.at++;
        if (!als_json_reader_value(&reader, &event))
            return false;
    } while (*event.data != '{');
    record->records = (struct als_text){reader.at, (size_t)(reader.end - reader.at)};
    als_record_restart(record);
    bool any = record->type == ALS_LOG_SOURCE_AWS_CLOUDTRAIL;
    if (als_cloudtrail_read(record, event, any) != ALS_CLOUDTRAIL_EVENT) {
        als_record_restart(record);
        set_plain(record, ALS_RECORD_JSON);
    }
    fill_from_log(record);
    set_message(record, event, event);
    return true;
}
