/* Keeps the cursor of one region in its store: loads it, collects what changed, and writes it as a
 * record or, where the records have grown as large, as a snapshot in small steps. After a failed
 * write the next one is a snapshot, so nothing has to be remembered about failures. */
#ifndef ALS_SOURCE_CHECKPOINT_H
#define ALS_SOURCE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "source/cursor.h"
#include "source/cursor_text.h"
#include "source/store.h"

enum { ALS_CHECKPOINT_ADDED_CEILING = 16 * 1024 * 1024 };

struct als_checkpoint_listener {
    /* The cursor is loaded, or new, or (status below 0) refused: the region must not start. */
    void (*loaded)(void *self, int status, const awslogsrc_error *error);
    /* A write is over. Failures do not stop reading: tell the status, go on ticking. */
    void (*written)(void *self, int status, const awslogsrc_error *error);
    void *self;
};

struct als_checkpoint {
    struct als_cursor *cursor;   /* borrow */
    struct als_store_slot *slot; /* NULL: kept in memory only, everything below does nothing */
    const struct als_log *log;
    struct als_checkpoint_listener listener;
    struct als_cursor_ids_text added; /* since the last write, or since the snapshot began */
    struct als_cursor_text text;      /* the snapshot being made */
    struct als_cursor_seal seal;      /* of the last write that succeeded */
    struct als_cursor_seal next_seal; /* of the one under way */
    unsigned char state_digest[ALS_SHA256_SIZE];
    bool snapshotting;
    bool writing;
    bool needs_snapshot;
};

/* cursor: initialised, as it is to be where nothing is stored. store: NULL for none. Opens the
 * slot. 0, or AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_LOCKED, AWSLOGSRC_E_STORE (then *checkpoint is
 * cleared).
 */
int als_checkpoint_open(struct als_checkpoint *checkpoint, struct als_cursor *cursor,
                        struct awslogsrc_store *store, const char *source,
                        const struct als_log *log, awslogsrc_error **error);
#endif
