#include "source/logs_call.h"

#include <string.h>

#include "aws/fault.h"
#include "aws/page.h"
#include "base/calendar.h"

enum {
    HEADER_CEILING = 64 * 1024, /* session tokens have no stated maximum */
    MESSAGE_CEILING = 4 * 1024
};

static void add_line(struct als_buffer *line, const char *name, struct als_text value)
{
    als_buffer_init(line, HEADER_CEILING);
    /* In one piece: growing would leave copies of secrets behind. */
    als_buffer_reserve(line, strlen(name) + 2 + value.size);
    als_buffer_append_string(line, name);
    als_buffer_append_string(line, ": ");
    als_buffer_append_text(line, value);
}

static int sign(struct als_logs_client *client, int64_t time_ms,
                const struct als_sigv4_header *headers, size_t header_count, struct als_text body,
                struct als_buffer *authorization)
{
    const struct als_endpoint *endpoint = &client->endpoint;
    struct als_sigv4_keys keys = als_provider_keys(client->credentials);
    struct als_sigv4_request request = {
        .method = ALS_TEXT("POST"),
        .path = als_text_of(endpoint->path),
        .headers = headers,
        .header_count = header_count,
        .body = body,
        .region = als_text_of(endpoint->signing_region),
        .service = ALS_TEXT("logs"),
        .time_ms = time_ms,
    };
    return als_sigv4_authorization(&client->signer, &keys, &request, authorization);
}

static void done(void *user_data, struct als_http_response *response);

int als_logs_call_send(struct als_logs_call *call, struct als_logs_client *client,
                       struct als_text target, struct als_text body, als_logs_done *callback,
                       void *user_data)
{
    struct als_buffer authorization, lines[6];
    char date[ALS_AMZ_DATE_SIZE];
    const char *token = als_provider_keys(client->credentials).session_token;
    int64_t time_ms = als_logs_client_server_ms(client);
    als_calendar_amz_date(time_ms, date);
    struct als_sigv4_header headers[] = {
        {ALS_TEXT("Content-Type"), ALS_TEXT("application/x-amz-json-1.1")},
        {ALS_TEXT("Host"), als_text_of(client->endpoint.host)},
        {ALS_TEXT("X-Amz-Date"), als_text_of(date)},
        {ALS_TEXT("X-Amz-Target"), target},
        {ALS_TEXT("X-Amz-Security-Token"), als_text_of(token)},
    };
    size_t header_count = token == NULL ? 4 : 5;
    als_buffer_init(&authorization, HEADER_CEILING);
    int status = sign(client, time_ms, headers, header_count, body, &authorization);

    const char *pointers[7] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < header_count; i++, count++)
        add_line(&lines[count], headers[i].name.data, headers[i].value);
    add_line(&lines[count++], "Authorization", als_buffer_text(&authorization));
    for (size_t i = 0; i < count; i++) {
        pointers[i] = als_buffer_string(&lines[i]);
        status = status != 0 ? status : lines[i].status;
    }
    if (status == 0) {
        call->client = client;
        call->done = callback;
        call->user_data = user_data;
        struct als_http_request request = {.url = client->endpoint.url,
                                           .headers = pointers,
                                           .body = body,
                                           .response_limit = ALS_PAGE_SIZE_MAX,
                                           .settings = client->http_settings};
        status =
            client->loop->http.send(client->loop->http.self, &request, done, call, &call->http);
        client->traffic.calls += status == 0;
    }
    for (size_t i = 0; i < count; i++)
        als_buffer_wipe(&lines[i]);
    als_buffer_wipe(&authorization);
    return status;
}

void als_logs_call_cancel(struct als_logs_call *call)
{
    if (call->http == NULL)
        return;
    call->client->loop->http.cancel(call->client->loop->http.self, call->http);
    call->http = NULL;
}

static int refused(const struct als_logs_call *call, const struct als_http_response *response,
                   awslogsrc_error **error)
{
    struct als_fault fault;
    struct als_text request_id = als_http_header(response, "x-amzn-RequestId");
    struct als_buffer message, id;
    als_fault_read(&fault, response->status, als_http_header(response, "x-amzn-ErrorType"),
                   als_buffer_text(response->body));
    als_buffer_init(&message, MESSAGE_CEILING);
    als_buffer_init(&id, MESSAGE_CEILING);
    als_buffer_append_text(&id, request_id);
    als_buffer_format(&message, "%s: %s (HTTP %d", call->client->region, fault.aws_code,
                      response->status);
    if (id.size > 0)
        als_buffer_format(&message, ", request id %s", als_buffer_string(&id));
    als_buffer_format(&message, "): %s", fault.message);
    const char *hint = als_fault_hint(fault.code);
    size_t size = strlen(fault.message);
    bool ended = size > 0 && fault.message[size - 1] == '.';
    if (*hint != '\0')
        als_buffer_format(&message, "%s %s", ended ? "" : ".", hint);
    struct als_error_origin origin = {fault.aws_code, als_buffer_string(&id), response->status};
    als_error_set_origin(error, fault.code, &origin, als_buffer_string(&message));
    als_buffer_clear(&message);
    als_buffer_clear(&id);
    return fault.code;
}

/* What the server said of its clock; refusals without a request id come from something in between.
 */
static int64_t learn_time(struct als_logs_call *call, const struct als_http_response *response)
{
    int64_t date_ms = als_http_date_ms(response);
    bool from_service =
        response->status == 200 || als_http_header(response, "x-amzn-RequestId").size > 0;
    if (date_ms == 0 || !from_service)
        return 0;
    als_logs_client_learn_time(call->client, date_ms, response->sent_ms, response->received_ms);
    /* Never later than the time that is believed in. */
    int64_t believed_ms = response->sent_ms + call->client->server_ahead_ms;
    int64_t began_ms = date_ms - (response->received_ms - response->sent_ms);
    return began_ms < believed_ms ? began_ms : believed_ms;
}

static void done(void *user_data, struct als_http_response *response)
{
    struct als_logs_call *call = user_data;
    struct als_logs_traffic *traffic = &call->client->traffic;
    struct als_logs_answer answer = {.code = response->code};
    awslogsrc_error *error = NULL;
    call->http = NULL;
    als_histogram_add(&traffic->duration, response->received_ms - response->sent_ms);
    if (response->code != 0) {
        als_error_set(&error, response->code, "%s: %s: %s", call->client->region,
                      als_error_text(response->code), response->message);
    } else {
        traffic->bytes += response->body->size;
        answer.began_ms = learn_time(call, response);
        als_text_to_int64(als_http_header(response, "x-amz-retry-after"), &answer.retry_after_ms);
        if (response->status != 200)
            answer.code = refused(call, response, &error);
        else
            answer.body = response->body;
    }
    answer.error = error;
    call->done(call->user_data, &answer);
    als_error_free(error);
}
