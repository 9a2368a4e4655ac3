/* DescribeLogGroups and DescribeLogStreams: aws.md 1.5. */
#include "operation.h"
#include "page_token.h"
#include "parameter.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 50 };

/* A list in pages: the token's key.sequence is the number of items before the page. */
struct listing {
    int64_t limit;
    const char *token;
    uint64_t parameters;
    uint64_t skip;
    uint64_t seen;
    size_t written;
    bool more;
};

static bool begin(struct sim_operation *operation, struct listing *listing, const char *member)
{
    listing->limit = MOST;
    if (!sim_parameter_integer(operation, "limit", 1, MOST, &listing->limit) ||
        !sim_parameter_text(operation, "nextToken", &sim_rule_token, &listing->token))
        return false;
    struct sim_page_token place = {0};
    if (listing->token &&
        (!sim_page_token_decode(listing->token, operation->secret, &place) ||
         place.parameters != listing->parameters ||
         operation->now_ms - place.issued_ms >= operation->settings->token_lifetime_ms))
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "The specified nextToken is invalid.");
    listing->skip = place.after.sequence;
    sim_buffer_text(operation->body, "{");
    sim_json_member(operation->body, &operation->settings->json, member, true);
    sim_buffer_text(operation->body, "[");
    return true;
}

/* Whether the next item belongs to this page; then the caller writes it. */
static bool next_item(struct sim_operation *operation, struct listing *listing)
{
    if (listing->seen++ < listing->skip)
        return false;
    if (listing->written == (size_t)listing->limit) {
        listing->more = true;
        return false;
    }
    if (listing->written++)
        sim_buffer_text(operation->body, ",");
    return true;
}

static void finish(struct sim_operation *operation, const struct listing *listing)
{
    const struct sim_json_style *style = &operation->settings->json;
    sim_buffer_text(operation->body, "]");
    if (listing->more) {
        struct sim_page_token next = {.issued_ms = operation->now_ms,
                                      .after.sequence = listing->skip + listing->written,
                                      .parameters = listing->parameters};
        char text[SIM_PAGE_TOKEN_SIZE];
        sim_page_token_encode(&next, operation->secret, text);
        sim_json_member(operation->body, style, "nextToken", false);
        sim_buffer_printf(operation->body, "\"%s\"", text);
    } else if (style->null_token) {
        sim_json_member(operation->body, style, "nextToken", false);
        sim_buffer_text(operation->body, "null");
    }
    sim_buffer_text(operation->body, "}");
    operation->call->more = listing->more;
    operation->call->events = listing->written;
}

static const char *partition(const char *region)
{
    if (strncmp(region, "cn-", 3) == 0)
        return "aws-cn";
    return strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov" : "aws";
}

static void write_arn(const struct sim_operation *operation, const char *name)
{
    sim_buffer_printf(operation->body, "arn:%s:logs:%s:%s:log-group:%s",
                      partition(operation->region->name), operation->region->name,
                      operation->world->account, name);
}

static void write_group(struct sim_operation *operation, const struct sim_group *group)
{
    struct sim_buffer *body = operation->body;
    sim_buffer_printf(body, "{\"logGroupName\":\"%s\",\"creationTime\":%lld,", group->name,
                      (long long)group->created_ms);
    if (group->retention_ms)
        sim_buffer_printf(body, "\"retentionInDays\":%lld,",
                          (long long)(group->retention_ms / 86400000));
    sim_buffer_text(body, "\"metricFilterCount\":0,\"storedBytes\":0,\"arn\":\"");
    write_arn(operation, group->name);
    sim_buffer_text(body, ":*\",\"logGroupArn\":\"");
    write_arn(operation, group->name);
    sim_buffer_text(body, "\",\"logGroupClass\":\"STANDARD\"}");
}

bool sim_describe_log_groups(struct sim_operation *operation)
{
    const char *prefix = NULL;
    const char *pattern = NULL;
    if (!sim_parameter_text(operation, "logGroupNamePrefix", &sim_rule_group_name, &prefix) ||
        !sim_parameter_text(operation, "logGroupNamePattern", &sim_rule_group_name, &pattern))
        return false;
    if (prefix && pattern)
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "logGroupNamePrefix and logGroupNamePattern cannot both be "
                                  "given.");
    struct listing listing = {.parameters =
                                  sim_page_token_fold(sim_page_token_fold(1, prefix), pattern)};
    if (!begin(operation, &listing, "logGroups"))
        return false;
    for (size_t i = 0; i < operation->region->group_count; i++) {
        const struct sim_group *group = operation->region->groups[i];
        if ((prefix && strncmp(group->name, prefix, strlen(prefix)) != 0) ||
            (pattern && !strstr(group->name, pattern)))
            continue;
        if (next_item(operation, &listing))
            write_group(operation, group);
    }
    finish(operation, &listing);
    return true;
}

/* ---- streams ---- */

static int by_name(const void *a, const void *b)
{
    const struct sim_stream *const *x = a;
    const struct sim_stream *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int by_last_event(const void *a, const void *b)
{
    const struct sim_stream *const *x = a;
    const struct sim_stream *const *y = b;
    if ((*x)->last_timestamp != (*y)->last_timestamp)
        return (*x)->last_timestamp < (*y)->last_timestamp ? -1 : 1;
    return by_name(a, b);
}

static void write_stream(struct sim_operation *operation, const struct sim_group *group,
                         const struct sim_stream *stream)
{
    struct sim_buffer *body = operation->body;
    const struct sim_json_style *style = &operation->settings->json;
    sim_buffer_text(body, "{\"logStreamName\":");
    sim_json_string(body, style, stream->name, strlen(stream->name));
    sim_buffer_printf(body, ",\"creationTime\":%lld,", (long long)stream->created_ms);
    if (stream->last_timestamp != INT64_MIN)
        sim_buffer_printf(body, "\"lastEventTimestamp\":%lld,\"lastIngestionTime\":%lld,",
                          (long long)stream->last_timestamp, (long long)stream->last_ingestion);
    struct sim_buffer arn = {0};
    struct sim_operation aside = *operation;
    aside.body = &arn;
    write_arn(&aside, group->name);
    sim_buffer_printf(&arn, ":log-stream:%s", stream->name);
    sim_buffer_text(body, "\"arn\":");
    sim_json_string(body, style, arn.data, arn.length);
    sim_buffer_text(body, ",\"storedBytes\":0}");
    sim_buffer_clear(&arn);
}

struct stream_query {
    const struct sim_group *group;
    const char *prefix;
    const char *order_by;
    bool descending;
};

static bool read_stream_query(struct sim_operation *operation, struct stream_query *query)
{
    if (!sim_parameter_group(operation, &query->group) ||
        !sim_parameter_text(operation, "logStreamNamePrefix", &sim_rule_stream_name,
                            &query->prefix) ||
        !sim_parameter_text(operation, "orderBy", &sim_rule_token, &query->order_by) ||
        !sim_parameter_flag(operation, "descending", &query->descending))
        return false;
    bool by_time = query->order_by && strcmp(query->order_by, "LastEventTime") == 0;
    if (query->order_by && !by_time && strcmp(query->order_by, "LogStreamName") != 0)
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "1 validation error detected: Value '%.64s' at 'orderBy' failed "
                                  "to satisfy constraint: Member must satisfy enum value set: "
                                  "[LogStreamName, LastEventTime]",
                                  query->order_by);
    if (by_time && query->prefix)
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "Cannot order by LastEventTime with a logStreamNamePrefix.");
    return true;
}

bool sim_describe_log_streams(struct sim_operation *operation)
{
    struct stream_query query = {0};
    if (!read_stream_query(operation, &query))
        return false;
    struct listing listing = {.parameters = sim_page_token_fold(query.group->number, query.prefix)};
    listing.parameters = sim_page_token_fold(listing.parameters ^ query.descending, query.order_by);
    if (!begin(operation, &listing, "logStreams"))
        return false;
    uint32_t count = query.group->stream_count;
    const struct sim_stream **sorted = sim_allocate((count + 1) * sizeof(void *));
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = &query.group->streams[i];
    bool by_time = query.order_by && strcmp(query.order_by, "LastEventTime") == 0;
    qsort(sorted, count, sizeof(void *), by_time ? by_last_event : by_name);
    for (uint32_t i = 0; i < count; i++) {
        const struct sim_stream *stream = sorted[query.descending ? count - 1 - i : i];
        if (query.prefix && strncmp(stream->name, query.prefix, strlen(query.prefix)) != 0)
            continue;
        if (next_item(operation, &listing))
            write_stream(operation, query.group, stream);
    }
    free(sorted);
    finish(operation, &listing);
    return true;
}
