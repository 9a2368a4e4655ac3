#include "aws/filter_log_events.h"

#include "awslogsrc/error.h"
#include "base/json.h"
#include "base/utf8.h"

static bool is_valid(const struct als_filter_log_events_request *request)
{
    return request->log_group.size > 0 &&
           (request->log_stream.size == 0 || request->log_stream_prefix.size == 0) &&
           request->limit >= 0 && request->limit <= ALS_FILTER_LOG_EVENTS_LIMIT_MAX &&
           request->end_ms >= 0 && als_utf8_is_valid(request->log_group) &&
           als_utf8_is_valid(request->log_stream) &&
           als_utf8_is_valid(request->log_stream_prefix) &&
           als_utf8_is_valid(request->filter_pattern) && als_utf8_is_valid(request->next_token);
}

static void write_text(struct als_buffer *body, const char *name, struct als_text text)
{
    if (text.size == 0)
        return;
    als_buffer_format(body, ",\"%s\":", name);
    als_json_write_text(body, text);
}

/* A name has no colon, an ARN always does. A group of a linked account can be named by its ARN
 * alone, and AWS wants that without the ":*" it shows it with (DescribeLogGroups, LogGroup). */
static void write_group(struct als_buffer *body, struct als_text group)
{
    bool is_arn = als_text_starts_with(group, ALS_TEXT("arn:"));
    struct als_text tail = ALS_TEXT(":*");
    if (is_arn && group.size > tail.size &&
        als_text_equal((struct als_text){group.data + group.size - tail.size, tail.size}, tail))
        group.size -= tail.size;
    als_buffer_append_string(body, is_arn ? "\"logGroupIdentifier\":" : "\"logGroupName\":");
    als_json_write_text(body, group);
}

int als_filter_log_events_write(const struct als_filter_log_events_request *request,
                                struct als_buffer *body)
{
    if (!is_valid(request))
        return AWSLOGSRC_E_INVALID;
    als_buffer_append_char(body, '{');
    write_group(body, request->log_group);
    if (request->log_stream.size > 0) {
        als_buffer_append_string(body, ",\"logStreamNames\":[");
        als_json_write_text(body, request->log_stream);
        als_buffer_append_char(body, ']');
    }
    write_text(body, "logStreamNamePrefix", request->log_stream_prefix);
    write_text(body, "filterPattern", request->filter_pattern);
    write_text(body, "nextToken", request->next_token);
    if (request->start_ms > 0)
        als_buffer_format(body, ",\"startTime\":%lld", (long long)request->start_ms);
    if (request->end_ms != INT64_MAX)
        als_buffer_format(body, ",\"endTime\":%lld", (long long)request->end_ms);
    if (request->limit > 0)
        als_buffer_format(body, ",\"limit\":%d", request->limit);
    /* Always so at AWS since 2019; moto sorts by time only when told. */
    return als_buffer_append_string(body, ",\"interleaved\":true}");
}
