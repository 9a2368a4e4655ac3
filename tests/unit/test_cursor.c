#include "testing.h"

#include "awslogsrc/cursor.h"
#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/random.h"
#include "cursor/cursor.h"
#include "cursor/cursor_parser.h"
#include "cursor/cursor_text.h"
#include "cursors.h"

enum { RANDOM_ROUNDS = 60 };

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

static void test_cursor__written_and_parsed__is_the_same(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    als_recent_ids_forget(&cursor.ids, OTHER_BATCH);
    test_cursor_write(&cursor, 0, &text);
    assert_int_equal(als_cursor_parser_run(test_cursor_text(&text), &parsed, NULL), 0);
    assert_same_state(&cursor, &parsed);
    assert_same_ids(&cursor, &parsed);
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void test_cursor__held_batch__is_not_in_the_text(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, 0, &text);
    assert_int_equal(als_cursor_parser_run(test_cursor_text(&text), &parsed, NULL), 0);
    struct als_event_id held = test_id(3);
    assert_false(als_recent_ids_contains(&parsed.ids, &held));
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void test_cursor__named_batch__is_in_the_text(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    test_cursor_small(&cursor);
    test_cursor_write(&cursor, OTHER_BATCH, &text);
    assert_int_equal(als_cursor_parser_run(test_cursor_text(&text), &parsed, NULL), 0);
    struct als_event_id named = test_id(3);
    assert_true(als_recent_ids_contains(&parsed.ids, &named));
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void fill_randomly(struct als_cursor *cursor, struct als_random *random)
{
    int64_t ids = als_random_below(random, 400);
    int64_t marks = als_random_below(random, 80);
    for (int64_t i = 0; i < ids; i++) {
        int64_t timestamp = TEST_NOON + als_random_below(random, 1000000);
        int64_t ingestion = als_random_below(random, 10) == 0
                                ? ALS_TIME_MAX
                                : timestamp + als_random_below(random, 200000) - 100000;
        test_cursor_insert(cursor, BATCH, als_random_next(random), timestamp, ingestion);
    }
    als_recent_ids_acknowledge(&cursor->ids, BATCH);
    for (int64_t i = 0; i < marks; i++) {
        int64_t start = TEST_NOON + als_random_below(random, 1000000);
        int64_t end = als_random_below(random, 20) == 0 ? ALS_TIME_MAX
                                                        : start + als_random_below(random, 100000);
        als_coverage_mark(&cursor->coverage, start, end,
                          TEST_NOON + als_random_below(random, 2000000));
        cursor->scanned_at = start;
    }
    als_coverage_settle(&cursor->coverage, als_random_below(random, 2000000));
    als_margin_raise(&cursor->margin, als_random_below(random, 1000000), TEST_NOON);
}

static void test_cursor__random_contents__come_back(void **state)
{
    (void)state;
    struct als_random random = {.state = 42};
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        struct als_cursor cursor;
        struct als_cursor parsed;
        struct als_cursor_text text;
        struct als_cursor_text again;
        test_cursor_init(&cursor);
        fill_randomly(&cursor, &random);
        test_cursor_write(&cursor, 0, &text);
        assert_int_equal(als_cursor_parser_run(test_cursor_text(&text), &parsed, NULL), 0);
        assert_same_state(&cursor, &parsed);
        assert_same_ids(&cursor, &parsed);
        /* Times of ids as well: what was released before is released now. */
        als_margin_raise(&cursor.margin, 1, TEST_NOON);
        assert_int_equal(als_recent_ids_release_all(&cursor.ids, &cursor.coverage, &cursor.margin),
                         als_recent_ids_release_all(&parsed.ids, &parsed.coverage, &parsed.margin));
        test_cursor_write(&parsed, 0, &again);
        assert_int_equal(parse_status(test_cursor_text(&again)), 0);
        als_cursor_text_clear(&again);
        als_cursor_text_clear(&text);
        als_cursor_clear(&parsed);
        als_cursor_clear(&cursor);
    }
}

static void test_cursor__fingerprint__tells_every_part_apart(void **state)
{
    (void)state;
    struct als_cursor_origin base = {ALS_TEXT("r"), ALS_TEXT("g"), ALS_TEXT("s"),
                                     ALS_TEXT("p"), ALS_TEXT("f"), ALS_TEXT("x")};
    struct als_cursor_origin others[7] = {base, base, base, base, base, base, base};
    others[0].region = ALS_TEXT("R");
    others[1].log_group = ALS_TEXT("G");
    others[2].log_stream = ALS_TEXT("S");
    others[3].log_stream_prefix = ALS_TEXT("P");
    others[4].filter_pattern = ALS_TEXT("F");
    others[5].filter_syntax = ALS_TEXT("X");
    others[6].region = ALS_TEXT("rg");
    others[6].log_group = ALS_TEXT("");
    struct als_cursor_fingerprint own = test_cursor_fingerprint(&base);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct als_cursor_fingerprint other = test_cursor_fingerprint(&others[i]);
        assert_memory_not_equal(own.bytes, other.bytes, sizeof own.bytes);
    }
}

static void test_cursor__foreign__is_refused_with_both_names(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_error *error = NULL;
    struct als_cursor_origin origin = test_cursor_origin("us-east-1", "/other");
    struct als_cursor_fingerprint fingerprint = test_cursor_fingerprint(&origin);
    test_cursor_init(&cursor);
    assert_int_equal(als_cursor_check(&cursor, &fingerprint, &error), AWSLOGSRC_E_CURSOR_FOREIGN);
    assert_non_null(strstr(als_error_message(error), "eu-west-1 /aws/cloudtrail"));
    assert_non_null(strstr(als_error_message(error), "us-east-1 /other"));
    als_error_free(error);
    als_cursor_clear(&cursor);
}

static void test_cursor__other_filter__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_error *error = NULL;
    struct als_cursor_origin origin = test_cursor_origin("eu-west-1", "/aws/cloudtrail");
    origin.filter_pattern = ALS_TEXT("ERROR");
    struct als_cursor_fingerprint fingerprint = test_cursor_fingerprint(&origin);
    test_cursor_init(&cursor);
    assert_int_equal(als_cursor_check(&cursor, &fingerprint, &error), AWSLOGSRC_E_CURSOR_FOREIGN);
    assert_non_null(strstr(als_error_message(error), "filter"));
    als_error_free(error);
    als_cursor_clear(&cursor);
}

static void test_cursor__long_or_odd_label__still_comes_back(void **state)
{
    (void)state;
    char group[2000];
    memset(group, 'g', sizeof group);
    memcpy(group, "a\nb\xff", 4);
    group[sizeof group - 1] = '\0';
    struct als_cursor_origin origin = test_cursor_origin("eu-west-1", group);
    struct als_cursor_fingerprint fingerprint = test_cursor_fingerprint(&origin);
    struct als_cursor cursor;
    struct als_cursor_text text;
    assert_int_equal(als_cursor_init(&cursor, &fingerprint, TEST_KEY, 0, 1), 0);
    test_cursor_write(&cursor, 0, &text);
    assert_int_equal(parse_status(test_cursor_text(&text)), 0);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor__position__is_the_first_time_not_read(void **state)
{
    (void)state;
    struct als_cursor cursor;
    test_cursor_init(&cursor);
    assert_int_equal(als_cursor_position(&cursor), TEST_NOON);
    assert_int_equal(als_cursor_lag(&cursor), 0);
    als_coverage_mark(&cursor.coverage, TEST_NOON, TEST_NOON + 5000, TEST_NOON + 60000);
    als_coverage_mark(&cursor.coverage, TEST_NOON + 50000, TEST_NOON + 60000, TEST_NOON + 60000);
    cursor.scanned_at = TEST_NOON + 60000;
    assert_int_equal(als_cursor_position(&cursor), TEST_NOON + 5000);
    assert_int_equal(als_cursor_lag(&cursor), 55000);
    als_cursor_clear(&cursor);
}

static void test_cursor__read_ahead_of_time__moves_no_position(void **state)
{
    (void)state;
    struct als_cursor cursor;
    test_cursor_init(&cursor);
    als_coverage_mark(&cursor.coverage, TEST_NOON, ALS_TIME_MAX, TEST_NOON + 7000);
    assert_int_equal(als_cursor_position(&cursor), TEST_NOON + 7000);
    als_cursor_clear(&cursor);
}

static void test_cursor__public_text__round_trips(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_cursor *exported;
    awslogsrc_cursor *imported;
    char *text;
    size_t size;
    test_cursor_small(&cursor);
    als_coverage_mark(&cursor.coverage, TEST_NOON, TEST_NOON + 9000, TEST_NOON + 9000);
    assert_int_equal(als_cursor_export(&cursor, 0, &exported), 0);
    assert_int_equal(awslogsrc_cursor_to_text(exported, &text, &size, NULL), 0);
    assert_int_equal(strlen(text), size);
    assert_int_equal(awslogsrc_cursor_from_text(text, size, &imported, NULL), 0);
    assert_int_equal(awslogsrc_cursor_position_ms(imported), TEST_NOON + 9000);
    assert_int_equal(awslogsrc_cursor_lag_ms(imported), 11000);
    assert_int_equal(awslogsrc_cursor_position_ms(exported), TEST_NOON + 9000);
    awslogsrc_cursor_text_free(text);
    awslogsrc_cursor_free(imported);
    awslogsrc_cursor_free(exported);
    als_cursor_clear(&cursor);
}

static void test_cursor__public_calls__refuse_null(void **state)
{
    (void)state;
    char *text;
    awslogsrc_cursor *cursor;
    assert_int_equal(awslogsrc_cursor_to_text(NULL, &text, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_cursor_from_text(NULL, 0, &cursor, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_cursor_from_text("", 0, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_cursor_position_ms(NULL), 0);
    assert_int_equal(awslogsrc_cursor_lag_ms(NULL), 0);
    awslogsrc_cursor_free(NULL);
    awslogsrc_cursor_text_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor__written_and_parsed__is_the_same),
        cmocka_unit_test(test_cursor__held_batch__is_not_in_the_text),
        cmocka_unit_test(test_cursor__named_batch__is_in_the_text),
        cmocka_unit_test(test_cursor__random_contents__come_back),
        cmocka_unit_test(test_cursor__fingerprint__tells_every_part_apart),
        cmocka_unit_test(test_cursor__foreign__is_refused_with_both_names),
        cmocka_unit_test(test_cursor__other_filter__is_refused),
        cmocka_unit_test(test_cursor__long_or_odd_label__still_comes_back),
        cmocka_unit_test(test_cursor__position__is_the_first_time_not_read),
        cmocka_unit_test(test_cursor__read_ahead_of_time__moves_no_position),
        cmocka_unit_test(test_cursor__public_text__round_trips),
        cmocka_unit_test(test_cursor__public_calls__refuse_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
