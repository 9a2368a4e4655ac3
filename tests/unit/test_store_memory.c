#include "testing.h"

#include "awslogsrc/error.h"
#include "awslogsrc/store.h"
#include "base/error.h"
#include "cursor/store_memory.h"

static struct als_log no_log;

struct answer {
    char text[64];
    int status;
    int count;
};

static void done(void *self, int status, struct als_store_text *text, const awslogsrc_error *error)
{
    struct answer *answer = self;
    assert_int_equal(awslogsrc_error_code(error), status);
    answer->status = status;
    answer->count++;
    if (text != NULL)
        (void)snprintf(answer->text, sizeof answer->text, "%s", als_buffer_string(&text->buffer));
}

static struct als_store_slot *open_slot(struct awslogsrc_store *store, const char *source,
                                        const char *region)
{
    struct als_store_slot *slot;
    assert_int_equal(als_store_open(store, source, region, &no_log, &slot, NULL), 0);
    return slot;
}

static void put(struct als_store_slot *slot, enum als_store_kind kind, const char *string)
{
    struct answer answer = {.status = 1};
    struct als_store_reply reply = {done, &answer};
    struct als_buffer text;
    als_buffer_init(&text, 64);
    als_buffer_append_string(&text, string);
    als_store_write(slot, kind, &text, &reply);
    assert_int_equal(answer.status, 0);
    assert_int_equal(answer.count, 1);
    assert_null(text.data);
}

static void assert_holds(struct als_store_slot *slot, const char *expected)
{
    struct answer answer = {.status = 1};
    struct als_store_reply reply = {done, &answer};
    als_store_load(slot, &reply);
    assert_int_equal(answer.status, 0);
    assert_int_equal(answer.count, 1);
    assert_string_equal(answer.text, expected);
}

static struct awslogsrc_store *new_store(void)
{
    awslogsrc_store *store;
    assert_int_equal(awslogsrc_store_memory_new(&store, NULL), 0);
    return store;
}

static void test_store_memory__new__is_empty(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *slot = open_slot(store, "s", "r");
    assert_holds(slot, "");
    als_store_close(slot);
    awslogsrc_store_free(store);
}

static void test_store_memory__snapshot_and_records__are_concatenated(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *slot = open_slot(store, "s", "r");
    put(slot, ALS_STORE_SNAPSHOT, "old");
    put(slot, ALS_STORE_SNAPSHOT, "snapshot");
    put(slot, ALS_STORE_RECORD, "+1");
    put(slot, ALS_STORE_RECORD, "+2");
    assert_holds(slot, "snapshot+1+2");
    als_store_close(slot);
    awslogsrc_store_free(store);
}

static void test_store_memory__closed_and_opened__still_holds(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *slot = open_slot(store, "s", "r");
    put(slot, ALS_STORE_SNAPSHOT, "kept");
    als_store_close(slot);
    slot = open_slot(store, "s", "r");
    assert_holds(slot, "kept");
    als_store_close(slot);
    awslogsrc_store_free(store);
}

static void test_store_memory__slots__are_apart(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *one = open_slot(store, "s", "r");
    struct als_store_slot *two = open_slot(store, "s", "q");
    struct als_store_slot *three = open_slot(store, "t", "r");
    put(one, ALS_STORE_SNAPSHOT, "one");
    put(two, ALS_STORE_SNAPSHOT, "two");
    assert_holds(one, "one");
    assert_holds(two, "two");
    assert_holds(three, "");
    als_store_close(one);
    als_store_close(two);
    als_store_close(three);
    awslogsrc_store_free(store);
}

static void test_store_memory__slot_in_use__is_refused(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *slot = open_slot(store, "s", "r");
    struct als_store_slot *second;
    assert_int_equal(als_store_open(store, "s", "r", &no_log, &second, NULL), AWSLOGSRC_E_LOCKED);
    assert_null(second);
    als_store_close(slot);
    awslogsrc_store_free(store);
}

static void test_store_memory__freed_first__lives_as_long_as_its_slots(void **state)
{
    (void)state;
    struct awslogsrc_store *store = new_store();
    struct als_store_slot *slot = open_slot(store, "s", "r");
    awslogsrc_store_free(store);
    put(slot, ALS_STORE_SNAPSHOT, "kept");
    assert_holds(slot, "kept");
    als_store_close(slot);
}

static void test_store_memory__out_missing__is_refused(void **state)
{
    (void)state;
    assert_int_equal(awslogsrc_store_memory_new(NULL, NULL), AWSLOGSRC_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_store_memory__new__is_empty),
        cmocka_unit_test(test_store_memory__snapshot_and_records__are_concatenated),
        cmocka_unit_test(test_store_memory__closed_and_opened__still_holds),
        cmocka_unit_test(test_store_memory__slots__are_apart),
        cmocka_unit_test(test_store_memory__slot_in_use__is_refused),
        cmocka_unit_test(test_store_memory__freed_first__lives_as_long_as_its_slots),
        cmocka_unit_test(test_store_memory__out_missing__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
