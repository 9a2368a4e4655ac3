#include "testing.h"

#include "awslogsrc/cursor.h"
#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/random.h"
#include "source/cursor.h"
#include "source/cursor_parser.h"
#include "source/cursor_text.h"

enum { BATCH = 1, OTHER_BATCH = 2, RANDOM_ROUNDS = 60 };

static const int64_t NOON = INT64_C(1767268800000); /* 2026-01-01T12:00:00Z */
static const unsigned char KEY[ALS_KEYED_HASH_KEY_SIZE] = "0123456789abcde";

static struct als_cursor_origin origin_of(const char *region, const char *group)
{
    return (struct als_cursor_origin){
        .region = als_text_of(region),
        .log_group = als_text_of(group),
        .filter_syntax = ALS_TEXT("exact"),
    };
}

static struct als_cursor_fingerprint fingerprint_of(const struct als_cursor_origin *origin)
{
    struct als_cursor_fingerprint fingerprint;
    assert_int_equal(als_cursor_fingerprint(origin, &fingerprint), 0);
    return fingerprint;
}

static struct als_id id_number(uint64_t number)
{
    struct als_id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    memcpy(id.bytes + 8, &number, sizeof number);
    return id;
}

static void init(struct als_cursor *cursor)
{
    struct als_cursor_origin origin = origin_of("eu-west-1", "/aws/cloudtrail");
    struct als_cursor_fingerprint fingerprint = fingerprint_of(&origin);
    assert_int_equal(als_cursor_init(cursor, &fingerprint, KEY, NOON, 300000), 0);
}

static void insert(struct als_cursor *cursor, uint64_t batch, uint64_t number, int64_t timestamp,
                   int64_t ingestion)
{
    struct als_id id = id_number(number);
    assert_int_equal(als_recent_ids_insert(&cursor->ids, batch, &id, timestamp, ingestion), 0);
}

/* What the fixtures hold: two ids, three pieces, a margin that was widened once. */
static void make_small(struct als_cursor *cursor)
{
    init(cursor);
    insert(cursor, BATCH, 1, NOON + 1234, NOON + 3000);
    insert(cursor, BATCH, 2, NOON + 5678, ALS_TIME_MAX);
    insert(cursor, OTHER_BATCH, 3, NOON + 9999, NOON + 12000);
    als_recent_ids_acknowledge(&cursor->ids, BATCH);
    als_margin_raise(&cursor->margin, 600000, NOON + 400000);
    assert_int_equal(als_coverage_mark(&cursor->coverage, NOON + 1000, NOON + 9000, NOON + 9000),
                     0);
    cursor->scanned_at = NOON + 20000;
}

static struct als_text text_of(const struct als_cursor_text *text)
{
    return als_buffer_text(&text->buffer);
}

static void write_whole(const struct als_cursor *cursor, uint64_t batch,
                        struct als_cursor_text *text)
{
    assert_int_equal(als_cursor_text_whole(text, cursor, batch), 0);
}

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
    int status = als_cursor_parser_run(text, &cursor, NULL, NULL);
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
    assert_int_equal(als_cursor_text_seal(&text.seal, text_of(&text), &seal), 0);
    als_buffer_append_hex(&text.buffer, seal.bytes, sizeof seal.bytes);
    als_buffer_append_char(&text.buffer, '\n');
    int status = parse_status(text_of(&text));
    als_cursor_text_clear(&text);
    return status;
}

static void test_cursor__written_and_parsed__is_the_same(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    make_small(&cursor);
    als_recent_ids_forget(&cursor.ids, OTHER_BATCH);
    write_whole(&cursor, 0, &text);
    assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, NULL, NULL), 0);
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
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, NULL, NULL), 0);
    struct als_id held = id_number(3);
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
    make_small(&cursor);
    write_whole(&cursor, OTHER_BATCH, &text);
    assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, NULL, NULL), 0);
    struct als_id named = id_number(3);
    assert_true(als_recent_ids_contains(&parsed.ids, &named));
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void test_cursor__every_prefix__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
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

static void test_cursor__every_changed_byte__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    for (size_t i = 0; i < text.buffer.size; i++) {
        char original = text.buffer.data[i];
        for (int change = 1; change < 256; change++) {
            text.buffer.data[i] = (char)(original ^ change);
            int status = parse_status(text_of(&text));
            assert_true(status == AWSLOGSRC_E_CURSOR_DAMAGED ||
                        status == AWSLOGSRC_E_CURSOR_VERSION);
        }
        text.buffer.data[i] = original;
    }
    assert_int_equal(parse_status(text_of(&text)), 0);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor__anything_behind_the_commit__is_refused(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    als_buffer_append_char(&text.buffer, '\n');
    assert_int_equal(parse_status(text_of(&text)), AWSLOGSRC_E_CURSOR_DAMAGED);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor__newer_major__is_refused_by_name(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_error *error = NULL;
    int status =
        als_cursor_parser_run(ALS_TEXT("awslogsrc-cursor 2.7\nwhatever\n"), &cursor, NULL, &error);
    assert_int_equal(status, AWSLOGSRC_E_CURSOR_VERSION);
    assert_non_null(strstr(als_error_message(error), "2.7"));
    als_error_free(error);
}

static void test_cursor__fields__are_checked(void **state)
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

static void test_cursor__line_at_the_ceiling__is_read(void **state)
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

static void test_cursor__margin_steps__are_bounded(void **state)
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

static void test_cursor__records__are_replayed_in_order(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    struct als_cursor_text record;
    struct als_cursor_ids_text added;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    als_cursor_ids_text_init(&added, 1000);
    assert_int_equal(als_cursor_ids_text_add_batch(&added, &cursor.ids, OTHER_BATCH), 0);
    als_recent_ids_acknowledge(&cursor.ids, OTHER_BATCH);
    als_coverage_mark(&cursor.coverage, NOON, NOON + 10000, NOON + 10000);
    als_cursor_text_continue(&record, &text.seal);
    assert_int_equal(als_cursor_text_commit(&record, &cursor, als_buffer_text(&added.buffer)), 0);
    als_buffer_append_text(&text.buffer, text_of(&record));
    assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, NULL, NULL), 0);
    assert_same_state(&cursor, &parsed);
    assert_same_ids(&cursor, &parsed);
    als_buffer_clear(&added.buffer);
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void test_cursor__torn_record__keeps_what_is_before_it(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    struct als_cursor_text record;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    size_t snapshot = text.buffer.size;
    als_cursor_text_continue(&record, &text.seal);
    assert_int_equal(als_cursor_text_commit(&record, &cursor, ALS_TEXT("")), 0);
    als_buffer_append_text(&text.buffer, text_of(&record));
    for (size_t size = snapshot; size <= text.buffer.size; size++) {
        struct als_cursor parsed;
        size_t kept;
        struct als_text torn = {text.buffer.data, size};
        assert_int_equal(als_cursor_parser_run(torn, &parsed, &kept, NULL), 0);
        assert_int_equal(kept, size == text.buffer.size ? size : snapshot);
        als_cursor_clear(&parsed);
    }
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor__record_of_another_snapshot__does_not_count(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor parsed;
    struct als_cursor_text text;
    struct als_cursor_text record;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    size_t snapshot = text.buffer.size;
    als_cursor_text_continue(&record, &(struct als_cursor_seal){{7}});
    assert_int_equal(als_cursor_text_commit(&record, &cursor, ALS_TEXT("")), 0);
    als_buffer_append_text(&text.buffer, text_of(&record));
    size_t kept;
    assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, &kept, NULL), 0);
    assert_int_equal(kept, snapshot);
    als_cursor_text_clear(&record);
    als_cursor_text_clear(&text);
    als_cursor_clear(&parsed);
    als_cursor_clear(&cursor);
}

static void fill_randomly(struct als_cursor *cursor, struct als_random *random)
{
    int64_t ids = als_random_below(random, 400);
    int64_t marks = als_random_below(random, 80);
    for (int64_t i = 0; i < ids; i++) {
        int64_t timestamp = NOON + als_random_below(random, 1000000);
        int64_t ingestion = als_random_below(random, 10) == 0
                                ? ALS_TIME_MAX
                                : timestamp + als_random_below(random, 200000) - 100000;
        insert(cursor, BATCH, als_random_next(random), timestamp, ingestion);
    }
    als_recent_ids_acknowledge(&cursor->ids, BATCH);
    for (int64_t i = 0; i < marks; i++) {
        int64_t start = NOON + als_random_below(random, 1000000);
        int64_t end = als_random_below(random, 20) == 0 ? ALS_TIME_MAX
                                                        : start + als_random_below(random, 100000);
        als_coverage_mark(&cursor->coverage, start, end, NOON + als_random_below(random, 2000000));
        cursor->scanned_at = start;
    }
    als_coverage_settle(&cursor->coverage, als_random_below(random, 2000000));
    als_margin_raise(&cursor->margin, als_random_below(random, 1000000), NOON);
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
        init(&cursor);
        fill_randomly(&cursor, &random);
        write_whole(&cursor, 0, &text);
        assert_int_equal(als_cursor_parser_run(text_of(&text), &parsed, NULL, NULL), 0);
        assert_same_state(&cursor, &parsed);
        assert_same_ids(&cursor, &parsed);
        /* Times of ids as well: what was released before is released now. */
        als_margin_raise(&cursor.margin, 1, NOON);
        assert_int_equal(als_recent_ids_release_all(&cursor.ids, &cursor.coverage, &cursor.margin),
                         als_recent_ids_release_all(&parsed.ids, &parsed.coverage, &parsed.margin));
        write_whole(&parsed, 0, &again);
        assert_int_equal(parse_status(text_of(&again)), 0);
        als_cursor_text_clear(&again);
        als_cursor_text_clear(&text);
        als_cursor_clear(&parsed);
        als_cursor_clear(&cursor);
    }
}

/* Format 1.0 for ever: when one of these fails, the format has changed; give it a new version, and
 * keep on reading this one. */

static void assert_small(const struct als_cursor *cursor)
{
    int64_t start;
    int64_t end;
    int64_t began;
    assert_string_equal(cursor->fingerprint.label, "eu-west-1 /aws/cloudtrail");
    assert_memory_equal(cursor->key, KEY, sizeof KEY);
    assert_int_equal(cursor->scanned_at, NOON + 20000);
    assert_int_equal(cursor->margin.count, 2);
    assert_int_equal(cursor->margin.steps[0].from, ALS_TIME_NEVER);
    assert_int_equal(cursor->margin.steps[0].width, 300000);
    assert_int_equal(cursor->margin.steps[1].from, NOON + 100001);
    assert_int_equal(cursor->margin.steps[1].width, 600000);
    assert_int_equal(als_coverage_floor(&cursor->coverage), NOON);
    assert_int_equal(als_coverage_piece_count(&cursor->coverage), 3);
    als_coverage_piece_at(&cursor->coverage, 1, &start, &end, &began);
    assert_int_equal(start, NOON + 1000);
    assert_int_equal(end, NOON + 9000);
    assert_int_equal(began, NOON + 9000);
    assert_int_equal(als_coverage_began(&cursor->coverage, NOON), ALS_TIME_NEVER);
    assert_int_equal(als_coverage_began(&cursor->coverage, NOON + 9000), ALS_TIME_NEVER);
}

static void assert_id(const struct als_cursor *cursor, uint64_t number, int64_t timestamp,
                      int64_t ingestion)
{
    struct als_recent_ids_iterator iterator = {0};
    struct als_recent_id id;
    struct als_id wanted = id_number(number);
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
    assert_int_equal(als_cursor_parser_run((struct als_text){data, size}, cursor, NULL, NULL), 0);
    free(data);
}

static void test_cursor__fixture_1_0__reads_as_it_was_meant(void **state)
{
    (void)state;
    struct als_cursor cursor;
    parse_fixture("cursor-1.0.txt", &cursor);
    assert_small(&cursor);
    assert_int_equal(als_recent_ids_count(&cursor.ids), 2);
    assert_id(&cursor, 1, NOON + 1234, NOON + 3000);
    assert_id(&cursor, 2, NOON + 5678, ALS_TIME_MAX);
    struct als_cursor_origin origin = origin_of("eu-west-1", "/aws/cloudtrail");
    struct als_cursor_fingerprint fingerprint = fingerprint_of(&origin);
    assert_int_equal(als_cursor_check(&cursor, &fingerprint, NULL), 0);
    als_cursor_clear(&cursor);
}

static void test_cursor__fixture_1_0_with_records__reads_as_it_was_meant(void **state)
{
    (void)state;
    struct als_cursor cursor;
    parse_fixture("cursor-1.0-records.txt", &cursor);
    assert_int_equal(als_recent_ids_count(&cursor.ids), 3);
    assert_id(&cursor, 3, NOON + 9999, NOON + 12000);
    assert_int_equal(als_coverage_piece_count(&cursor.coverage), 2);
    assert_int_equal(als_cursor_position(&cursor), NOON + 10000);
    als_cursor_clear(&cursor);
}

static void test_cursor__fixture_1_0__is_what_is_written(void **state)
{
    (void)state;
    struct als_cursor cursor;
    struct als_cursor_text text;
    make_small(&cursor);
    write_whole(&cursor, 0, &text);
    size_t size;
    char *data = test_read_file(test_fixture_path("cursor-1.0.txt"), &size);
    assert_int_equal(size, text.buffer.size);
    assert_memory_equal(data, text.buffer.data, size);
    free(data);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
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
    struct als_cursor_fingerprint own = fingerprint_of(&base);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct als_cursor_fingerprint other = fingerprint_of(&others[i]);
        assert_memory_not_equal(own.bytes, other.bytes, sizeof own.bytes);
    }
}

static void test_cursor__foreign__is_refused_with_both_names(void **state)
{
    (void)state;
    struct als_cursor cursor;
    awslogsrc_error *error = NULL;
    struct als_cursor_origin origin = origin_of("us-east-1", "/other");
    struct als_cursor_fingerprint fingerprint = fingerprint_of(&origin);
    init(&cursor);
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
    struct als_cursor_origin origin = origin_of("eu-west-1", "/aws/cloudtrail");
    origin.filter_pattern = ALS_TEXT("ERROR");
    struct als_cursor_fingerprint fingerprint = fingerprint_of(&origin);
    init(&cursor);
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
    struct als_cursor_origin origin = origin_of("eu-west-1", group);
    struct als_cursor_fingerprint fingerprint = fingerprint_of(&origin);
    struct als_cursor cursor;
    struct als_cursor_text text;
    assert_int_equal(als_cursor_init(&cursor, &fingerprint, KEY, 0, 1), 0);
    write_whole(&cursor, 0, &text);
    assert_int_equal(parse_status(text_of(&text)), 0);
    als_cursor_text_clear(&text);
    als_cursor_clear(&cursor);
}

static void test_cursor__position__is_the_first_time_not_read(void **state)
{
    (void)state;
    struct als_cursor cursor;
    init(&cursor);
    assert_int_equal(als_cursor_position(&cursor), NOON);
    assert_int_equal(als_cursor_lag(&cursor), 0);
    als_coverage_mark(&cursor.coverage, NOON, NOON + 5000, NOON + 60000);
    als_coverage_mark(&cursor.coverage, NOON + 50000, NOON + 60000, NOON + 60000);
    cursor.scanned_at = NOON + 60000;
    assert_int_equal(als_cursor_position(&cursor), NOON + 5000);
    assert_int_equal(als_cursor_lag(&cursor), 55000);
    als_cursor_clear(&cursor);
}

static void test_cursor__read_ahead_of_time__moves_no_position(void **state)
{
    (void)state;
    struct als_cursor cursor;
    init(&cursor);
    als_coverage_mark(&cursor.coverage, NOON, ALS_TIME_MAX, NOON + 7000);
    assert_int_equal(als_cursor_position(&cursor), NOON + 7000);
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
    make_small(&cursor);
    als_coverage_mark(&cursor.coverage, NOON, NOON + 9000, NOON + 9000);
    assert_int_equal(als_cursor_export(&cursor, 0, &exported), 0);
    assert_int_equal(awslogsrc_cursor_to_text(exported, &text, &size, NULL), 0);
    assert_int_equal(strlen(text), size);
    assert_int_equal(awslogsrc_cursor_from_text(text, size, &imported, NULL), 0);
    assert_int_equal(awslogsrc_cursor_position_ms(imported), NOON + 9000);
    assert_int_equal(awslogsrc_cursor_lag_ms(imported), 11000);
    assert_int_equal(awslogsrc_cursor_position_ms(exported), NOON + 9000);
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
        cmocka_unit_test(test_cursor__every_prefix__is_refused),
        cmocka_unit_test(test_cursor__every_changed_byte__is_refused),
        cmocka_unit_test(test_cursor__anything_behind_the_commit__is_refused),
        cmocka_unit_test(test_cursor__newer_major__is_refused_by_name),
        cmocka_unit_test(test_cursor__fields__are_checked),
        cmocka_unit_test(test_cursor__line_at_the_ceiling__is_read),
        cmocka_unit_test(test_cursor__margin_steps__are_bounded),
        cmocka_unit_test(test_cursor__records__are_replayed_in_order),
        cmocka_unit_test(test_cursor__torn_record__keeps_what_is_before_it),
        cmocka_unit_test(test_cursor__record_of_another_snapshot__does_not_count),
        cmocka_unit_test(test_cursor__random_contents__come_back),
        cmocka_unit_test(test_cursor__fixture_1_0__reads_as_it_was_meant),
        cmocka_unit_test(test_cursor__fixture_1_0_with_records__reads_as_it_was_meant),
        cmocka_unit_test(test_cursor__fixture_1_0__is_what_is_written),
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
