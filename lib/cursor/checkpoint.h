/* Keeps the cursor of one region in its store: loads it, collects what changed, and writes it as a
 * record or, where the records have grown as large, as a snapshot. Loads and snapshots go in small
 * steps, with other work in between. After a failed write the next one is a snapshot, so nothing
 * has to be remembered about failures. Writes hold acknowledged events only, and marks only
 * together with the ids they rest on. */
#ifndef ALS_CURSOR_CHECKPOINT_H
#define ALS_CURSOR_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor/cursor.h"
#include "cursor/cursor_text.h"
#include "cursor/restore.h"
#include "cursor/store.h"

enum { ALS_CHECKPOINT_ADDED_CEILING = 16 * 1024 * 1024 };

/* Neither may close the checkpoint. error: borrow, during the call; NULL where status is 0. */
struct als_checkpoint_listener {
    /* 0: the cursor is as it was stored, or as it was given where nothing is stored yet. Below 0:
     * refused, and the region must not read. */
    void (*loaded)(void *self, int status, const awslogsrc_error *error);
    /* A write is over. A failure is to be told and retried at the next tick; reading goes on. */
    void (*written)(void *self, int status, const awslogsrc_error *error);
    /* Something is stored: call als_checkpoint_step() until it answers false. */
    void (*steps)(void *self);
    void *self;
};

struct als_checkpoint {
    struct als_cursor *cursor;   /* borrow */
    struct als_store_slot *slot; /* NULL: the cursor is kept nowhere */
    const struct als_log *log;
    struct als_checkpoint_listener listener;
    struct als_restore restore;
    struct als_cursor_text_ids added; /* since the last write, or since the snapshot began */
    struct als_cursor_text text;      /* being written */
    struct als_cursor_seal seal;      /* of the last write */
    unsigned char state_digest[ALS_SHA256_SIZE];
    bool loaded;
    bool snapshotting;
    bool writing;        /* the store has not answered yet */
    bool needs_snapshot; /* then nothing is collected: the snapshot will find it */
};

/* cursor: initialised as it is to be where nothing is stored; borrow, until close. slot: take, or
 * NULL. log: borrow, until close. */
void als_checkpoint_init(struct als_checkpoint *checkpoint, struct als_cursor *cursor,
                         struct als_store_slot *slot, const struct als_log *log,
                         const struct als_checkpoint_listener *listener);
/* Writes under way are left to the store; nobody is told any more. */
void als_checkpoint_close(struct als_checkpoint *checkpoint);

/* Reads what is stored; where that is nothing, given (its text, or empty: borrow, until loaded).
 * listener->loaded is called during this or later. Refuses with AWSLOGSRC_E_CURSOR_FOREIGN,
 * _DAMAGED, _VERSION, AWSLOGSRC_E_STORE, AWSLOGSRC_E_NO_MEMORY or what a custom store said. */
void als_checkpoint_load(struct als_checkpoint *checkpoint, struct als_text given);

/* Instead of als_recent_ids_acknowledge(), and before als_ledger_acknowledge(). */
void als_checkpoint_acknowledge(struct als_checkpoint *checkpoint, uint64_t batch);

/* Every checkpoint_interval: writes what changed, unless a write is under way. true: it goes in
 * steps: call als_checkpoint_step() until it answers false. */
bool als_checkpoint_tick(struct als_checkpoint *checkpoint);

/* Whether a load, a snapshot or a write has steps to take; and one of them, which answers the same:
 * well under 10 ms, but that the last one of a write waits for the disk. */
bool als_checkpoint_has_steps(const struct als_checkpoint *checkpoint);
bool als_checkpoint_step(struct als_checkpoint *checkpoint);

/* At stop: ticks, and takes all steps at once. true: all that was acknowledged is stored. false:
 * the store has not answered yet or failed; call again after listener->written. */
bool als_checkpoint_flush(struct als_checkpoint *checkpoint);

#endif
