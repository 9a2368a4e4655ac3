/* Makes a stored text the cursor of a region again: loaded, parsed and checked in small steps, from
 * the generation before where the latest one is damaged. */
#ifndef ALS_CURSOR_RESTORE_H
#define ALS_CURSOR_RESTORE_H

#include <stdbool.h>

#include "cursor/cursor.h"
#include "cursor/cursor_parser.h"
#include "cursor/store.h"

struct als_restore_listener {
    /* cursor: take; NULL where nothing is stored, or where status is not 0. error: borrow, during
     * the call; NULL where status is 0. */
    void (*done)(void *self, int status, struct als_cursor *cursor, const awslogsrc_error *error);
    /* There are steps to take: the slot's own, then als_restore_step(). */
    void (*steps)(void *self);
    void *self;
};

/* Zero-initialise, and fill in the first group; all of it is borrowed until the end. */
struct als_restore {
    struct als_store_slot *slot;                      /* NULL: the cursor is kept nowhere */
    struct als_text given;                            /* where nothing is stored; may be empty */
    const struct als_cursor_fingerprint *fingerprint; /* what the cursor has to be made for */
    const struct als_log *log;
    struct als_restore_listener listener;

    struct als_store_text stored;
    struct als_cursor_parser *parser; /* NULL: none to be made */
    struct als_cursor cursor;
    unsigned shards_left;    /* of ids, to be rid of what coverage decides */
    awslogsrc_error *damage; /* of the latest generation */
};

/* The listener is told once, during this or later. Errors: AWSLOGSRC_E_CURSOR_FOREIGN, _DAMAGED,
 * _VERSION, AWSLOGSRC_E_STORE, AWSLOGSRC_E_NO_MEMORY, or what a custom store said. */
void als_restore_begin(struct als_restore *restore);

/* Whether a text has arrived and is taken apart in steps; one of them, well under 10 ms. */
bool als_restore_has_steps(const struct als_restore *restore);
void als_restore_step(struct als_restore *restore);

/* Gives up what is under way. The slot is to be closed by then, so that it answers no more. */
void als_restore_clear(struct als_restore *restore);

#endif
