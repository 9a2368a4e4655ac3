#include "host.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "event/batch.h"
#include "random.h"

enum fate { FATE_ACK, FATE_NACK, FATE_DROP };

/* A batch that the host will answer when its timer is due. */
struct held {
    struct host *host;
    struct held *next, *previous;
    struct als_timer timer;
    awslogsrc_batch *batch;
    enum fate fate;
    bool counts; /* the source has not been stopped since */
};

void host_init(struct host *host, const struct world_plan *plan, struct virtual_aws *aws,
               struct event_book *books)
{
    *host = (struct host){.manner = &plan->host,
                          .aws = aws,
                          .books = books,
                          .book_count = plan->regions,
                          .random = sim_random_mix(plan->seed ^ 0x4057)};
}

static size_t region_of(const struct host *host, const awslogsrc_batch *batch)
{
    for (size_t i = 0; i < host->book_count; i++) {
        if (strcmp(host->books[i].region, awslogsrc_batch_region(batch)) == 0)
            return i;
    }
    abort();
}

static void set_all(const struct host *host, const awslogsrc_batch *batch, enum event_state state)
{
    struct event_book *book = &host->books[region_of(host, batch)];
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++)
        event_book_set(book, awslogsrc_batch_event(batch, i), state);
}

static bool per_cent(struct host *host, unsigned chance)
{
    return world_draw(&host->random, 0, 99) < (int64_t)chance;
}

/* --- holding --- */

static void let_go(struct held *held)
{
    struct host *host = held->host;
    if (held->previous != NULL)
        held->previous->next = held->next;
    else
        host->held = held->next;
    if (held->next != NULL)
        held->next->previous = held->previous;
    als_loop_disarm(&host->aws->loop, &held->timer);
    free(held);
}

static void answer(void *user_data)
{
    struct held *held = user_data;
    if (held->counts)
        set_all(held->host, held->batch, held->fate == FATE_ACK ? EVENT_DONE : EVENT_DUE);
    if (held->fate == FATE_ACK)
        (void)awslogsrc_batch_ack(held->batch);
    else if (held->fate == FATE_NACK)
        (void)awslogsrc_batch_nack(held->batch);
    else
        awslogsrc_batch_unref(held->batch);
    let_go(held);
}

static int hold(struct host *host, awslogsrc_batch *batch)
{
    struct held *held = sim_allocate(sizeof *held);
    int64_t delay = world_draw(&host->random, 0, host->manner->longest_hold_ms);
    bool at_once = per_cent(host, 30);
    *held = (struct held){.host = host,
                          .next = host->held,
                          .timer = {.fn = answer, .user_data = held},
                          .batch = batch,
                          .counts = true};
    if (per_cent(host, host->manner->nack))
        held->fate = FATE_NACK;
    else if (per_cent(host, host->manner->drop))
        held->fate = FATE_DROP;
    if (host->held != NULL)
        host->held->previous = held;
    host->held = held;
    als_loop_arm(&host->aws->loop, &held->timer, host->aws->now_ms + (at_once ? 0 : delay));
    return AWSLOGSRC_HOLD;
}

/* --- callbacks --- */

/* After LATER, the very same thing comes again. */
static bool postpones(struct host *host, size_t region, const void *what)
{
    if (host->postponed[region] != NULL && host->postponed[region] != what)
        host->broken_later++;
    host->postponed[region] = per_cent(host, host->manner->later) ? what : NULL;
    host->postponements += host->postponed[region] != NULL;
    return host->postponed[region] != NULL;
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct host *host = user_data;
    size_t region = region_of(host, batch);
    (void)source;
    if (postpones(host, region, batch))
        return AWSLOGSRC_LATER;
    host->batches++;
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++)
        event_book_delivered(&host->books[region], awslogsrc_batch_event(batch, i));
    if (per_cent(host, host->manner->hold))
        return hold(host, batch);
    set_all(host, batch, EVENT_DONE);
    return AWSLOGSRC_ACCEPT;
}

static int on_event(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct host *host = user_data;
    awslogsrc_batch *batch = event->batch;
    size_t region = region_of(host, batch);
    (void)source;
    if (postpones(host, region, event))
        return AWSLOGSRC_LATER;
    event_book_delivered(&host->books[region], event);
    host->unfinished[region] = batch;
    if (event == awslogsrc_batch_event(batch, awslogsrc_batch_count(batch) - 1)) {
        host->batches++;
        host->unfinished[region] = NULL;
        set_all(host, batch, EVENT_DONE);
    }
    return AWSLOGSRC_ACCEPT;
}

int host_attach(struct host *host, awslogsrc_source *source)
{
    if (host->manner->by_event)
        return awslogsrc_source_on_event(source, on_event, host, NULL);
    return awslogsrc_source_on_batch(source, on_batch, host, NULL);
}

void host_before_stop(struct host *host)
{
    for (size_t i = 0; i < WORLD_REGIONS; i++) {
        if (host->unfinished[i] != NULL)
            set_all(host, host->unfinished[i], EVENT_DUE);
        host->unfinished[i] = NULL;
        host->postponed[i] = NULL;
    }
    for (struct held *held = host->held; held != NULL; held = held->next) {
        if (held->counts)
            set_all(host, held->batch, EVENT_DUE);
        held->counts = false;
    }
}

void host_clear(struct host *host)
{
    for (struct held *held = host->held, *next = NULL; held != NULL; held = next) {
        next = held->next;
        awslogsrc_batch_unref(held->batch);
        let_go(held);
    }
}
