#include "credentials/provider.h"

#include <stddef.h>

void als_provider_init(awslogsrc_credentials *provider, const struct als_provider_type *type)
{
    provider->type = type;
    atomic_init(&provider->references, 1);
}

awslogsrc_credentials *als_provider_ref(awslogsrc_credentials *provider)
{
    atomic_fetch_add(&provider->references, 1);
    return provider;
}

void als_provider_unref(awslogsrc_credentials *provider)
{
    if (provider != NULL && atomic_fetch_sub(&provider->references, 1) == 1)
        provider->type->free(provider);
}
