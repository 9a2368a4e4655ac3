#include "credentials/fetcher.h"

#include "base/memory.h"
#include "credentials/provider.h"

int als_fetcher_open(awslogsrc_credentials *provider, const struct als_fetcher_place *place,
                     const struct als_fetcher_listener *listener, struct als_fetcher **out)
{
    size_t size = provider->type->fetcher_size;
    struct als_fetcher *fetcher = als_new(size < sizeof *fetcher ? sizeof *fetcher : size);
    if (fetcher == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    fetcher->provider = als_provider_ref(provider);
    fetcher->place = place;
    fetcher->listener = *listener;
    *out = fetcher;
    return 0;
}

void als_fetcher_close(struct als_fetcher *fetcher)
{
    if (fetcher == NULL)
        return;
    als_fetcher_cancel(fetcher);
    if (fetcher->provider->type->close != NULL)
        fetcher->provider->type->close(fetcher);
    als_provider_unref(fetcher->provider);
    als_free(fetcher);
}

void als_fetcher_fetch(struct als_fetcher *fetcher)
{
    fetcher->busy = true;
    fetcher->provider->type->fetch(fetcher);
}

void als_fetcher_cancel(struct als_fetcher *fetcher)
{
    if (fetcher->busy && fetcher->provider->type->cancel != NULL)
        fetcher->provider->type->cancel(fetcher);
    fetcher->busy = false;
}

void als_fetcher_done(struct als_fetcher *fetcher, struct als_keys *keys)
{
    fetcher->busy = false;
    fetcher->listener.done(fetcher->listener.self, keys);
}

void als_fetcher_fail(struct als_fetcher *fetcher, awslogsrc_error *error, int64_t least_wait_ms)
{
    fetcher->busy = false;
    fetcher->listener.failed(fetcher->listener.self, error, least_wait_ms);
}

void als_fetcher_trouble(struct als_fetcher *fetcher, const awslogsrc_error *error,
                         int64_t retry_at_ms)
{
    if (fetcher->listener.troubled != NULL)
        fetcher->listener.troubled(fetcher->listener.self, error, retry_at_ms);
}
