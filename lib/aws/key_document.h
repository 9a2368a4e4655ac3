/* Temporary keys as services hand them out: in JSON the metadata of EC2, the agents of containers,
 * and programs; in XML STS. */
#ifndef ALS_AWS_KEY_DOCUMENT_H
#define ALS_AWS_KEY_DOCUMENT_H

#include "aws/sigv4.h"
#include "base/error.h"

/* Zero-initialise. */
struct als_key_document {
    char *access_key;
    char *secret_key;
    char *session_token; /* NULL where there is none */
    bool expires;
    int64_t expires_ms; /* since 1970 UTC */
};

/* token: the member that holds the session token, "Token" or "SessionToken". origin: what errors
 * begin with; they quote nothing but the service's own code and message. 0, AWSLOGSRC_E_PROTOCOL
 * (not JSON, or a member is missing or makes no sense: the error names it),
 * AWSLOGSRC_E_NO_CREDENTIALS (Code says that there are none) or AWSLOGSRC_E_NO_MEMORY. */
int als_key_document_read_json(struct als_text body, const char *token, const char *origin,
                               struct als_key_document *out, awslogsrc_error **error);

/* The answer of AssumeRole and its kin. */
int als_key_document_read_xml(struct als_text body, const char *origin,
                              struct als_key_document *out, awslogsrc_error **error);

void als_key_document_clear(struct als_key_document *document); /* wipes */

/* Borrow, as long as the document lives. */
struct als_sigv4_keys als_key_document_keys(const struct als_key_document *document);

#endif
