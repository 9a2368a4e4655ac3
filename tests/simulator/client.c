#include "client.h"

#include "sigv4.h"

#include <stdio.h>
#include <string.h>

/* One signed POST; target NULL: without one. */
struct post {
    const char *service;
    const char *content_type;
    const char *target;
    const char *body;
};

static struct sim_authorization make_scope(const struct sim_client *client, const struct post *post,
                                           const char *date)
{
    struct sim_authorization scope = {0};
    snprintf(scope.amz_date, sizeof scope.amz_date, "%.16s", date);
    snprintf(scope.date, sizeof scope.date, "%.8s", date);
    snprintf(scope.region, sizeof scope.region, "%s", client->region);
    snprintf(scope.service, sizeof scope.service, "%s",
             client->signed_for ? client->signed_for : post->service);
    snprintf(scope.signed_headers, sizeof scope.signed_headers, "%s%s%s",
             "content-type;host;x-amz-date", client->session_token ? ";x-amz-security-token" : "",
             post->target ? ";x-amz-target" : "");
    return scope;
}

static void send_signed(const struct sim_client *client, const struct post *post,
                        struct sim_response *out)
{
    char date[SIM_CALENDAR_SIZE];
    char host[128];
    char header[2048];
    char signature[65];
    sim_calendar_basic(client->now_ms + client->skew_ms, date);
    snprintf(host, sizeof host, "%s.simulated.amazonaws.com", post->service);
    struct sim_header headers[6] = {
        {"Content-Type", post->content_type},
        {"Host", host},
        {"X-Amz-Date", date},
        {"Authorization", header},
    };
    size_t count = 4;
    if (post->target)
        headers[count++] = (struct sim_header){"X-Amz-Target", post->target};
    if (client->session_token)
        headers[count++] = (struct sim_header){"X-Amz-Security-Token", client->session_token};
    struct sim_request request = {
        .method = "POST",
        .path = "/",
        .headers = headers,
        .header_count = count,
        .body = post->body,
        .body_length = strlen(post->body),
    };
    struct sim_authorization scope = make_scope(client, post, date);
    sim_sigv4_signature(&request, &scope, client->secret_key, signature);
    snprintf(header, sizeof header,
             "AWS4-HMAC-SHA256 Credential=%s/%s/%s/%s/aws4_request, SignedHeaders=%s, Signature=%s",
             client->access_key, scope.date, client->region, scope.service, scope.signed_headers,
             signature);
    sim_service_request(client->service, &request, client->now_ms, out);
}

void sim_client_call(const struct sim_client *client, const char *operation, const char *body,
                     struct sim_response *out)
{
    char target[128];
    snprintf(target, sizeof target, "Logs_20140328.%s", operation);
    send_signed(client, &(struct post){"logs", "application/x-amz-json-1.1", target, body}, out);
}

void sim_client_sts(const struct sim_client *client, const char *form, struct sim_response *out)
{
    send_signed(
        client,
        &(struct post){"sts", "application/x-www-form-urlencoded; charset=utf-8", NULL, form}, out);
}

void sim_client_get(const struct sim_client *client, const char *path,
                    const struct sim_header *header, struct sim_response *out)
{
    struct sim_request request = {
        .method = "GET",
        .path = path,
        .host = "169.254.169.254",
        .headers = header,
        .header_count = header ? 1 : 0,
    };
    sim_service_request(client->service, &request, client->now_ms, out);
}
