/* The payload of an event: the message alone, or wrapped as the log source of the reference product
 * shows it. */
#ifndef ALS_EVENT_PAYLOAD_H
#define ALS_EVENT_PAYLOAD_H

#include "aws/page.h"
#include "base/buffer.h"

/* Appends {LogStreamName: S,Timestamp: N,Message: M,IngestionTime: N,EventId: E}: one space after
 * each colon, none after commas, M as it is. Returns the buffer's status. */
int als_payload_wrap(const struct als_log_event *event, struct als_buffer *out);

#endif
