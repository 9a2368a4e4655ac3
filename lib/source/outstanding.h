/* The batches of a region that the host has not answered yet. */
#ifndef ALS_SOURCE_OUTSTANDING_H
#define ALS_SOURCE_OUTSTANDING_H

#include "event/batch.h"

struct als_outstanding_entry;

struct als_outstanding {
    struct als_outstanding_entry *first; /* the one added last */
    size_t *bytes;                       /* what all of the context keep; borrow */
};

struct als_answered {
    uint64_t batch;
    bool acknowledged;
};

/* Before the batch is made, so that nothing can fail afterwards: NULL without memory. */
struct als_outstanding_entry *als_outstanding_prepare(struct als_waker *waker);
struct als_receipt *als_outstanding_receipt(struct als_outstanding_entry *entry);
void als_outstanding_discard(struct als_outstanding_entry *entry); /* NULL is fine */
void als_outstanding_add(struct als_outstanding *outstanding, struct als_outstanding_entry *entry,
                         const awslogsrc_batch *batch);

/* The batch keeps more memory than when it was added. */
void als_outstanding_grown(struct als_outstanding *outstanding, const awslogsrc_batch *batch,
                           size_t more);

/* Takes out one that the host has answered; false where there is none. */
bool als_outstanding_take_answered(struct als_outstanding *outstanding, struct als_answered *out);
/* Takes out any, but for the one of this receipt (NULL: none is spared). */
bool als_outstanding_take_any(struct als_outstanding *outstanding, const struct als_receipt *spared,
                              struct als_answered *out);

#endif
