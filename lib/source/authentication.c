#include "source/authentication.h"

#include <string.h>

#include "credentials/assume_role.h"
#include "credentials/container.h"
#include "credentials/default_chain.h"
#include "credentials/process.h"
#include "credentials/profile.h"
#include "credentials/static.h"
#include "credentials/web_identity.h"

static const char *or_null(const char *text)
{
    return text == NULL || *text == '\0' ? NULL : text;
}

struct als_sts_config als_authentication_sts(const struct als_settings *settings)
{
    return (struct als_sts_config){
        .region = settings->regions.count > 0 ? settings->regions.items[0] : NULL,
        .endpoint_url = or_null(settings->sts_endpoint_url),
        .use_fips = settings->use_fips_endpoint,
        .use_dualstack = settings->use_dualstack_endpoint};
}

static int new_static(const struct als_settings *settings, awslogsrc_credentials **out,
                      awslogsrc_error **error)
{
    struct als_sigv4_keys keys = {settings->access_key, settings->secret_key,
                                  or_null(settings->session_token)};
    return als_static_new(&keys, out, error);
}

static int new_imds(const struct als_settings *settings, als_getenv *getenv,
                    awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_imds_config config = {.endpoint = or_null(settings->ec2_metadata_endpoint)};
    return als_imds_new_from_environment(&config, or_null(settings->profile), getenv, out, error);
}

static int new_profile(const struct als_settings *settings, als_getenv *getenv,
                       awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_profile_config config = {
        .profile = or_null(settings->profile),
        .sts = als_authentication_sts(settings),
        .imds = {.endpoint = or_null(settings->ec2_metadata_endpoint)}};
    return als_profile_new(&config, getenv, out, error);
}

static int new_chain(const struct als_settings *settings, als_getenv *getenv,
                     awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_default_chain_config config = {
        .profile = or_null(settings->profile),
        .sts = als_authentication_sts(settings),
        .imds = {.endpoint = or_null(settings->ec2_metadata_endpoint)}};
    return als_default_chain_new(&config, getenv, out, error);
}

int als_authentication_new_base(const struct als_settings *settings, enum als_authentication method,
                                als_getenv *getenv, awslogsrc_credentials **out,
                                awslogsrc_error **error)
{
    struct als_sts_config sts = als_authentication_sts(settings);
    switch (method) {
    case ALS_AUTHENTICATION_ACCESS_KEY: return new_static(settings, out, error);
    case ALS_AUTHENTICATION_EC2_INSTANCE_ROLE: return new_imds(settings, getenv, out, error);
    case ALS_AUTHENTICATION_ENVIRONMENT: return als_environment_new(getenv, out, error);
    case ALS_AUTHENTICATION_PROFILE: return new_profile(settings, getenv, out, error);
    case ALS_AUTHENTICATION_PROCESS:
        return als_process_new(settings->credential_process, out, error);
    case ALS_AUTHENTICATION_CONTAINER: return als_container_new(getenv, out, error);
    case ALS_AUTHENTICATION_WEB_IDENTITY:
        return als_web_identity_new_from_environment(&sts, getenv, out, error);
    default: return new_chain(settings, getenv, out, error);
    }
}

int als_authentication_new_role(const struct als_settings *settings, awslogsrc_credentials *base,
                                awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_sts_config sts = als_authentication_sts(settings);
    struct als_role role = {.arn = settings->assume_role_arn,
                            .session_name = or_null(settings->assume_role_session_name),
                            .external_id = or_null(settings->assume_role_external_id),
                            .duration_s = settings->assume_role_duration / 1000};
    return als_assume_role_new(base, &role, &sts, out, error);
}

int als_authentication_new(const struct als_settings *settings, als_getenv *getenv,
                           awslogsrc_credentials **out, awslogsrc_error **error)
{
    awslogsrc_credentials *base = NULL;
    enum als_authentication method = (enum als_authentication)settings->authentication_method;
    int status = als_authentication_new_base(settings, method, getenv, &base, error);
    if (status != 0)
        return status;
    if (or_null(settings->assume_role_arn) == NULL) {
        *out = base;
        return 0;
    }
    status = als_authentication_new_role(settings, base, out, error);
    als_provider_unref(base);
    return status;
}

bool als_authentication_is_same(const struct als_settings *a, const struct als_settings *b)
{
    const char *const pairs[][2] = {{a->access_key, b->access_key},
                                    {a->secret_key, b->secret_key},
                                    {a->session_token, b->session_token},
                                    {a->profile, b->profile},
                                    {a->credential_process, b->credential_process},
                                    {a->assume_role_arn, b->assume_role_arn},
                                    {a->assume_role_session_name, b->assume_role_session_name},
                                    {a->assume_role_external_id, b->assume_role_external_id},
                                    {a->sts_endpoint_url, b->sts_endpoint_url},
                                    {a->ec2_metadata_endpoint, b->ec2_metadata_endpoint},
                                    {a->regions.items[0], b->regions.items[0]}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (strcmp(pairs[i][0], pairs[i][1]) != 0)
            return false;
    }
    return a->authentication_method == b->authentication_method &&
           a->assume_role_duration == b->assume_role_duration &&
           a->use_fips_endpoint == b->use_fips_endpoint &&
           a->use_dualstack_endpoint == b->use_dualstack_endpoint;
}
