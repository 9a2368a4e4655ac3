#include "event/payload.h"

int als_payload_wrap(const struct als_log_event *event, struct als_buffer *out)
{
    als_buffer_append_string(out, "{LogStreamName: ");
    als_buffer_append(out, event->log_stream, event->log_stream_size);
    als_buffer_append_string(out, ",Timestamp: ");
    als_buffer_append_int(out, event->timestamp_ms);
    als_buffer_append_string(out, ",Message: ");
    als_buffer_append(out, event->message, event->message_size);
    als_buffer_append_string(out, ",IngestionTime: ");
    als_buffer_append_int(out, event->ingestion_time_ms);
    als_buffer_append_string(out, ",EventId: ");
    als_buffer_append(out, event->event_id, event->event_id_size);
    return als_buffer_append_char(out, '}');
}
