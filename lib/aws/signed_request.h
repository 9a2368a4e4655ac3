/* The headers of a POST to a service of AWS, signed where there are keys to sign with. */
#ifndef ALS_AWS_SIGNED_REQUEST_H
#define ALS_AWS_SIGNED_REQUEST_H

#include "aws/endpoint.h"
#include "aws/sigv4.h"

enum { ALS_SIGNED_REQUEST_MOST_LINES = 6 };

struct als_signed_request_config {
    const struct als_endpoint *endpoint;
    const char *service;      /* that the signature is for: "logs" */
    const char *content_type; /* of the body */
    struct als_text target;   /* X-Amz-Target; empty: none */
    struct als_text body;     /* what is signed with the headers; it is sent apart from them */
    int64_t time_ms;          /* by the service's clock, as far as it is known */
};

struct als_signed_request {
    const char *headers[ALS_SIGNED_REQUEST_MOST_LINES + 1]; /* "Name: value", NULL-terminated */
    struct als_buffer lines[ALS_SIGNED_REQUEST_MOST_LINES];
    size_t count;
};

/* keys: NULL: not signed, then the signer is not looked at. 0, AWSLOGSRC_E_TOO_LARGE or
 * AWSLOGSRC_E_NO_MEMORY; the caller clears in any case. */
int als_signed_request_init(struct als_signed_request *request,
                            const struct als_signed_request_config *config,
                            struct als_sigv4_signer *signer, const struct als_sigv4_keys *keys);
void als_signed_request_clear(struct als_signed_request *request); /* wipes */

#endif
