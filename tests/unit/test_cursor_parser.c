#include "testing.h"

#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cursor/cursor.h"
#include "cursor/cursor_parser.h"
#include "cursor/cursor_text.h"
#include "cursors.h"

static void assert_same_ids(const struct als_cursor *a, const struct als_cursor *b)
{
    struct als_recent_ids_iterator iterator = {0};
    struct als_recent_id id;
    size_t count = 0;
    while (als_recent_ids_next(&a->ids, 0, &iterator, &id)) {
        assert_true(als_recent_ids_contains(&b->ids, &id.id));
        count++;
    }
    assert_int_equal(count, als_recent_ids_count(&b->ids));
    assert_non_null(b->hash);
}

static void assert_same_state(const struct als_cursor *a, const struct als_cursor *b)
{
    unsigned char digests[2][ALS_SHA256_SIZE];
    assert_int_equal(als_cursor_text_state_digest(a, digests[0]), 0);
    assert_int_equal(als_cursor_text_state_digest(b, digests[1]), 0);
    assert_memory_equal(digests[0], digests[1], ALS_SHA256_SIZE);
    assert_memory_equal(a->key, b->key, sizeof a->key);
    assert_memory_equal(a->fingerprint.bytes, b->fingerprint.bytes, ALS_FINGERPRINT_SIZE);
    assert_string_equal(a->fingerprint.label, b->fingerprint.label);
}

static int parse_status(struct als_text text)
{
    struct als_cursor cursor;
    int status = als_cursor_parser_run(text, &cursor, NULL);
    if (status == 0)
        als_cursor_clear(&cursor);
    return status;
}

/* A sealed one-block text with the given lines in the middle of good ones. */
static int parse_status_with(const char *version, const char *extra)
{
    struct als_cursor_text text;
    als_cursor_text_continue(&text, &(struct als_cursor_seal){{0}});
    als_buffer_format(&text.buffer,
                      "awslogsrc-cursor %s\nlabel eu-west-1 g\n"
                      "fingerprint 00112233445566778899aabbccddeeff\n"
                      "key 00112233445566778899aabbccddeeff\n"
                      "scanned never\nmargin never 300000\n%sfloor 1000\npiece 1000 never\ncommit ",
                      version, extra);
    struct als_cursor_seal seal;
    assert_int_equal(als_cursor_text_seal(&text.seal, test_cursor_text(&text), &seal), 0);
    als_buffer_append_hex(&text.buffer, seal.bytes, sizeof seal.bytes);
    als_buffer_append_char(&text.buffer, '\n');
    int status = parse_status(test_cursor_text(&text));
    als_cursor_text_clear(&text);
    return status;
}

/* Format 1.0 for ever: when one of these fails, the format has changed; give it a new version, and
 * keep on reading this one. */

static void assert_small(const struct als_cursor *cursor)
{
    int64_t start;
    int64_t end;
    int64_t began;
    assert_string_equal(cursor->fingerprint.label, "eu-west-1 /aws/cloudtrail");
    assert_memory_equal(cursor->key, TEST_KEY, sizeof TEST_KEY);
    assert_int_equal(cursor->scanned_at, TEST_NOON + 20000);
    assert_int_equal(cursor->margin.count, 2);
    assert_int_equal(cursor->margin.steps[0].from, ALS_TIME_NEVER);
    assert_int_equal(cursor->margin.steps[0].width, 300000);
    assert_int_equal(cursor->margin.steps[1].from, TEST_NOON + 100001);
    assert_int_equal(cursor->margin.steps[1].width, 600000);
    assert_int_equal(als_coverage_floor(&cursor->coverage), TEST_NOON);
    assert_int_equal(als_coverage_piece_count(&cursor->coverage), 3);
    als_coverage_piece_at(&cursor->coverage, 1, &start, &end, &began);
    assert_int_equal(start, TEST_NOON + 1000);
    assert_int_equal(end, TEST_NOON + 9000);
    assert_int_equal(began, TEST_NOON + 9000);
    assert_int_equal(als_coverage_began(&cursor->coverage, TEST_NOON), ALS_TIME_NEVER);
    assert_int_equal(als_coverage_began(&cursor->coverage, TEST_NOON + 9000), ALS_TIME_NEVER);
}

static void assert_id(const struct als_cursor *cursor, uint64_t number, int64_t timestamp,
                      int64_t ingestion)
{
    struct als_recent_ids_iterator iterator = {0};
    struct als_recent_id id;
    struct als_event_id wanted = test_id(number);
    while (als_recent_ids_next(&cursor->ids, 0, &iterator, &id)) {
        if (memcmp(&id.id, &wanted, sizeof wanted) != 0)
            continue;
        assert_int_equal(id.timestamp, timestamp);
        assert_int_equal(id.ingestion, ingestion);
        return;
    }
    fail_msg("id %d is missing", (int)number);
}

static void parse_fixture(const char *name, struct als_cursor *cursor)
{
    size_t size;
    char *data = test_read_file(test_fixture_path(name), &size);
    assert_int_equal(als_cursor_parser_run((struct als_text){data, size}, cursor, NULL), 0);
    free(data);
}

static void test_cursor_parser__every_prefix__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    for (size_t size = 0; size < text.buffer.size; size++) {
        char *prefix = malloc(size + 1); /* of its own, so that a sanitizer sees reads beyond */
        assert_non_null(prefix);
        memcpy(prefix, text.buffer.data, size);
        assert_int_equal(parse_status((struct als_text){prefix, size}), AWSLOGSRC_E_CURSOR_DAMAGED);
        free(prefix);
    }
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__every_changed_byte__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    for (size_t i = 0; i < text.buffer.size; i++) {
        char original = text.buffer.data[i];
        for (int change = 1; change < 256; change++) {
            text.buffer.data[i] = (char)(original ^ change);
            int status = parse_status(test_cursor_text(&text));
            assert_true(status == AWSLOGSRC_E_CURSOR_DAMAGED ||
                        status == AWSLOGSRC_E_CURSOR_VERSION);
        }
        text.buffer.data[i] = original;
    }
    assert_int_equal(parse_status(test_cursor_text(&text)), 0);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__anything_behind_the_commit__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    als_buffer_append_char(&text.buffer, '\n');
    assert_int_equal(parse_status(test_cursor_text(&text)), AWSLOGSRC_E_CURSOR_DAMAGED);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__newer_major__is_refused_by_name(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_error *error = NULL;
    int status =
        als_cursor_parser_run(ALS_TEXT("awslogsrc-cursor 2.7\nwhatever\n"), &cursor, &error);
    assert_int_equal(status, AWSLOGSRC_E_CURSOR_VERSION);
    assert_non_null(strstr(als_error_message(error), "2.7"));
    als_error_free(error);
}

static void test_cursor_parser__fields__are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        const char *extra;
        int status;
    } cases[] = {
        {"1.0", "", 0},
        {"1.1", "novelty 1 2 3\nanother\n", 0},
        {"1.99", "", 0},
        {"1.0", "novelty 1 2 3\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1", "", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.-1", "", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"0.9", "", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"99999999999999999999.0", "", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff -4000 -\n", 0},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff -5001 -\n",
         AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff 0 -6\n",
         AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff 0 -5\n", 0},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff 0\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base 5000\nid 00112233445566778899aabbccddeeff 0 1 2\n",
         AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base 5000\nid 00112233445566778899AABBCCDDEEFF 0 1\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "id 00112233445566778899aabbccddeeff 0 1\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "base -1\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "scanned never\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "key 00112233445566778899aabbccddeeff\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "piece 1000 never\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "margin 0 1\n", 0},
        {"1.0", "margin never 1\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "margin 0 -1\n", AWSLOGSRC_E_CURSOR_DAMAGED},
        {"1.0", "\n", AWSLOGSRC_E_CURSOR_DAMAGED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = parse_status_with(cases[i].version, cases[i].extra);
        if (status != cases[i].status)
            fail_msg("%s %s: %d", cases[i].version, cases[i].extra, status);
    }
}

static void test_cursor_parser__line_at_the_ceiling__is_read(void **state)
{
    (void)state;
    char line[ALS_CURSOR_LINE_CEILING + 2] = "novelty ";
    size_t length = ALS_CURSOR_LINE_CEILING - 1;
    memset(line + 8, 'x', sizeof line - 8);
    memcpy(line + length, "\n", 2);
    assert_int_equal(parse_status_with("1.1", line), 0);
    line[length] = 'x';
    memcpy(line + length + 1, "\n", 2);
    assert_int_equal(parse_status_with("1.1", line), AWSLOGSRC_E_CURSOR_DAMAGED);
}

static void test_cursor_parser__margin_steps__are_bounded(void **state)
{
    (void)state;
    struct als_buffer lines;
    als_buffer_init(&lines, ALS_CURSOR_LINE_CEILING);
    for (int i = 1; i < ALS_MARGIN_STEPS; i++)
        als_buffer_append_string(&lines, "margin 5 6\n");
    assert_int_equal(parse_status_with("1.0", als_buffer_string(&lines)), 0);
    als_buffer_append_string(&lines, "margin 5 6\n");
    assert_int_equal(parse_status_with("1.0", als_buffer_string(&lines)),
                     AWSLOGSRC_E_CURSOR_DAMAGED);
    als_buffer_clear(&lines);
}

static void test_cursor_parser__records__are_replayed_in_order(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    struct als_cursor_text record;
    struct als_cursor_text_ids added;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    als_cursor_text_ids_init(&added, 1000);
    assert_int_equal(als_cursor_text_ids_add_batch(&added, &cursor.ids, OTHER_BATCH), 0);
    als_recent_ids_acknowledge(&cursor.ids, OTHER_BATCH);
    als_coverage_mark(&cursor.coverage, TEST_NOON, TEST_NOON + 10000, TEST_NOON + 10000);
    als_cursor_text_continue(&record, &text.seal);
    assert_int_equal(als_cursor_text_commit(&record, &cursor, als_buffer_text(&added.buffer)), 0);
    als_buffer_append_text(&text.buffer, test_cursor_text(&record));
    assert_int_equal(als_cursor_parser_run(test_cursor_text(&text), &parsed, NULL), 0);
    assert_same_state(&cursor, &parsed);
    assert_same_ids(&cursor, &parsed);
    als_buffer_clear(&added.buffer);
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

/* How much of the text counted. */
static size_t parse_torn(struct als_text text)
{
    struct als_cursor cursor;
    struct als_cursor_parser *parser = als_cursor_parser_new(text, &cursor);
    int status = 1;
    while (status == 1)
        status = als_cursor_parser_step(parser, NULL);
    assert_int_equal(status, 0);
    size_t kept = als_cursor_parser_kept(parser);
    als_cursor_parser_free(parser);
    als_cursor_clear(&cursor);
    return kept;
}

static void test_cursor_parser__torn_record__keeps_what_is_before_it(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    struct als_cursor_text record;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    size_t snapshot = text.buffer.size;
    als_cursor_text_continue(&record, &text.seal);
    assert_int_equal(als_cursor_text_commit(&record, &cursor, ALS_TEXT("")), 0);
    als_buffer_append_text(&text.buffer, test_cursor_text(&record));
    for (size_t size = snapshot; size <= text.buffer.size; size++) {
        size_t kept = parse_torn((struct als_text){text.buffer.data, size});
        assert_int_equal(kept, size == text.buffer.size ? size : snapshot);
    }
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__record_of_another_snapshot__does_not_count(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    struct als_cursor_text record;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    size_t snapshot = text.buffer.size;
    als_cursor_text_continue(&record, &(struct als_cursor_seal){{7}});
    assert_int_equal(als_cursor_text_commit(&record, &cursor, ALS_TEXT("")), 0);
    als_buffer_append_text(&text.buffer, test_cursor_text(&record));
    assert_int_equal(parse_torn(test_cursor_text(&text)), snapshot);
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__head_in_a_record__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    struct als_cursor_text record;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    als_cursor_text_continue(&record, &text.seal);
    assert_int_equal(als_cursor_text_commit(&record, &cursor,
                                            ALS_TEXT("key 00112233445566778899aabbccddeeff\n")),
                     0);
    als_buffer_append_text(&text.buffer, test_cursor_text(&record));
    assert_int_equal(parse_status(test_cursor_text(&text)), AWSLOGSRC_E_CURSOR_DAMAGED);
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__fixture_1_0__reads_as_it_was_meant(void **state)
{
    (void)state;
    struct als_cursor cursor;
    parse_fixture("cursor-1.0.txt", &cursor);
    assert_small(&cursor);
    assert_int_equal(als_recent_ids_count(&cursor.ids), 2);
    assert_id(&cursor, 1, TEST_NOON + 1234, TEST_NOON + 3000);
    assert_id(&cursor, 2, TEST_NOON + 5678, ALS_TIME_MAX);
    struct als_cursor_origin origin = test_cursor_origin("eu-west-1", "/aws/cloudtrail");
    struct als_cursor_fingerprint fingerprint = test_cursor_fingerprint(&origin);
    assert_int_equal(als_cursor_check(&cursor, &fingerprint, NULL), 0);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__fixture_1_0_with_records__reads_as_it_was_meant(void **state)
{
    (void)state;
    struct als_cursor cursor;
    parse_fixture("cursor-1.0-records.txt", &cursor);
    assert_int_equal(als_recent_ids_count(&cursor.ids), 3);
    assert_id(&cursor, 3, TEST_NOON + 9999, TEST_NOON + 12000);
    assert_int_equal(als_coverage_piece_count(&cursor.coverage), 2);
    assert_int_equal(als_cursor_position(&cursor), TEST_NOON + 10000);
    als_cursor_clear(&cursor);
}

static void test_cursor_parser__fixture_1_0__is_what_is_written(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    size_t size;
    char *data = test_read_file(test_fixture_path("cursor-1.0.txt"), &size);
    assert_int_equal(size, text.buffer.size);
    assert_memory_equal(data, text.buffer.data, size);
    free(data);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor_parser__every_prefix__is_refused),
        cmocka_unit_test(test_cursor_parser__every_changed_byte__is_refused),
        cmocka_unit_test(test_cursor_parser__anything_behind_the_commit__is_refused),
        cmocka_unit_test(test_cursor_parser__newer_major__is_refused_by_name),
        cmocka_unit_test(test_cursor_parser__fields__are_checked),
        cmocka_unit_test(test_cursor_parser__line_at_the_ceiling__is_read),
        cmocka_unit_test(test_cursor_parser__margin_steps__are_bounded),
        cmocka_unit_test(test_cursor_parser__records__are_replayed_in_order),
        cmocka_unit_test(test_cursor_parser__torn_record__keeps_what_is_before_it),
        cmocka_unit_test(test_cursor_parser__record_of_another_snapshot__does_not_count),
        cmocka_unit_test(test_cursor_parser__head_in_a_record__is_refused),
        cmocka_unit_test(test_cursor_parser__fixture_1_0__reads_as_it_was_meant),
        cmocka_unit_test(test_cursor_parser__fixture_1_0_with_records__reads_as_it_was_meant),
        cmocka_unit_test(test_cursor_parser__fixture_1_0__is_what_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
