#include "credentials/metadata.h"

#include "aws/fault.h"

static void done(void *user_data, struct als_http_response *response)
{
    struct als_metadata_call *call = user_data;
    call->http = NULL;
    call->done(call->user_data, response);
}

int als_metadata_send(struct als_metadata_call *call, const struct als_fetcher_place *place,
                      const struct als_http_request *request, als_http_done *callback,
                      void *user_data)
{
    struct als_http_request own = *request;
    call->loop = place->loop;
    call->done = callback;
    call->user_data = user_data;
    call->settings = *place->http;
    call->settings.connect_timeout_ms = ALS_METADATA_CONNECT_TIMEOUT_MS;
    call->settings.request_timeout_ms = ALS_METADATA_REQUEST_TIMEOUT_MS;
    own.settings = &call->settings;
    own.direct = true;
    own.response_limit = ALS_METADATA_ANSWER_MAX;
    return place->loop->http.send(place->loop->http.self, &own, done, call, &call->http);
}

void als_metadata_cancel(struct als_metadata_call *call)
{
    if (call->http != NULL)
        call->loop->http.cancel(call->loop->http.self, call->http);
    call->http = NULL;
}

int als_metadata_check(const struct als_http_response *response, const char *origin,
                       awslogsrc_error **error)
{
    struct als_fault fault;
    if (response->code != 0)
        return als_error_set(error, response->code, "%s: %s: %s", origin,
                             als_error_text(response->code), response->message);
    if (response->status == 200)
        return 0;
    if (response->status >= 300 && response->status < 400)
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL,
                             "%s: HTTP %d, a redirect, which is not followed", origin,
                             response->status);
    als_fault_read(&fault, response->status, ALS_TEXT(""), als_buffer_text(response->body));
    bool refused = response->status == 401 || response->status == 403 || response->status == 404;
    int code = refused ? AWSLOGSRC_E_NO_CREDENTIALS : fault.code;
    /* Without a code the body is a page for people, or nothing. */
    if (fault.aws_code[0] == '\0')
        return als_error_set(error, code, "%s: HTTP %d", origin, response->status);
    return als_error_set(error, code, "%s: HTTP %d: %s: %s", origin, response->status,
                         fault.aws_code, fault.message);
}
