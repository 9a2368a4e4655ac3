#include "testing.h"

#include "tls_request.h"

#include "awslogsrc/awslogsrc.h"
#include "source/context.h"

static void request_done(void *user_data, struct als_http_response *response)
{
    struct tls_request *request = user_data;
    request->code = response->code;
    (void)snprintf(request->message, sizeof request->message, "%s", response->message);
    request->done = true;
}

struct als_http_call *tls_request_begin(struct tls_request *request,
                                        const struct als_http_settings *settings, bool direct)
{
    struct als_http_call *call = NULL;
    struct als_loop *loop = request->context->loop;
    const struct als_http_request what = {
        .direct = direct, .url = url, .response_limit = 100000, .settings = settings};
    request->done = false;
    assert_int_equal(loop->http.send(loop->http.self, &what, request_done, request, &call), 0);
    return call;
}

void tls_request_await(struct tls_request *request)
{
    while (!request->done)
        assert_true(awslogsrc_context_poll(request->context, 1000) >= 0);
}

void tls_request_send(struct tls_request *request, const struct als_http_settings *settings,
                      bool direct)
{
    (void)tls_request_begin(request, settings, direct);
    tls_request_await(request);
}

struct als_http_settings tls_request_settings(const char *trust_store)
{
    return (struct als_http_settings){.ca_file = ca_file,
                                      .trust_store = trust_store,
                                      .acquire = trust_store != NULL,
                                      .user_agent = "test",
                                      .tls_minimum = 12,
                                      .connect_timeout_ms = 10000,
                                      .request_timeout_ms = 10000};
}
