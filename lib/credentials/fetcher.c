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

void als_fetcher_deliver(struct als_fetcher *fetcher, const struct als_fetcher_find *find)
{
    struct als_loop *loop = fetcher->place->loop;
    struct als_sigv4_keys pair = als_key_document_keys(find->document);
    struct als_keys *keys = NULL;
    awslogsrc_error *error = NULL;
    int64_t server_ms = find->server_ms != 0 ? find->server_ms : als_clock_wall_ms(&loop->clock);
    int64_t expires_ms = ALS_KEYS_FOREVER;
    if (find->document->expires)
        expires_ms = als_loop_now_ms(loop) + (find->document->expires_ms - server_ms);
    if (als_keys_new(find->origin, &pair, expires_ms, &keys, &error) != 0) {
        als_fetcher_fail(fetcher, error, 0);
        return;
    }
    keys->outlive = find->outlive;
    als_fetcher_done(fetcher, keys);
}
