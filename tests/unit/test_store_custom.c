#include "testing.h"

#include "awslogsrc/error.h"
#include "awslogsrc/store.h"
#include "base/error.h"
#include "cursor/store_custom.h"

static struct als_log no_log;

/* A host that keeps one cursor, and answers when it is told to. */
struct host {
    char stored[64];
    bool at_once;
    int status;
    int frees;
    awslogsrc_store_load *load;
    awslogsrc_store_write *write;
    const char *data;
    size_t size;
    int kind;
};

static void host_load(void *user_data, const char *key, awslogsrc_store_load *load)
{
    struct host *host = user_data;
    assert_string_equal(key, "s/r");
    host->load = load;
    if (host->at_once)
        assert_int_equal(
            awslogsrc_store_loaded(load, host->status, host->stored, strlen(host->stored)), 0);
}

/* NOLINTNEXTLINE(readability-function-size): the public callback has seven parameters. */
static void host_write(void *user_data, const char *key, int kind, const char *data, size_t size,
                       awslogsrc_store_write *write)
{
    struct host *host = user_data;
    assert_string_equal(key, "s/r");
    host->write = write;
    host->data = data;
    host->size = size;
    host->kind = kind;
    if (host->at_once)
        assert_int_equal(awslogsrc_store_written(write, host->status), 0);
}

static void host_free(void *user_data)
{
    struct host *host = user_data;
    host->frees++;
}

struct answer {
    char text[64];
    int status;
    int count;
    char message[256];
};

static void done(void *self, int status, struct als_store_text *text, const awslogsrc_error *error)
{
    struct answer *answer = self;
    answer->status = status;
    answer->count++;
    if (text != NULL)
        (void)snprintf(answer->text, sizeof answer->text, "%s", als_buffer_string(&text->buffer));
    (void)snprintf(answer->message, sizeof answer->message, "%s", als_error_message(error));
}

struct fixture {
    struct host host;
    struct answer answer;
    struct als_store_reply reply;
    awslogsrc_store *store;
    struct als_store_slot *slot;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    fixture->reply = (struct als_store_reply){done, &fixture->answer};
    fixture->host.at_once = true;
    assert_int_equal(awslogsrc_store_custom_new(host_load, host_write, &fixture->host, host_free,
                                                &fixture->store, NULL),
                     0);
    assert_int_equal(als_store_open(fixture->store, "s", "r", &no_log, &fixture->slot, NULL), 0);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    als_store_close(fixture->slot);
    assert_int_equal(fixture->host.frees, 0);
    awslogsrc_store_free(fixture->store);
    assert_int_equal(fixture->host.frees, 1);
    free(fixture);
    return 0;
}

static void put(struct fixture *fixture, enum als_store_kind kind, const char *string)
{
    struct als_buffer text;
    als_buffer_init(&text, 64);
    als_buffer_append_string(&text, string);
    als_store_write(fixture->slot, kind, &text, &fixture->reply);
    assert_null(text.data);
}

static void test_store_custom__load__reads_what_the_host_keeps(void **state)
{
    struct fixture *fixture = *state;
    memcpy(fixture->host.stored, "kept", 5);
    als_store_load(fixture->slot, &fixture->reply);
    assert_string_equal(fixture->answer.text, "kept");
    assert_int_equal(fixture->answer.status, 0);
    assert_int_equal(fixture->answer.count, 1);
}

static void test_store_custom__load_answered_later__waits(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.at_once = false;
    als_store_load(fixture->slot, &fixture->reply);
    assert_int_equal(fixture->answer.count, 0);
    assert_int_equal(awslogsrc_store_loaded(fixture->host.load, 0, NULL, 0), 0);
    assert_int_equal(fixture->answer.count, 1);
    assert_string_equal(fixture->answer.text, "");
}

static void test_store_custom__generation_before__is_not_kept(void **state)
{
    struct fixture *fixture = *state;
    als_store_load_previous(fixture->slot, &fixture->reply);
    assert_int_equal(fixture->answer.status, AWSLOGSRC_E_CURSOR_DAMAGED);
    assert_int_equal(fixture->answer.count, 1);
}

static void test_store_custom__load_failed_by_the_host__gives_its_status(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.status = AWSLOGSRC_E_TIMEOUT;
    als_store_load(fixture->slot, &fixture->reply);
    assert_int_equal(fixture->answer.status, AWSLOGSRC_E_TIMEOUT);
    assert_string_equal(fixture->answer.text, "");
    assert_non_null(strstr(fixture->answer.message, "timed out"));
}

static void test_store_custom__write__hands_over_kind_and_data(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.at_once = false;
    put(fixture, ALS_STORE_RECORD, "record");
    assert_int_equal(fixture->host.kind, AWSLOGSRC_STORE_RECORD);
    assert_int_equal(fixture->host.size, 6);
    assert_memory_equal(fixture->host.data, "record", 6);
    assert_int_equal(fixture->answer.count, 0);
    assert_int_equal(awslogsrc_store_written(fixture->host.write, 0), 0);
    assert_int_equal(fixture->answer.count, 1);
    assert_int_equal(fixture->answer.status, 0);
}

static void test_store_custom__write_failed_by_the_host__gives_its_status(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.status = AWSLOGSRC_E_STORE;
    put(fixture, ALS_STORE_SNAPSHOT, "snapshot");
    assert_int_equal(fixture->host.kind, AWSLOGSRC_STORE_SNAPSHOT);
    assert_int_equal(fixture->answer.status, AWSLOGSRC_E_STORE);
}

static void test_store_custom__answer_after_close__reaches_nobody(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.at_once = false;
    put(fixture, ALS_STORE_SNAPSHOT, "snapshot");
    als_store_close(fixture->slot);
    fixture->slot = NULL;
    assert_memory_equal(fixture->host.data, "snapshot", 8);
    assert_int_equal(awslogsrc_store_written(fixture->host.write, AWSLOGSRC_E_STORE), 0);
    assert_int_equal(fixture->answer.count, 0);
}

static void test_store_custom__load_answered_after_close__reaches_nobody(void **state)
{
    struct fixture *fixture = *state;
    fixture->host.at_once = false;
    als_store_load(fixture->slot, &fixture->reply);
    als_store_close(fixture->slot);
    fixture->slot = NULL;
    assert_int_equal(awslogsrc_store_loaded(fixture->host.load, 0, "kept", 4), 0);
    assert_int_equal(fixture->answer.count, 0);
    assert_string_equal(fixture->answer.text, "");
}

static void test_store_custom__missing_callback__frees_the_user_data(void **state)
{
    (void)state;
    struct host host = {.at_once = true};
    awslogsrc_store *store;
    assert_int_equal(awslogsrc_store_custom_new(NULL, host_write, &host, host_free, &store, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_store_custom_new(host_load, NULL, &host, host_free, &store, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(
        awslogsrc_store_custom_new(host_load, host_write, &host, host_free, NULL, NULL),
        AWSLOGSRC_E_INVALID);
    assert_int_equal(host.frees, 3);
}

static void test_store_custom__bad_answers__are_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_store_written(NULL, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_store_loaded(NULL, 0, NULL, 0), AWSLOGSRC_E_INVALID);
    fixture->host.at_once = false;
    als_store_load(fixture->slot, &fixture->reply);
    assert_int_equal(awslogsrc_store_loaded(fixture->host.load, 0, NULL, 5), AWSLOGSRC_E_INVALID);
    assert_int_equal(fixture->answer.count, 0);
    assert_int_equal(awslogsrc_store_loaded(fixture->host.load, 0, "kept", 4), 0);
}

#define WITH_HOST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HOST(test_store_custom__load__reads_what_the_host_keeps),
        WITH_HOST(test_store_custom__load_answered_later__waits),
        WITH_HOST(test_store_custom__generation_before__is_not_kept),
        WITH_HOST(test_store_custom__load_failed_by_the_host__gives_its_status),
        WITH_HOST(test_store_custom__write__hands_over_kind_and_data),
        WITH_HOST(test_store_custom__write_failed_by_the_host__gives_its_status),
        WITH_HOST(test_store_custom__answer_after_close__reaches_nobody),
        WITH_HOST(test_store_custom__load_answered_after_close__reaches_nobody),
        cmocka_unit_test(test_store_custom__missing_callback__frees_the_user_data),
        WITH_HOST(test_store_custom__bad_answers__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
