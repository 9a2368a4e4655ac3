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

bool als_outstanding_take(struct als_outstanding *outstanding, bool any, struct als_answered *out)
{
    for (struct als_outstanding_entry **link = &outstanding->first; *link != NULL;
         link = &(*link)->next) {
        struct als_outstanding_entry *entry = *link;
        enum als_receipt_state state = als_receipt_state(entry->receipt);
        if (!any && state != ALS_RECEIPT_ACKED && state != ALS_RECEIPT_NACKED)
            continue;
        *link = entry->next;
        *out = (struct als_answered){entry->batch, state == ALS_RECEIPT_ACKED};
        *outstanding->bytes -= entry->bytes;
        als_outstanding_discard(entry);
        return true;
    }
    return false;
}
