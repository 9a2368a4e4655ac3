/* The file store takes large texts in parts, so that nothing else waits for them. */
#include "testing.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "awslogsrc/error.h"
#include "base/error.h"
#include "cursor/store_file.h"
#include "faulty_files.h"
#include "folder.h"

enum { LARGE = 3 << 19 }; /* bytes: of several parts */

static char large[LARGE + 1];

struct fixture {
    struct awslogsrc_store *store;
    struct als_store_slot *slot;
    int answers, status;
    char message[256];
    size_t size; /* of what was loaded */
    bool same;   /* and whether it is large */
};

static void on_answer(void *self, int status, struct als_store_text *text,
                      const awslogsrc_error *error)
{
    struct fixture *fixture = self;
    fixture->answers++;
    fixture->status = status;
    (void)snprintf(fixture->message, sizeof fixture->message, "%s", als_error_message(error));
    if (text != NULL) {
        fixture->size = text->buffer.size;
        fixture->same = text->buffer.size == LARGE && memcmp(text->buffer.data, large, LARGE) == 0;
    }
}

static struct als_store_reply reply_to(struct fixture *fixture)
{
    return (struct als_store_reply){on_answer, fixture};
}

static void begin(struct fixture *fixture, const char *folder, const struct als_file_ops *files)
{
    *fixture = (struct fixture){0};
    memset(large, 'x', LARGE);
    assert_int_equal(als_store_file_new(folder, files, &fixture->store), 0);
    assert_int_equal(als_store_open(fixture->store, "s", "r", NULL, &fixture->slot, NULL), 0);
}

static void end(struct fixture *fixture)
{
    als_store_close(fixture->slot);
    als_store_unref(fixture->store);
}

static void write_text(struct fixture *fixture, enum als_store_kind kind, const char *data)
{
    struct als_store_reply reply = reply_to(fixture);
    struct als_buffer text;
    als_buffer_init(&text, LARGE);
    assert_int_equal(als_buffer_append_string(&text, data), 0);
    als_store_write(fixture->slot, kind, &text, &reply);
}

/* Returns how many there were; nobody is told before the last one. */
static int take_steps(struct fixture *fixture)
{
    int steps = 0;
    for (; fixture->slot->in_steps; steps++) {
        assert_int_equal(fixture->answers, 0);
        als_store_step(fixture->slot);
    }
    assert_int_equal(fixture->answers, 1);
    fixture->answers = 0;
    return steps;
}

static void load(struct fixture *fixture)
{
    struct als_store_reply reply = reply_to(fixture);
    als_store_load(fixture->slot, &reply);
}

static void store(const char *folder, const char *data)
{
    struct fixture fixture;
    begin(&fixture, folder, als_file_ops_system());
    write_text(&fixture, ALS_STORE_SNAPSHOT, data);
    (void)take_steps(&fixture);
    assert_int_equal(fixture.status, 0);
    end(&fixture);
}

static size_t size_stored(const char *folder)
{
    struct fixture fixture;
    begin(&fixture, folder, als_file_ops_system());
    load(&fixture);
    (void)take_steps(&fixture);
    assert_int_equal(fixture.status, 0);
    end(&fixture);
    return fixture.size;
}

static int lowest_descriptor(void)
{
    int lowest = dup(STDIN_FILENO);
    close(lowest);
    return lowest;
}

static void test_store_steps__large_snapshot__is_written_and_loaded_in_parts(void **state)
{
    struct fixture fixture;
    begin(&fixture, *state, als_file_ops_system());
    write_text(&fixture, ALS_STORE_SNAPSHOT, large);
    assert_true(take_steps(&fixture) >= 2);
    load(&fixture);
    assert_true(take_steps(&fixture) >= 3);
    assert_true(fixture.same);
    end(&fixture);
}

static void test_store_steps__large_record__is_appended_in_parts(void **state)
{
    struct fixture fixture;
    begin(&fixture, *state, als_file_ops_system());
    write_text(&fixture, ALS_STORE_SNAPSHOT, "snapshot");
    (void)take_steps(&fixture);
    write_text(&fixture, ALS_STORE_RECORD, large);
    assert_true(take_steps(&fixture) >= 2);
    end(&fixture);
    assert_int_equal(size_stored(*state), strlen("snapshot") + LARGE);
}

static void test_store_steps__small_text__is_written_at_once(void **state)
{
    struct fixture fixture;
    begin(&fixture, *state, als_file_ops_system());
    write_text(&fixture, ALS_STORE_SNAPSHOT, "small");
    assert_int_equal(take_steps(&fixture), 0);
    end(&fixture);
}

static void test_store_steps__closed_in_mid_load__answers_no_more_and_lets_go_of_the_file(
    void **state)
{
    struct fixture fixture;
    store(*state, large);
    int lowest = lowest_descriptor();
    begin(&fixture, *state, als_file_ops_system());
    load(&fixture);
    als_store_step(fixture.slot);
    assert_true(fixture.slot->in_steps);
    end(&fixture);
    assert_int_equal(fixture.answers, 0);
    assert_int_equal(lowest_descriptor(), lowest);
}

static void test_store_steps__closed_in_mid_write__the_former_text_stays(void **state)
{
    struct fixture fixture;
    store(*state, "former");
    int lowest = lowest_descriptor();
    begin(&fixture, *state, als_file_ops_system());
    write_text(&fixture, ALS_STORE_SNAPSHOT, large);
    assert_true(fixture.slot->in_steps);
    end(&fixture);
    assert_int_equal(fixture.answers, 0);
    assert_int_equal(lowest_descriptor(), lowest);
    assert_int_equal(size_stored(*state), strlen("former"));
}

static void test_store_steps__disk_full_in_mid_write__is_told_and_the_former_text_stays(
    void **state)
{
    struct fixture fixture;
    struct faulty faulty;
    store(*state, "former");
    faulty_init(&faulty, NONE, 0, ENOSPC);
    begin(&fixture, *state, &faulty.ops);
    write_text(&fixture, ALS_STORE_SNAPSHOT, large);
    faulty.fault = ONCE;
    faulty.at = faulty.steps;
    (void)take_steps(&fixture);
    assert_int_equal(fixture.status, AWSLOGSRC_E_STORE);
    assert_non_null(strstr(fixture.message, "No space left on device"));
    end(&fixture);
    assert_int_equal(size_stored(*state), strlen("former"));
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_store_steps__large_snapshot__is_written_and_loaded_in_parts),
        IN_FOLDER(test_store_steps__large_record__is_appended_in_parts),
        IN_FOLDER(test_store_steps__small_text__is_written_at_once),
        IN_FOLDER(test_store_steps__closed_in_mid_load__answers_no_more_and_lets_go_of_the_file),
        IN_FOLDER(test_store_steps__closed_in_mid_write__the_former_text_stays),
        IN_FOLDER(test_store_steps__disk_full_in_mid_write__is_told_and_the_former_text_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
