/* Batches: the new events of one page, immutable, reference-counted. */
#ifndef ALS_EVENT_BATCH_H
#define ALS_EVENT_BATCH_H

#include <stdatomic.h>

#include "aws/page.h"
#include "awslogsrc/batch.h"
#include "base/buffer.h"
#include "event/identifier.h"
#include "event/origin.h"
#include "event/receipt.h"

struct awslogsrc_event {
    struct als_log_event data;
    awslogsrc_batch *batch;
    uint32_t identifier_at, identifier_size; /* in batch->identifiers; size 0: the origin's */
};

struct awslogsrc_batch {
    atomic_int references;
    struct als_origin *origin;
    struct als_receipt *receipt;
    uint64_t number; /* in the ledger of its region */
    char *text;      /* what the events point into, */
    size_t text_size;
    char *spill; /* and where the text had no room there; or NULL */
    struct awslogsrc_event *events;
    size_t count;
    size_t bytes;              /* memory it keeps, for max_inflight */
    struct als_buffer payload; /* of the event asked for last */
    const awslogsrc_event *payload_of;
    struct als_buffer identifiers;
    size_t identified;     /* events that have theirs */
    awslogsrc_batch *next; /* while it waits in a delivery queue */
};

/* A batch of the page's events. The memory they point into passes from body and page to the batch,
 * on success only; NULL without memory. */
awslogsrc_batch *als_batch_new(struct als_origin *origin, struct als_receipt *receipt,
                               uint64_t number, struct als_buffer *body, struct als_page *page);

awslogsrc_batch *als_batch_ref(awslogsrc_batch *batch);
void als_batch_unref(
    awslogsrc_batch *batch); /* the last reference of a held batch means nack; NULL is fine */

/* Give the host's reference back; 0, or AWSLOGSRC_E_STATE where the batch is not held. */
int als_batch_ack(awslogsrc_batch *batch);
int als_batch_nack(awslogsrc_batch *batch);

/* Valid until the payload of another event of the batch is asked for; data is NULL without memory.
 */
struct als_text als_batch_payload(const awslogsrc_event *event);

/* Finds the identifiers of up to so many events more, and counts the answers by their kind; before
 * the host sees the batch. 0 or AWSLOGSRC_E_NO_MEMORY, after which it may be called again. */
int als_batch_identify(awslogsrc_batch *batch, struct als_identifier *identifier, size_t most,
                       uint64_t counts[ALS_IDENTIFIER_ANSWERS]);
struct als_text als_batch_identifier(const awslogsrc_event *event);

#endif
