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
        batch->events[i] = (struct awslogsrc_event){page->events[i], batch};
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
