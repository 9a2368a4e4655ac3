/* AWS Signature Version 4 in the Authorization header.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
#ifndef ALS_AWS_SIGV4_H
#define ALS_AWS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/crypto.h"
#include "base/text.h"

/* The most bytes the canonical form of a request without its body may have. */
enum { ALS_SIGV4_CANONICAL_CEILING = 256 * 1024 };

struct als_sigv4_keys {
    const char *access_key;
    const char *secret_key;
    /* NULL, or what the caller sends and lets be signed as X-Amz-Security-Token. */
    const char *session_token;
};

struct als_sigv4_header {
    struct als_text name;
    struct als_text value;
};

/* Borrows everything it points to. Every header given is signed, in any order; they include Host
 * and X-Amz-Date (als_calendar_amz_date() of the same time_ms). */
struct als_sigv4_request {
    struct als_text method;
    struct als_text path;  /* as sent, percent-encoded; empty counts as "/" */
    struct als_text query; /* as sent, percent-encoded, without the "?" */
    bool verbatim_path;    /* keeps dot segments and "//", as S3 and half of the vectors want */
    const struct als_sigv4_header *headers;
    size_t header_count;
    struct als_text body;
    struct als_text region;
    struct als_text service;
    int64_t time_ms;
};

/* Remembers the key derived last, so that only the first request of a day in a region pays for
 * deriving it. Zero-initialise; one signer for each region serves best. Holds a secret. */
struct als_sigv4_signer {
    bool derived;
    unsigned char source[ALS_SHA256_SIZE]; /* digest of all that the key was derived from */
    unsigned char key[ALS_SHA256_SIZE];
};

void als_sigv4_signer_clear(struct als_sigv4_signer *signer);

/* Appends the value of the Authorization header. Returns 0, AWSLOGSRC_E_TOO_LARGE or
 * AWSLOGSRC_E_NO_MEMORY; what was appended before a failure is of no use. */
int als_sigv4_authorization(struct als_sigv4_signer *signer, const struct als_sigv4_keys *keys,
                            const struct als_sigv4_request *request,
                            struct als_buffer *authorization);

/* The intermediate stage that AWS quotes in a SignatureDoesNotMatch answer. */
int als_sigv4_string_to_sign(const struct als_sigv4_request *request,
                             struct als_text canonical_request, struct als_buffer *out);

#endif
