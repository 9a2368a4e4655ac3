#include "cursors.h"

#include "testing.h"

const int64_t TEST_NOON = INT64_C(1767268800000); /* 2026-01-01T12:00:00Z */
const unsigned char TEST_KEY[ALS_KEYED_HASH_KEY_SIZE] = "0123456789abcde";

struct als_cursor_origin test_cursor_origin(const char *region, const char *group)
{
    return (struct als_cursor_origin){
        .region = als_text_of(region),
        .log_group = als_text_of(group),
        .filter_syntax = ALS_TEXT("exact"),
    };
}

struct als_cursor_fingerprint test_cursor_fingerprint(const struct als_cursor_origin *origin)
{
    struct als_cursor_fingerprint fingerprint;
    assert_int_equal(als_cursor_fingerprint(origin, &fingerprint), 0);
    return fingerprint;
}

struct als_event_id test_id(uint64_t number)
{
    struct als_event_id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    memcpy(id.bytes + 8, &number, sizeof number);
    return id;
}

void test_cursor_init(struct als_cursor *cursor)
{
    struct als_cursor_origin origin = test_cursor_origin("eu-west-1", "/aws/cloudtrail");
    struct als_cursor_fingerprint fingerprint = test_cursor_fingerprint(&origin);
    assert_int_equal(als_cursor_init(cursor, &fingerprint, TEST_KEY, TEST_NOON, 300000), 0);
}

void test_cursor_insert(struct als_cursor *cursor, uint64_t batch, uint64_t number,
                        int64_t timestamp, int64_t ingestion)
{
    struct als_event_id id = test_id(number);
    assert_int_equal(als_recent_ids_insert(&cursor->ids, batch, &id, timestamp, ingestion), 0);
}

/* What the fixtures hold: two ids, three pieces, a margin that was widened once. */
void test_cursor_small(struct als_cursor *cursor)
{
    test_cursor_init(cursor);
    test_cursor_insert(cursor, BATCH, 1, TEST_NOON + 1234, TEST_NOON + 3000);
    test_cursor_insert(cursor, BATCH, 2, TEST_NOON + 5678, ALS_TIME_MAX);
    test_cursor_insert(cursor, OTHER_BATCH, 3, TEST_NOON + 9999, TEST_NOON + 12000);
    als_recent_ids_acknowledge(&cursor->ids, BATCH);
    als_margin_raise(&cursor->margin, 600000, TEST_NOON + 400000);
    assert_int_equal(
        als_coverage_mark(&cursor->coverage, TEST_NOON + 1000, TEST_NOON + 9000, TEST_NOON + 9000),
        0);
    cursor->scanned_at = TEST_NOON + 20000;
}

struct als_text test_cursor_text(const struct als_cursor_text *text)
{
    return als_buffer_text(&text->buffer);
}

void test_cursor_write(const struct als_cursor *cursor, uint64_t batch,
                       struct als_cursor_text *text)
{
    assert_int_equal(als_cursor_text_whole(text, cursor, batch), 0);
}
