#include "credentials/custom.h"

#include "base/memory.h"

#define ORIGIN "the host's credentials"

static const int64_t LATEST_MS = INT64_MAX / 2; /* what ends later never does */

struct als_custom {
    awslogsrc_credentials head;
    awslogsrc_credentials_fetch_fn fetch;
    void *user_data;
    awslogsrc_user_data_free user_data_free;
};

struct custom_fetcher {
    struct als_fetcher head;
    struct awslogsrc_credentials_request *request; /* not answered yet */
    struct als_timer timer;                        /* to ask the host; then its time limit */
};

/* It outlives its fetcher. */
struct awslogsrc_credentials_request {
    struct custom_fetcher *fetcher; /* NULL: nobody wants the answer any more */
};

static void let_go(struct custom_fetcher *fetcher)
{
    als_loop_disarm(fetcher->head.place->loop, &fetcher->timer);
    if (fetcher->request != NULL)
        fetcher->request->fetcher = NULL;
    fetcher->request = NULL;
}

static void fail(struct custom_fetcher *fetcher, int code, const char *message)
{
    awslogsrc_error *error = NULL;
    als_error_set(&error, code, ORIGIN ": %s", message);
    als_fetcher_fail(&fetcher->head, error, 0);
}

static void time_out(void *user_data)
{
    struct custom_fetcher *fetcher = user_data;
    let_go(fetcher);
    fail(fetcher, AWSLOGSRC_E_TIMEOUT, "the callback has not been answered for 60 s");
}

static void ask_host(void *user_data)
{
    struct custom_fetcher *fetcher = user_data;
    struct als_loop *loop = fetcher->head.place->loop;
    struct als_custom *custom = (struct als_custom *)fetcher->head.provider;
    struct awslogsrc_credentials_request *request = als_new(sizeof *request);
    if (request == NULL) {
        fail(fetcher, AWSLOGSRC_E_NO_MEMORY, "out of memory");
        return;
    }
    request->fetcher = fetcher;
    fetcher->request = request;
    fetcher->timer.fn = time_out;
    als_loop_arm(loop, &fetcher->timer, als_loop_now_ms(loop) + ALS_CUSTOM_TIMEOUT_MS);
    /* The host may free its sources in there, and the fetcher with them. */
    als_provider_ref(&custom->head);
    custom->fetch(custom->user_data, request);
    als_provider_unref(&custom->head);
}

/* The host is asked from the loop, with nothing of ours on the stack that its answer may free. */
static void fetch(struct als_fetcher *head)
{
    struct custom_fetcher *fetcher = (struct custom_fetcher *)head;
    struct als_loop *loop = head->place->loop;
    fetcher->timer.fn = ask_host;
    fetcher->timer.user_data = fetcher;
    als_loop_arm(loop, &fetcher->timer, als_loop_now_ms(loop));
}

static void cancel(struct als_fetcher *head)
{
    let_go((struct custom_fetcher *)head);
}

/* The request is over. Its fetcher, or NULL. */
static struct custom_fetcher *end(awslogsrc_credentials_request *request)
{
    struct custom_fetcher *fetcher = request->fetcher;
    if (fetcher != NULL)
        let_go(fetcher);
    als_free(request);
    return fetcher;
}

void als_custom_fetched(awslogsrc_credentials_request *request, const struct als_sigv4_keys *keys,
                        int64_t expires_at_ms)
{
    struct custom_fetcher *fetcher = end(request);
    struct als_keys *copy = NULL;
    awslogsrc_error *error = NULL;
    if (fetcher == NULL)
        return;
    const struct als_loop *loop = fetcher->head.place->loop;
    int64_t expires_ms = ALS_KEYS_FOREVER;
    if (expires_at_ms < LATEST_MS && expires_at_ms != 0)
        expires_ms = als_loop_now_ms(loop) +
                     ((expires_at_ms < 0 ? 0 : expires_at_ms) - als_clock_wall_ms(&loop->clock));
    if (als_keys_new(ORIGIN, keys, expires_ms, &copy, &error) != 0)
        als_fetcher_fail(&fetcher->head, error, 0);
    else
        als_fetcher_done(&fetcher->head, copy);
}

void als_custom_refused(awslogsrc_credentials_request *request, int code, const char *message)
{
    struct custom_fetcher *fetcher = end(request);
    if (fetcher != NULL)
        fail(fetcher, code, message);
}

static void free_custom(awslogsrc_credentials *provider)
{
    struct als_custom *custom = (struct als_custom *)provider;
    if (custom->user_data_free != NULL)
        custom->user_data_free(custom->user_data);
    als_free(custom);
}

static const struct als_provider_type custom_type = {.name = "custom",
                                                     .offline = true,
                                                     .fetcher_size = sizeof(struct custom_fetcher),
                                                     .fetch = fetch,
                                                     .cancel = cancel,
                                                     .free = free_custom};

int als_custom_new(awslogsrc_credentials_fetch_fn fetch_fn, void *user_data,
                   awslogsrc_user_data_free user_data_free, awslogsrc_credentials **out)
{
    struct als_custom *custom = als_new(sizeof *custom);
    if (custom == NULL) {
        if (user_data_free != NULL)
            user_data_free(user_data);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    als_provider_init(&custom->head, &custom_type);
    custom->fetch = fetch_fn;
    custom->user_data = user_data;
    custom->user_data_free = user_data_free;
    *out = &custom->head;
    return 0;
}
