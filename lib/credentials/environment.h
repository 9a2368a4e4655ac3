/* Keys from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. */
#ifndef ALS_CREDENTIALS_ENVIRONMENT_H
#define ALS_CREDENTIALS_ENVIRONMENT_H

#include "credentials/provider.h"

/* Looks a variable up; secure_getenv() is one. */
typedef char *als_getenv(const char *name);

/* The variable's value, or NULL where it is not set or blank, which counts as not set. */
const char *als_environment_get(als_getenv *getenv, const char *name);

/* 0, AWSLOGSRC_E_NO_CREDENTIALS where neither key is set or one alone, or what als_keys_new()
 * returns. An empty variable counts as not set, as in the SDKs. */
int als_environment_new(als_getenv *getenv, awslogsrc_credentials **out, awslogsrc_error **error);

#endif
