/* Where cursors are kept: one slot for each region of a source. A store does not know what is in
 * the texts it keeps: a snapshot replaces everything, a record is appended to it. */
#ifndef ALS_CURSOR_STORE_H
#define ALS_CURSOR_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "awslogsrc/store.h"
#include "base/buffer.h"
#include "base/log.h"

enum {
    ALS_STORE_SMALLEST_LOG = 64 * 1024,         /* records that never ask for a snapshot */
    ALS_STORE_TEXT_CEILING = 1024 * 1024 * 1024 /* the most a load reads */
};

enum als_store_kind {
    ALS_STORE_SNAPSHOT = AWSLOGSRC_STORE_SNAPSHOT,
    ALS_STORE_RECORD = AWSLOGSRC_STORE_RECORD
};

/* What was stored. */
struct als_store_text {
    const char *name; /* of the file, for messages: borrow, as long as the slot is open. NULL where
                         there is none: an empty text means nothing stored yet then */
    struct als_buffer buffer; /* may be taken */
};

/* Loads: text is NULL where status is not 0. Writes: always. error: borrow, during the call; NULL
 * where status is 0. */
typedef void (*als_store_done_fn)(void *self, int status, struct als_store_text *text,
                                  const awslogsrc_error *error);

struct als_store_reply {
    als_store_done_fn done;
    void *self;
};

struct als_store_slot {
    struct awslogsrc_store *store; /* ref */
    void *state;                   /* the store's own */
    const struct als_log *log;     /* borrow */
    size_t snapshot_size;
    size_t log_size;
    bool in_steps; /* a load or a write is under way that als_store_step() goes on with */
};

/* What a store implements. open sets slot->state. load and write answer once, at once or later, but
 * never after close. A store that sets slot->in_steps has step called until it has answered and
 * taken that back. write: text is taken. */
struct als_store_ops {
    int (*open)(struct awslogsrc_store *store, const char *source, const char *region,
                struct als_store_slot *slot, awslogsrc_error **error);
    void (*load)(struct als_store_slot *slot, const struct als_store_reply *reply);
    void (*load_previous)(struct als_store_slot *slot,
                          const struct als_store_reply *reply); /* optional */
    void (*write)(struct als_store_slot *slot, enum als_store_kind kind, struct als_buffer *text,
                  const struct als_store_reply *reply);
    void (*step)(struct als_store_slot *slot); /* optional */
    void (*close)(struct als_store_slot *slot);
    void (*free)(struct awslogsrc_store *store); /* the last reference is gone; free store too */
};

/* The head of every store. */
struct awslogsrc_store {
    const struct als_store_ops *ops;
    unsigned references;
};

void als_store_init(struct awslogsrc_store *store, const struct als_store_ops *ops);
struct awslogsrc_store *als_store_ref(struct awslogsrc_store *store);
void als_store_unref(struct awslogsrc_store *store); /* NULL is fine */

/* log: borrow, until the slot is closed. *slot: NULL on failure. 0, or AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_LOCKED, AWSLOGSRC_E_STORE. */
int als_store_open(struct awslogsrc_store *store, const char *source, const char *region,
                   const struct als_log *log, struct als_store_slot **slot,
                   awslogsrc_error **error);
void als_store_close(struct als_store_slot *slot); /* NULL is fine; open replies never come */

/* A failed load answers AWSLOGSRC_E_STORE, AWSLOGSRC_E_NO_MEMORY or what a host said. */
void als_store_load(struct als_store_slot *slot, const struct als_store_reply *reply);
/* What was loaded turned out to be damaged: the snapshot before it, with its records.
 * AWSLOGSRC_E_CURSOR_DAMAGED where there is none. */
void als_store_load_previous(struct als_store_slot *slot, const struct als_store_reply *reply);
/* One write at a time. text: take (left empty). */
void als_store_write(struct als_store_slot *slot, enum als_store_kind kind, struct als_buffer *text,
                     const struct als_store_reply *reply);

/* Goes on with the load or the write that made slot->in_steps true, until it is not: well under
 * 10 ms, but that the last step of a write waits for the disk. */
void als_store_step(struct als_store_slot *slot);

/* The log has grown as large as the snapshot: the next write should be one. */
bool als_store_wants_snapshot(const struct als_store_slot *slot);

/* For stores: call reply->done, and free error or what is left of buffer. */
void als_store_answer(const struct als_store_reply *reply, int status, awslogsrc_error *error);
void als_store_answer_text(const struct als_store_reply *reply, const char *name,
                           struct als_buffer *buffer);

#endif
