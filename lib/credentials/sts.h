/* The Security Token Service, which changes keys or a token into keys of a role:
 * https://docs.aws.amazon.com/STS/latest/APIReference/ */
#ifndef ALS_CREDENTIALS_STS_H
#define ALS_CREDENTIALS_STS_H

#include "aws/endpoint.h"
#include "credentials/environment.h"

/* Which STS; always one of a region, since keys of the global endpoint are of no use in regions
 * that an account has to opt in to. Strings are optional but for the region. */
struct als_sts_config {
    const char *region;
    const char *endpoint_url; /* in place of the region's own */
    bool use_fips;
    bool use_dualstack;
};

/* Strings are optional but for the ARN. */
struct als_role_config {
    const char *arn;
    const char *session_name; /* where not set: libawslogsrc-TIME */
    const char *external_id;
    int64_t duration_s; /* 0: what STS thinks right, an hour */
};

/* Keys of a role, for keys that may assume it: AssumeRole. base: ref. 0, AWSLOGSRC_E_OPTION_VALUE,
 * AWSLOGSRC_E_OPTION_MISSING (region, ARN) or AWSLOGSRC_E_NO_MEMORY. */
int als_assume_role_new(awslogsrc_credentials *base, const struct als_role_config *role,
                        const struct als_sts_config *sts, awslogsrc_credentials **out,
                        awslogsrc_error **error);

/* Keys of a role, for a token in a file, which is read again for each attempt:
 * AssumeRoleWithWebIdentity. The same. */
int als_web_identity_new(const char *token_file, const struct als_role_config *role,
                         const struct als_sts_config *sts, awslogsrc_credentials **out,
                         awslogsrc_error **error);

#endif
