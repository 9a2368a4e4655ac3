#include "credentials/environment.h"

#include <stddef.h>

#include "base/text.h"

#include "credentials/static.h"

static const struct als_provider_type environment_type = {.name = "environment",
                                                          .offline = true,
                                                          .fixed = true,
                                                          .fetch = als_static_fetch,
                                                          .free = als_static_free};

const char *als_environment_get(als_getenv *getenv, const char *name)
{
    const char *value = getenv(name);
    return als_text_trim(als_text_of(value)).size == 0 ? NULL : value;
}

int als_environment_new(als_getenv *getenv, awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_sigv4_keys keys = {als_environment_get(getenv, "AWS_ACCESS_KEY_ID"),
                                  als_environment_get(getenv, "AWS_SECRET_ACCESS_KEY"),
                                  als_environment_get(getenv, "AWS_SESSION_TOKEN")};
    if (keys.access_key == NULL && keys.secret_key == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_CREDENTIALS,
                             "no credentials: set the options access_key and secret_key, or "
                             "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment");
    if (keys.access_key == NULL || keys.secret_key == NULL)
        return als_error_set(
            error, AWSLOGSRC_E_NO_CREDENTIALS,
            "no credentials: %s is set in the environment but %s is not",
            keys.access_key != NULL ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
            keys.access_key != NULL ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
    return als_static_new_from(&environment_type, "environment credentials", &keys, out, error);
}
