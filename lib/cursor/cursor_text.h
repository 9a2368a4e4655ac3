/* Cursors as text, format 1.0: printable lines in blocks, each block sealed by a checksum that is
 * chained to the block before. A snapshot is a head block, blocks of ids, and a committing block
 * with the rest of the ids and the state (margin, coverage map). What changed since is appended as
 * records, committing blocks of their own: the state as it is then, and the ids added. Pure.
 *
 * Ids that coverage decides need no record: als_recent_ids_release_all() after loading. */
#ifndef ALS_CURSOR_CURSOR_TEXT_H
#define ALS_CURSOR_CURSOR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "cursor/cursor.h"

#define ALS_CURSOR_MAGIC "awslogsrc-cursor "

enum {
    ALS_CURSOR_MAJOR = 1, /* a newer one is refused */
    ALS_CURSOR_MINOR = 0, /* a newer one may add fields, which are skipped */
    ALS_CURSOR_LINE_CEILING = 1024,
    ALS_CURSOR_TEXT_CEILING = 1024 * 1024 * 1024, /* of a snapshot and all its records */
    ALS_CURSOR_SNAPSHOT_CEILING = 256 * 1024 * 1024,
    ALS_CURSOR_SEAL_SIZE = 8
};

struct als_cursor_seal {
    unsigned char bytes[ALS_CURSOR_SEAL_SIZE];
};

/* A snapshot or record being written. Failures stick in buffer.status. */
struct als_cursor_text {
    struct als_buffer buffer;
    size_t sealed;               /* how much of buffer is */
    struct als_cursor_seal seal; /* the last one */
    unsigned shard;              /* where the walk over the ids goes on */
};

/* Id lines, collected between two writes. */
struct als_cursor_text_ids {
    struct als_buffer buffer;
    int64_t base; /* timestamps are written relative to it */
};

void als_cursor_text_ids_init(struct als_cursor_text_ids *ids, size_t ceiling);
void als_cursor_text_ids_reset(struct als_cursor_text_ids *ids);
/* Adds the ids that batch holds. 0, or the sticky AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. */
int als_cursor_text_ids_add_batch(struct als_cursor_text_ids *ids,
                                  const struct als_recent_ids *recent, uint64_t batch);

/* A snapshot begins with the head. Then steps, well under 10 ms each, until the answer is false;
 * the cursor may change between them: ids acknowledged meanwhile go into `added`. Then commit. */
void als_cursor_text_begin(struct als_cursor_text *text, const struct als_cursor *cursor);
bool als_cursor_text_step(struct als_cursor_text *text, const struct als_cursor *cursor);
/* A record begins with the seal of what was written before; then commit. */
void als_cursor_text_continue(struct als_cursor_text *text, const struct als_cursor_seal *after);
/* Writes `added` (may be empty) and the state, and seals. Returns 0, or AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_TOO_LARGE. */
int als_cursor_text_commit(struct als_cursor_text *text, const struct als_cursor *cursor,
                           struct als_text added);
void als_cursor_text_clear(struct als_cursor_text *text);

/* A whole snapshot at once, with the ids of batch (0: none). */
int als_cursor_text_whole(struct als_cursor_text *text, const struct als_cursor *cursor,
                          uint64_t batch);

/* What a record would say beside ids: equal digests, equal states. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_cursor_text_state_digest(const struct als_cursor *cursor,
                                 unsigned char out[ALS_SHA256_SIZE]);

/* The seal of a block, up to and with the blank in front of it. out may be before. */
int als_cursor_text_seal(const struct als_cursor_seal *before, struct als_text block,
                         struct als_cursor_seal *out);

#endif
