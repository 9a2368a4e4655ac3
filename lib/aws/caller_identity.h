/* The answer of STS's GetCallerIdentity: whom keys belong to. */
#ifndef ALS_AWS_CALLER_IDENTITY_H
#define ALS_AWS_CALLER_IDENTITY_H

#include "base/buffer.h"

/* Appends account and ARN, each to its own buffer. 0, AWSLOGSRC_E_PROTOCOL (this is no such answer)
 * or what the buffers failed of. */
int als_caller_identity_read(struct als_text body, struct als_buffer *account,
                             struct als_buffer *arn);

#endif
