/* What became of a delivered batch. Shared between the batch, which any thread may drop, and the
 * reader, which looks at it on the context's thread: it outlives both. */
#ifndef ALS_EVENT_RECEIPT_H
#define ALS_EVENT_RECEIPT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "net/waker.h"

enum als_receipt_state {
    ALS_RECEIPT_OURS, /* with the library: waiting, or in the callback */
    ALS_RECEIPT_HELD, /* with the host */
    ALS_RECEIPT_ACKED,
    ALS_RECEIPT_NACKED,
    ALS_RECEIPT_ABANDONED /* the source was stopped: whatever the host answers has no effect */
};

struct als_receipt {
    atomic_int references;
    atomic_int state;
    struct als_waker *waker;
};

struct als_receipt *als_receipt_new(struct als_waker *waker);
struct als_receipt *als_receipt_ref(struct als_receipt *receipt);
void als_receipt_unref(struct als_receipt *receipt);

enum als_receipt_state als_receipt_state(struct als_receipt *receipt);

/* Moves it on, and wakes the loop; false, and nothing happens, where it is not in the state to come
 * from. Any thread. */
bool als_receipt_move(struct als_receipt *receipt, enum als_receipt_state from,
                      enum als_receipt_state to);

#endif
