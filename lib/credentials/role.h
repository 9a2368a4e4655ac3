/* Keys of a role, which STS hands out for other keys, or for a token: AssumeRole and its kin. */
#ifndef ALS_CREDENTIALS_ROLE_H
#define ALS_CREDENTIALS_ROLE_H

#include "credentials/provider.h"
#include "credentials/sts.h"

/* Strings are optional but for the ARN. */
struct als_role {
    const char *arn;
    const char *session_name; /* where not set: libawslogsrc-TIME */
    const char *external_id;
    int64_t duration_s; /* 0: what STS thinks right, an hour */
};

/* The role and its STS, checked and copied. */
struct als_role_target {
    struct als_endpoint endpoint;
    char *arn;
    char *session_name; /* NULL: not set */
    char *external_id;  /* NULL: not set */
    int64_t duration_s;
};

/* 0, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING (region, ARN) or AWSLOGSRC_E_NO_MEMORY.
 */
int als_role_target_init(struct als_role_target *target, const struct als_role *role,
                         const struct als_sts_config *sts, awslogsrc_error **error);
void als_role_target_clear(struct als_role_target *target);

/* One call for a fetcher, which it ends. Zero-initialise, then set the first two. */
struct als_role_call {
    struct als_fetcher *fetcher;
    const struct als_role_target *target;
    /* Optional: what a refusal says of the keys that signed; AWSLOGSRC_E_*. False: there will be no
     * others, and to ask again is of little use. Runs just before the fetcher is told. */
    bool (*refused)(struct als_fetcher *fetcher, int code);
    struct als_sts_call sts;
};

/* What is asked for with a token, unsigned, or with keys. */
struct als_role_question {
    const char *action;          /* "AssumeRole" */
    const struct als_keys *keys; /* NULL: not signed */
    struct als_text token;       /* empty: none */
};

/* Ends the fetcher's attempt, later or at once, unless it is cancelled. */
void als_role_ask(struct als_role_call *call, const struct als_role_question *question);
void als_role_cancel(struct als_role_call *call);

#endif
