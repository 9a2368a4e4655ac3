#include "event/receipt.h"

#include <stddef.h>

#include "base/memory.h"

struct als_receipt *als_receipt_new(struct als_waker *waker)
{
    struct als_receipt *receipt = als_new(sizeof *receipt);
    if (receipt == NULL)
        return NULL;
    atomic_init(&receipt->references, 1);
    atomic_init(&receipt->state, ALS_RECEIPT_OURS);
    receipt->waker = als_waker_ref(waker);
    return receipt;
}

struct als_receipt *als_receipt_ref(struct als_receipt *receipt)
{
    atomic_fetch_add(&receipt->references, 1);
    return receipt;
}

void als_receipt_unref(struct als_receipt *receipt)
{
    if (receipt == NULL || atomic_fetch_sub(&receipt->references, 1) != 1)
        return;
    als_waker_unref(receipt->waker);
    als_free(receipt);
}

enum als_receipt_state als_receipt_state(struct als_receipt *receipt)
{
    return (enum als_receipt_state)atomic_load(&receipt->state);
}

bool als_receipt_move(struct als_receipt *receipt, enum als_receipt_state from,
                      enum als_receipt_state to)
{
    int expected = (int)from;
    if (!atomic_compare_exchange_strong(&receipt->state, &expected, (int)to))
        return false;
    if (to == ALS_RECEIPT_ACKED || to == ALS_RECEIPT_NACKED)
        als_waker_signal(receipt->waker);
    return true;
}
