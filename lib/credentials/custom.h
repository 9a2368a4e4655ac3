/* Keys that the host provides, through its callback. */
#ifndef ALS_CREDENTIALS_CUSTOM_H
#define ALS_CREDENTIALS_CUSTOM_H

#include "credentials/provider.h"

enum { ALS_CUSTOM_TIMEOUT_MS = 60000 };

/* user_data: take, also where this fails. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_custom_new(awslogsrc_credentials_fetch_fn fetch, void *user_data,
                   awslogsrc_user_data_free user_data_free, awslogsrc_credentials **out);

/* The host's answers; the request is gone afterwards. expires_at_ms: since 1970 UTC; 0: never. */
void als_custom_fetched(awslogsrc_credentials_request *request, const struct als_sigv4_keys *keys,
                        int64_t expires_at_ms);
void als_custom_refused(awslogsrc_credentials_request *request, int code, const char *message);

#endif
