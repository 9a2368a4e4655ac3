#include "awslogsrc/record.h"

#include "awslogsrc/error.h"

#include "base/error.h"
#include "base/memory.h"
#include "event/batch.h"
#include "normalize/parser.h"
#include "normalize/record.h"
#include "options/options.h"

int awslogsrc_field_count(void)
{
    return ALS_RECORD_FIELDS;
}

const char *awslogsrc_field_name(int field)
{
    return als_record_field_name(field);
}

int awslogsrc_field_type(int field)
{
    return als_record_field_type(field);
}

static int parse(awslogsrc_record **record, const struct als_parser_input *input,
                 awslogsrc_error **error)
{
    if (*record == NULL)
        *record = als_new(sizeof **record);
    int status = *record == NULL ? AWSLOGSRC_E_NO_MEMORY : als_parser_parse(*record, input);
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

static struct als_text text_of(const char *data, size_t size)
{
    return (struct als_text){data, size};
}

int awslogsrc_record_parse(awslogsrc_record **record, const awslogsrc_event *event,
                           awslogsrc_error **error)
{
    if (record == NULL || event == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: an argument is NULL", __func__);
    const struct als_log_event *data = &event->data;
    const struct als_origin *origin = event->batch->origin;
    struct als_parser_input input = {.text = text_of(data->message, data->message_size),
                                     .type = origin->log_source_type,
                                     .vpc_flow_format = als_text_of(origin->vpc_flow_format),
                                     .region = als_text_of(origin->region),
                                     .log_group = als_text_of(origin->log_group),
                                     .log_stream = text_of(data->log_stream, data->log_stream_size),
                                     .event_id = text_of(data->event_id, data->event_id_size),
                                     .timed = true,
                                     .timestamp_ms = data->timestamp_ms,
                                     .ingestion_ms = data->ingestion_time_ms};
    return parse(record, &input, error);
}

/* What the options say about parsing. */
static int read_options(const awslogsrc_options *options, struct als_parser_input *input,
                        awslogsrc_error **error)
{
    const char *type = "";
    const char *format = "";
    int status = als_options_get(options, "log_source_type", &type, error);
    if (status == 0)
        status = als_options_get(options, "vpc_flow_format", &format, error);
    input->vpc_flow_format = als_text_of(format);
    if (als_text_equal(als_text_of(type), ALS_TEXT("aws_cloudtrail")))
        input->type = ALS_LOG_SOURCE_AWS_CLOUDTRAIL;
    else if (als_text_equal(als_text_of(type), ALS_TEXT("vpc_flow")))
        input->type = ALS_LOG_SOURCE_VPC_FLOW;
    return status;
}

int awslogsrc_record_parse_text(awslogsrc_record **record, const char *text, size_t size,
                                const awslogsrc_options *options, awslogsrc_error **error)
{
    struct als_parser_input input = {.text = {text, size}, .wrapped = true};
    if (record == NULL || (text == NULL && size > 0))
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: an argument is NULL", __func__);
    if (text == NULL)
        input.text = ALS_TEXT("");
    int status = options == NULL ? 0 : read_options(options, &input, error);
    return status == 0 ? parse(record, &input, error) : status;
}

int awslogsrc_record_next(awslogsrc_record *record)
{
    return record == NULL ? AWSLOGSRC_E_INVALID : als_parser_next(record);
}

const char *awslogsrc_record_get(const awslogsrc_record *record, int field, size_t *size)
{
    int type = als_record_field_type(field);
    struct als_text text = {NULL, 0};
    if (record != NULL && (type == AWSLOGSRC_TYPE_TEXT || type == AWSLOGSRC_TYPE_JSON))
        text = als_record_text(record, field);
    if (size != NULL)
        *size = text.size;
    return text.data;
}

int awslogsrc_record_get_integer(const awslogsrc_record *record, int field, int64_t *value)
{
    int type = als_record_field_type(field);
    if (record == NULL || value == NULL ||
        (type != AWSLOGSRC_TYPE_INTEGER && type != AWSLOGSRC_TYPE_BOOLEAN))
        return AWSLOGSRC_E_INVALID;
    if (!als_record_has(record, field))
        return 0;
    *value = als_record_integer(record, field, 0);
    return 1;
}

void awslogsrc_record_free(awslogsrc_record *record)
{
    als_record_free(record);
}
