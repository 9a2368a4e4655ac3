#include "source/acquisition.h"

#include <stdio.h>
#include <string.h>

#include "aws/override_url.h"
#include "base/memory.h"
#include "net/trust.h"

enum { RESPONSE_LIMIT = 1 /* nothing is asked for */ };

#define SCHEME "https://"

/* "HOST[:PORT]", or the URL of one. */
static int parse_host(awslogsrc_trust *trust, const char *host, awslogsrc_error **error)
{
    struct als_buffer url;
    struct als_endpoint *endpoint = &trust->endpoint;
    awslogsrc_error *why = NULL;
    bool whole = als_text_starts_with(als_text_of(host), ALS_TEXT(SCHEME));
    als_buffer_init(&url, ALS_ENDPOINT_URL_SIZE);
    als_buffer_format(&url, "%s%s", whole ? "" : SCHEME, host);
    int status = url.status != 0
                     ? als_error_set(&why, url.status, "host: is too long")
                     : als_override_url_parse(als_buffer_text(&url), "host", endpoint, &why);
    als_buffer_clear(&url);
    if (status != 0) {
        bool bad = status != AWSLOGSRC_E_NO_MEMORY; /* it is no option, but an argument */
        status =
            als_error_set(error, bad ? AWSLOGSRC_E_INVALID : status, "%s", als_error_message(why));
        als_error_free(why);
        return status;
    }
    const char *end = strrchr(endpoint->host, ']');
    bool has_port = strchr(end == NULL ? endpoint->host : end, ':') != NULL;
    (void)snprintf(endpoint->url, sizeof endpoint->url, SCHEME "%s/", endpoint->host);
    (void)snprintf(trust->place, sizeof trust->place, "%s%s", endpoint->host,
                   has_port ? "" : ":443");
    return 0;
}

int als_acquisition_new(awslogsrc_context *context, const awslogsrc_options *options,
                        const char *host, awslogsrc_trust **out, awslogsrc_error **error)
{
    static const awslogsrc_options none;
    awslogsrc_trust *trust = als_new(sizeof *trust);
    if (trust == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    trust->references = 1;
    trust->context = context;
    als_context_ref(context);
    int status = parse_host(trust, host, error);
    if (status == 0)
        status = als_options_read(options == NULL ? &none : options, NULL, &trust->settings, error);
    if (status == 0)
        status = als_connection_init(&trust->connection, &trust->settings, NULL, error);
    if (status == 0)
        *out = trust;
    else
        als_acquisition_free(trust);
    return status;
}

static void unref(awslogsrc_trust *trust)
{
    if (--trust->references > 0)
        return;
    if (trust->user_data_free != NULL)
        trust->user_data_free(trust->user_data);
    als_connection_clear(&trust->connection);
    als_settings_clear(&trust->settings);
    als_certificates_clear(&trust->certificates);
    als_free(trust->problem);
    als_context_unref(trust->context);
    als_free(trust);
}

static void end(awslogsrc_trust *trust)
{
    trust->state = ALS_ACQUISITION_OVER;
    trust->call = NULL;
    trust->context->fetches--;
}

void als_acquisition_free(awslogsrc_trust *trust)
{
    struct als_http *http = &trust->context->loop->http;
    if (trust->call != NULL) {
        http->cancel(http->self, trust->call);
        end(trust);
    }
    unref(trust);
}

static void fetched(void *user_data, struct als_http_response *response)
{
    awslogsrc_trust *trust = user_data;
    awslogsrc_error *error = NULL;
    end(trust);
    int code = response->code;
    if (code == 0 && response->certificates == NULL)
        code = AWSLOGSRC_E_INTERNAL;
    if (code != 0) {
        als_error_set(&error, code, "%s: %s", als_error_text(code), response->message);
    } else {
        trust->certificates = *response->certificates;
        *response->certificates = (struct als_certificates){0};
        trust->problem = als_copy_string(response->message);
        trust->acquirable = response->acquirable;
    }
    trust->references++;
    trust->fn(trust->user_data, trust, error);
    als_error_free(error);
    unref(trust);
}

int als_acquisition_fetch(awslogsrc_trust *trust, awslogsrc_trust_fn fn, void *user_data,
                          awslogsrc_user_data_free user_data_free, awslogsrc_error **error)
{
    struct als_http *http = &trust->context->loop->http;
    const struct als_http_request request = {.inspect = true,
                                             .url = trust->endpoint.url,
                                             .response_limit = RESPONSE_LIMIT,
                                             .settings = &trust->connection.http};
    int status = AWSLOGSRC_E_STATE;
    if (trust->state == ALS_ACQUISITION_NEW)
        status = http->send(http->self, &request, fetched, trust, &trust->call);
    if (status != 0) {
        if (user_data_free != NULL)
            user_data_free(user_data);
        return als_error_set(error, status, "%s: %s", trust->place, als_error_text(status));
    }
    trust->state = ALS_ACQUISITION_FETCHING;
    trust->context->fetches++;
    trust->fn = fn;
    trust->user_data = user_data;
    trust->user_data_free = user_data_free;
    return 0;
}

const struct als_certificate *als_acquisition_certificate(const awslogsrc_trust *trust, int index)
{
    if (index < 0 || (size_t)index >= trust->certificates.count)
        return NULL;
    return &trust->certificates.items[index];
}

int als_acquisition_store(const awslogsrc_trust *trust, const char *path, awslogsrc_error **error)
{
    path = path == NULL ? trust->settings.trust_store : path;
    if (path[0] == '\0')
        return als_error_set(error, AWSLOGSRC_E_INVALID, "trust_store: missing");
    if (trust->certificates.count == 0)
        return als_error_set(error, AWSLOGSRC_E_STATE, "%s: no certificates were fetched",
                             trust->place);
    if (!trust->acquirable)
        return als_error_set(error, AWSLOGSRC_E_TLS, "%s: is not stored: %s", trust->place,
                             trust->problem == NULL ? "" : trust->problem);
    const struct als_trust_entry entry = {.path = path,
                                          .host = trust->place,
                                          .certificates = &trust->certificates,
                                          .now_ms =
                                              als_clock_wall_ms(&trust->context->loop->clock)};
    return als_trust_put(&entry, error);
}
