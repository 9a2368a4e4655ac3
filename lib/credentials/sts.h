/* Calls to the Security Token Service, which changes keys or a token into keys of a role:
 * https://docs.aws.amazon.com/STS/latest/APIReference/ */
#ifndef ALS_CREDENTIALS_STS_H
#define ALS_CREDENTIALS_STS_H

#include "aws/endpoint.h"
#include "credentials/provider.h"

/* Which STS; always one of a region, since keys of the global endpoint are of no use in regions
 * that an account has to opt in to. Strings are optional but for the region. */
struct als_sts_config {
    const char *region;
    const char *endpoint_url; /* in place of the region's own */
    bool use_fips;
    bool use_dualstack;
};

/* Strings are optional but for the ARN. */
struct als_sts_role {
    const char *arn;
    const char *session_name; /* where not set: libawslogsrc-TIME */
    const char *external_id;
    int64_t duration_s; /* 0: what STS thinks right, an hour */
};

/* Both, checked and copied. */
struct als_sts_target {
    struct als_endpoint endpoint;
    char *arn;
    char *session_name; /* NULL: not set */
    char *external_id;  /* NULL: not set */
    int64_t duration_s;
};

/* 0, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING (region, ARN) or AWSLOGSRC_E_NO_MEMORY.
 */
int als_sts_target_init(struct als_sts_target *target, const struct als_sts_role *role,
                        const struct als_sts_config *config, awslogsrc_error **error);
void als_sts_target_clear(struct als_sts_target *target);

/* One call for a fetcher, which it ends. Zero-initialise. */
struct als_sts_call {
    struct als_fetcher *fetcher;
    const struct als_sts_target *target;
    struct als_http_settings settings; /* of the source, but for the time */
    struct als_http_call *http;        /* NULL: idle */
    int64_t ahead_ms;                  /* STS's clock less the wall clock, as far as is known */
    /* Optional: what a refusal says of the keys that signed; AWSLOGSRC_E_*. Runs just before the
     * fetcher is told. */
    void (*refused)(struct als_fetcher *fetcher, int code);
};

/* What is asked for with a token, unsigned, or with keys. */
struct als_sts_question {
    const char *action;          /* "AssumeRole" */
    const struct als_keys *keys; /* NULL: not signed */
    struct als_text token;       /* empty: none */
};

/* Ends the fetcher's attempt, later or at once, unless it is cancelled. */
void als_sts_ask(struct als_sts_call *call, const struct als_sts_question *question);
void als_sts_cancel(struct als_sts_call *call);

#endif
