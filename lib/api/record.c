#include "awslogsrc/record.h"

#include "awslogsrc/error.h"

#include "base/error.h"
#include "base/memory.h"
#include "event/normalizer.h"
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

/* A new one, where there is none to use again. */
static bool make_record(awslogsrc_record **record)
{
    if (*record == NULL)
        *record = als_new(sizeof **record);
    return *record != NULL;
}

static int answer(int status, awslogsrc_error **error)
{
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

int awslogsrc_record_parse(awslogsrc_record **record, const awslogsrc_event *event,
                           awslogsrc_error **error)
{
    if (record == NULL || event == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: an argument is NULL", __func__);
    if (!make_record(record))
        return answer(AWSLOGSRC_E_NO_MEMORY, error);
    return answer(als_normalizer_parse(event, *record), error);
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
    if (status != 0)
        return status;
    if (!make_record(record))
        return answer(AWSLOGSRC_E_NO_MEMORY, error);
    return answer(als_parser_parse(*record, &input), error);
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
