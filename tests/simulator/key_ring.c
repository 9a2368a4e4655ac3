#include "key_ring.h"

#include "buffer.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sim_access_key {
    char *access_key;
    char *secret_key;
    char *session_token;
    int64_t expires_ms;
    char *arn;
    char *principal;
    struct sim_key_owner owner; /* of these two */
};

static const char user[] = "arn:aws:iam::123456789012:user/simulated";

static struct sim_access_key *find(const struct sim_key_ring *ring, const char *access_key)
{
    for (size_t i = ring->count; i-- > 0;) /* mostly one of the latest */
        if (strcmp(ring->keys[i].access_key, access_key) == 0)
            return &ring->keys[i];
    return NULL;
}

void sim_key_ring_add(struct sim_key_ring *ring, const char *access_key, const char *secret_key,
                      const char *session_token)
{
    ring->keys = sim_reallocate(ring->keys, (ring->count + 1) * sizeof *ring->keys);
    ring->keys[ring->count++] = (struct sim_access_key){
        .access_key = sim_duplicate(access_key),
        .secret_key = sim_duplicate(secret_key),
        .session_token = session_token ? sim_duplicate(session_token) : NULL,
        .expires_ms = INT64_MAX,
        .owner = {user, user, false},
    };
}

void sim_key_ring_own(struct sim_key_ring *ring, const char *access_key,
                      const struct sim_key_owner *owner)
{
    struct sim_access_key *key = find(ring, access_key);
    if (!key)
        return;
    free(key->arn);
    free(key->principal);
    key->arn = sim_duplicate(owner->arn);
    key->principal = sim_duplicate(owner->principal);
    key->owner = (struct sim_key_owner){key->arn, key->principal, owner->temporary};
}

void sim_key_ring_expire(struct sim_key_ring *ring, const char *access_key, int64_t at_ms)
{
    struct sim_access_key *key = find(ring, access_key);
    if (key)
        key->expires_ms = at_ms;
}

static bool check_date(struct sim_operation *operation,
                       const struct sim_authorization *authorization)
{
    int64_t signed_ms = 0;
    int64_t now = operation->now_ms;
    int64_t tolerance = operation->settings->clock_tolerance_ms;
    if (!sim_calendar_parse_basic(authorization->amz_date, &signed_ms))
        return sim_operation_fail(operation, "IncompleteSignatureException",
                                  "Date must be in ISO-8601 'basic format'. Got '%s'.",
                                  authorization->amz_date);
    if (strncmp(authorization->date, authorization->amz_date, 8) != 0)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
                                  "version of date from HTTP: '%s' != '%.8s'.",
                                  authorization->date, authorization->amz_date);
    bool early = signed_ms > now;
    char here[SIM_CALENDAR_SIZE];
    char edge[SIM_CALENDAR_SIZE];
    sim_calendar_basic(now, here);
    sim_calendar_basic(early ? now + tolerance : now - tolerance, edge);
    if (early && signed_ms > now + tolerance)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "Signature not yet current: %s is still later than %s (%s + %lld "
                                  "min.)",
                                  authorization->amz_date, edge, here,
                                  (long long)(tolerance / 60000));
    if (signed_ms / 1000 < (now - tolerance) / 1000)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "Signature expired: %s is now earlier than %s (%s - %lld min.)",
                                  authorization->amz_date, edge, here,
                                  (long long)(tolerance / 60000));
    return true;
}

/* Host and every X-Amz- header must be signed. */
static bool check_signed_headers(struct sim_operation *operation, const struct sim_request *request,
                                 const struct sim_authorization *authorization)
{
    const char *missing = sim_sigv4_signs(authorization, "host") ? NULL : "Host";
    for (size_t i = 0; i < request->header_count && !missing; i++) {
        const char *name = request->headers[i].name;
        if (strncasecmp(name, "x-amz-", 6) == 0 && !sim_sigv4_signs(authorization, name))
            missing = name;
    }
    if (missing)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "'%s' must be a 'SignedHeader' in the AWS Authorization.",
                                  missing);
    return true;
}

static bool unrecognized(struct sim_operation *operation)
{
    return sim_operation_fail(operation, "UnrecognizedClientException",
                              "The security token included in the request is invalid.");
}

static bool check_key(struct sim_operation *operation, const struct sim_request *request,
                      const struct sim_access_key *key)
{
    const char *token = sim_request_header(request, "X-Amz-Security-Token");
    const char *expected = key->session_token;
    if (!token != !expected || (token && strcmp(token, expected) != 0))
        return unrecognized(operation);
    if (operation->now_ms >= key->expires_ms)
        return sim_operation_fail(operation, "ExpiredTokenException",
                                  "The security token included in the request is expired");
    return true;
}

bool sim_key_ring_check(const struct sim_key_ring *ring, struct sim_operation *operation,
                        const struct sim_authorization *authorization, const char *service)
{
    const struct sim_request *request = operation->request;
    if (!sim_request_header(request, "Authorization"))
        return sim_operation_fail(operation, "MissingAuthenticationTokenException",
                                  "Missing Authentication Token");
    if (!authorization->signature[0])
        return sim_operation_fail(operation, "IncompleteSignatureException",
                                  "Authorization header requires 'Credential', 'SignedHeaders' and "
                                  "'Signature', and the request a 'X-Amz-Date' header.");
    if (strcmp(authorization->service, service) != 0)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "Credential should be scoped to correct service: '%s'. ",
                                  service);
    const struct sim_access_key *key = find(ring, authorization->access_key);
    if (!key)
        return unrecognized(operation);
    if (!check_date(operation, authorization) ||
        !check_signed_headers(operation, request, authorization) ||
        !check_key(operation, request, key))
        return false;
    char expected[65];
    sim_sigv4_signature(request, authorization, key->secret_key, expected);
    if (strlen(authorization->signature) != 64 ||
        CRYPTO_memcmp(expected, authorization->signature, 64) != 0)
        return sim_operation_fail(operation, "InvalidSignatureException",
                                  "The request signature we calculated does not match the "
                                  "signature you provided. Check your AWS Secret Access Key and "
                                  "signing method. Consult the service documentation for details.");
    operation->caller = &key->owner;
    return true;
}

void sim_key_ring_clear(struct sim_key_ring *ring)
{
    for (size_t i = 0; i < ring->count; i++) {
        free(ring->keys[i].access_key);
        free(ring->keys[i].secret_key);
        free(ring->keys[i].session_token);
        free(ring->keys[i].arn);
        free(ring->keys[i].principal);
    }
    free(ring->keys);
    *ring = (struct sim_key_ring){0};
}
