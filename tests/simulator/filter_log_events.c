/* FilterLogEvents: aws.md 1.3. */
#include "filter_pattern.h"
#include "operation.h"
#include "page_token.h"
#include "parameter.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_EVENTS = 10000, MOST_STREAMS = 100, EVENT_OVERHEAD = 26 };

struct query {
    const struct sim_group *group;
    int64_t start_time;
    int64_t end_time;
    int64_t limit;
    const cJSON *stream_names;
    const char *stream_prefix;
    const char *pattern_text;
    const char *token;
    struct sim_filter_pattern pattern;
    struct sim_page_token place;
};

struct page {
    size_t events;
    size_t bytes;
    size_t looked_at;
    bool more;
    struct sim_key last; /* the last event looked at */
};

/* ---- the request ---- */

static bool bad_token(struct sim_operation *operation)
{
    return sim_operation_fail(operation, "InvalidParameterException",
                              "The specified nextToken is invalid.");
}

/* Everything but the token and the page size: a chain must not change it. */
static uint64_t fingerprint(const struct sim_operation *operation, const struct query *query)
{
    uint64_t sum = sim_page_token_fold(query->group->number, operation->region->name);
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, query->stream_names) sum = sim_page_token_fold(sum, item->valuestring);
    sum = sim_page_token_fold(sum, query->stream_prefix);
    sum = sim_page_token_fold(sum, query->pattern_text);
    sum = sim_page_token_fold(sum ^ (uint64_t)query->start_time, "start");
    return sim_page_token_fold(sum ^ (uint64_t)query->end_time, "end");
}

static bool read_token(struct sim_operation *operation, struct query *query)
{
    uint64_t parameters = fingerprint(operation, query);
    if (!query->token) {
        int64_t from = query->start_time == INT64_MIN ? INT64_MIN : query->start_time - 1;
        query->place = (struct sim_page_token){.after = {from, INT64_MAX, UINT64_MAX},
                                               .parameters = parameters};
        return true;
    }
    if (operation->fault == SIM_FAULT_EXPIRED_PAGE_TOKEN ||
        !sim_page_token_decode(query->token, operation->secret, &query->place) ||
        query->place.parameters != parameters ||
        operation->now_ms - query->place.issued_ms >= operation->settings->token_lifetime_ms)
        return bad_token(operation);
    return true;
}

static bool check_streams(struct sim_operation *operation, const struct query *query)
{
    if (query->stream_names && query->stream_prefix)
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "LogStreamNames and LogStreamNamePrefix cannot both be given.");
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, query->stream_names)
    {
        if (!sim_group_has_stream(query->group, item->valuestring))
            return sim_operation_fail(operation, "ResourceNotFoundException",
                                      "The specified log stream does not exist.");
    }
    return true;
}

static bool read_times(struct sim_operation *operation, struct query *query)
{
    query->start_time = INT64_MIN;
    query->end_time = INT64_MAX;
    query->limit = MOST_EVENTS;
    if (!sim_parameter_integer(operation, "startTime", 0, INT64_MAX, &query->start_time) ||
        !sim_parameter_integer(operation, "endTime", 0, INT64_MAX, &query->end_time) ||
        !sim_parameter_integer(operation, "limit", 1, MOST_EVENTS, &query->limit))
        return false;
    operation->call->start_time = query->start_time;
    operation->call->end_time = query->end_time;
    bool from_head = true;
    if (!sim_parameter_flag(operation, "startFromHead", &from_head))
        return false;
    if (!from_head) /* newest first: no reader here asks for it */
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "startFromHead=false is not simulated.");
    return true;
}

static bool read_query(struct sim_operation *operation, struct query *query)
{
    if (!read_times(operation, query) ||
        !sim_parameter_text(operation, "nextToken", &sim_rule_token, &query->token) ||
        !sim_parameter_text(operation, "filterPattern", &sim_rule_filter_pattern,
                            &query->pattern_text) ||
        !sim_parameter_list(operation, "logStreamNames", MOST_STREAMS, &sim_rule_stream_name,
                            &query->stream_names) ||
        !sim_parameter_text(operation, "logStreamNamePrefix", &sim_rule_stream_name,
                            &query->stream_prefix) ||
        !sim_parameter_group(operation, &query->group) || !check_streams(operation, query))
        return false;
    if (!sim_filter_pattern_parse(query->pattern_text, &query->pattern))
        return sim_operation_fail(operation, "InvalidParameterException", "Invalid filter pattern");
    return read_token(operation, query);
}

/* ---- the page ---- */

static bool stream_wanted(const struct query *query, const char *stream)
{
    if (query->stream_prefix)
        return strncmp(stream, query->stream_prefix, strlen(query->stream_prefix)) == 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, query->stream_names)
    {
        if (strcmp(item->valuestring, stream) == 0)
            return true;
    }
    return query->stream_names == NULL;
}

static bool in_reach(const struct sim_operation *operation, const struct query *query,
                     const struct sim_event *event)
{
    int64_t retention = query->group->retention_ms;
    return event->visible_at <= operation->now_ms &&
           (!retention || event->timestamp > operation->now_ms - retention) &&
           stream_wanted(query, event->stream);
}

enum event_member { STREAM, TIMESTAMP, MESSAGE, INGESTION_TIME, EVENT_ID, UNKNOWN };

static void write_member(const struct sim_operation *operation, const struct query *query,
                         const struct sim_event *event, enum event_member which)
{
    static const char *const names[] = {"logStreamName", "timestamp", "message",
                                        "ingestionTime", "eventId",   "futureMember"};
    const struct sim_json_style *style = &operation->settings->json;
    struct sim_buffer *body = operation->body;
    sim_json_member(body, style, names[which], body->data[body->length - 1] == '{');
    char id[SIM_EVENT_ID_SIZE];
    switch (which) {
    case STREAM: sim_json_string(body, style, event->stream, strlen(event->stream)); break;
    case TIMESTAMP: sim_json_integer(body, event->timestamp); break;
    case MESSAGE: sim_json_string(body, style, event->message, event->message_length); break;
    case INGESTION_TIME: sim_json_integer(body, event->ingestion_time); break;
    case EVENT_ID:
        sim_event_id(query->group, event, id);
        sim_buffer_printf(body, "\"%s\"", id);
        break;
    case UNKNOWN:
        sim_buffer_text(body, "{\"message\":\"not this one\",\"n\":[1,-2.5e3,true,null,{}]}");
        break;
    }
}

static void write_event(const struct sim_operation *operation, const struct query *query,
                        const struct sim_event *event)
{
    const struct sim_json_style *style = &operation->settings->json;
    unsigned count = style->unknown_members ? UNKNOWN + 1 : UNKNOWN;
    sim_buffer_text(operation->body, "{");
    for (unsigned i = 0; i < count; i++)
        write_member(operation, query, event,
                     (enum event_member)(style->reverse_members ? count - 1 - i : i));
    sim_buffer_text(operation->body, "}");
}

/* False when the page is full without this event. */
static bool take_event(const struct sim_operation *operation, const struct query *query,
                       const struct sim_event *event, struct page *page)
{
    size_t size = event->message_length + EVENT_OVERHEAD;
    if (page->events && page->bytes + size > operation->settings->page_bytes)
        return false;
    if (page->events)
        sim_buffer_text(operation->body, ",");
    write_event(operation, query, event);
    page->bytes += size;
    page->events++;
    return true;
}

static bool page_full(const struct sim_operation *operation, const struct query *query,
                      const struct page *page)
{
    const struct sim_settings *settings = operation->settings;
    return page->events >= settings->page_events || page->events >= (size_t)query->limit ||
           (settings->scan_events && page->looked_at >= settings->scan_events);
}

static bool past_end(const struct sim_operation *operation, const struct query *query,
                     int64_t timestamp)
{
    return operation->settings->end_time_exclusive ? timestamp >= query->end_time
                                                   : timestamp > query->end_time;
}

static void write_events(const struct sim_operation *operation, const struct query *query,
                         struct page *page)
{
    struct sim_cursor cursor;
    struct sim_event event;
    struct sim_buffer scratch = {0};
    sim_cursor_seek(&cursor, query->group, operation->now_ms, &query->place.after);
    while (sim_cursor_next(&cursor, &event)) {
        if (past_end(operation, query, event.timestamp))
            break;
        if (page_full(operation, query, page)) {
            page->more = true;
            break;
        }
        if (in_reach(operation, query, &event)) {
            sim_event_load(query->group, &event, &scratch);
            if (sim_filter_pattern_matches(&query->pattern, event.message, event.message_length) &&
                !take_event(operation, query, &event, page)) {
                page->more = true;
                break;
            }
        }
        page->looked_at++;
        page->last = (struct sim_key){event.timestamp, event.ingestion_time, event.sequence};
    }
    sim_buffer_clear(&scratch);
}

/* ---- the answer ---- */

static void write_next_token(struct sim_operation *operation, const struct query *query,
                             const struct page *page)
{
    const struct sim_json_style *style = &operation->settings->json;
    bool first = operation->body->data[operation->body->length - 1] == '{';
    if (!page->more) {
        if (style->null_token) {
            sim_json_member(operation->body, style, "nextToken", first);
            sim_buffer_text(operation->body, "null");
        }
        return;
    }
    struct sim_page_token next = {operation->now_ms, page->last, query->place.page + 1,
                                  query->place.parameters};
    char text[SIM_PAGE_TOKEN_SIZE];
    sim_page_token_encode(&next, operation->secret, text);
    sim_json_member(operation->body, style, "nextToken", first);
    bool repeat = query->token && operation->fault == SIM_FAULT_REPEATED_PAGE_TOKEN;
    sim_buffer_printf(operation->body, "\"%s\"", repeat ? query->token : text);
}

static bool page_is_empty(const struct sim_settings *settings, uint64_t page)
{
    return (settings->empty_every && (page + 1) % settings->empty_every == 0) ||
           page % ((uint64_t)settings->empty_pages + 1) < settings->empty_pages;
}

static void write_page(struct sim_operation *operation, const struct query *query,
                       struct page *page)
{
    struct sim_buffer *body = operation->body;
    const struct sim_json_style *style = &operation->settings->json;
    sim_json_member(body, style, "events", body->data[body->length - 1] == '{');
    sim_buffer_text(body, "[");
    if (page_is_empty(operation->settings, query->place.page))
        page->more = true;
    else
        write_events(operation, query, page);
    sim_buffer_text(body, "]");
    sim_json_member(body, style, "searchedLogStreams", false);
    sim_buffer_text(body, "[]");
}

static void write_answer(struct sim_operation *operation, const struct query *query)
{
    const struct sim_json_style *style = &operation->settings->json;
    struct page page = {.last = query->place.after};
    struct sim_buffer *body = operation->body;
    sim_buffer_text(body, "{");
    if (style->unknown_members) {
        sim_json_member(body, style, "scanStatistics", true);
        sim_buffer_text(body, "{\"events\":[{\"message\":\"no event\"}],\"nextToken\":\"no\"}");
    }
    if (style->reverse_members) {
        /* The token is known only after the page: write that aside, as an object of its own. */
        struct sim_buffer aside = {0};
        sim_buffer_text(&aside, "{");
        struct sim_operation inner = *operation;
        inner.body = &aside;
        write_page(&inner, query, &page);
        write_next_token(operation, query, &page);
        if (body->data[body->length - 1] != '{')
            sim_buffer_text(body, ",");
        sim_buffer_add(body, aside.data + 1, aside.length - 1);
        sim_buffer_clear(&aside);
    } else {
        write_page(operation, query, &page);
        write_next_token(operation, query, &page);
    }
    sim_buffer_text(body, "}");
    operation->call->events = page.events;
    operation->call->more = page.more;
}

bool sim_filter_log_events(struct sim_operation *operation)
{
    struct query query = {0};
    bool good = read_query(operation, &query);
    if (good)
        write_answer(operation, &query);
    sim_filter_pattern_clear(&query.pattern);
    return good;
}
