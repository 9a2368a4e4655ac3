#include "event/batch.h"
#include "awslogsrc/error.h"

#include <string.h>

#include "base/memory.h"
#include "event/payload.h"

enum {
    WRAPPER_SIZE = 256
}; /* what the wrapper adds beside message, stream and id: names, two numbers */

awslogsrc_batch *als_batch_new(struct als_origin *origin, struct als_receipt *receipt,
                               uint64_t number, struct als_buffer *body, struct als_page *page)
{
    awslogsrc_batch *batch = als_new(sizeof *batch);
    if (batch == NULL)
        return NULL;
    batch->events = als_new_array(page->count, sizeof *batch->events);
    if (batch->events == NULL) {
        als_free(batch);
        return NULL;
    }
    atomic_init(&batch->references, 1);
    batch->origin = als_origin_ref(origin);
    batch->receipt = als_receipt_ref(receipt);
    batch->number = number;
    batch->bytes = sizeof *batch + body->capacity + page->count * sizeof *batch->events;
    batch->text_size = body->capacity;
    batch->text = als_buffer_take(body);
    batch->spill = page->spill;
    page->spill = NULL;
    batch->count = page->count;
    for (size_t i = 0; i < page->count; i++)
        batch->events[i] = (struct awslogsrc_event){.data = page->events[i], .batch = batch};
    return batch;
}

awslogsrc_batch *als_batch_ref(awslogsrc_batch *batch)
{
    atomic_fetch_add(&batch->references, 1);
    return batch;
}

void als_batch_unref(awslogsrc_batch *batch)
{
    if (batch == NULL || atomic_fetch_sub(&batch->references, 1) != 1)
        return;
    als_receipt_move(batch->receipt, ALS_RECEIPT_HELD, ALS_RECEIPT_NACKED);
    als_receipt_unref(batch->receipt);
    als_origin_unref(batch->origin);
    als_buffer_clear(&batch->payload);
    als_buffer_clear(&batch->identifiers);
    als_free(batch->events);
    als_free(batch->text);
    als_free(batch->spill);
    als_free(batch);
}

static int answer(awslogsrc_batch *batch, enum als_receipt_state state)
{
    if (!als_receipt_move(batch->receipt, ALS_RECEIPT_HELD, state) &&
        !als_receipt_move(batch->receipt, ALS_RECEIPT_ABANDONED, ALS_RECEIPT_NACKED))
        return AWSLOGSRC_E_STATE;
    als_batch_unref(batch);
    return 0;
}

int als_batch_ack(awslogsrc_batch *batch)
{
    return answer(batch, ALS_RECEIPT_ACKED);
}

int als_batch_nack(awslogsrc_batch *batch)
{
    return answer(batch, ALS_RECEIPT_NACKED);
}

struct als_text als_batch_payload(const awslogsrc_event *event)
{
    awslogsrc_batch *batch = event->batch;
    const struct als_log_event *data = &event->data;
    if (batch->origin->extract_original_event)
        return (struct als_text){data->message, data->message_size};
    if (batch->payload_of != event) {
        batch->payload_of = NULL;
        batch->payload.ceiling =
            WRAPPER_SIZE + (size_t)data->message_size + data->log_stream_size + data->event_id_size;
        als_buffer_reset(&batch->payload);
        if (als_payload_wrap(data, &batch->payload) != 0)
            return (struct als_text){NULL, 0};
        batch->payload_of = event;
    }
    return als_buffer_text(&batch->payload);
}

/* Neighbours often have the same one. */
static void share_identifier(awslogsrc_batch *batch, struct awslogsrc_event *event)
{
    if (event == batch->events || event[-1].identifier_size == 0 ||
        !als_text_equal(als_batch_identifier(event), als_batch_identifier(event - 1)))
        return;
    batch->identifiers.size = event->identifier_at;
    event->identifier_at = event[-1].identifier_at;
}

/* The answer, or AWSLOGSRC_E_NO_MEMORY. */
static int identify(awslogsrc_batch *batch, struct awslogsrc_event *event,
                    struct als_identifier *identifier)
{
    struct als_buffer *all = &batch->identifiers;
    size_t start = all->size;
    struct als_text payload = als_batch_payload(event);
    if (payload.data == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    enum als_identifier_answer answer = als_identifier_find(identifier, payload, all);
    if (all->status != 0) {
        all->size = start;
        all->status = 0;
        return AWSLOGSRC_E_NO_MEMORY;
    }
    event->identifier_at = (uint32_t)start;
    event->identifier_size = (uint32_t)(all->size - start);
    share_identifier(batch, event);
    return (int)answer;
}

int als_batch_identify(awslogsrc_batch *batch, struct als_identifier *identifier, size_t most,
                       uint64_t counts[ALS_IDENTIFIER_ANSWERS])
{
    batch->identifiers.ceiling = batch->count * ALS_IDENTIFIER_SIZE_MAX;
    for (size_t i = 0; i < most && batch->identified < batch->count; i++) {
        int answer = identify(batch, &batch->events[batch->identified], identifier);
        if (answer < 0)
            return answer;
        counts[answer]++;
        batch->identified++;
    }
    return 0;
}

struct als_text als_batch_identifier(const awslogsrc_event *event)
{
    const awslogsrc_batch *batch = event->batch;
    if (event->identifier_size == 0)
        return als_text_of(batch->origin->identifier);
    return (struct als_text){batch->identifiers.data + event->identifier_at,
                             event->identifier_size};
}
