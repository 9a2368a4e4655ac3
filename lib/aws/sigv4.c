#include "aws/sigv4.h"

#include <string.h>

#include "aws/canonical_request.h"
#include "base/calendar.h"
#include "base/memory.h"

#define ALGORITHM   ALS_TEXT("AWS4-HMAC-SHA256")
#define TERMINATION ALS_TEXT("aws4_request")

enum { DAY_SIZE = 8 }; /* the date's part of "20260131T235959Z" */

void als_sigv4_signer_clear(struct als_sigv4_signer *signer)
{
    als_wipe(signer, sizeof *signer);
}

static struct als_text day_of(const char amz_date[ALS_AMZ_DATE_SIZE])
{
    return (struct als_text){amz_date, DAY_SIZE};
}

static void append_scope(struct als_buffer *out, const struct als_sigv4_request *request,
                         struct als_text day)
{
    als_buffer_append_text(out, day);
    als_buffer_append_char(out, '/');
    als_buffer_append_text(out, request->region);
    als_buffer_append_char(out, '/');
    als_buffer_append_text(out, request->service);
    als_buffer_append_char(out, '/');
    als_buffer_append_text(out, TERMINATION);
}

int als_sigv4_string_to_sign(const struct als_sigv4_request *request,
                             struct als_text canonical_request, struct als_buffer *out)
{
    char date[ALS_AMZ_DATE_SIZE];
    unsigned char digest[ALS_SHA256_SIZE];
    int status = als_sha256(canonical_request, digest);
    if (status != 0)
        return status;
    als_calendar_amz_date(request->time_ms, date);
    als_buffer_append_text(out, ALGORITHM);
    als_buffer_append_char(out, '\n');
    als_buffer_append_string(out, date);
    als_buffer_append_char(out, '\n');
    append_scope(out, request, day_of(date));
    als_buffer_append_char(out, '\n');
    return als_buffer_append_hex(out, digest, sizeof digest);
}

/* Starts from "AWS4" and the secret; each step's result keys the next. */
static int derive(struct als_text secret, const struct als_text steps[], size_t count,
                  unsigned char key[ALS_SHA256_SIZE])
{
    unsigned char next[ALS_SHA256_SIZE];
    int status = als_hmac_sha256((const unsigned char *)secret.data, secret.size, steps[0], key);
    for (size_t i = 1; i < count && status == 0; i++) {
        status = als_hmac_sha256(key, ALS_SHA256_SIZE, steps[i], next);
        memcpy(key, next, sizeof next);
    }
    als_wipe(next, sizeof next);
    return status;
}

/* Makes signer->key the one for this request. */
static int prepare_key(struct als_sigv4_signer *signer, const char *secret_key,
                       const struct als_sigv4_request *request, struct als_text day)
{
    const struct als_text steps[] = {day, request->region, request->service, TERMINATION};
    size_t count = sizeof steps / sizeof steps[0];
    size_t secret_size = strlen("AWS4") + strlen(secret_key);
    unsigned char source_digest[ALS_SHA256_SIZE];
    struct als_buffer source;
    als_buffer_init(&source, ALS_SIGV4_CANONICAL_CEILING);
    /* Reserved whole: growing would leave copies of the secret behind. */
    als_buffer_reserve(&source,
                       secret_size + DAY_SIZE + request->region.size + request->service.size + 64);
    als_buffer_append_string(&source, "AWS4");
    als_buffer_append_string(&source, secret_key);
    als_buffer_append_char(&source, '\0');
    append_scope(&source, request, day);
    int status = source.status;
    if (status == 0)
        status = als_sha256(als_buffer_text(&source), source_digest);
    bool same = status == 0 && signer->derived &&
                memcmp(signer->source, source_digest, sizeof source_digest) == 0;
    if (status == 0 && !same) {
        status = derive((struct als_text){source.data, secret_size}, steps, count, signer->key);
        memcpy(signer->source, source_digest, sizeof source_digest);
        signer->derived = status == 0;
    }
    als_buffer_wipe(&source);
    als_wipe(source_digest, sizeof source_digest);
    return status;
}

/* Room for what holds the session token: growing would leave copies of it behind. */
static void reserve_for_headers(struct als_buffer *canonical,
                                const struct als_sigv4_request *request)
{
    size_t bound = 1024;
    for (size_t i = 0; i < request->header_count; i++)
        bound += 2 * request->headers[i].name.size + request->headers[i].value.size + 4;
    als_buffer_reserve(canonical, bound < canonical->ceiling ? bound : canonical->ceiling);
}

static int sign(struct als_sigv4_signer *signer, const char *secret_key,
                const struct als_sigv4_request *request, struct als_text day,
                unsigned char signature[ALS_SHA256_SIZE])
{
    struct als_buffer canonical;
    struct als_buffer string_to_sign;
    als_buffer_init(&canonical, ALS_SIGV4_CANONICAL_CEILING);
    als_buffer_init(&string_to_sign, ALS_SIGV4_CANONICAL_CEILING);
    reserve_for_headers(&canonical, request);
    int status = als_canonical_request_write(request, &canonical);
    if (status == 0)
        status = als_sigv4_string_to_sign(request, als_buffer_text(&canonical), &string_to_sign);
    if (status == 0)
        status = prepare_key(signer, secret_key, request, day);
    if (status == 0)
        status = als_hmac_sha256(signer->key, sizeof signer->key, als_buffer_text(&string_to_sign),
                                 signature);
    als_buffer_wipe(&canonical); /* holds the session token */
    als_buffer_clear(&string_to_sign);
    return status;
}

int als_sigv4_authorization(struct als_sigv4_signer *signer, const struct als_sigv4_keys *keys,
                            const struct als_sigv4_request *request,
                            struct als_buffer *authorization)
{
    char date[ALS_AMZ_DATE_SIZE];
    unsigned char signature[ALS_SHA256_SIZE];
    als_calendar_amz_date(request->time_ms, date);
    int status = sign(signer, keys->secret_key, request, day_of(date), signature);
    if (status != 0)
        return status;
    als_buffer_append_text(authorization, ALGORITHM);
    als_buffer_append_string(authorization, " Credential=");
    als_buffer_append_string(authorization, keys->access_key);
    als_buffer_append_char(authorization, '/');
    append_scope(authorization, request, day_of(date));
    als_buffer_append_string(authorization, ", SignedHeaders=");
    status = als_canonical_request_signed_headers(request, authorization);
    als_buffer_append_string(authorization, ", Signature=");
    als_buffer_append_hex(authorization, signature, sizeof signature);
    return status != 0 ? status : authorization->status;
}
