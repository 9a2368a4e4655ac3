#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "awslogsrc/error.h"
#include "awslogsrc/store.h"
#include "base/error.h"
#include "cursor/checkpoint.h"
#include "cursor/store_file.h"
#include "faulty_files.h"
#include "folder.h"

enum { ROUNDS = 12, BATCH_SIZE = 400, SECOND = 1000 };

static const int64_t NOON = INT64_C(1767268800000);
static const char SOURCE[] = "audit";
static const char REGION[] = "eu-west-1";

/* A reader of one region: each round acknowledges a batch and marks a second of event time, so that
 * ids and coverage must tell the same number of rounds. */

struct reader {
    struct als_cursor cursor;
    struct als_checkpoint checkpoint;
    struct awslogsrc_store *store;
    struct als_log log;
    int loaded;
    int written;
    int warnings;
    char message[1024];
};

static void on_loaded(void *self, int status, const awslogsrc_error *error)
{
    struct reader *reader = self;
    reader->loaded = status;
    (void)snprintf(reader->message, sizeof reader->message, "%s", als_error_message(error));
}

static void on_steps(void *self)
{
    (void)self; /* als_checkpoint_load() is followed by all of them */
}

static void on_written(void *self, int status, const awslogsrc_error *error)
{
    struct reader *reader = self;
    reader->written = status;
    (void)snprintf(reader->message, sizeof reader->message, "%s", als_error_message(error));
}

static void on_log(void *self, int level, const char *message)
{
    struct reader *reader = self;
    reader->warnings += level == AWSLOGSRC_LOG_WARNING && message[0] != '\0';
}

static struct als_event_id id_number(uint64_t number)
{
    struct als_event_id id = {{0}};
    memcpy(id.bytes, &number, sizeof number);
    return id;
}

static void init_cursor(struct als_cursor *cursor, const char *group)
{
    static const unsigned char key[ALS_KEYED_HASH_KEY_SIZE] = {1};
    struct als_cursor_origin origin = {.region = als_text_of(REGION),
                                       .log_group = als_text_of(group)};
    struct als_cursor_fingerprint fingerprint;
    assert_int_equal(als_cursor_fingerprint(&origin, &fingerprint), 0);
    assert_int_equal(als_cursor_init(cursor, &fingerprint, key, NOON, 300000), 0);
}

/* The status of the open, or else of the load. */
static int reader_begin_group(struct reader *reader, const char *folder,
                              const struct als_file_ops *files, const char *group)
{
    *reader = (struct reader){0};
    reader->log = (struct als_log){on_log, reader, NULL, AWSLOGSRC_LOG_WARNING};
    init_cursor(&reader->cursor, group);
    assert_int_equal(als_store_file_new(folder, files, &reader->store), 0);
    struct als_store_slot *slot;
    awslogsrc_error *error = NULL;
    int status = als_store_open(reader->store, SOURCE, REGION, &reader->log, &slot, &error);
    on_loaded(reader, status, error);
    als_error_free(error);
    struct als_checkpoint_listener listener = {on_loaded, on_written, on_steps, reader};
    als_checkpoint_init(&reader->checkpoint, &reader->cursor, slot, &reader->log, &listener);
    if (slot == NULL)
        return reader->loaded;
    als_checkpoint_load(&reader->checkpoint, ALS_TEXT(""));
    while (als_checkpoint_step(&reader->checkpoint)) {
    }
    return reader->loaded;
}

static int reader_begin(struct reader *reader, const char *folder, const struct als_file_ops *files)
{
    return reader_begin_group(reader, folder, files, "group");
}

static void reader_end(struct reader *reader)
{
    als_checkpoint_close(&reader->checkpoint);
    als_store_unref(reader->store);
    als_cursor_clear(&reader->cursor);
}

static void reader_round(struct reader *reader, int round)
{
    for (uint64_t i = 0; i < BATCH_SIZE; i++) {
        struct als_event_id id = id_number((uint64_t)round * BATCH_SIZE + i);
        assert_int_equal(als_recent_ids_insert(&reader->cursor.ids, 1, &id, NOON, NOON), 0);
    }
    als_checkpoint_acknowledge(&reader->checkpoint, 1);
    int64_t start = NOON + (int64_t)round * SECOND;
    als_coverage_mark(&reader->cursor.coverage, start, start + SECOND,
                      NOON + (int64_t)100 * SECOND);
    (void)als_checkpoint_flush(&reader->checkpoint);
}

/* How many rounds the cursor knows; fails where ids and coverage differ. */
static int rounds_in(const struct als_cursor *cursor)
{
    int rounds = (int)((als_cursor_position(cursor) - NOON) / SECOND);
    assert_int_equal(als_recent_ids_count(&cursor->ids), rounds * BATCH_SIZE);
    for (uint64_t i = 0; i < (uint64_t)rounds * BATCH_SIZE; i++) {
        struct als_event_id id = id_number(i);
        assert_true(als_recent_ids_contains(&cursor->ids, &id));
    }
    return rounds;
}

static int rounds_stored(const char *folder)
{
    struct reader reader;
    int status = reader_begin(&reader, folder, als_file_ops_system());
    if (status != 0)
        fail_msg("%d: %s", status, reader.message);
    int rounds = rounds_in(&reader.cursor);
    reader_end(&reader);
    return rounds;
}

struct outcome {
    int durable; /* rounds that the store said are kept */
    int acknowledged;
    bool failed;
};

static struct outcome run(const char *folder, struct faulty *faulty)
{
    struct reader reader;
    struct outcome outcome = {0};
    outcome.failed = reader_begin(&reader, folder, &faulty->ops) != 0;
    for (int round = 0; round < ROUNDS && !outcome.failed; round++) {
        reader_round(&reader, round);
        outcome.acknowledged = round + 1;
        if (reader.written == 0)
            outcome.durable = round + 1;
        if (reader.written != 0 && faulty->dead)
            break;
    }
    reader_end(&reader);
    return outcome;
}

static void sweep(const char *folder, enum fault fault, int cause)
{
    for (long at = 0;; at++) {
        struct faulty faulty;
        folder_empty(folder);
        faulty_init(&faulty, fault, at, cause);
        struct outcome outcome = run(folder, &faulty);
        if (faulty.steps <= at)
            break;
        if (outcome.failed && fault == ONCE && at == 0) /* the folder */
            continue;
        if (access(folder, F_OK) != 0)
            continue;
        int stored = rounds_stored(folder);
        if (stored < outcome.durable || stored > outcome.acknowledged)
            fail_msg("step %ld: %d rounds stored, %d durable, %d acknowledged", at, stored,
                     outcome.durable, outcome.acknowledged);
        if (fault == ONCE && !outcome.failed && outcome.acknowledged > outcome.durable + 1)
            fail_msg("step %ld: the store did not recover", at);
        assert_true(at < 1000);
    }
}

static void test_store_file__crash_at_every_step__loses_no_checkpoint(void **state)
{
    sweep(*state, CRASH, EIO);
}

static void test_store_file__full_disk_from_every_step_on__loses_no_checkpoint(void **state)
{
    sweep(*state, FROM_ON, ENOSPC);
}

static void test_store_file__short_write_at_every_step__loses_no_checkpoint(void **state)
{
    sweep(*state, SHORT_WRITE, ENOSPC);
}

static void test_store_file__one_error_at_every_step__is_recovered_from(void **state)
{
    sweep(*state, ONCE, EIO);
}

static void test_store_file__interrupted_calls__are_repeated(void **state)
{
    (void)state;
    struct faulty faulty;
    faulty_init(&faulty, NONE, -1, 0);
    struct outcome outcome = run(*state, &faulty);
    for (long at = 0; at < faulty.steps; at++) {
        struct faulty interrupted;
        folder_empty(*state);
        faulty_init(&interrupted, ONCE, at, EINTR);
        (void)run(*state, &interrupted);
        assert_true(access(*state, F_OK) != 0 || rounds_stored(*state) <= outcome.acknowledged);
    }
}

static void store_rounds(const char *folder, int from, int to)
{
    struct reader reader;
    assert_int_equal(reader_begin(&reader, folder, als_file_ops_system()), 0);
    for (int round = from; round < to; round++) {
        reader_round(&reader, round);
        assert_int_equal(reader.written, 0);
    }
    reader_end(&reader);
}

static void test_store_file__stored__comes_back(void **state)
{
    store_rounds(*state, 0, ROUNDS);
    assert_int_equal(rounds_stored(*state), ROUNDS);
}

static void test_store_file__second_run__goes_on(void **state)
{
    store_rounds(*state, 0, 2);
    store_rounds(*state, 2, 5);
    store_rounds(*state, 5, 6);
    assert_int_equal(rounds_stored(*state), 6);
}

static void test_store_file__flushed_in_mid_write__all_is_stored(void **state)
{
    struct reader reader;
    store_rounds(*state, 0, 1);
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    for (uint64_t i = BATCH_SIZE; i < 50 * BATCH_SIZE; i++) {
        struct als_event_id id = id_number(i);
        assert_int_equal(als_recent_ids_insert(&reader.cursor.ids, 1, &id, NOON, NOON), 0);
    }
    als_checkpoint_acknowledge(&reader.checkpoint, 1);
    als_coverage_mark(&reader.cursor.coverage, NOON, NOON + 50 * SECOND, NOON + 100 * SECOND);
    assert_true(als_checkpoint_tick(&reader.checkpoint));
    while (!reader.checkpoint.slot->in_steps)
        assert_true(als_checkpoint_step(&reader.checkpoint));
    reader_round(&reader, 50); /* acknowledged meanwhile, and flushed */
    reader_end(&reader);
    assert_int_equal(rounds_stored(*state), 51);
}

static void test_store_file__log_as_large_as_snapshot__is_rewritten(void **state)
{
    struct stat before;
    struct stat after;
    store_rounds(*state, 0, 1);
    assert_int_equal(stat(folder_file(*state, ".cursor"), &before), 0);
    struct reader reader;
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    int snapshots = 0;
    for (int round = 1; round < ROUNDS; round++) {
        reader_round(&reader, round);
        assert_int_equal(stat(folder_file(*state, ".cursor"), &after), 0);
        snapshots += after.st_ino != before.st_ino;
        before = after;
    }
    reader_end(&reader);
    assert_in_range(snapshots, 2, ROUNDS / 2);
}

static void test_store_file__nothing_new__writes_nothing(void **state)
{
    struct faulty faulty;
    struct reader reader;
    faulty_init(&faulty, NONE, -1, 0);
    assert_int_equal(reader_begin(&reader, *state, &faulty.ops), 0);
    reader_round(&reader, 0);
    long steps = faulty.steps;
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(faulty.steps, steps);
    reader_end(&reader);
}

static void change_byte(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 1, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void test_store_file__damaged_snapshot__falls_back_and_says_so(void **state)
{
    struct reader reader;
    store_rounds(*state, 0, 2);
    store_rounds(*state, 2, 3);
    change_byte(folder_file(*state, ".cursor"), 300);
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    assert_int_equal(rounds_in(&reader.cursor), 2);
    assert_int_equal(reader.warnings, 1);
    reader_round(&reader, 2);
    reader_end(&reader);
    assert_int_equal(rounds_stored(*state), 3);
}

static void test_store_file__damaged_file__never_becomes_the_previous_one(void **state)
{
    store_rounds(*state, 0, 2);
    store_rounds(*state, 2, 3);
    change_byte(folder_file(*state, ".cursor"), 300);
    store_rounds(*state, 2, 3);
    change_byte(folder_file(*state, ".cursor"), 300);
    assert_int_equal(rounds_stored(*state), 2);
}

static void test_store_file__torn_record__keeps_the_rest_and_says_so(void **state)
{
    struct stat status;
    struct reader reader;
    store_rounds(*state, 0, 3);
    const char *path = folder_file(*state, ".cursor");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(truncate(path, status.st_size - 1), 0);
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    assert_int_equal(rounds_in(&reader.cursor), 2);
    assert_int_equal(reader.warnings, 1);
    reader_end(&reader);
}

static void test_store_file__every_changed_byte__gives_an_earlier_state(void **state)
{
    store_rounds(*state, 0, 1);
    store_rounds(*state, 1, 3);
    char *path = strdup(folder_file(*state, ".cursor"));
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    for (long at = 0; at < status.st_size; at += 97) {
        change_byte(path, at);
        struct reader reader;
        int result = reader_begin(&reader, *state, als_file_ops_system());
        if (result == 0)
            assert_in_range(rounds_in(&reader.cursor), 1, 2);
        else
            assert_int_equal(result, AWSLOGSRC_E_CURSOR_VERSION);
        reader_end(&reader);
        change_byte(path, at);
    }
    free(path);
    assert_int_equal(rounds_stored(*state), 3);
}

static int begin_status(const char *folder, char message[1024])
{
    struct reader reader;
    int status = reader_begin(&reader, folder, als_file_ops_system());
    memcpy(message, reader.message, sizeof reader.message);
    reader_end(&reader);
    return status;
}

static void test_store_file__both_generations_damaged__is_an_error_that_names_the_file(void **state)
{
    char message[1024];
    store_rounds(*state, 0, 1);
    store_rounds(*state, 1, 2);
    change_byte(folder_file(*state, ".cursor"), 300);
    change_byte(folder_file(*state, ".cursor.previous"), 300);
    assert_int_equal(begin_status(*state, message), AWSLOGSRC_E_CURSOR_DAMAGED);
    assert_non_null(strstr(message, folder_file(*state, ".cursor")));
}

static void test_store_file__empty_file__is_damage_and_no_new_start(void **state)
{
    char message[1024];
    store_rounds(*state, 0, 1);
    assert_int_equal(truncate(folder_file(*state, ".cursor"), 0), 0);
    assert_int_equal(begin_status(*state, message), AWSLOGSRC_E_CURSOR_DAMAGED);
}

static void test_store_file__newer_version__is_refused_without_falling_back(void **state)
{
    char message[1024];
    store_rounds(*state, 0, 1);
    store_rounds(*state, 1, 2);
    FILE *file = fopen(folder_file(*state, ".cursor"), "r+b");
    assert_non_null(file);
    assert_int_not_equal(fputs("awslogsrc-cursor 2.0\n", file), EOF);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(begin_status(*state, message), AWSLOGSRC_E_CURSOR_VERSION);
    assert_non_null(strstr(message, "newer"));
}

static void test_store_file__foreign__is_refused_and_left_alone(void **state)
{
    struct reader reader;
    store_rounds(*state, 0, 2);
    assert_int_equal(reader_begin_group(&reader, *state, als_file_ops_system(), "other"),
                     AWSLOGSRC_E_CURSOR_FOREIGN);
    assert_non_null(strstr(reader.message, "eu-west-1 other"));
    (void)als_checkpoint_flush(&reader.checkpoint);
    reader_end(&reader);
    assert_int_equal(rounds_stored(*state), 2);
}

static void test_store_file__unwritable_folder__is_an_error_that_names_it(void **state)
{
    struct faulty faulty;
    struct reader reader;
    faulty_init(&faulty, FROM_ON, 1, EACCES);
    assert_int_equal(reader_begin(&reader, *state, &faulty.ops), AWSLOGSRC_E_STORE);
    assert_non_null(strstr(reader.message, *state));
    assert_non_null(strstr(reader.message, "Permission denied"));
    reader_end(&reader);
}

static void test_store_file__no_parent_folder__is_an_error_that_names_it(void **state)
{
    struct reader reader;
    (void)state;
    assert_int_equal(reader_begin(&reader, "no-such-folder/state", als_file_ops_system()),
                     AWSLOGSRC_E_STORE);
    assert_non_null(strstr(reader.message, "no-such-folder/state"));
    reader_end(&reader);
}

static void test_store_file__full_disk__loses_nothing_in_memory(void **state)
{
    struct faulty faulty;
    struct reader reader;
    faulty_init(&faulty, NONE, -1, ENOSPC);
    assert_int_equal(reader_begin(&reader, *state, &faulty.ops), 0);
    reader_round(&reader, 0);
    faulty.dead = true;
    reader_round(&reader, 1);
    assert_int_equal(reader.written, AWSLOGSRC_E_STORE);
    assert_non_null(strstr(reader.message, "No space left"));
    reader_round(&reader, 2);
    faulty.dead = false;
    assert_true(als_checkpoint_flush(&reader.checkpoint));
    assert_int_equal(rounds_in(&reader.cursor), 3);
    reader_end(&reader);
    assert_int_equal(rounds_stored(*state), 3);
}

static void test_store_file__second_process__is_refused_with_the_first_ones_pid(void **state)
{
    struct reader reader;
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        char message[1024];
        char pid[32];
        (void)snprintf(pid, sizeof pid, "process %d", (int)parent);
        int status = begin_status(*state, message);
        bool good = status == AWSLOGSRC_E_LOCKED && strstr(message, pid) != NULL &&
                    strstr(message, ".lock") != NULL;
        _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    reader_end(&reader);
    assert_int_equal(rounds_stored(*state), 0);
}

static void test_store_file__same_slot_twice__is_refused(void **state)
{
    struct reader reader;
    char message[1024];
    assert_int_equal(reader_begin(&reader, *state, als_file_ops_system()), 0);
    assert_int_equal(begin_status(*state, message), AWSLOGSRC_E_LOCKED);
    reader_end(&reader);
}

static void test_store_file__files__are_private(void **state)
{
    struct stat status;
    folder_empty(*state);
    mode_t mask = umask(0);
    store_rounds(*state, 0, 1);
    store_rounds(*state, 1, 2);
    (void)umask(mask);
    assert_int_equal(stat(*state, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    const char *endings[] = {".cursor", ".cursor.previous", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        assert_int_equal(stat(folder_file(*state, endings[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    char path[FOLDER_PATH_SIZE];
    assert_int_equal(folder_find(*state, ".new", path), 0);
}

static void test_store_file__names_that_look_alike__have_files_of_their_own(void **state)
{
    static const char *const names[][2] = {
        {"a/b", "r"}, {"a_b", "r"}, {"a b", "r"}, {"A_B", "r"}, {"a", "b_r"},
        {"..", "r"},  {"", ""},     {"a", ""},    {"", "a"},    {"\xc3\xa4", "r"},
    };
    enum { NAMES = sizeof names / sizeof names[0] };
    struct awslogsrc_store *store;
    struct als_store_slot *slots[NAMES];
    struct als_log log = {0};
    assert_int_equal(als_store_file_new(*state, als_file_ops_system(), &store), 0);
    for (size_t i = 0; i < NAMES; i++)
        assert_int_equal(als_store_open(store, names[i][0], names[i][1], &log, &slots[i], NULL), 0);
    for (size_t i = 0; i < NAMES; i++)
        als_store_close(slots[i]);
    als_store_unref(store);
    char path[FOLDER_PATH_SIZE];
    assert_int_equal(folder_find(*state, ".lock", path), NAMES);
}

static void test_store_file__public_new__refuses_what_is_missing(void **state)
{
    awslogsrc_store *store;
    (void)state;
    assert_int_equal(awslogsrc_store_file_new(NULL, &store, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_store_file_new("", &store, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_store_file_new("x", NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_store_file_new("x", &store, NULL), 0);
    awslogsrc_store_free(store);
    awslogsrc_store_free(NULL);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_store_file__stored__comes_back),
        IN_FOLDER(test_store_file__second_run__goes_on),
        IN_FOLDER(test_store_file__log_as_large_as_snapshot__is_rewritten),
        IN_FOLDER(test_store_file__nothing_new__writes_nothing),
        IN_FOLDER(test_store_file__crash_at_every_step__loses_no_checkpoint),
        IN_FOLDER(test_store_file__full_disk_from_every_step_on__loses_no_checkpoint),
        IN_FOLDER(test_store_file__short_write_at_every_step__loses_no_checkpoint),
        IN_FOLDER(test_store_file__one_error_at_every_step__is_recovered_from),
        IN_FOLDER(test_store_file__interrupted_calls__are_repeated),
        IN_FOLDER(test_store_file__damaged_snapshot__falls_back_and_says_so),
        IN_FOLDER(test_store_file__damaged_file__never_becomes_the_previous_one),
        IN_FOLDER(test_store_file__torn_record__keeps_the_rest_and_says_so),
        IN_FOLDER(test_store_file__every_changed_byte__gives_an_earlier_state),
        IN_FOLDER(test_store_file__both_generations_damaged__is_an_error_that_names_the_file),
        IN_FOLDER(test_store_file__empty_file__is_damage_and_no_new_start),
        IN_FOLDER(test_store_file__newer_version__is_refused_without_falling_back),
        IN_FOLDER(test_store_file__foreign__is_refused_and_left_alone),
        IN_FOLDER(test_store_file__unwritable_folder__is_an_error_that_names_it),
        IN_FOLDER(test_store_file__no_parent_folder__is_an_error_that_names_it),
        IN_FOLDER(test_store_file__flushed_in_mid_write__all_is_stored),
        IN_FOLDER(test_store_file__full_disk__loses_nothing_in_memory),
        IN_FOLDER(test_store_file__second_process__is_refused_with_the_first_ones_pid),
        IN_FOLDER(test_store_file__same_slot_twice__is_refused),
        IN_FOLDER(test_store_file__files__are_private),
        IN_FOLDER(test_store_file__names_that_look_alike__have_files_of_their_own),
        IN_FOLDER(test_store_file__public_new__refuses_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
