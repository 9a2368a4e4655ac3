/* Keys from the agent of ECS or EKS:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
#ifndef ALS_CREDENTIALS_CONTAINER_H
#define ALS_CREDENTIALS_CONTAINER_H

#include "credentials/environment.h"

/* Reads AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, ..._FULL_URI,
 * AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (the file is read again for each attempt) and
 * AWS_CONTAINER_AUTHORIZATION_TOKEN. 0, AWSLOGSRC_E_NO_CREDENTIALS (no URI is set),
 * AWSLOGSRC_E_OPTION_VALUE (a URI that keys are not asked of, or a bad token) or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_container_new(als_getenv *getenv, awslogsrc_credentials **out, awslogsrc_error **error);

/* Whether the environment names a container's agent. */
bool als_container_is_configured(als_getenv *getenv);

#endif
