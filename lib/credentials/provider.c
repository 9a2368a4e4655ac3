#include "credentials/provider.h"

#include "base/memory.h"
#include "base/text.h"

static int check(const char *provider, const char *what, const char *value, awslogsrc_error **error)
{
    if (value == NULL || *value == '\0')
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s credentials: the %s is missing",
                             provider, what);
    /* Keys go into headers; the text itself is never shown. */
    if (als_text_has_control(als_text_of(value)))
        return als_error_set(error, AWSLOGSRC_E_INVALID,
                             "%s credentials: the %s has a control character", provider, what);
    return 0;
}

int als_provider_new(const char *provider, const struct als_sigv4_keys *keys,
                     awslogsrc_credentials **out, awslogsrc_error **error)
{
    int status = check(provider, "access key", keys->access_key, error);
    if (status == 0)
        status = check(provider, "secret key", keys->secret_key, error);
    if (status == 0 && keys->session_token != NULL)
        status = check(provider, "session token", keys->session_token, error);
    if (status != 0)
        return status;
    awslogsrc_credentials *credentials = als_new(sizeof *credentials);
    if (credentials == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    atomic_init(&credentials->references, 1);
    credentials->provider = provider;
    credentials->access_key = als_copy_string(keys->access_key);
    credentials->secret_key = als_copy_string(keys->secret_key);
    if (keys->session_token != NULL)
        credentials->session_token = als_copy_string(keys->session_token);
    if (credentials->access_key == NULL || credentials->secret_key == NULL ||
        (keys->session_token != NULL && credentials->session_token == NULL)) {
        als_provider_unref(credentials);
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    }
    *out = credentials;
    return 0;
}

awslogsrc_credentials *als_provider_ref(awslogsrc_credentials *credentials)
{
    atomic_fetch_add(&credentials->references, 1);
    return credentials;
}

void als_provider_unref(awslogsrc_credentials *credentials)
{
    if (credentials == NULL || atomic_fetch_sub(&credentials->references, 1) != 1)
        return;
    als_free_secret(credentials->access_key);
    als_free_secret(credentials->secret_key);
    als_free_secret(credentials->session_token);
    als_free(credentials);
}

struct als_sigv4_keys als_provider_keys(const awslogsrc_credentials *credentials)
{
    return (struct als_sigv4_keys){credentials->access_key, credentials->secret_key,
                                   credentials->session_token};
}
