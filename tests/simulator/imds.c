/* The EC2 instance metadata service, version 2 only: EC2 User Guide, "Use IMDSv2". */
#include "key_document.h"
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TTL_HEADER   "X-aws-ec2-metadata-token-ttl-seconds"
#define TOKEN_HEADER "X-aws-ec2-metadata-token"

enum { MAX_TTL_S = 21600, TOKEN_SIZE = 40 };

/* A token says when it ends, and carries a seal that only this service can make. */
static void make_token(const struct sim_operation *operation, int64_t expires_ms,
                       char out[TOKEN_SIZE])
{
    uint64_t seal = sim_random_mix((uint64_t)expires_ms ^ operation->identity->secret);
    snprintf(out, TOKEN_SIZE, "AQAEA%016" PRIx64 "%016" PRIx64 "==", (uint64_t)expires_ms, seal);
}

/* When the token ends, or INT64_MIN when it is none. */
static int64_t token_end(const struct sim_operation *operation, const char *token)
{
    char digits[17] = "";
    char expected[TOKEN_SIZE];
    if (!token || strlen(token) != TOKEN_SIZE - 1)
        return INT64_MIN;
    memcpy(digits, token + 5, 16);
    int64_t end = (int64_t)strtoull(digits, NULL, 16);
    make_token(operation, end, expected);
    return strcmp(token, expected) == 0 ? end : INT64_MIN;
}

static void say_ttl(struct sim_operation *operation, int64_t seconds)
{
    operation->response->extra_name = TTL_HEADER;
    snprintf(operation->response->extra_value, sizeof operation->response->extra_value, "%" PRId64,
             seconds);
}

/* Every path but the token's own asks for one: version 1 is off. */
static bool check_token(struct sim_operation *operation)
{
    if (strcmp(operation->request->method, "GET") != 0)
        return sim_operation_refuse(operation, 405, "Method Not Allowed", "");
    int64_t end = token_end(operation, sim_request_header(operation->request, TOKEN_HEADER));
    if (operation->now_ms >= end)
        return sim_operation_refuse(operation, 401, "Unauthorized", "");
    say_ttl(operation, (end - operation->now_ms) / 1000);
    return true;
}

bool sim_imds_token(struct sim_operation *operation)
{
    char token[TOKEN_SIZE];
    char *rest = NULL;
    const char *ttl = sim_request_header(operation->request, TTL_HEADER);
    if (strcmp(operation->request->method, "PUT") != 0)
        return sim_operation_refuse(operation, 405, "Method Not Allowed", "");
    if (sim_request_header(operation->request, "X-Forwarded-For"))
        return sim_operation_refuse(operation, 403, "Forbidden", "");
    long seconds = ttl ? strtol(ttl, &rest, 10) : 0;
    if (seconds < 1 || seconds > MAX_TTL_S || *rest != '\0')
        return sim_operation_refuse(operation, 400, "Bad Request", "");
    make_token(operation, operation->now_ms + seconds * 1000, token);
    sim_buffer_text(operation->body, token);
    say_ttl(operation, seconds);
    return true;
}

bool sim_imds_roles(struct sim_operation *operation)
{
    if (!check_token(operation))
        return false;
    if (!operation->settings->role)
        return sim_operation_refuse(operation, 404, "Not Found", "");
    sim_buffer_text(operation->body, operation->settings->role);
    return true;
}

bool sim_imds_role(struct sim_operation *operation)
{
    const char *role = operation->settings->role;
    if (!check_token(operation))
        return false;
    if (!role || strcmp(strrchr(operation->request->path, '/') + 1, role) != 0)
        return sim_operation_refuse(operation, 404, "Not Found", "");
    if (operation->fault == SIM_FAULT_CODE_NOT_SUCCESS)
        return sim_key_document_failed(operation);
    const struct sim_session *keys =
        sim_identity_current(operation, &operation->identity->instance, role);
    char updated[SIM_CALENDAR_SIZE];
    char expiration[SIM_CALENDAR_SIZE];
    sim_calendar_iso(keys->issued_ms, updated);
    sim_calendar_iso(keys->expires_ms, expiration);
    const struct sim_member members[] = {
        {"Code", "Success"},
        {"LastUpdated", updated},
        {"Type", "AWS-HMAC"},
        {"AccessKeyId", keys->access_key},
        {"SecretAccessKey", keys->secret_key},
        {"Token", keys->token},
        {"Expiration", expiration},
    };
    return sim_key_document(operation, members, sizeof members / sizeof *members);
}

bool sim_imds_region(struct sim_operation *operation)
{
    const struct sim_world *world = operation->world;
    if (!check_token(operation))
        return false;
    if (!world->region_count)
        return sim_operation_refuse(operation, 404, "Not Found", "");
    sim_buffer_text(operation->body, world->regions[0]->name);
    return true;
}

/* Tokens are to be had below /latest/ only. */
bool sim_imds_other(struct sim_operation *operation)
{
    if (strcmp(operation->request->method, "PUT") == 0)
        return sim_operation_refuse(operation, 403, "Forbidden", "");
    return check_token(operation) && sim_operation_refuse(operation, 404, "Not Found", "");
}
