/* Calls to the services that give a machine its keys: close by, never through a proxy, and quick to
 * answer or not to answer at all. */
#ifndef ALS_CREDENTIALS_METADATA_H
#define ALS_CREDENTIALS_METADATA_H

#include "credentials/fetcher.h"

enum {
    ALS_METADATA_CONNECT_TIMEOUT_MS = 1000,
    ALS_METADATA_REQUEST_TIMEOUT_MS = 2000,
    ALS_METADATA_ANSWER_MAX = 64 * 1024
};

/* Zero-initialise. One request at a time. */
struct als_metadata_call {
    const struct als_loop *loop;
    struct als_http_settings settings; /* of the source, but for the times */
    struct als_http_call *http;        /* NULL: idle */
    als_http_done *done;
    void *user_data;
};

/* headers: NULL-terminated. callback runs exactly once, from the loop, unless the call is
 * cancelled. 0, AWSLOGSRC_E_NO_MEMORY or AWSLOGSRC_E_INVALID. */
int als_metadata_send(struct als_metadata_call *call, const struct als_fetcher_place *place,
                      const struct als_http_request *request, als_http_done *callback,
                      void *user_data);
void als_metadata_cancel(struct als_metadata_call *call);

/* 0 where the answer is one, with status 200; otherwise an error that begins with origin. 401, 403
 * and 404 come to AWSLOGSRC_E_NO_CREDENTIALS. */
int als_metadata_check(const struct als_http_response *response, const char *origin,
                       awslogsrc_error **error);

#endif
