/* Batches and their events: what one page of AWS brought, immutable, reference-counted. */
#ifndef AWSLOGSRC_BATCH_H
#define AWSLOGSRC_BATCH_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Facts about an event, or'ed by awslogsrc_event_flags(). Since 0.9. */
enum {
    AWSLOGSRC_EVENT_REPLACED_TEXT =
        1 /* something in it was not valid Unicode and reads U+FFFD now */
};

/* How many events the batch has. Any thread. Since 0.9. */
AWSLOGSRC_API size_t awslogsrc_batch_count(const awslogsrc_batch *batch);

/* One event, numbered from 0; NULL past the end. Returns: borrow, as long as the batch lives. Any
 * thread. Since 0.9. */
AWSLOGSRC_API const awslogsrc_event *awslogsrc_batch_event(const awslogsrc_batch *batch,
                                                           size_t index);

/* The region it came from. Returns: borrow, as long as the batch lives. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_batch_region(const awslogsrc_batch *batch);

/* The log group it came from. Returns: borrow, as long as the batch lives. Any thread. Since 0.9.
 */
AWSLOGSRC_API const char *awslogsrc_batch_log_group(const awslogsrc_batch *batch);

/* The position of the batch's region as it will be once the batch is acknowledged. A host that
 * stores it in the same transaction as the events, in the order in which it acknowledges the
 * batches of a region, and gives it back with awslogsrc_source_set_cursor(), has every event
 * exactly once. On the context's thread, until the batch is acknowledged. out: ref, to be freed
 * with awslogsrc_cursor_free(); written on success only. error: optional; ref, written on failure
 * only. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_STATE (the source is stopped or freed, or
 * the batch answered), AWSLOGSRC_E_TOO_LARGE, AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_batch_cursor(const awslogsrc_batch *batch, awslogsrc_cursor **out,
                                         awslogsrc_error **error);

/* Takes a further reference. Returns the batch. Any thread. Since 0.9. */
AWSLOGSRC_API awslogsrc_batch *awslogsrc_batch_ref(awslogsrc_batch *batch);

/* Gives a reference back. Giving back the last one of a held batch means nack. NULL is fine. Any
 * thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_batch_unref(awslogsrc_batch *batch);

/* Acknowledges a held batch and gives its reference back (take). On the context's thread.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_STATE (not held, or already answered: nothing is
 * given back). Since 0.9. */
AWSLOGSRC_API int awslogsrc_batch_ack(awslogsrc_batch *batch);

/* Refuses a held batch and gives its reference back (take): its events will be read and delivered
 * again. Returns as awslogsrc_batch_ack(). Since 0.9. */
AWSLOGSRC_API int awslogsrc_batch_nack(awslogsrc_batch *batch);

/* The message as AWS sent it; may hold NULs. size: optional, in bytes.
 * Returns: borrow, as long as the batch lives; NULL for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_event_message(const awslogsrc_event *event, size_t *size);

/* The payload: with extract_original_event the message, otherwise the wrapper
 * {LogStreamName: S,Timestamp: N,Message: M,IngestionTime: N,EventId: E}. size: optional, in bytes.
 * Returns: borrow, until the payload of another event of the same batch is asked for or the batch
 * is freed; NULL for NULL or without memory. One thread at a time for a batch. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_event_payload(const awslogsrc_event *event, size_t *size);

/* The log source identifier: with use_as_gateway_log_source what the first matching line of
 * log_source_identifier_pattern makes of the payload, at most 1024 bytes; where none matches, and
 * without the gateway, the option log_source_identifier, or else the log group. size: optional, in
 * bytes. Returns: borrow, as long as the batch lives; NULL for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_event_identifier(const awslogsrc_event *event, size_t *size);

/* The log stream. size: optional, in bytes. Returns: borrow, as long as the batch lives; NULL for
 * NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_event_log_stream(const awslogsrc_event *event, size_t *size);

/* The event's id within account and region. size: optional, in bytes.
 * Returns: borrow, as long as the batch lives; NULL for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_event_event_id(const awslogsrc_event *event, size_t *size);

/* When the event happened, in ms since 1970 UTC; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_event_timestamp_ms(const awslogsrc_event *event);

/* When AWS received it, in ms since 1970 UTC; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_event_ingestion_time_ms(const awslogsrc_event *event);

/* AWSLOGSRC_EVENT_* flags; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_event_flags(const awslogsrc_event *event);

AWSLOGSRC_END

#endif
