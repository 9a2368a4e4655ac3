#include "source/delivery.h"

#include "source/region_reader.h"

enum { IDENTIFY_MS = 2, IDENTIFY_EVENTS = 4 }; /* a turn; events between two looks at the clock */

static void hand_out(void *user_data);

void als_delivery_init(struct als_delivery *delivery, struct als_region_reader *reader)
{
    *delivery = (struct als_delivery){.reader = reader};
    delivery->again.fn = hand_out;
    delivery->again.user_data = delivery;
}

static void run_at(struct als_delivery *delivery, int64_t due_ms)
{
    als_loop_arm(delivery->reader->loop, &delivery->again, due_ms);
}

/* Identifiers are found while the batch waits. */
static size_t memory_of(const awslogsrc_batch *batch)
{
    return batch->bytes + batch->identifiers.capacity;
}

static void left(struct als_delivery *delivery, const awslogsrc_batch *batch)
{
    als_pacing_left(&delivery->reader->source->pacing, (int64_t)batch->count);
    delivery->reader->source->context->queued_bytes -= memory_of(batch);
}

void als_delivery_push(struct als_delivery *delivery, awslogsrc_batch *batch)
{
    batch->next = NULL;
    delivery->reader->source->context->queued_bytes += memory_of(batch);
    als_pacing_arrived(&delivery->reader->source->pacing, (int64_t)batch->count);
    if (delivery->last != NULL) {
        delivery->last->next = batch;
        delivery->last = batch;
        return; /* the first one has its turn coming */
    }
    delivery->first = delivery->last = batch;
    run_at(delivery, als_loop_now_ms(delivery->reader->loop));
}

void als_delivery_resume(struct als_delivery *delivery)
{
    if (delivery->first != NULL && delivery->offered == NULL)
        run_at(delivery, als_loop_now_ms(delivery->reader->loop));
}

void als_delivery_clear(struct als_delivery *delivery)
{
    als_loop_disarm(delivery->reader->loop, &delivery->again);
    while (delivery->first != NULL) {
        awslogsrc_batch *batch = delivery->first;
        delivery->first = batch->next;
        left(delivery, batch);
        als_batch_unref(batch);
    }
    delivery->last = NULL;
    delivery->next_event = 0;
}

static int offer_events(struct als_delivery *delivery, awslogsrc_batch *batch)
{
    const awslogsrc_source *source = delivery->reader->source;
    while (delivery->next_event < batch->count) {
        size_t index = delivery->next_event;
        int answer = source->on_data.fn.event(source->on_data.user_data, delivery->reader->source,
                                              &batch->events[index]);
        if (answer != AWSLOGSRC_ACCEPT)
            return answer == AWSLOGSRC_HOLD ? -1 : answer;
        /* The callback may have stopped, paused or freed the source. */
        bool goes_on = delivery->first == batch && als_source_delivers(source);
        if (!goes_on && index + 1 < batch->count) {
            if (delivery->first == batch)
                delivery->next_event++;
            return AWSLOGSRC_LATER;
        }
        delivery->next_event = index + 1;
    }
    return AWSLOGSRC_ACCEPT;
}

static int offer(struct als_delivery *delivery, awslogsrc_batch *batch)
{
    const awslogsrc_source *source = delivery->reader->source;
    if (source->on_data.fn.event != NULL)
        return offer_events(delivery, batch);
    return source->on_data.fn.batch(source->on_data.user_data, delivery->reader->source, batch);
}

static void pop(struct als_delivery *delivery)
{
    left(delivery, delivery->first);
    delivery->first = delivery->first->next;
    if (delivery->first == NULL)
        delivery->last = NULL;
    delivery->next_event = 0;
}

/* What the answer means for the batch; the reference kept over the callback is given back by the
 * caller. A callback that stopped the source has emptied the queue: what it accepts is acknowledged
 * and what it holds is its own all the same, but nothing can come again later. */
static void settle(struct als_delivery *delivery, awslogsrc_batch *batch, int answer)
{
    bool queued = delivery->first == batch;
    switch (answer) {
    case AWSLOGSRC_ACCEPT:
        als_receipt_move(batch->receipt, ALS_RECEIPT_OURS, ALS_RECEIPT_ACKED);
        if (queued) {
            pop(delivery);
            als_batch_unref(batch);
        }
        return;
    case AWSLOGSRC_HOLD:
        als_receipt_move(batch->receipt, ALS_RECEIPT_OURS, ALS_RECEIPT_HELD);
        if (queued)
            pop(delivery);
        else
            als_batch_ref(batch);
        return;
    case AWSLOGSRC_LATER: break;
    default:
        als_log_write(&delivery->reader->loop->log, AWSLOGSRC_LOG_WARNING,
                      "source callback: %d is no answer here; taken as LATER", answer);
        break;
    }
    if (!queued)
        als_receipt_move(batch->receipt, ALS_RECEIPT_OURS, ALS_RECEIPT_NACKED);
}

/* A gateway's identifiers, before the host sees the batch. Hostile text may take a millisecond for
 * each event, so there may be several turns of it; false where this is not the last one. */
static bool identify(struct als_delivery *delivery, awslogsrc_batch *batch)
{
    struct als_identifier *identifier = delivery->reader->source->identifier;
    int64_t began = als_loop_now_ms(delivery->reader->loop), now = began;
    size_t memory = memory_of(batch);
    int status = 0;
    if (identifier == NULL || batch->identified == batch->count)
        return true;
    while (status == 0 && batch->identified < batch->count && now - began < IDENTIFY_MS) {
        status = als_batch_identify(batch, identifier, IDENTIFY_EVENTS, delivery->identified);
        now = als_loop_now_ms(delivery->reader->loop);
    }
    als_outstanding_grown(&delivery->reader->outstanding, batch, memory_of(batch) - memory);
    delivery->reader->source->context->queued_bytes += memory_of(batch) - memory;
    run_at(delivery, status == 0 ? now : now + ALS_DELIVERY_PAUSE_MS);
    return false;
}

/* Whether eps_throttle lets the next batch out now. */
static bool may_deliver(struct als_delivery *delivery)
{
    int64_t due = als_pacing_deliver_at(&delivery->reader->source->pacing);
    if (due <= als_loop_now_ms(delivery->reader->loop))
        return true;
    run_at(delivery, due);
    return false;
}

/* What the answer lets count as delivered. */
static size_t delivered_by(const struct als_delivery *delivery, const awslogsrc_batch *batch,
                           size_t first_event, int answer)
{
    if (answer == AWSLOGSRC_ACCEPT || answer == AWSLOGSRC_HOLD)
        return batch->count - first_event;
    return delivery->first == batch ? delivery->next_event - first_event : 0;
}

static void hand_out(void *user_data)
{
    struct als_delivery *delivery = user_data;
    awslogsrc_source *source = delivery->reader->source;
    awslogsrc_batch *batch = delivery->first;
    if (batch == NULL || !als_source_delivers(source) || !identify(delivery, batch) ||
        !may_deliver(delivery))
        return;
    size_t first_event = delivery->next_event;
    als_source_ref(source);
    als_batch_ref(batch);
    delivery->offered = batch->receipt;
    int answer = offer(delivery, batch);
    delivery->offered = NULL;
    als_pacing_delivered(&source->pacing,
                         (int64_t)delivered_by(delivery, batch, first_event, answer),
                         als_loop_now_ms(delivery->reader->loop));
    settle(delivery, batch, answer);
    bool answered = delivery->first != batch;
    if (answered) {
        delivery->next_event = 0; /* of the next batch, whatever the callback did to the queue */
        als_region_reader_wake(delivery->reader); /* there is room to read ahead */
    }
    als_batch_unref(batch);
    if (delivery->first != NULL)
        run_at(delivery,
               als_loop_now_ms(delivery->reader->loop) + (answered ? 0 : ALS_DELIVERY_PAUSE_MS));
    if (answered)
        als_source_look_at_receipts(source);
    als_source_unref(source);
}
