/* Keys as a profile of the shared config and credentials files says. */
#ifndef ALS_CREDENTIALS_PROFILE_H
#define ALS_CREDENTIALS_PROFILE_H

#include "credentials/imds.h"
#include "credentials/role.h"

/* Strings that are not set come from the environment, then from the profile. */
struct als_profile_config {
    const char *profile; /* NULL or "": AWS_PROFILE, else "default" */
    struct als_sts_config sts;
    struct als_imds_config imds;
};

/* Everything is copied. The files are looked for in the environment now, and read for each attempt.
 * 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_profile_new(const struct als_profile_config *config, als_getenv *getenv,
                    awslogsrc_credentials **out, awslogsrc_error **error);

#endif
