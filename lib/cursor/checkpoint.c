#include "cursor/checkpoint.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/error.h"

void als_checkpoint_init(struct als_checkpoint *checkpoint, struct als_cursor *cursor,
                         struct als_store_slot *slot, const struct als_log *log,
                         const struct als_checkpoint_listener *listener)
{
    *checkpoint = (struct als_checkpoint){
        .cursor = cursor,
        .slot = slot,
        .log = log,
        .listener = *listener,
        .needs_snapshot = true,
    };
    als_cursor_text_ids_init(&checkpoint->added, ALS_CHECKPOINT_ADDED_CEILING);
}

void als_checkpoint_close(struct als_checkpoint *checkpoint)
{
    als_store_close(checkpoint->slot);
    als_restore_clear(&checkpoint->restore);
    als_cursor_text_clear(&checkpoint->text);
    als_buffer_clear(&checkpoint->added.buffer);
    *checkpoint = (struct als_checkpoint){0};
}

static void restored(void *self, int status, struct als_cursor *cursor,
                     const awslogsrc_error *error)
{
    struct als_checkpoint *checkpoint = self;
    if (cursor != NULL) {
        als_cursor_clear(checkpoint->cursor);
        *checkpoint->cursor = *cursor;
    }
    checkpoint->loaded = status == 0;
    checkpoint->listener.loaded(checkpoint->listener.self, status, error);
}

static void restoring(void *self)
{
    const struct als_checkpoint *checkpoint = self;
    checkpoint->listener.steps(checkpoint->listener.self);
}

void als_checkpoint_load(struct als_checkpoint *checkpoint, struct als_text given)
{
    checkpoint->restore = (struct als_restore){
        .slot = checkpoint->slot,
        .given = given,
        .fingerprint = &checkpoint->cursor->fingerprint,
        .log = checkpoint->log,
        .listener = {restored, restoring, checkpoint},
    };
    als_restore_begin(&checkpoint->restore);
}

/* Memory has it all: what was collected is of no use any more. */
static void need_snapshot(struct als_checkpoint *checkpoint)
{
    checkpoint->needs_snapshot = true;
    checkpoint->snapshotting = false;
    als_cursor_text_clear(&checkpoint->text);
    als_cursor_text_ids_reset(&checkpoint->added);
}

void als_checkpoint_acknowledge(struct als_checkpoint *checkpoint, uint64_t batch)
{
    struct als_recent_ids *ids = &checkpoint->cursor->ids;
    if (checkpoint->slot != NULL && !checkpoint->needs_snapshot &&
        als_cursor_text_ids_add_batch(&checkpoint->added, ids, batch) != 0)
        need_snapshot(checkpoint);
    als_recent_ids_acknowledge(ids, batch);
}

static void written(void *self, int status, struct als_store_text *text,
                    const awslogsrc_error *error)
{
    (void)text;
    struct als_checkpoint *checkpoint = self;
    checkpoint->writing = false;
    if (status != 0)
        need_snapshot(checkpoint);
    checkpoint->listener.written(checkpoint->listener.self, status, error);
}

static void hand_over(struct als_checkpoint *checkpoint, enum als_store_kind kind)
{
    struct als_cursor_text *text = &checkpoint->text;
    int status = als_cursor_text_state_digest(checkpoint->cursor, checkpoint->state_digest);
    if (status == 0)
        status = als_cursor_text_commit(text, checkpoint->cursor,
                                        als_buffer_text(&checkpoint->added.buffer));
    checkpoint->writing = true;
    if (status != 0) {
        awslogsrc_error *error = NULL;
        status = als_error_set(&error, status, "the cursor for %s cannot be put into words: %s",
                               checkpoint->cursor->fingerprint.label, als_error_text(status));
        written(checkpoint, status, NULL, error);
        als_error_free(error);
        return;
    }
    struct als_store_reply reply = {.done = written, .self = checkpoint};
    checkpoint->seal = text->seal;
    als_cursor_text_ids_reset(&checkpoint->added);
    als_store_write(checkpoint->slot, kind, &text->buffer, &reply);
}

static bool has_changed(const struct als_checkpoint *checkpoint)
{
    unsigned char digest[ALS_SHA256_SIZE];
    return checkpoint->needs_snapshot || checkpoint->added.buffer.size > 0 ||
           als_cursor_text_state_digest(checkpoint->cursor, digest) != 0 ||
           memcmp(digest, checkpoint->state_digest, sizeof digest) != 0;
}

bool als_checkpoint_tick(struct als_checkpoint *checkpoint)
{
    if (checkpoint->slot == NULL || !checkpoint->loaded || checkpoint->writing)
        return false;
    if (checkpoint->snapshotting || !has_changed(checkpoint))
        return als_checkpoint_has_steps(checkpoint);
    if (checkpoint->needs_snapshot || als_store_wants_snapshot(checkpoint->slot)) {
        als_cursor_text_ids_reset(&checkpoint->added);
        als_cursor_text_begin(&checkpoint->text, checkpoint->cursor);
        checkpoint->needs_snapshot = false;
        checkpoint->snapshotting = true;
    } else {
        als_cursor_text_continue(&checkpoint->text, &checkpoint->seal);
        hand_over(checkpoint, ALS_STORE_RECORD);
    }
    return als_checkpoint_has_steps(checkpoint);
}

bool als_checkpoint_has_steps(const struct als_checkpoint *checkpoint)
{
    return checkpoint->snapshotting || als_restore_has_steps(&checkpoint->restore) ||
           (checkpoint->slot != NULL && checkpoint->slot->in_steps);
}

bool als_checkpoint_step(struct als_checkpoint *checkpoint)
{
    if (checkpoint->slot != NULL && checkpoint->slot->in_steps) {
        als_store_step(checkpoint->slot);
    } else if (als_restore_has_steps(&checkpoint->restore)) {
        (void)als_restore_step(&checkpoint->restore);
    } else if (checkpoint->snapshotting &&
               !als_cursor_text_step(&checkpoint->text, checkpoint->cursor)) {
        checkpoint->snapshotting = false;
        hand_over(checkpoint, ALS_STORE_SNAPSHOT);
    }
    return als_checkpoint_has_steps(checkpoint);
}

static void take_steps(struct als_checkpoint *checkpoint)
{
    while (als_checkpoint_step(checkpoint)) {
    }
}

bool als_checkpoint_flush(struct als_checkpoint *checkpoint)
{
    if (checkpoint->slot == NULL || !checkpoint->loaded)
        return true;
    take_steps(checkpoint); /* of what is under way; then of what has changed since */
    if (als_checkpoint_tick(checkpoint))
        take_steps(checkpoint);
    /* The host, which writes, may have stopped the source: then that has flushed, and closed. */
    return checkpoint->slot == NULL || (!checkpoint->writing && !has_changed(checkpoint));
}
