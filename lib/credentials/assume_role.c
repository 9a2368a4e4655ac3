#include "credentials/assume_role.h"

#include "base/memory.h"
#include "credentials/cached.h"

struct als_assume_role {
    awslogsrc_credentials head;
    awslogsrc_credentials *base;
    struct als_role_target target;
};

struct assume_role_fetcher {
    struct als_fetcher head;
    struct als_cached *base; /* NULL before the first attempt */
    struct als_cached_waiter waiter;
    struct als_keys *keys; /* that signed the call under way */
    struct als_role_call call;
};

/* --- attempts --- */

static void forget_keys(struct assume_role_fetcher *fetcher)
{
    als_keys_unref(fetcher->keys);
    fetcher->keys = NULL;
}

static void ask(struct assume_role_fetcher *fetcher, struct als_keys *keys)
{
    forget_keys(fetcher);
    fetcher->keys = keys;
    struct als_role_question question = {.action = "AssumeRole", .keys = keys};
    als_role_ask(&fetcher->call, &question);
}

static void base_answered(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                          int64_t retry_at_ms)
{
    struct assume_role_fetcher *fetcher = user_data;
    if (keys != NULL)
        ask(fetcher, keys);
    else
        als_fetcher_trouble(&fetcher->head, error, retry_at_ms);
}

static bool refused(struct als_fetcher *head, int code)
{
    struct assume_role_fetcher *fetcher = (struct assume_role_fetcher *)head;
    if (code == AWSLOGSRC_E_CREDENTIALS_EXPIRED)
        return als_cached_expired(fetcher->base, fetcher->keys);
    if (code == AWSLOGSRC_E_CREDENTIALS_REJECTED)
        als_cached_doubt(fetcher->base, fetcher->keys);
    return true;
}

static void fetch(struct als_fetcher *head)
{
    struct assume_role_fetcher *fetcher = (struct assume_role_fetcher *)head;
    const struct als_assume_role *role = (const struct als_assume_role *)head->provider;
    awslogsrc_error *error = NULL;
    fetcher->call.fetcher = head;
    fetcher->call.target = &role->target;
    fetcher->call.refused = refused;
    fetcher->waiter.answer = base_answered;
    fetcher->waiter.user_data = fetcher;
    fetcher->waiter.http = head->place->http;
    if (fetcher->base == NULL &&
        als_cached_open(head->place->caches, role->base, head->place->http, &fetcher->base) != 0) {
        als_error_set(&error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
        als_fetcher_fail(head, error, 0);
        return;
    }
    struct als_keys *keys = als_cached_ask(fetcher->base, &fetcher->waiter);
    if (keys != NULL)
        ask(fetcher, keys);
}

static void cancel(struct als_fetcher *head)
{
    struct assume_role_fetcher *fetcher = (struct assume_role_fetcher *)head;
    if (fetcher->base != NULL)
        als_cached_forget(fetcher->base, &fetcher->waiter);
    als_role_cancel(&fetcher->call);
}

static void close_fetcher(struct als_fetcher *head)
{
    struct assume_role_fetcher *fetcher = (struct assume_role_fetcher *)head;
    forget_keys(fetcher);
    als_cached_close(fetcher->base);
}

/* --- the provider --- */

static void free_assume_role(awslogsrc_credentials *provider)
{
    struct als_assume_role *role = (struct als_assume_role *)provider;
    als_provider_unref(role->base);
    als_role_target_clear(&role->target);
    als_free(role);
}

static const struct als_provider_type assume_role_type = {.name = "assume_role",
                                                          .fetcher_size =
                                                              sizeof(struct assume_role_fetcher),
                                                          .fetch = fetch,
                                                          .cancel = cancel,
                                                          .close = close_fetcher,
                                                          .free = free_assume_role};

int als_assume_role_new(awslogsrc_credentials *base, const struct als_role *role,
                        const struct als_sts_config *sts, awslogsrc_credentials **out,
                        awslogsrc_error **error)
{
    struct als_assume_role *own = als_new(sizeof *own);
    if (own == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_role_target_init(&own->target, role, sts, error);
    if (status != 0) {
        als_free(own);
        return status;
    }
    als_provider_init(&own->head, &assume_role_type);
    own->base = als_provider_ref(base);
    *out = &own->head;
    return 0;
}
