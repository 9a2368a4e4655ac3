/* Hands the batches of one region to the host's callback, in order, and hears the answer. */
#ifndef ALS_SOURCE_DELIVERY_H
#define ALS_SOURCE_DELIVERY_H

#include "awslogsrc/source.h"
#include "event/batch.h"
#include "net/loop.h"

enum { ALS_DELIVERY_PAUSE_MS = 200 }; /* how long LATER means */

struct als_region_reader;

struct als_delivery {
    struct als_region_reader *reader;
    awslogsrc_batch *first, *last;     /* waiting */
    size_t next_event;                 /* of the first batch, for on_event */
    const struct als_receipt *offered; /* of the batch in the host's callback right now, or NULL */
    struct als_timer again;
    uint64_t identified[ALS_IDENTIFIER_ANSWERS]; /* events, by the answer */
};

void als_delivery_init(struct als_delivery *delivery, struct als_region_reader *reader);

/* Queues a batch (take). It is handed out by the loop; its receipt tells what became of it. */
void als_delivery_push(struct als_delivery *delivery, awslogsrc_batch *batch);

/* Goes on after a pause of the source. */
void als_delivery_resume(struct als_delivery *delivery);

/* Drops what waits: it was never delivered. What is in the callback is answered all the same. */
void als_delivery_clear(struct als_delivery *delivery);

#endif
