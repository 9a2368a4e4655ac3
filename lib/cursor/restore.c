#include "cursor/restore.h"

#include "awslogsrc/error.h"
#include "base/error.h"

static void drop_text(struct als_restore *restore)
{
    als_cursor_parser_free(restore->parser);
    als_cursor_clear(&restore->cursor);
    als_buffer_clear(&restore->stored.buffer);
    restore->parser = NULL;
}

static void finish(struct als_restore *restore, int status, const awslogsrc_error *error)
{
    const struct als_restore_listener *listener = &restore->listener;
    struct als_cursor cursor = restore->cursor;
    bool restored = status == 0 && restore->parser != NULL;
    if (restored)
        restore->cursor = (struct als_cursor){0};
    drop_text(restore);
    listener->done(listener->self, status, restored ? &cursor : NULL, error);
}

static void text_arrived(void *self, int status, struct als_store_text *text,
                         const awslogsrc_error *error);

static void load(struct als_restore *restore,
                 void (*load_from)(struct als_store_slot *, const struct als_store_reply *))
{
    struct als_store_reply reply = {text_arrived, restore};
    load_from(restore->slot, &reply);
    if (restore->slot != NULL && restore->slot->in_steps) /* not closed by the host, which loads */
        restore->listener.steps(restore->listener.self);
}

/* error: take. */
static void fail(struct als_restore *restore, int status, awslogsrc_error *error)
{
    bool first = restore->damage == NULL;
    if (restore->stored.name != NULL)
        als_error_prefix(&error, "%s: ", restore->stored.name);
    if (status == AWSLOGSRC_E_CURSOR_DAMAGED && first) {
        restore->damage = error;
        drop_text(restore);
        if (restore->slot != NULL)
            load(restore, als_store_load_previous);
        else
            finish(restore, status, error);
        return;
    }
    /* Of two damaged generations the latest is the one to tell of. */
    finish(restore, status, status == AWSLOGSRC_E_CURSOR_DAMAGED ? restore->damage : error);
    als_error_free(error);
}

static void text_arrived(void *self, int status, struct als_store_text *text,
                         const awslogsrc_error *error)
{
    struct als_restore *restore = self;
    restore->stored = (struct als_store_text){0};
    if (status != 0) {
        fail(restore, status, als_error_copy(error));
        return;
    }
    restore->stored = *text;
    als_buffer_init(&text->buffer, text->buffer.ceiling);
    struct als_text found = als_buffer_text(&restore->stored.buffer);
    if (restore->stored.name == NULL && found.size == 0)
        found = restore->given;
    if (restore->stored.name == NULL && found.size == 0) {
        finish(restore, 0, NULL);
        return;
    }
    restore->parser = als_cursor_parser_new(found, &restore->cursor);
    if (restore->parser != NULL) {
        restore->listener.steps(restore->listener.self);
    } else {
        awslogsrc_error *no_memory = NULL;
        als_error_set(&no_memory, AWSLOGSRC_E_NO_MEMORY, "no memory for the cursor");
        fail(restore, AWSLOGSRC_E_NO_MEMORY, no_memory);
    }
}

void als_restore_begin(struct als_restore *restore)
{
    struct als_store_text nothing = {0};
    if (restore->slot != NULL)
        load(restore, als_store_load);
    else
        text_arrived(restore, 0, &nothing, NULL);
}

static void tell_losses(const struct als_restore *restore)
{
    const struct als_store_text *stored = &restore->stored;
    size_t kept = als_cursor_parser_kept(restore->parser);
    if (kept < stored->buffer.size)
        als_log_write(restore->log, AWSLOGSRC_LOG_WARNING,
                      "the stored cursor for %s ends in %zu bytes of a torn record; they are "
                      "dropped, and what was read then comes again",
                      restore->cursor.fingerprint.label, stored->buffer.size - kept);
    if (restore->damage != NULL)
        als_log_write(restore->log, AWSLOGSRC_LOG_WARNING,
                      "%s; going on from the generation before, %s: what was read since then "
                      "comes again",
                      als_error_message(restore->damage), stored->name);
}

bool als_restore_has_steps(const struct als_restore *restore)
{
    return restore->parser != NULL;
}

void als_restore_step(struct als_restore *restore)
{
    struct als_cursor *cursor = &restore->cursor;
    awslogsrc_error *error = NULL;
    if (restore->shards_left > 0) {
        als_recent_ids_release(&cursor->ids, &cursor->coverage, &cursor->margin);
        if (--restore->shards_left == 0)
            finish(restore, 0, NULL);
        return;
    }
    int status = als_cursor_parser_step(restore->parser, &error);
    if (status == 1)
        return;
    if (status == 0)
        status = als_cursor_check(cursor, restore->fingerprint, &error);
    if (status != 0) {
        fail(restore, status, error);
        return;
    }
    tell_losses(restore);
    restore->shards_left = ALS_RECENT_IDS_SHARDS;
}

void als_restore_clear(struct als_restore *restore)
{
    drop_text(restore);
    als_error_free(restore->damage);
    *restore = (struct als_restore){0};
}
