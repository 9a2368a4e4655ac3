/* The position of one region: its cursor, loaded from the source's store and kept there as it
 * changes. */
#ifndef ALS_SOURCE_POSITION_H
#define ALS_SOURCE_POSITION_H

#include "base/histogram.h"
#include "cursor/checkpoint.h"
#include "net/loop.h"
#include "source/source.h"

/* As in struct als_checkpoint_listener. */
struct als_position_listener {
    void (*loaded)(void *self, int status, const awslogsrc_error *error);
    void (*written)(void *self, int status, const awslogsrc_error *error);
    void *self;
};

struct als_position_config {
    struct als_loop *loop;
    awslogsrc_store *store; /* NULL: positions live in memory only */
    const char *source;     /* names the slot in the store, together with */
    const char *region;
    struct als_text given;   /* the cursor's text where nothing is stored: borrow, until loaded */
    int64_t interval_ms;     /* between two writes */
    awslogsrc_source *owner; /* borrow; kept alive while a store of the host is called */
    struct als_position_listener listener;
};

/* Zero-initialise. */
struct als_position {
    awslogsrc_source *owner;
    struct als_loop *loop;
    struct als_checkpoint checkpoint;
    struct als_position_listener listener;
    struct als_timer timer;
    int64_t interval_ms;
    int64_t written_ms; /* monotonic: when the last write began */
    bool open;
    bool changed; /* since then */
    struct als_histogram
        duration; /* of writes, until the store had answered; stays when it closes */
};

/* Opens the slot and begins to load. cursor: as it is to be where nothing is stored or given;
 * borrow, until close. The listener hears of the end of the load, perhaps during this call. 0, or
 * AWSLOGSRC_E_LOCKED, AWSLOGSRC_E_STORE, AWSLOGSRC_E_NO_MEMORY: then it is not open, and the
 * listener hears nothing. */
int als_position_open(struct als_position *position, const struct als_position_config *config,
                      struct als_cursor *cursor, awslogsrc_error **error);

/* Instead of als_recent_ids_acknowledge(). */
void als_position_acknowledge(struct als_position *position, uint64_t batch);

/* The cursor has changed: it will be written when its time comes. */
void als_position_changed(struct als_position *position);

/* Writes now, as far as the store answers at once. true: all that was acknowledged is stored. */
bool als_position_flush(struct als_position *position);

/* Lets go of slot and cursor. Fine where it is not open. */
void als_position_close(struct als_position *position);

#endif
