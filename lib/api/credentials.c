#include "awslogsrc/credentials.h"

#include <stdlib.h>

#include "credentials/container.h"
#include "credentials/custom.h"
#include "credentials/environment.h"
#include "credentials/process.h"
#include "credentials/static.h"
#include "options/options.h"
#include "source/authentication.h"

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

static int refuse_null(awslogsrc_error **error)
{
    return als_error_set(error, AWSLOGSRC_E_INVALID, "an argument is NULL");
}

/* The provider of a method, as far as options describe it. options: NULL for none. */
static int new_from_options(enum als_authentication method, const awslogsrc_options *options,
                            awslogsrc_credentials **out, awslogsrc_error **error)
{
    static const awslogsrc_options none;
    struct als_settings settings;
    if (out == NULL)
        return refuse_null(error);
    int status = als_options_read(options == NULL ? &none : options, NULL, &settings, error);
    if (status != 0)
        return status;
    status = als_authentication_new_base(&settings, method, secure_getenv, out, error);
    als_settings_clear(&settings);
    return status;
}

int awslogsrc_credentials_profile_new(const awslogsrc_options *options, awslogsrc_credentials **out,
                                      awslogsrc_error **error)
{
    return new_from_options(ALS_AUTHENTICATION_PROFILE, options, out, error);
}

int awslogsrc_credentials_process_new(const char *command, awslogsrc_credentials **out,
                                      awslogsrc_error **error)
{
    return command == NULL || out == NULL ? refuse_null(error)
                                          : als_process_new(command, out, error);
}

int awslogsrc_credentials_imds_new(const awslogsrc_options *options, awslogsrc_credentials **out,
                                   awslogsrc_error **error)
{
    return new_from_options(ALS_AUTHENTICATION_EC2_INSTANCE_ROLE, options, out, error);
}

int awslogsrc_credentials_container_new(awslogsrc_credentials **out, awslogsrc_error **error)
{
    return out == NULL ? refuse_null(error) : als_container_new(secure_getenv, out, error);
}

int awslogsrc_credentials_assume_role_new(awslogsrc_credentials *base,
                                          const awslogsrc_options *options,
                                          awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_settings settings;
    if (base == NULL || options == NULL || out == NULL)
        return refuse_null(error);
    int status = als_options_read(options, NULL, &settings, error);
    if (status != 0)
        return status;
    status = als_authentication_new_role(&settings, base, out, error);
    als_settings_clear(&settings);
    return status;
}

int awslogsrc_credentials_web_identity_new(const awslogsrc_options *options,
                                           awslogsrc_credentials **out, awslogsrc_error **error)
{
    return options == NULL ? refuse_null(error)
                           : new_from_options(ALS_AUTHENTICATION_WEB_IDENTITY, options, out, error);
}

int awslogsrc_credentials_chain_new(const awslogsrc_options *options, awslogsrc_credentials **out,
                                    awslogsrc_error **error)
{
    return options == NULL
               ? refuse_null(error)
               : new_from_options(ALS_AUTHENTICATION_DEFAULT_CHAIN, options, out, error);
}

int awslogsrc_credentials_custom_new(awslogsrc_credentials_fetch_fn fetch, void *user_data,
                                     awslogsrc_user_data_free user_data_free,
                                     awslogsrc_credentials **out, awslogsrc_error **error)
{
    if (fetch == NULL || out == NULL) {
        if (user_data_free != NULL)
            user_data_free(user_data);
        return refuse_null(error);
    }
    int status = als_custom_new(fetch, user_data, user_data_free, out);
    return status == 0 ? 0 : als_error_set(error, status, "out of memory");
}

int awslogsrc_credentials_fetched(awslogsrc_credentials_request *request, const char *access_key,
                                  const char *secret_key, const char *session_token,
                                  int64_t expires_at_ms)
{
    struct als_sigv4_keys keys = {access_key, secret_key, session_token};
    if (request == NULL)
        return AWSLOGSRC_E_INVALID;
    als_custom_fetched(request, &keys, expires_at_ms);
    return 0;
}

int awslogsrc_credentials_refused(awslogsrc_credentials_request *request, int status,
                                  const char *message)
{
    if (request == NULL || als_error_row(status) == NULL)
        return AWSLOGSRC_E_INVALID;
    als_custom_refused(request, status, message == NULL ? als_error_text(status) : message);
    return 0;
}

awslogsrc_credentials *awslogsrc_credentials_ref(awslogsrc_credentials *credentials)
{
    return credentials == NULL ? NULL : als_provider_ref(credentials);
}

void awslogsrc_credentials_unref(awslogsrc_credentials *credentials)
{
    als_provider_unref(credentials);
}
