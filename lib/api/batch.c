#include "awslogsrc/batch.h"

#include "awslogsrc/error.h"

#include "base/error.h"
#include "event/batch.h"
#include "source/region_cursor.h"

size_t awslogsrc_batch_count(const awslogsrc_batch *batch)
{
    return batch == NULL ? 0 : batch->count;
}

const awslogsrc_event *awslogsrc_batch_event(const awslogsrc_batch *batch, size_t index)
{
    return batch == NULL || index >= batch->count ? NULL : &batch->events[index];
}

const char *awslogsrc_batch_region(const awslogsrc_batch *batch)
{
    return batch == NULL ? "" : batch->origin->region;
}

const char *awslogsrc_batch_log_group(const awslogsrc_batch *batch)
{
    return batch == NULL ? "" : batch->origin->log_group;
}

int awslogsrc_batch_cursor(const awslogsrc_batch *batch, awslogsrc_cursor **out,
                           awslogsrc_error **error)
{
    int status = batch == NULL || out == NULL ? AWSLOGSRC_E_INVALID : 0;
    if (status == 0)
        status = als_region_cursor_export_batch(batch, out);
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

awslogsrc_batch *awslogsrc_batch_ref(awslogsrc_batch *batch)
{
    return batch == NULL ? NULL : als_batch_ref(batch);
}

void awslogsrc_batch_unref(awslogsrc_batch *batch)
{
    als_batch_unref(batch);
}

int awslogsrc_batch_ack(awslogsrc_batch *batch)
{
    return batch == NULL ? AWSLOGSRC_E_INVALID : als_batch_ack(batch);
}

int awslogsrc_batch_nack(awslogsrc_batch *batch)
{
    return batch == NULL ? AWSLOGSRC_E_INVALID : als_batch_nack(batch);
}

static const char *lend(struct als_text text, size_t *size)
{
    if (size != NULL)
        *size = text.size;
    return text.data;
}

#define NOTHING ((struct als_text){NULL, 0})

const char *awslogsrc_event_message(const awslogsrc_event *event, size_t *size)
{
    return lend(event == NULL ? NOTHING
                              : (struct als_text){event->data.message, event->data.message_size},
                size);
}

const char *awslogsrc_event_payload(const awslogsrc_event *event, size_t *size)
{
    return lend(event == NULL ? NOTHING : als_batch_payload(event), size);
}

const char *awslogsrc_event_identifier(const awslogsrc_event *event, size_t *size)
{
    return lend(event == NULL ? NOTHING : als_batch_identifier(event), size);
}

const char *awslogsrc_event_log_stream(const awslogsrc_event *event, size_t *size)
{
    return lend(event == NULL
                    ? NOTHING
                    : (struct als_text){event->data.log_stream, event->data.log_stream_size},
                size);
}

const char *awslogsrc_event_event_id(const awslogsrc_event *event, size_t *size)
{
    return lend(event == NULL ? NOTHING
                              : (struct als_text){event->data.event_id, event->data.event_id_size},
                size);
}

int64_t awslogsrc_event_timestamp_ms(const awslogsrc_event *event)
{
    return event == NULL ? 0 : event->data.timestamp_ms;
}

int64_t awslogsrc_event_ingestion_time_ms(const awslogsrc_event *event)
{
    return event == NULL ? 0 : event->data.ingestion_time_ms;
}

int awslogsrc_event_flags(const awslogsrc_event *event)
{
    return event == NULL ? 0 : (int)event->data.flags;
}
