#include "cursor/store.h"

#include "awslogsrc/error.h"
#include "base/error.h"
#include "base/memory.h"

void als_store_init(struct awslogsrc_store *store, const struct als_store_ops *ops)
{
    *store = (struct awslogsrc_store){.ops = ops, .references = 1};
}

struct awslogsrc_store *als_store_ref(struct awslogsrc_store *store)
{
    store->references++;
    return store;
}

void als_store_unref(struct awslogsrc_store *store)
{
    if (store != NULL && --store->references == 0)
        store->ops->free(store);
}

int als_store_open(struct awslogsrc_store *store, const char *source, const char *region,
                   const struct als_log *log, struct als_store_slot **slot, awslogsrc_error **error)
{
    *slot = NULL;
    struct als_store_slot *opened = als_new(sizeof *opened);
    if (opened == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the store");
    opened->log = log;
    int status = store->ops->open(store, source, region, opened, error);
    if (status != 0) {
        als_free(opened);
        return status;
    }
    opened->store = als_store_ref(store);
    *slot = opened;
    return 0;
}

void als_store_close(struct als_store_slot *slot)
{
    if (slot == NULL)
        return;
    slot->store->ops->close(slot);
    als_store_unref(slot->store);
    als_free(slot);
}

void als_store_load(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    slot->store->ops->load(slot, reply);
}

void als_store_load_previous(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    if (slot->store->ops->load_previous != NULL)
        slot->store->ops->load_previous(slot, reply);
    else
        als_store_answer(reply, AWSLOGSRC_E_CURSOR_DAMAGED, NULL);
}

void als_store_write(struct als_store_slot *slot, enum als_store_kind kind, struct als_buffer *text,
                     const struct als_store_reply *reply)
{
    if (kind == ALS_STORE_SNAPSHOT) {
        slot->snapshot_size = text->size;
        slot->log_size = 0;
    } else {
        slot->log_size += text->size;
    }
    slot->store->ops->write(slot, kind, text, reply);
}

void als_store_step(struct als_store_slot *slot)
{
    slot->store->ops->step(slot);
}

bool als_store_wants_snapshot(const struct als_store_slot *slot)
{
    return slot->log_size >= ALS_STORE_SMALLEST_LOG && slot->log_size >= slot->snapshot_size;
}

void als_store_answer(const struct als_store_reply *reply, int status, awslogsrc_error *error)
{
    reply->done(reply->self, status, NULL, error);
    als_error_free(error);
}

void als_store_answer_text(const struct als_store_reply *reply, const char *name,
                           struct als_buffer *buffer)
{
    struct als_store_text text = {name, *buffer};
    if (buffer->status == 0) {
        reply->done(reply->self, 0, &text, NULL);
    } else {
        awslogsrc_error *error = NULL;
        als_error_set(&error, buffer->status, "the stored cursor does not fit into memory");
        als_store_answer(reply, buffer->status, error);
    }
    als_buffer_clear(&text.buffer);
}
