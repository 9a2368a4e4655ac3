#include "credentials/sts.h"

#include <stdio.h>
#include <string.h>

#include "aws/fault.h"
#include "aws/form.h"
#include "base/calendar.h"
#include "base/memory.h"

enum {
    BODY_CEILING = 256 * 1024,  /* a token of 20,000 characters, percent-encoded, and room */
    HEADER_CEILING = 64 * 1024, /* session tokens have no stated maximum */
    ANSWER_MAX = 64 * 1024,
    REQUEST_TIMEOUT_MS = 10000, /* at most: nothing is read meanwhile */
    REFUSED_WAIT_MS = 30000,    /* somebody has to act first, and every call is in CloudTrail */
    THROTTLED_WAIT_MS = 5000,
    LONGEST_ORIGIN = 1024,
    LEAST_DURATION_S = 900, /* DurationSeconds of AssumeRole */
    MOST_DURATION_S = 43200
};

/* --- the target --- */

static char *copy_optional(const char *text, bool *failed)
{
    if (text == NULL || *text == '\0')
        return NULL;
    char *copy = als_copy_string(text);
    *failed = *failed || copy == NULL;
    return copy;
}

int als_sts_target_init(struct als_sts_target *target, const struct als_sts_role *role,
                        const struct als_sts_config *config, awslogsrc_error **error)
{
    bool failed = false;
    *target = (struct als_sts_target){.duration_s = role->duration_s};
    struct als_endpoint_query query = {.service = ALS_TEXT("sts"),
                                       .region = als_text_of(config->region),
                                       .use_fips = config->use_fips,
                                       .use_dualstack = config->use_dualstack,
                                       .override_url = als_text_of(config->endpoint_url),
                                       .override_name = "sts_endpoint_url"};
    if (role->arn == NULL || *role->arn == '\0')
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING, "the ARN of the role is missing");
    if (config->region == NULL || *config->region == '\0')
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "role %s: the region whose STS is to be asked is missing", role->arn);
    if (role->duration_s != 0 &&
        (role->duration_s < LEAST_DURATION_S || role->duration_s > MOST_DURATION_S))
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "role %s: the duration is not between %d and %d seconds", role->arn,
                             LEAST_DURATION_S, MOST_DURATION_S);
    int status = als_endpoint_resolve(&query, &target->endpoint, error);
    if (status != 0)
        return status;
    target->arn = copy_optional(role->arn, &failed);
    target->session_name = copy_optional(role->session_name, &failed);
    target->external_id = copy_optional(role->external_id, &failed);
    if (!failed)
        return 0;
    als_sts_target_clear(target);
    return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
}

void als_sts_target_clear(struct als_sts_target *target)
{
    als_free(target->arn);
    als_free(target->session_name);
    als_free_secret(target->external_id);
    *target = (struct als_sts_target){0};
}

/* --- the request --- */

static int64_t sts_now_ms(const struct als_sts_call *call)
{
    return als_clock_wall_ms(&call->fetcher->place->loop->clock) + call->ahead_ms;
}

static int write_body(const struct als_sts_call *call, const struct als_sts_question *question,
                      struct als_buffer *body)
{
    const struct als_sts_target *target = call->target;
    char number[24];
    als_buffer_reserve(body, question->token.size * 3 + 8 * 1024); /* no copies of a token */
    als_form_add(body, "Action", als_text_of(question->action));
    als_form_add(body, "Version", ALS_TEXT("2011-06-15"));
    als_form_add(body, "RoleArn", als_text_of(target->arn));
    if (target->session_name != NULL) {
        als_form_add(body, "RoleSessionName", als_text_of(target->session_name));
    } else {
        char name[64];
        (void)snprintf(name, sizeof name, "libawslogsrc-%lld", (long long)sts_now_ms(call) / 1000);
        als_form_add(body, "RoleSessionName", als_text_of(name));
    }
    if (target->external_id != NULL && question->keys != NULL)
        als_form_add(body, "ExternalId", als_text_of(target->external_id));
    if (target->duration_s != 0) {
        (void)snprintf(number, sizeof number, "%lld", (long long)target->duration_s);
        als_form_add(body, "DurationSeconds", als_text_of(number));
    }
    if (question->token.size > 0)
        als_form_add(body, "WebIdentityToken", question->token);
    return body->status;
}

static void add_line(struct als_buffer *line, const char *name, struct als_text value)
{
    als_buffer_init(line, HEADER_CEILING);
    als_buffer_reserve(line, strlen(name) + 2 + value.size);
    als_buffer_append_string(line, name);
    als_buffer_append_string(line, ": ");
    als_buffer_append_text(line, value);
}

static int sign(const struct als_sts_call *call, const struct als_keys *keys,
                struct als_sigv4_request *request, struct als_buffer *authorization)
{
    struct als_sigv4_keys pair = als_keys_sigv4(keys);
    struct als_sigv4_signer signer = {0};
    request->method = ALS_TEXT("POST");
    request->path = als_text_of(call->target->endpoint.path);
    request->region = als_text_of(call->target->endpoint.signing_region);
    request->service = ALS_TEXT("sts");
    int status = als_sigv4_authorization(&signer, &pair, request, authorization);
    als_sigv4_signer_clear(&signer);
    return status;
}

static void done(void *user_data, struct als_http_response *response);

static int transmit(struct als_sts_call *call, const struct als_keys *keys, struct als_text body)
{
    const struct als_sts_target *target = call->target;
    const struct als_fetcher_place *place = call->fetcher->place;
    const char *token = keys == NULL ? NULL : keys->session_token;
    struct als_buffer authorization, lines[5];
    char date[ALS_AMZ_DATE_SIZE];
    int64_t time_ms = sts_now_ms(call);
    als_calendar_amz_date(time_ms, date);
    struct als_sigv4_header headers[] = {
        {ALS_TEXT("Content-Type"), ALS_TEXT("application/x-www-form-urlencoded; charset=utf-8")},
        {ALS_TEXT("Host"), als_text_of(target->endpoint.host)},
        {ALS_TEXT("X-Amz-Date"), als_text_of(date)},
        {ALS_TEXT("X-Amz-Security-Token"), als_text_of(token)},
    };
    struct als_sigv4_request signing = {.headers = headers,
                                        .header_count = token == NULL ? 3 : 4,
                                        .body = body,
                                        .time_ms = time_ms};
    als_buffer_init(&authorization, HEADER_CEILING);
    int status = keys == NULL ? 0 : sign(call, keys, &signing, &authorization);

    const char *pointers[6] = {NULL};
    size_t count = 0;
    for (; count < signing.header_count; count++)
        add_line(&lines[count], headers[count].name.data, headers[count].value);
    if (keys != NULL)
        add_line(&lines[count++], "Authorization", als_buffer_text(&authorization));
    for (size_t i = 0; i < count; i++) {
        pointers[i] = als_buffer_string(&lines[i]);
        status = status != 0 ? status : lines[i].status;
    }
    call->settings = *place->http;
    if (call->settings.request_timeout_ms > REQUEST_TIMEOUT_MS)
        call->settings.request_timeout_ms = REQUEST_TIMEOUT_MS;
    struct als_http_request request = {.url = target->endpoint.url,
                                       .headers = pointers,
                                       .body = body,
                                       .response_limit = ANSWER_MAX,
                                       .settings = &call->settings};
    if (status == 0)
        status = place->loop->http.send(place->loop->http.self, &request, done, call, &call->http);
    for (size_t i = 0; i < count; i++)
        als_buffer_wipe(&lines[i]);
    als_buffer_wipe(&authorization);
    return status;
}

/* "STS (sts.eu-west-1.amazonaws.com), role arn:..." */
static void write_origin(const struct als_sts_call *call, char out[LONGEST_ORIGIN])
{
    (void)snprintf(out, LONGEST_ORIGIN, "STS (%s), role %s", call->target->endpoint.host,
                   call->target->arn);
}

void als_sts_ask(struct als_sts_call *call, const struct als_sts_question *question)
{
    char origin[LONGEST_ORIGIN];
    awslogsrc_error *error = NULL;
    struct als_buffer body;
    als_buffer_init(&body, BODY_CEILING);
    int status = write_body(call, question, &body);
    if (status == 0)
        status = transmit(call, question->keys, als_buffer_text(&body));
    als_buffer_wipe(&body);
    if (status == 0)
        return;
    write_origin(call, origin);
    als_error_set(&error, status, "%s: %s", origin, als_error_text(status));
    als_fetcher_fail(call->fetcher, error, 0);
}

void als_sts_cancel(struct als_sts_call *call)
{
    if (call->http != NULL)
        call->fetcher->place->loop->http.cancel(call->fetcher->place->loop->http.self, call->http);
    call->http = NULL;
}

/* --- the answer --- */

static int refuse(const struct als_http_response *response, const char *origin,
                  awslogsrc_error **error)
{
    struct als_fault fault;
    struct als_buffer message;
    if (response->status >= 300 && response->status < 400)
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL,
                             "%s: HTTP %d, a redirect, which is not followed", origin,
                             response->status);
    if (als_http_is_of_proxy(response, "x-amzn-RequestId"))
        return als_error_set(error, AWSLOGSRC_E_PROXY,
                             "%s: HTTP %d from proxy %s, which the service did not send", origin,
                             response->status, response->proxy);
    als_fault_read(&fault, response->status, als_http_header(response, "x-amzn-ErrorType"),
                   als_buffer_text(response->body));
    als_buffer_init(&message, 4 * 1024);
    als_buffer_format(&message, "%s: %s%sHTTP %d: %s", origin, fault.aws_code,
                      *fault.aws_code == '\0' ? "" : ", ", response->status, fault.message);
    struct als_error_origin from = {.aws_code = fault.aws_code, .http_status = response->status};
    als_error_set_origin(error, fault.code, &from, als_buffer_string(&message));
    als_buffer_clear(&message);
    return fault.code;
}

static void fail(struct als_sts_call *call, int code, awslogsrc_error *error)
{
    int64_t wait_ms = 0;
    struct als_random *random = &call->fetcher->place->loop->random;
    if (als_error_row(code)->retryable == 0)
        wait_ms = REFUSED_WAIT_MS + als_random_below(random, REFUSED_WAIT_MS);
    else if (code == AWSLOGSRC_E_THROTTLED)
        wait_ms = THROTTLED_WAIT_MS;
    if (call->refused != NULL)
        call->refused(call->fetcher, code);
    als_fetcher_fail(call->fetcher, error, wait_ms);
}

static void learn_time(struct als_sts_call *call, int64_t date_ms)
{
    if (date_ms != 0)
        call->ahead_ms = date_ms - als_clock_wall_ms(&call->fetcher->place->loop->clock);
}

static void done(void *user_data, struct als_http_response *response)
{
    struct als_sts_call *call = user_data;
    struct als_key_document document = {0};
    awslogsrc_error *error = NULL;
    char origin[LONGEST_ORIGIN];
    int64_t date_ms = als_http_date_ms(response);
    call->http = NULL;
    write_origin(call, origin);
    int status = response->code;
    if (status != 0) {
        als_error_set(&error, status, "%s: %s: %s", origin, als_error_text(status),
                      response->message);
    } else {
        learn_time(call, date_ms);
        status = response->status != 200
                     ? refuse(response, origin, &error)
                     : als_key_document_read_xml(als_buffer_text(response->body), origin, &document,
                                                 &error);
    }
    if (status != 0) {
        fail(call, status, error);
        return;
    }
    struct als_fetcher_find find = {.origin = origin, .document = &document, .server_ms = date_ms};
    als_fetcher_deliver(call->fetcher, &find);
    als_key_document_clear(&document);
}
