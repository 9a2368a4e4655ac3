/* The canonical form of a request that SigV4 digests. */
#ifndef ALS_AWS_CANONICAL_REQUEST_H
#define ALS_AWS_CANONICAL_REQUEST_H

#include "aws/sigv4.h"

/* Each appends and returns the buffer's status, or AWSLOGSRC_E_NO_MEMORY. */
int als_canonical_request_write(const struct als_sigv4_request *request, struct als_buffer *out);
int als_canonical_request_signed_headers(const struct als_sigv4_request *request,
                                         struct als_buffer *out);

#endif
