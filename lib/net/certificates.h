/* A server's certificates, its own first, as plain data. */
#ifndef ALS_NET_CERTIFICATES_H
#define ALS_NET_CERTIFICATES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/calendar.h"

struct stack_st_X509;

enum { ALS_FINGERPRINT_SIZE = 32 * 3 }; /* "AB:CD:...", with its NUL */

struct als_certificate {
    char *subject; /* "CN = localhost" */
    char *issuer;
    char *
        names; /* what it is for: "DNS:localhost, IP Address:127.0.0.1"; "" where it says nothing */
    char *pem;
    char fingerprint[ALS_FINGERPRINT_SIZE]; /* SHA-256 */
    int64_t not_before_ms;
    int64_t not_after_ms;
};

/* Zero-initialise. */
struct als_certificates {
    struct als_certificate *items;
    size_t count;
};

/* Both replace what is there, and take the first ten. 0, AWSLOGSRC_E_NO_MEMORY, or for text that is
 * no PEM of certificates AWSLOGSRC_E_FILE_SYNTAX. */
int als_certificates_take(struct als_certificates *certificates, const struct stack_st_X509 *chain);
int als_certificates_parse(struct als_certificates *certificates, struct als_text pem);

void als_certificates_clear(struct als_certificates *certificates);

/* "2026-01-31T23:59:59Z" */
void als_certificates_date(int64_t ms, char out[ALS_RFC3339_SIZE]);

/* "1. CN = localhost, issued by CN = authority, valid 2026-01-01T00:00:00Z to ..., SHA-256 AB:CD..;
 * 2. ..." */
void als_certificates_describe(const struct als_certificates *certificates, struct als_buffer *out);

#endif
