/* The role of an EC2 instance, from its metadata service, version 2 only:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html */
#ifndef ALS_CREDENTIALS_IMDS_H
#define ALS_CREDENTIALS_IMDS_H

#include "credentials/environment.h"

/* All optional, NULL or "" where not set. */
struct als_imds_config {
    const char *endpoint;      /* URL; wins over the mode */
    const char *endpoint_mode; /* IPv4 or IPv6, in any case */
    const char *disabled;      /* "true", in any case: there is none */
};

/* 0, AWSLOGSRC_E_NO_CREDENTIALS (disabled), AWSLOGSRC_E_OPTION_VALUE (endpoint or mode) or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_imds_new(const struct als_imds_config *config, awslogsrc_credentials **out,
                 awslogsrc_error **error);

/* The same; what is not set comes from AWS_EC2_METADATA_SERVICE_ENDPOINT,
 * AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE and AWS_EC2_METADATA_DISABLED, else from the profile
 * (NULL: AWS_PROFILE or "default"): ec2_metadata_service_endpoint,
 * ec2_metadata_service_endpoint_mode. */
int als_imds_new_from_environment(const struct als_imds_config *config, const char *profile,
                                  als_getenv *getenv, awslogsrc_credentials **out,
                                  awslogsrc_error **error);

#endif
