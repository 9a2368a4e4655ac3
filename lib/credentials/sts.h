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

#endif
