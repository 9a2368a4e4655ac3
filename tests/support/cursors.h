/* Cursors for tests. */
#ifndef CURSORS_H
#define CURSORS_H

#include <stdint.h>

#include "cursor/cursor.h"
#include "cursor/cursor_text.h"

enum { BATCH = 1, OTHER_BATCH = 2 };

extern const int64_t TEST_NOON; /* 2026-01-01T12:00:00Z */
extern const unsigned char TEST_KEY[ALS_KEYED_HASH_KEY_SIZE];

struct als_cursor_origin test_cursor_origin(const char *region, const char *group);
struct als_cursor_fingerprint test_cursor_fingerprint(const struct als_cursor_origin *origin);
struct als_event_id test_id(uint64_t number);

/* Of eu-west-1 and /aws/cloudtrail, nothing read from noon on. */
void test_cursor_init(struct als_cursor *cursor);
void test_cursor_insert(struct als_cursor *cursor, uint64_t batch, uint64_t number,
                        int64_t timestamp, int64_t ingestion);

/* What the fixtures hold: two ids, three pieces, a margin that was widened once. */
void test_cursor_small(struct als_cursor *cursor);

struct als_text test_cursor_text(const struct als_cursor_text *text);
void test_cursor_write(const struct als_cursor *cursor, uint64_t batch,
                       struct als_cursor_text *text);

#endif
