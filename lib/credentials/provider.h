/* Credential providers: reference-counted, asked for keys by every source that shares them. */
#ifndef ALS_CREDENTIALS_PROVIDER_H
#define ALS_CREDENTIALS_PROVIDER_H

#include <stdatomic.h>

#include "aws/sigv4.h"
#include "awslogsrc/credentials.h"
#include "base/error.h"

/* Keys that never change; the memory is wiped when the last reference goes. */
struct awslogsrc_credentials {
    atomic_int references;
    const char *provider; /* "static", "environment": for messages */
    char *access_key;
    char *secret_key;
    char *session_token; /* NULL where there is none */
};

int als_provider_new(const char *provider, const struct als_sigv4_keys *keys,
                     awslogsrc_credentials **out, awslogsrc_error **error);
awslogsrc_credentials *als_provider_ref(awslogsrc_credentials *credentials);
void als_provider_unref(awslogsrc_credentials *credentials); /* NULL is fine */

/* Borrow, as long as the credentials live. */
struct als_sigv4_keys als_provider_keys(const awslogsrc_credentials *credentials);

#endif
