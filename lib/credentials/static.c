#include "credentials/static.h"

#include "base/memory.h"

struct als_static {
    awslogsrc_credentials head;
    struct als_keys *keys;
};

static const struct als_provider_type static_type = {.name = "static",
                                                     .offline = true,
                                                     .fixed = true,
                                                     .fetch = als_static_fetch,
                                                     .free = als_static_free};

void als_static_fetch(struct als_fetcher *fetcher)
{
    const struct als_static *own = (const struct als_static *)fetcher->provider;
    als_fetcher_done(fetcher, als_keys_ref(own->keys));
}

void als_static_free(awslogsrc_credentials *provider)
{
    struct als_static *own = (struct als_static *)provider;
    als_keys_unref(own->keys);
    als_free(own);
}

int als_static_new_from(const struct als_provider_type *type, const char *origin,
                        const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                        awslogsrc_error **error)
{
    struct als_static *own = als_new(sizeof *own);
    if (own == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", origin);
    int status = als_keys_new(origin, keys, ALS_KEYS_FOREVER, &own->keys, error);
    if (status != 0) {
        als_free(own);
        return status;
    }
    als_provider_init(&own->head, type);
    *out = &own->head;
    return 0;
}

int als_static_new(const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                   awslogsrc_error **error)
{
    return als_static_new_from(&static_type, "static credentials", keys, out, error);
}
