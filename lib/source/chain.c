#include "source/chain.h"

#include "aws/filter_log_events.h"
#include "aws/page.h"
#include "base/memory.h"

enum { REQUEST_CEILING = ALS_PAGE_TOKEN_SIZE_MAX * 2 + 32 * 1024 };

struct als_chain *als_chain_new(struct als_region_reader *reader, uint64_t scan,
                                const struct als_scan_plan *plan)
{
    struct als_chain *chain = als_new(sizeof *chain);
    if (chain == NULL)
        return NULL;
    chain->reader = reader;
    chain->scan = scan;
    chain->kind = plan->kind;
    chain->start = plan->start;
    chain->end = plan->end;
    als_buffer_init(&chain->token, ALS_PAGE_TOKEN_SIZE_MAX);
    return chain;
}

void als_chain_free(struct als_chain *chain)
{
    als_logs_call_cancel(&chain->call);
    als_buffer_clear(&chain->body);
    als_buffer_clear(&chain->token);
    als_free(chain);
}

int als_chain_ask(struct als_chain *chain, struct als_logs_client *client,
                  const struct als_settings *settings, int limit, als_logs_done *done)
{
    struct als_buffer body;
    struct als_filter_log_events_request request = als_settings_request(settings);
    request.next_token = als_buffer_text(&chain->token);
    request.start_ms = chain->start;
    request.end_ms = chain->end == ALS_TIME_MAX ? INT64_MAX : chain->end;
    request.limit = limit;
    als_buffer_init(&body, REQUEST_CEILING);
    int status = als_filter_log_events_write(&request, &body);
    if (status == 0)
        status = als_logs_call_send(&chain->call, client, ALS_TEXT(ALS_FILTER_LOG_EVENTS_TARGET),
                                    als_buffer_text(&body), done, chain);
    als_buffer_clear(&body);
    if (status == 0) {
        chain->state = ALS_CHAIN_ASKING;
        chain->asked = true;
    }
    return status;
}

void als_chain_take(struct als_chain *chain, const struct als_logs_answer *answer)
{
    chain->body = *answer->body;
    als_buffer_init(answer->body, answer->body->ceiling);
    chain->began_ms = answer->began_ms;
    chain->state = ALS_CHAIN_ARRIVED;
}

size_t als_chain_expect(size_t before, size_t size)
{
    size_t faded = before - before / 16;
    return size > faded ? size : faded;
}

void als_chain_forget_page(struct als_chain *chain)
{
    als_buffer_clear(&chain->body);
    chain->state = ALS_CHAIN_READY;
}

bool als_chain_advance(struct als_chain *chain, struct als_text next_token)
{
    if (als_text_equal(next_token, als_buffer_text(&chain->token)))
        return false;
    als_buffer_reset(&chain->token);
    return als_buffer_append_text(&chain->token, next_token) == 0;
}

unsigned als_chain_kinds_ready(const struct als_chain *first)
{
    unsigned kinds = 0;
    for (const struct als_chain *chain = first; chain != NULL; chain = chain->next)
        kinds |= chain->state == ALS_CHAIN_READY ? 1U << chain->kind : 0;
    return kinds;
}

bool als_chain_any_reserved(const struct als_chain *first)
{
    const struct als_chain *chain = first;
    while (chain != NULL && chain->reserved == 0)
        chain = chain->next;
    return chain != NULL;
}

struct als_chain *als_chain_ready(struct als_chain *first, enum als_scan_kind kind)
{
    struct als_chain *ready = NULL;
    for (struct als_chain *chain = first; chain != NULL; chain = chain->next) {
        if (chain->state == ALS_CHAIN_READY && chain->kind == kind)
            ready = chain;
    }
    return ready;
}
