#include "source/asking.h"

#include "source/chain.h"

enum {
    NO_MEMORY_WAIT_MS = 1000,
    STALE_PLAN_MS = 1000,
    ROOM_WAIT_MS = 1000 /* between two looks whether others have made room */
};

/* Whatever is under way began at a time that is still to come. */
static void set_back(struct als_region_reader *reader)
{
    reader->client.set_back = false;
    while (reader->chains != NULL)
        als_region_reader_drop_chain(reader, reader->chains, false);
    als_reading_set_back(&reader->reading, als_logs_client_server_ms(&reader->client));
}

void als_asking_answered(struct als_region_reader *reader, int code)
{
    if (code == 0 || code == AWSLOGSRC_E_THROTTLED)
        als_call_queue_answered(reader->caller.queue, code != 0);
}

static void page_arrived(void *user_data, const struct als_logs_answer *answer)
{
    struct als_chain *chain = user_data;
    struct als_region_reader *reader = chain->reader;
    als_source_ref(reader->source);
    reader->calls--;
    chain->state = ALS_CHAIN_READY;
    als_asking_answered(reader, answer->code);
    if (reader->client.set_back) {
        set_back(reader);
    } else if (answer->code == 0) {
        als_chain_take(chain, answer);
        reader->page_bytes = als_chain_expect(reader->page_bytes, chain->body.size);
        als_intake_push(&reader->source->context->intake, chain);
    } else {
        als_region_reader_free_reserve(chain);
        if (answer->code == AWSLOGSRC_E_TOO_LARGE)
            als_intake_shrink_pages(chain);
        else if (answer->code == AWSLOGSRC_E_TOKEN)
            als_region_reader_drop_chain(reader, chain, false); /* go on from the map */
        als_region_reader_fail(reader, answer->error, answer->retry_after_ms);
    }
    als_region_reader_wake(reader);
    als_source_unref(reader->source);
}

int64_t als_asking_plan(struct als_region_reader *reader)
{
    als_planner_stretch(&reader->reading.planner, reader->caller.queue->delay_ms);
    for (;;) {
        uint64_t scan = 0;
        int64_t now = als_logs_client_server_ms(&reader->client);
        struct als_scan_plan plan = als_reading_begin_scan(&reader->reading, now, &scan);
        if (!plan.found)
            return plan.wake;
        struct als_chain *chain = scan == 0 ? NULL : als_chain_new(reader, scan, &plan);
        if (chain == NULL) {
            als_reading_end_scan(&reader->reading, scan, false, now);
            return now + NO_MEMORY_WAIT_MS;
        }
        chain->planned_ms = als_loop_now_ms(reader->loop);
        chain->next = reader->chains;
        reader->chains = chain;
    }
}

/* The live edge reads along what is to be read again beside it, which would otherwise wait
 * long for a turn of its own where calls are short. */
static bool gives_way(enum als_scan_kind waiting, enum als_scan_kind kind)
{
    return waiting == kind || (waiting == ALS_SCAN_AGE && kind == ALS_SCAN_LIVE);
}

/* While a scan waited for its turn, more has become due: plans those again that have sent no call
 * yet. */
static void plan_again(struct als_region_reader *reader, enum als_scan_kind kind)
{
    int64_t stale = als_loop_now_ms(reader->loop) - STALE_PLAN_MS;
    bool any = false;
    for (struct als_chain *chain = reader->chains, *next = NULL; chain != NULL; chain = next) {
        next = chain->next;
        if (!gives_way(chain->kind, kind) || chain->asked || chain->planned_ms > stale)
            continue;
        als_reading_withdraw_scan(&reader->reading, chain->scan);
        als_region_reader_remove_chain(reader, chain);
        any = true;
    }
    if (any)
        (void)als_asking_plan(reader);
}

/* Back-pressure is not asking. A region with no page on its way, from the call to the host's
 * answer, may always ask, so that no source stands still because others fill the space. */
static bool has_room(const struct als_region_reader *reader)
{
    return (!als_chain_any_reserved(reader->chains) && reader->outstanding.first == NULL) ||
           als_context_has_room(reader->source->context, reader->page_bytes,
                                reader->source->settings.max_inflight);
}

/* The monotonic time before which no call is sent; INT64_MAX where an answer will tell. Room that
 * this region makes wakes it; what others make it has to look for. */
static int64_t blocked_until(const struct als_region_reader *reader)
{
    const struct als_recovery *recovery = &reader->state.recovery;
    int64_t now = als_loop_now_ms(reader->loop);
    int64_t paced_until = als_pacing_ask_at(&reader->source->pacing, now);
    if (now < recovery->not_before_ms || now < paced_until)
        return recovery->not_before_ms > paced_until ? recovery->not_before_ms : paced_until;
    bool failing = recovery->retry.failures > 0;
    if (failing && reader->calls > 0)
        return INT64_MAX;
    return has_room(reader) ? 0 : now + ROOM_WAIT_MS;
}

int64_t als_asking_want(struct als_region_reader *reader)
{
    int64_t until = blocked_until(reader);
    unsigned kinds = 0;
    if (until == 0) {
        kinds = als_chain_kinds_ready(reader->chains) &
                als_planner_allowed(&reader->reading.planner, &reader->reading.cursor.ids);
        until = INT64_MAX;
    }
    als_call_queue_want(&reader->caller, kinds);
    return until;
}

bool als_asking_send(struct als_region_reader *reader, enum als_scan_kind kind)
{
    awslogsrc_source *source = reader->source;
    if (blocked_until(reader) != 0)
        return false;
    plan_again(reader, kind);
    struct als_chain *chain = als_chain_ready(reader->chains, kind);
    if (chain == NULL)
        return false;
    int limit = als_pacing_page(&source->pacing, reader->page_limit);
    int status = als_chain_ask(chain, &reader->client, &source->settings, limit, page_arrived);
    if (status != 0) {
        als_region_reader_fail_with(reader, status, "the request could not be sent");
        return false;
    }
    chain->expected = als_pacing_asked(&source->pacing);
    chain->reserved = reader->page_bytes;
    source->context->reserved_bytes += chain->reserved;
    reader->calls++;
    return true;
}
