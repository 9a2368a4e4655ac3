/* The cursor of one region: what was read (coverage map and margin) and the ids of the acknowledged
 * events that could come again. Pure. */
#ifndef ALS_CURSOR_CURSOR_H
#define ALS_CURSOR_CURSOR_H

#include <stddef.h>
#include <stdint.h>

#include "awslogsrc/cursor.h"
#include "base/crypto.h"
#include "base/keyed_hash.h"
#include "base/text.h"
#include "plan/coverage.h"
#include "plan/margin.h"
#include "plan/recent_ids.h"

enum {
    ALS_FINGERPRINT_SIZE = 16,
    ALS_CURSOR_LABEL_SIZE = 640 /* a region and a log group, or its ARN; longer ones are cut */
};

/* What a cursor was made for: events read elsewhere, or through another filter, are other events.
 * Absent settings are empty texts. */
struct als_cursor_origin {
    struct als_text region;
    struct als_text log_group; /* as sent to AWS: without a trailing ":*" */
    struct als_text log_stream;
    struct als_text log_stream_prefix;
    struct als_text filter_pattern;
    struct als_text filter_syntax;
};

struct als_cursor_fingerprint {
    unsigned char bytes[ALS_FINGERPRINT_SIZE];
    char label[ALS_CURSOR_LABEL_SIZE]; /* for people: "eu-west-1 /aws/cloudtrail" */
};

struct als_cursor {
    struct als_coverage coverage;
    struct als_margin margin;
    struct als_recent_ids ids;
    struct als_keyed_hash *hash; /* under key: for als_event_id_of() */
    unsigned char key[ALS_KEYED_HASH_KEY_SIZE];
    int64_t scanned_at; /* server time at which the last scan began; ALS_TIME_NEVER: none yet */
    struct als_cursor_fingerprint fingerprint;
};

/* 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_cursor_fingerprint(const struct als_cursor_origin *origin,
                           struct als_cursor_fingerprint *fingerprint);

/* A new cursor: nothing read from floor on. *cursor is overwritten. key: random; the cursor keeps
 * it for good. 0 or AWSLOGSRC_E_NO_MEMORY (then *cursor is cleared). */
int als_cursor_init(struct als_cursor *cursor, const struct als_cursor_fingerprint *fingerprint,
                    const unsigned char key[ALS_KEYED_HASH_KEY_SIZE], int64_t floor,
                    int64_t margin);
void als_cursor_clear(struct als_cursor *cursor); /* a zeroed cursor is fine */

/* 0, or AWSLOGSRC_E_CURSOR_FOREIGN where the cursor was made for something else. */
int als_cursor_check(const struct als_cursor *cursor,
                     const struct als_cursor_fingerprint *fingerprint, awslogsrc_error **error);

/* The first event time not read at or after itself: below it everything was read at least once. */
int64_t als_cursor_position(const struct als_cursor *cursor);
/* scanned_at - position, at least 0; 0 before the first scan. */
int64_t als_cursor_lag(const struct als_cursor *cursor);

/* The public cursor as it will be once batch (0: none) is acknowledged: the ids of batch are in it,
 * its marks are not yet. 0, or AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. */
int als_cursor_export(const struct als_cursor *cursor, uint64_t batch, awslogsrc_cursor **out);

/* From text, as awslogsrc_cursor_from_text(). */
int als_cursor_import(struct als_text text, awslogsrc_cursor **out, awslogsrc_error **error);

awslogsrc_cursor *als_cursor_exported_copy(const awslogsrc_cursor *exported); /* or NULL */
/* Borrow: for a parser; empty for NULL. */
struct als_text als_cursor_exported_text(const awslogsrc_cursor *exported);
struct als_text als_cursor_exported_region(const awslogsrc_cursor *exported);
int64_t als_cursor_exported_position(const awslogsrc_cursor *exported);
int64_t als_cursor_exported_lag(const awslogsrc_cursor *exported);
void als_cursor_exported_free(awslogsrc_cursor *exported);

#endif
