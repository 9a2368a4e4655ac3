#include "credentials/static.h"

int als_static_new(const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                   awslogsrc_error **error)
{
    return als_provider_new("static", keys, out, error);
}
