#include "awslogsrc/credentials.h"

#include <stdlib.h>

#include "credentials/environment.h"
#include "credentials/process.h"
#include "credentials/profile.h"
#include "credentials/static.h"

int awslogsrc_credentials_static_new(const char *access_key, const char *secret_key,
                                     const char *session_token, awslogsrc_credentials **out,
                                     awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    struct als_sigv4_keys keys = {access_key, secret_key, session_token};
    return als_static_new(&keys, out, error);
}

int awslogsrc_credentials_environment_new(awslogsrc_credentials **out, awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    return als_environment_new(secure_getenv, out, error);
}

int awslogsrc_credentials_profile_new(const char *profile, awslogsrc_credentials **out,
                                      awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    struct als_profile_config config = {.profile = profile};
    return als_profile_new(&config, secure_getenv, out, error);
}

int awslogsrc_credentials_process_new(const char *command, awslogsrc_credentials **out,
                                      awslogsrc_error **error)
{
    if (command == NULL || out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s is NULL",
                             command == NULL ? "command" : "out");
    return als_process_new(command, out, error);
}

awslogsrc_credentials *awslogsrc_credentials_ref(awslogsrc_credentials *credentials)
{
    return credentials == NULL ? NULL : als_provider_ref(credentials);
}

void awslogsrc_credentials_unref(awslogsrc_credentials *credentials)
{
    als_provider_unref(credentials);
}
