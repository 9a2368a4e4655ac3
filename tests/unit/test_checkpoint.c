#include "testing.h"

#include "awslogsrc/error.h"
#include "base/error.h"
#include "base/random.h"
#include "cursor/checkpoint.h"
#include "cursor/store_custom.h"

enum {
    EVENTS_A_SECOND = 1000,
    FILLING_SECONDS = 300,
    RECENT_IDS = FILLING_SECONDS * EVENTS_A_SECOND,
    PIECES = 300,
    MEASURED_SECONDS = 600,
    RELEASE_SECONDS = 16, /* until every shard had its turn */
    BYTES_A_SECOND = 200 * 1000,
    SECOND = 1000,
    MARGIN = 300 * SECOND
};

static const int64_t NOON = INT64_C(1767268800000);
static struct als_log no_log;

/* A store that keeps its text here, answers when told, and can fail. */
struct host {
    struct als_buffer stored;
    bool later;
    int status;
    int snapshots;
    int records;
    size_t bytes;
    awslogsrc_store_write *pending;
    int loaded;
    int written;
    int answers;
};

static void host_load(void *user_data, const char *key, awslogsrc_store_load *load)
{
    struct host *host = user_data;
    (void)key;
    assert_int_equal(awslogsrc_store_loaded(load, 0, host->stored.data, host->stored.size), 0);
}

/* NOLINTNEXTLINE(readability-function-size): the public callback has seven parameters. */
static void host_write(void *user_data, const char *key, int kind, const char *data, size_t size,
                       awslogsrc_store_write *write)
{
    struct host *host = user_data;
    (void)key;
    if (host->status == 0) {
        if (kind == AWSLOGSRC_STORE_SNAPSHOT)
            als_buffer_reset(&host->stored);
        assert_int_equal(als_buffer_append(&host->stored, data, size), 0);
    }
    host->snapshots += kind == AWSLOGSRC_STORE_SNAPSHOT;
    host->records += kind == AWSLOGSRC_STORE_RECORD;
    host->bytes += size;
    if (host->later)
        host->pending = write;
    else
        assert_int_equal(awslogsrc_store_written(write, host->status), 0);
}

static void on_loaded(void *self, int status, const awslogsrc_error *error)
{
    struct host *host = self;
    assert_int_equal(awslogsrc_error_code(error), status);
    host->loaded = status;
}

static void on_steps(void *self)
{
    (void)self; /* als_checkpoint_load() is followed by all of them */
}

static void on_written(void *self, int status, const awslogsrc_error *error)
{
    struct host *host = self;
    assert_int_equal(awslogsrc_error_code(error), status);
    host->written = status;
    host->answers++;
}

struct reader {
    struct als_cursor cursor;
    struct als_checkpoint checkpoint;
    awslogsrc_store *store;
    int load_steps;
};

/* Returns how many steps it took. */
static int load(struct reader *reader)
{
    int steps = 0;
    als_checkpoint_load(&reader->checkpoint, ALS_TEXT(""));
    while (als_checkpoint_step(&reader->checkpoint))
        steps++;
    return steps;
}

static void reader_begin(struct reader *reader, struct host *host)
{
    static const unsigned char key[ALS_KEYED_HASH_KEY_SIZE] = {7};
    struct als_cursor_fingerprint fingerprint = {.label = "r g"};
    struct als_checkpoint_listener listener = {on_loaded, on_written, on_steps, host};
    struct als_store_slot *slot;
    assert_int_equal(als_cursor_init(&reader->cursor, &fingerprint, key, NOON, MARGIN), 0);
    assert_int_equal(
        awslogsrc_store_custom_new(host_load, host_write, host, NULL, &reader->store, NULL), 0);
    assert_int_equal(als_store_open(reader->store, "s", "r", &no_log, &slot, NULL), 0);
    als_checkpoint_init(&reader->checkpoint, &reader->cursor, slot, &no_log, &listener);
    host->loaded = 1;
    reader->load_steps = load(reader);
    assert_int_equal(host->loaded, 0);
}

static void reader_end(struct reader *reader)
{
    als_checkpoint_close(&reader->checkpoint);
    awslogsrc_store_free(reader->store);
    als_cursor_clear(&reader->cursor);
}

static int setup(void **state)
{
    struct host *host = calloc(1, sizeof *host);
    assert_non_null(host);
    als_buffer_init(&host->stored, ALS_CURSOR_TEXT_CEILING);
    *state = host;
    return 0;
}

static int teardown(void **state)
{
    struct host *host = *state;
    als_buffer_clear(&host->stored);
    free(host);
    return 0;
}

static struct als_event_id id_number(uint64_t number)
{
    struct als_random random = {.state = number};
    uint64_t halves[2] = {als_random_next(&random), als_random_next(&random)};
    struct als_event_id id;
    memcpy(id.bytes, halves, sizeof id.bytes);
    return id;
}

static void insert(struct reader *reader, uint64_t batch, uint64_t first, uint64_t count,
                   int64_t time)
{
    for (uint64_t i = first; i < first + count; i++) {
        struct als_event_id id = id_number(i);
        assert_int_equal(als_recent_ids_insert(&reader->cursor.ids, batch, &id, time, time), 0);
    }
}

static void acknowledge(struct reader *reader, uint64_t first, uint64_t count, int64_t time)
{
    insert(reader, 1, first, count, time);
    als_checkpoint_acknowledge(&reader->checkpoint, 1);
}

/* A new reader on the same store finds exactly the ids [0, count). */
static void assert_stored(struct host *host, uint64_t count)
{
    struct reader again;
    reader_begin(&again, host);
    assert_int_equal(als_recent_ids_count(&again.cursor.ids), count);
    for (uint64_t i = 0; i < count; i++) {
        struct als_event_id id = id_number(i);
        assert_true(als_recent_ids_contains(&again.cursor.ids, &id));
    }
    reader_end(&again);
}

static void test_checkpoint__first_write__is_a_snapshot_even_of_nothing(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->snapshots, 1);
    reader_end(&reader);
    assert_stored(host, 0);
}

static void test_checkpoint__later_writes__are_records(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    acknowledge(&reader, 0, 10, NOON);
    assert_false(als_checkpoint_tick(&reader.checkpoint));
    acknowledge(&reader, 10, 10, NOON);
    assert_false(als_checkpoint_tick(&reader.checkpoint));
    assert_int_equal(host->snapshots, 1);
    assert_int_equal(host->records, 2);
    reader_end(&reader);
    assert_stored(host, 20);
}

static void test_checkpoint__no_change__is_no_write(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->answers, 1);
    reader_end(&reader);
}

static void test_checkpoint__changed_map_alone__is_a_write(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    als_coverage_mark(&reader.cursor.coverage, NOON, NOON + SECOND, NOON + SECOND);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->records, 1);
    reader_end(&reader);
}

static void test_checkpoint__held_batch__is_not_written(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    insert(&reader, 2, 100, 10, NOON);
    acknowledge(&reader, 0, 10, NOON);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    reader_end(&reader);
    assert_stored(host, 10);
}

static void test_checkpoint__acknowledged_during_a_snapshot__is_in_it(void **state)
{
    struct host *host = *state;
    struct reader reader;
    uint64_t count = 0;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_tick(&reader.checkpoint));
    do
        acknowledge(&reader, 5 * count++, 5, NOON);
    while (als_checkpoint_step(&reader.checkpoint));
    assert_int_equal(host->snapshots, 1);
    assert_true(count > 10);
    reader_end(&reader);
    assert_stored(host, 5 * count);
}

static void test_checkpoint__released_during_a_snapshot__is_decided_by_its_map(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    acknowledge(&reader, 0, 500, NOON);
    assert_true(als_checkpoint_tick(&reader.checkpoint));
    assert_true(als_checkpoint_step(&reader.checkpoint));
    als_coverage_mark(&reader.cursor.coverage, NOON, NOON + SECOND, NOON + (int64_t)2 * MARGIN);
    als_recent_ids_release_all(&reader.cursor.ids, &reader.cursor.coverage, &reader.cursor.margin);
    while (als_checkpoint_step(&reader.checkpoint)) {
    }
    reader_end(&reader);
    reader_begin(&reader, host);
    assert_true(als_coverage_decides(&reader.cursor.coverage, NOON, NOON, MARGIN));
    reader_end(&reader);
}

static void test_checkpoint__failed_record__is_followed_by_a_snapshot(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    acknowledge(&reader, 0, 10, NOON);
    host->status = AWSLOGSRC_E_STORE;
    assert_false(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->written, AWSLOGSRC_E_STORE);
    acknowledge(&reader, 10, 10, NOON);
    host->status = 0;
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->snapshots, 2);
    reader_end(&reader);
    assert_stored(host, 20);
}

static void test_checkpoint__write_under_way__is_waited_for(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    host->later = true;
    assert_false(als_checkpoint_flush(&reader.checkpoint));
    acknowledge(&reader, 0, 10, NOON);
    assert_false(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->snapshots + host->records, 1);
    host->later = false;
    assert_int_equal(awslogsrc_store_written(host->pending, 0), 0);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->records, 1);
    reader_end(&reader);
    assert_stored(host, 10);
}

static void test_checkpoint__late_failure__loses_nothing(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    host->later = true;
    assert_false(als_checkpoint_flush(&reader.checkpoint));
    acknowledge(&reader, 0, 10, NOON);
    host->later = false;
    assert_int_equal(awslogsrc_store_written(host->pending, AWSLOGSRC_E_TIMEOUT), 0);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->snapshots, 2);
    reader_end(&reader);
    assert_stored(host, 10);
}

static void test_checkpoint__answer_after_close__is_fine(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    host->later = true;
    assert_false(als_checkpoint_flush(&reader.checkpoint));
    reader_end(&reader);
    assert_int_equal(awslogsrc_store_written(host->pending, 0), 0);
    assert_int_equal(host->answers, 0);
}

static void test_checkpoint__collected_ids_at_their_ceiling__become_a_snapshot(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    reader.checkpoint.added.buffer.ceiling = 1000;
    acknowledge(&reader, 0, 10, NOON);
    assert_false(reader.checkpoint.needs_snapshot);
    acknowledge(&reader, 10, 50, NOON);
    assert_true(reader.checkpoint.needs_snapshot);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(host->snapshots, 2);
    reader_end(&reader);
    assert_stored(host, 60);
}

static void test_checkpoint__many_ids__are_loaded_in_steps(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    acknowledge(&reader, 0, 10000, NOON);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    reader_end(&reader);
    reader_begin(&reader, host);
    assert_true(reader.load_steps >= 2 * ALS_RECENT_IDS_SHARDS); /* blocks, then releases */
    assert_int_equal(als_recent_ids_count(&reader.cursor.ids), 10000);
    reader_end(&reader);
}

static void test_checkpoint__closed_while_it_loads__is_fine(void **state)
{
    struct host *host = *state;
    struct reader reader;
    reader_begin(&reader, host);
    acknowledge(&reader, 0, 1000, NOON);
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    als_checkpoint_load(&reader.checkpoint, ALS_TEXT(""));
    assert_true(als_checkpoint_step(&reader.checkpoint));
    assert_true(als_checkpoint_step(&reader.checkpoint));
    reader_end(&reader);
}

static void test_checkpoint__without_a_store__does_nothing(void **state)
{
    struct host *host = *state;
    struct reader reader;
    struct als_checkpoint_listener listener = {on_loaded, on_written, on_steps, host};
    struct als_cursor_fingerprint fingerprint = {.label = "r g"};
    unsigned char key[ALS_KEYED_HASH_KEY_SIZE] = {0};
    host->loaded = 1;
    assert_int_equal(als_cursor_init(&reader.cursor, &fingerprint, key, NOON, MARGIN), 0);
    als_checkpoint_init(&reader.checkpoint, &reader.cursor, NULL, &no_log, &listener);
    assert_int_equal(load(&reader), 0);
    assert_int_equal(host->loaded, 0);
    acknowledge(&reader, 0, 10, NOON);
    assert_false(als_checkpoint_tick(&reader.checkpoint));
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(als_recent_ids_count(&reader.cursor.ids), 10);
    assert_int_equal(reader.checkpoint.added.buffer.size, 0);
    als_checkpoint_close(&reader.checkpoint);
    als_cursor_clear(&reader.cursor);
}

/* One second of a busy region: a thousand new events, those of five minutes ago are settled, and
 * hundreds of pieces in the map. */
static void busy_second(struct reader *reader, int64_t second)
{
    int64_t now = NOON + second * SECOND;
    struct als_coverage *coverage = &reader->cursor.coverage;
    acknowledge(reader, (uint64_t)second * EVENTS_A_SECOND, EVENTS_A_SECOND, now);
    als_coverage_mark(coverage, now - SECOND, now, now);
    int64_t old = second * SECOND - MARGIN + SECOND;
    if (old > 0)
        als_coverage_mark(coverage, NOON, NOON + old, now + SECOND);
    for (unsigned i = 0; i < ALS_RECENT_IDS_SHARDS / RELEASE_SECONDS; i++)
        als_recent_ids_release(&reader->cursor.ids, coverage, &reader->cursor.margin);
    reader->cursor.scanned_at = now;
    if (als_checkpoint_tick(&reader->checkpoint)) {
        while (als_checkpoint_step(&reader->checkpoint)) {
        }
    }
}

static void test_checkpoint__busy_region__stays_under_its_write_rate(void **state)
{
    struct host *host = *state;
    struct reader reader;
    size_t before = 0;
    reader_begin(&reader, host);
    for (int64_t second = 0; second < FILLING_SECONDS + MEASURED_SECONDS; second++) {
        if (second == FILLING_SECONDS)
            before = host->bytes;
        busy_second(&reader, second);
    }
    size_t rate = (host->bytes - before) / MEASURED_SECONDS;
    print_message("%zu bytes/s, %zu ids, %zu pieces, %d snapshots, stored %zu\n", rate,
                  als_recent_ids_count(&reader.cursor.ids),
                  als_coverage_piece_count(&reader.cursor.coverage), host->snapshots,
                  host->stored.size);
    assert_in_range(als_recent_ids_count(&reader.cursor.ids), RECENT_IDS * 9 / 10,
                    RECENT_IDS * 11 / 10);
    assert_in_range(als_coverage_piece_count(&reader.cursor.coverage), PIECES * 9 / 10,
                    PIECES * 11 / 10);
    assert_in_range(rate, EVENTS_A_SECOND * 40, BYTES_A_SECOND);
    reader_end(&reader);
}

#define WITH_HOST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HOST(test_checkpoint__first_write__is_a_snapshot_even_of_nothing),
        WITH_HOST(test_checkpoint__later_writes__are_records),
        WITH_HOST(test_checkpoint__no_change__is_no_write),
        WITH_HOST(test_checkpoint__changed_map_alone__is_a_write),
        WITH_HOST(test_checkpoint__held_batch__is_not_written),
        WITH_HOST(test_checkpoint__acknowledged_during_a_snapshot__is_in_it),
        WITH_HOST(test_checkpoint__released_during_a_snapshot__is_decided_by_its_map),
        WITH_HOST(test_checkpoint__failed_record__is_followed_by_a_snapshot),
        WITH_HOST(test_checkpoint__write_under_way__is_waited_for),
        WITH_HOST(test_checkpoint__late_failure__loses_nothing),
        WITH_HOST(test_checkpoint__answer_after_close__is_fine),
        WITH_HOST(test_checkpoint__collected_ids_at_their_ceiling__become_a_snapshot),
        WITH_HOST(test_checkpoint__many_ids__are_loaded_in_steps),
        WITH_HOST(test_checkpoint__closed_while_it_loads__is_fine),
        WITH_HOST(test_checkpoint__without_a_store__does_nothing),
        WITH_HOST(test_checkpoint__busy_region__stays_under_its_write_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
