#include "source/context.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/memory.h"
#include "source/source.h"

/* Of max_inflight: what answers under way and batches that wait for the host may take of it. More
 * read ahead of a slow host makes nothing faster. */
enum { READ_AHEAD_SHARE = 4 };

static void woken(void *user_data)
{
    als_context_woken(user_data);
}

int als_context_new(awslogsrc_context **out, awslogsrc_error **error)
{
    struct als_reactor *reactor = als_new(sizeof *reactor);
    awslogsrc_context *context = NULL;
    if (reactor == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_reactor_init(reactor, error);
    if (status != 0) {
        als_free(reactor);
        return status;
    }
    status = als_context_new_on(&reactor->loop, &context);
    if (status != 0) {
        als_reactor_clear(reactor);
        als_free(reactor);
        return als_error_set(error, status, "out of memory");
    }
    reactor->woken = woken;
    reactor->user_data = context;
    context->reactor = reactor;
    *out = context;
    return 0;
}

int als_context_new_on(struct als_loop *loop, awslogsrc_context **out)
{
    awslogsrc_context *context = als_new(sizeof *context);
    if (context == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    context->loop = loop;
    context->caches.loop = loop;
    als_intake_init(&context->intake, loop);
    context->references = 1;
    context->owner = getpid();
    atomic_init(&context->stopped, false);
    *out = context;
    return 0;
}

void als_context_ref(awslogsrc_context *context)
{
    context->references++;
}

void als_context_unref(awslogsrc_context *context)
{
    if (--context->references > 0)
        return;
    als_intake_clear(&context->intake);
    if (context->reactor != NULL) {
        als_reactor_clear(context->reactor);
        als_free(context->reactor);
    }
    als_free(context);
}

int als_context_check(const awslogsrc_context *context)
{
    if (context == NULL)
        return AWSLOGSRC_E_INVALID;
    return context->owner == getpid() ? 0 : AWSLOGSRC_E_FORKED;
}

bool als_context_has_room(const awslogsrc_context *context, size_t bytes, int64_t max_inflight)
{
    uint64_t under_way = context->reserved_bytes + bytes, most = (uint64_t)max_inflight;
    return context->queued_bytes + under_way <= most / READ_AHEAD_SHARE &&
           context->inflight_bytes + under_way <= most;
}

void als_context_woken(awslogsrc_context *context)
{
    /* A callback may free the source it came from; every other one stays where it is. */
    for (awslogsrc_source *source = context->sources, *next = NULL; source != NULL; source = next) {
        als_source_ref(source);
        als_source_look_at_receipts(source);
        next = source->next;
        als_source_unref(source);
    }
}

int als_context_process(awslogsrc_context *context)
{
    if (context->processing)
        return AWSLOGSRC_E_REENTRANT;
    als_context_ref(context);
    context->processing = true;
    int status = als_reactor_process(context->reactor);
    context->processing = false;
    als_context_unref(context);
    return status;
}

int als_context_poll(awslogsrc_context *context, int timeout_ms)
{
    if (context->processing)
        return AWSLOGSRC_E_REENTRANT;
    struct pollfd descriptor = {.fd = context->reactor->epoll_fd, .events = POLLIN};
    int ready = poll(&descriptor, 1, timeout_ms < 0 ? -1 : timeout_ms);
    if (ready < 0)
        return errno == EINTR ? 0 : AWSLOGSRC_E_SYSTEM;
    return ready == 0 ? 0 : als_context_process(context);
}

static bool has_something_to_do(const awslogsrc_context *context)
{
    for (const awslogsrc_source *source = context->sources; source != NULL; source = source->next) {
        if (als_source_is_running(source) || source->check != NULL)
            return true;
    }
    return context->fetches > 0;
}

int als_context_run(awslogsrc_context *context)
{
    if (context->processing)
        return AWSLOGSRC_E_REENTRANT;
    int status = 0;
    als_context_ref(context); /* a callback may give the last one back */
    while (status >= 0 && has_something_to_do(context) &&
           !atomic_exchange(&context->stopped, false))
        status = als_context_poll(context, -1);
    als_context_unref(context);
    return status < 0 ? status : 0;
}
