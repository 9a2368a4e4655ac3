#include "credentials/sts.h"

#include "aws/fault.h"
#include "aws/form.h"
#include "aws/signed_request.h"

enum {
    ANSWER_MAX = 64 * 1024,
    MESSAGE_CEILING = 4 * 1024,
    REQUEST_TIMEOUT_MS = 10000 /* at most: nothing is read meanwhile */
};

int als_sts_find(const struct als_sts_config *config, struct als_endpoint *out,
                 awslogsrc_error **error)
{
    struct als_endpoint_query query = {.service = ALS_TEXT("sts"),
                                       .region = als_text_of(config->region),
                                       .use_fips = config->use_fips,
                                       .use_dualstack = config->use_dualstack,
                                       .override_url = als_text_of(config->endpoint_url),
                                       .override_name = "sts_endpoint_url"};
    return als_endpoint_resolve(&query, out, error);
}

/* --- questions --- */

void als_sts_begin_question(struct als_buffer *question, const char *action)
{
    als_form_add(question, "Action", als_text_of(action));
    als_form_add(question, "Version", ALS_TEXT("2011-06-15"));
}

int64_t als_sts_now_ms(const struct als_sts_call *call)
{
    return als_clock_wall_ms(&call->loop->clock) + *call->ahead_ms;
}

static void done(void *user_data, struct als_http_response *response);

static int transmit(struct als_sts_call *call, struct als_text question, const char *const *headers)
{
    struct als_http *http = &call->loop->http;
    call->settings = *call->http_settings;
    if (call->settings.request_timeout_ms > REQUEST_TIMEOUT_MS)
        call->settings.request_timeout_ms = REQUEST_TIMEOUT_MS;
    const struct als_http_request request = {.url = call->endpoint->url,
                                             .headers = headers,
                                             .body = question,
                                             .response_limit = ANSWER_MAX,
                                             .settings = &call->settings};
    return http->send(http->self, &request, done, call, &call->http);
}

int als_sts_send(struct als_sts_call *call, struct als_text question, const struct als_keys *keys)
{
    struct als_signed_request signed_request;
    struct als_sigv4_signer signer = {0};
    struct als_sigv4_keys pair = {0};
    const struct als_signed_request_config config = {
        .endpoint = call->endpoint,
        .service = "sts",
        .content_type = "application/x-www-form-urlencoded; charset=utf-8",
        .body = question,
        .time_ms = als_sts_now_ms(call)};
    if (keys != NULL)
        pair = als_keys_sigv4(keys);
    int status =
        als_signed_request_init(&signed_request, &config, &signer, keys == NULL ? NULL : &pair);
    if (status == 0)
        status = transmit(call, question, signed_request.headers);
    als_signed_request_clear(&signed_request);
    als_sigv4_signer_clear(&signer);
    return status;
}

void als_sts_cancel(struct als_sts_call *call)
{
    if (call->http != NULL)
        call->loop->http.cancel(call->loop->http.self, call->http);
    call->http = NULL;
}

/* --- answers --- */

static int refuse(const struct als_http_response *response, awslogsrc_error **error)
{
    struct als_fault fault;
    struct als_buffer message;
    if (response->status >= 300 && response->status < 400)
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL,
                             "HTTP %d, a redirect, which is not followed", response->status);
    if (als_http_is_of_proxy(response, "x-amzn-RequestId"))
        return als_error_set(error, AWSLOGSRC_E_PROXY,
                             "HTTP %d from proxy %s, which the service did not send",
                             response->status, response->proxy);
    als_fault_read(&fault, response->status, als_http_header(response, "x-amzn-ErrorType"),
                   als_buffer_text(response->body));
    als_buffer_init(&message, MESSAGE_CEILING);
    als_buffer_format(&message, "%s%sHTTP %d: %s", fault.aws_code,
                      *fault.aws_code == '\0' ? "" : ", ", response->status, fault.message);
    struct als_error_origin from = {.aws_code = fault.aws_code, .http_status = response->status};
    als_error_set_origin(error, fault.code, &from, als_buffer_string(&message));
    als_buffer_clear(&message);
    return fault.code;
}

static void done(void *user_data, struct als_http_response *response)
{
    struct als_sts_call *call = user_data;
    struct als_sts_answer answer = {.code = response->code,
                                    .server_ms = als_http_date_ms(response),
                                    .duration_ms = response->received_ms - response->sent_ms};
    call->http = NULL;
    if (answer.code != 0) {
        als_error_set(&answer.error, answer.code, "%s: %s", als_error_text(answer.code),
                      response->message);
    } else {
        if (answer.server_ms != 0)
            *call->ahead_ms = answer.server_ms - als_clock_wall_ms(&call->loop->clock);
        if (response->status != 200)
            answer.code = refuse(response, &answer.error);
        else
            answer.body = als_buffer_text(response->body);
    }
    call->done(call->user_data, &answer);
}
