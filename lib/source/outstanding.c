#include "source/outstanding.h"

#include "base/memory.h"

struct als_outstanding_entry {
    struct als_outstanding_entry *next;
    struct als_receipt *receipt;
    uint64_t batch;
    size_t bytes;
};

struct als_outstanding_entry *als_outstanding_prepare(struct als_waker *waker)
{
    struct als_outstanding_entry *entry = als_new(sizeof *entry);
    if (entry == NULL)
        return NULL;
    entry->receipt = als_receipt_new(waker);
    if (entry->receipt == NULL) {
        als_free(entry);
        return NULL;
    }
    return entry;
}

struct als_receipt *als_outstanding_receipt(struct als_outstanding_entry *entry)
{
    return entry->receipt;
}

void als_outstanding_discard(struct als_outstanding_entry *entry)
{
    if (entry == NULL)
        return;
    als_receipt_unref(entry->receipt);
    als_free(entry);
}

void als_outstanding_add(struct als_outstanding *outstanding, struct als_outstanding_entry *entry,
                         const awslogsrc_batch *batch)
{
    entry->batch = batch->number;
    entry->bytes = batch->bytes;
    entry->next = outstanding->first;
    outstanding->first = entry;
    *outstanding->bytes += entry->bytes;
}

void als_outstanding_grown(struct als_outstanding *outstanding, const awslogsrc_batch *batch,
                           size_t more)
{
    struct als_outstanding_entry *entry = outstanding->first;
    while (entry != NULL && entry->receipt != batch->receipt)
        entry = entry->next;
    if (entry == NULL)
        return;
    entry->bytes += more;
    *outstanding->bytes += more;
}

static void take(struct als_outstanding *outstanding, struct als_outstanding_entry **link,
                 struct als_answered *out)
{
    struct als_outstanding_entry *entry = *link;
    *link = entry->next;
    *out =
        (struct als_answered){entry->batch, als_receipt_state(entry->receipt) == ALS_RECEIPT_ACKED};
    als_receipt_move(entry->receipt, ALS_RECEIPT_OURS, ALS_RECEIPT_ABANDONED);
    als_receipt_move(entry->receipt, ALS_RECEIPT_HELD, ALS_RECEIPT_ABANDONED);
    *outstanding->bytes -= entry->bytes;
    als_outstanding_discard(entry);
}

bool als_outstanding_take_answered(struct als_outstanding *outstanding, struct als_answered *out)
{
    for (struct als_outstanding_entry **link = &outstanding->first; *link != NULL;
         link = &(*link)->next) {
        enum als_receipt_state state = als_receipt_state((*link)->receipt);
        if (state == ALS_RECEIPT_ACKED || state == ALS_RECEIPT_NACKED) {
            take(outstanding, link, out);
            return true;
        }
    }
    return false;
}

bool als_outstanding_take_any(struct als_outstanding *outstanding, const struct als_receipt *spared,
                              struct als_answered *out)
{
    struct als_outstanding_entry **link = &outstanding->first;
    if (*link != NULL && (*link)->receipt == spared)
        link = &(*link)->next;
    if (*link == NULL)
        return false;
    take(outstanding, link, out);
    return true;
}
