#include "client.h"

#include "sigv4.h"

#include <stdio.h>
#include <string.h>

void sim_client_call(const struct sim_client *client, const char *operation, const char *body,
                     struct sim_response *out)
{
    char target[128];
    char date[SIM_CALENDAR_SIZE];
    char header[2048];
    struct sim_authorization authorization = {0};
    snprintf(target, sizeof target, "Logs_20140328.%s", operation);
    sim_calendar_basic(client->now_ms + client->skew_ms, date);
    struct sim_header headers[] = {
        {"Content-Type", "application/x-amz-json-1.1"},
        {"Host", "logs.simulated.amazonaws.com"},
        {"X-Amz-Date", date},
        {"X-Amz-Target", target},
        {"Authorization", header},
        {"X-Amz-Security-Token", client->session_token},
    };
    struct sim_request request = {
        .method = "POST",
        .path = "/",
        .headers = headers,
        .header_count = client->session_token ? 6 : 5,
        .body = body,
        .body_length = strlen(body),
    };
    snprintf(authorization.amz_date, sizeof authorization.amz_date, "%.16s", date);
    snprintf(authorization.date, sizeof authorization.date, "%.8s", date);
    snprintf(authorization.region, sizeof authorization.region, "%s", client->region);
    snprintf(authorization.service, sizeof authorization.service, "logs");
    snprintf(authorization.signed_headers, sizeof authorization.signed_headers, "%s%s%s",
             "content-type;host;x-amz-date", client->session_token ? ";x-amz-security-token" : "",
             ";x-amz-target");
    char signature[65];
    sim_sigv4_signature(&request, &authorization, client->secret_key, signature);
    snprintf(header, sizeof header,
             "AWS4-HMAC-SHA256 Credential=%s/%s/%s/logs/aws4_request, SignedHeaders=%s, "
             "Signature=%s",
             client->access_key, authorization.date, client->region, authorization.signed_headers,
             signature);
    sim_service_request(client->service, &request, client->now_ms, out);
}
