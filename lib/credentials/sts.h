/* Calls to the Security Token Service: https://docs.aws.amazon.com/STS/latest/APIReference/ */
#ifndef ALS_CREDENTIALS_STS_H
#define ALS_CREDENTIALS_STS_H

#include "aws/endpoint.h"
#include "credentials/keys.h"
#include "net/loop.h"

/* Which STS; always one of a region, since keys of the global endpoint are of no use in regions
 * that an account has to opt in to. Strings are optional but for the region. */
struct als_sts_config {
    const char *region;
    const char *endpoint_url; /* in place of the region's own */
    bool use_fips;
    bool use_dualstack;
};

/* 0, or AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY. */
int als_sts_find(const struct als_sts_config *config, struct als_endpoint *out,
                 awslogsrc_error **error);

/* Begins a question: its action, and the version of the interface. */
void als_sts_begin_question(struct als_buffer *question, const char *action);

struct als_sts_answer {
    int code;               /* 0, or AWSLOGSRC_E_* */
    awslogsrc_error *error; /* take; NULL where code is 0 */
    struct als_text body;   /* XML; where code is 0 */
    int64_t server_ms;      /* by STS's clock; 0: not known */
    int64_t duration_ms;
};

typedef void als_sts_done(void *user_data, const struct als_sts_answer *answer);

/* Zero-initialise, then set the first six, which are borrowed while it is under way. */
struct als_sts_call {
    struct als_loop *loop;
    const struct als_endpoint *endpoint;
    const struct als_http_settings *http_settings;
    als_sts_done *done;
    void *user_data;
    int64_t *ahead_ms; /* STS's clock less the wall clock: learnt of each answer, for the next */
    struct als_http_settings settings; /* the same, but for the time */
    struct als_http_call *http;        /* NULL: idle */
};

int64_t als_sts_now_ms(const struct als_sts_call *call); /* by STS's clock */

/* keys: NULL: not signed. 0, and done runs once, unless it is cancelled before; or
 * AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE, AWSLOGSRC_E_INVALID, and it never does. */
int als_sts_send(struct als_sts_call *call, struct als_text question, const struct als_keys *keys);
void als_sts_cancel(struct als_sts_call *call); /* idle is fine */

#endif
