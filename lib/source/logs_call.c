#include "source/logs_call.h"

#include <string.h>

#include "aws/fault.h"
#include "aws/page.h"
#include "aws/signed_request.h"

enum { MESSAGE_CEILING = 4 * 1024 };

static void done(void *user_data, struct als_http_response *response);

static int transmit(struct als_logs_call *call)
{
    struct als_logs_client *client = call->client;
    struct als_http *http = &client->loop->http;
    struct als_sigv4_keys keys = als_keys_sigv4(call->keys);
    struct als_signed_request signed_request;
    const struct als_signed_request_config config = {.endpoint = &client->endpoint,
                                                     .service = "logs",
                                                     .content_type = "application/x-amz-json-1.1",
                                                     .target = call->target,
                                                     .body = als_buffer_text(&call->body),
                                                     .time_ms = als_logs_client_server_ms(client)};
    int status = als_signed_request_init(&signed_request, &config, &client->signer, &keys);
    if (status == 0) {
        struct als_http_request request = {
            .fresh = call->fresh,
            .url = client->endpoint.url,
            .headers = signed_request.headers,
            .body = config.body,
            .response_limit = ALS_PAGE_SIZE_MAX,
            .settings = call->settings != NULL ? call->settings : client->http_settings};
        status = http->send(http->self, &request, done, call, &call->http);
        client->traffic.calls += status == 0;
    }
    als_signed_request_clear(&signed_request);
    return status;
}

/* --- waiting for keys --- */

static void wait_for_keys(struct als_logs_call *call)
{
    struct als_logs_client *client = call->client;
    call->state = ALS_LOGS_CALL_WAITS;
    call->next = NULL;
    call->previous = client->last_waiting;
    if (call->previous != NULL)
        call->previous->next = call;
    else
        client->first_waiting = call;
    client->last_waiting = call;
}

static void stop_waiting(struct als_logs_call *call)
{
    struct als_logs_client *client = call->client;
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        client->first_waiting = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
    else
        client->last_waiting = call->previous;
    if (client->first_waiting == NULL)
        als_cached_forget(client->credentials, &client->waiter);
}

static int sign_and_send(struct als_logs_call *call, struct als_keys *keys)
{
    als_keys_unref(call->keys);
    call->keys = keys;
    call->state = ALS_LOGS_CALL_SENT;
    return transmit(call);
}

static void drop(struct als_logs_call *call)
{
    call->state = ALS_LOGS_CALL_IDLE;
    als_buffer_clear(&call->body);
    als_keys_unref(call->keys);
    call->keys = NULL;
}

static void finish(struct als_logs_call *call, const struct als_logs_answer *answer)
{
    drop(call);
    call->done(call->user_data, answer);
}

static void tell_unsent(void *user_data)
{
    struct als_logs_call *call = user_data;
    struct als_logs_answer answer = {.code = call->unsent_code};
    awslogsrc_error *error = NULL;
    als_error_set(&error, answer.code, "%s: %s: the request could not be sent",
                  call->client->region, als_error_text(answer.code));
    answer.error = error;
    finish(call, &answer);
    als_error_free(error);
}

static void answer_with_keys(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                             int64_t retry_at_ms)
{
    struct als_logs_client *client = user_data;
    if (keys == NULL) {
        client->waits(client->user_data, error, retry_at_ms);
        return;
    }
    struct als_logs_call *call = NULL;
    while ((call = client->first_waiting) != NULL) {
        stop_waiting(call);
        call->unsent_code = sign_and_send(call, als_keys_ref(keys));
        if (call->unsent_code != 0) {
            call->state = ALS_LOGS_CALL_UNSENT;
            als_loop_arm(client->loop, &call->unsent, als_loop_now_ms(client->loop));
        }
    }
    als_keys_unref(keys);
}

/* Sends the call, now or once there are keys. */
static int send_with_keys(struct als_logs_call *call)
{
    struct als_logs_client *client = call->client;
    struct als_keys *keys = NULL;
    if (client->first_waiting == NULL) {
        client->waiter.answer = answer_with_keys;
        client->waiter.user_data = client;
        client->waiter.http = client->http_settings;
        keys = als_cached_ask(client->credentials, &client->waiter);
    }
    if (keys != NULL)
        return sign_and_send(call, keys);
    wait_for_keys(call);
    return 0;
}

int als_logs_call_send(struct als_logs_call *call, struct als_logs_client *client,
                       struct als_text target, struct als_text body, als_logs_done *callback,
                       void *user_data)
{
    call->client = client;
    call->target = target;
    call->done = callback;
    call->user_data = user_data;
    call->unsent.fn = tell_unsent;
    call->unsent.user_data = call;
    als_buffer_init(&call->body, body.size);
    int status = als_buffer_append_text(&call->body, body);
    if (status == 0)
        status = send_with_keys(call);
    if (status != 0)
        drop(call);
    return status;
}

bool als_logs_call_is_idle(const struct als_logs_call *call)
{
    return call->state == ALS_LOGS_CALL_IDLE;
}

void als_logs_call_cancel(struct als_logs_call *call)
{
    if (call->state == ALS_LOGS_CALL_WAITS)
        stop_waiting(call);
    else if (call->state == ALS_LOGS_CALL_SENT)
        call->client->loop->http.cancel(call->client->loop->http.self, call->http);
    else if (call->state == ALS_LOGS_CALL_UNSENT)
        als_loop_disarm(call->client->loop, &call->unsent);
    drop(call);
}

/* --- answers --- */

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

/* Whether the call was only asked with keys that have expired, and there are others to ask with. */
static bool ask_again(struct als_logs_call *call, int code)
{
    if (code == AWSLOGSRC_E_CREDENTIALS_REJECTED)
        als_cached_doubt(call->client->credentials, call->keys);
    return code == AWSLOGSRC_E_CREDENTIALS_EXPIRED &&
           als_cached_expired(call->client->credentials, call->keys) && send_with_keys(call) == 0;
}

static void done(void *user_data, struct als_http_response *response)
{
    struct als_logs_call *call = user_data;
    struct als_logs_traffic *traffic = &call->client->traffic;
    struct als_logs_answer answer = {.code = response->code, .timing = response->timing};
    awslogsrc_error *error = NULL;
    als_histogram_add(&traffic->duration, response->received_ms - response->sent_ms);
    if (response->code != 0) {
        als_error_set(&error, response->code, "%s: %s: %s", call->client->region,
                      als_error_text(response->code), response->message);
    } else if (als_http_is_of_proxy(response, "x-amzn-RequestId")) {
        answer.code = als_error_set(&error, AWSLOGSRC_E_PROXY,
                                    "%s: HTTP %d from proxy %s, which the service did not send",
                                    call->client->region, response->status, response->proxy);
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
    if (!ask_again(call, answer.code))
        finish(call, &answer);
    als_error_free(error);
}
