/* The default chain, in the order of the SDKs: environment, profile, web identity, container, EC2.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
#ifndef ALS_CREDENTIALS_DEFAULT_CHAIN_H
#define ALS_CREDENTIALS_DEFAULT_CHAIN_H

#include "credentials/imds.h"
#include "credentials/sts.h"

/* Strings that are not set come from the environment, then from the profile. */
struct als_default_chain_config {
    const char *profile;       /* NULL or "": AWS_PROFILE, else "default" */
    struct als_sts_config sts; /* for web identity and the roles of profiles */
    struct als_imds_config imds;
};

/* What is configured but broken stops the chain once it comes to that: here where no file can have
 * a profile, later with its own error otherwise. 0, AWSLOGSRC_E_NO_CREDENTIALS (nothing is
 * configured, or half of a pair of keys), AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_default_chain_new(const struct als_default_chain_config *config, als_getenv *getenv,
                          awslogsrc_credentials **out, awslogsrc_error **error);

#endif
