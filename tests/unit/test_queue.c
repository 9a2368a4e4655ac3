#include "source_fixture.h"

enum { TAG = 7 };

static awslogsrc_queue *open_queued(struct fixture *fixture)
{
    awslogsrc_queue *queue = NULL;
    assert_int_equal(awslogsrc_queue_new(&queue, NULL), 0);
    open_source(fixture);
    assert_int_equal(awslogsrc_queue_source(queue, fixture->source, TAG), 0);
    return queue;
}

static awslogsrc_notice *next_of(awslogsrc_queue *queue, int kind)
{
    awslogsrc_notice *notice = NULL;
    while ((notice = awslogsrc_queue_next(queue)) != NULL && awslogsrc_notice_kind(notice) != kind)
        awslogsrc_notice_free(notice);
    return notice;
}

static void test_queue__batch__is_the_hosts_to_answer(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_notice *notice = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    assert_int_equal(awslogsrc_notice_tag(notice), TAG);
    awslogsrc_batch *batch = awslogsrc_notice_batch(notice);
    assert_int_equal(awslogsrc_batch_count(batch), 3);
    assert_int_equal(awslogsrc_batch_ack(batch), 0);
    assert_int_equal(awslogsrc_batch_ack(batch), AWSLOGSRC_E_STATE);
    assert_int_equal(awslogsrc_batch_count(batch), 3);
    awslogsrc_notice_free(notice);
    run(fixture, 2 * HOUR);
    assert_null(next_of(queue, AWSLOGSRC_NOTICE_BATCH));
    awslogsrc_queue_free(queue);
}

static void test_queue__batch_not_answered__comes_again(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_notice_free(next_of(queue, AWSLOGSRC_NOTICE_BATCH));
    run(fixture, HOUR);
    awslogsrc_notice *again = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    assert_non_null(again);
    awslogsrc_notice_free(again);
    awslogsrc_queue_free(queue);
}

static void test_queue__status__has_region_state_and_error(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "secret_key", "wrong");
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_notice *notice = NULL;
    while ((notice = next_of(queue, AWSLOGSRC_NOTICE_STATUS)) != NULL &&
           awslogsrc_notice_error(notice) == NULL)
        awslogsrc_notice_free(notice);
    assert_non_null(notice);
    assert_string_equal(awslogsrc_notice_text(notice), "eu-west-1");
    assert_int_equal(awslogsrc_notice_number(notice), AWSLOGSRC_REGION_WAITING);
    assert_int_equal(awslogsrc_error_code(awslogsrc_notice_error(notice)),
                     AWSLOGSRC_E_CREDENTIALS_REJECTED);
    assert_true(awslogsrc_notice_retry_at_ms(notice) > noon);
    awslogsrc_notice_free(notice);
    awslogsrc_queue_free(queue);
}

static void test_queue__freed_first__the_source_goes_on(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_queue_free(queue);
    run(fixture, HOUR);
    assert_int_equal(awslogsrc_source_is_running(fixture->source), 1);
}

static void test_queue__source_freed_first__its_notices_stay(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    run(fixture, MINUTE);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    awslogsrc_notice *notice = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    assert_non_null(notice);
    awslogsrc_notice_free(notice);
    awslogsrc_queue_free(queue);
}

/* --- Stores --- */

static awslogsrc_queue *start_stored(struct fixture *fixture)
{
    awslogsrc_store *store = NULL;
    awslogsrc_queue *queue = open_queued(fixture);
    assert_int_equal(awslogsrc_queue_store_new(queue, TAG + 1, &store, NULL), 0);
    assert_int_equal(awslogsrc_source_set_store(fixture->source, store), 0);
    awslogsrc_store_free(store);
    start(fixture);
    run(fixture, SECOND);
    return queue;
}

static void test_queue__store__loads_and_writes_are_answered_later(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    awslogsrc_queue *queue = start_stored(fixture);
    awslogsrc_notice *load = next_of(queue, AWSLOGSRC_NOTICE_LOAD);
    assert_int_equal(awslogsrc_notice_tag(load), TAG + 1);
    assert_string_equal(awslogsrc_notice_text(load), "default/eu-west-1");
    assert_int_equal(awslogsrc_notice_written(load, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_notice_loaded(load, 0, NULL, 0), 0);
    assert_int_equal(awslogsrc_notice_loaded(load, 0, NULL, 0), AWSLOGSRC_E_INVALID);
    awslogsrc_notice_free(load);
    run(fixture, MINUTE);
    awslogsrc_notice *batch = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    assert_int_equal(awslogsrc_batch_ack(awslogsrc_notice_batch(batch)), 0);
    awslogsrc_notice_free(batch);
    run(fixture, MINUTE);
    awslogsrc_notice *write = next_of(queue, AWSLOGSRC_NOTICE_WRITE);
    size_t size = 0;
    const char *data = awslogsrc_notice_data(write, &size);
    assert_int_equal(awslogsrc_notice_number(write), AWSLOGSRC_STORE_SNAPSHOT);
    assert_true(size > 16);
    assert_memory_equal(data, "awslogsrc-cursor", 16);
    assert_int_equal(awslogsrc_notice_written(write, 0), 0);
    assert_null(awslogsrc_notice_data(write, NULL));
    awslogsrc_notice_free(write);
    awslogsrc_queue_free(queue);
}

static void test_queue__load_not_answered__has_failed(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = start_stored(fixture);
    awslogsrc_notice_free(next_of(queue, AWSLOGSRC_NOTICE_LOAD));
    run(fixture, SECOND);
    awslogsrc_notice *status = next_of(queue, AWSLOGSRC_NOTICE_STATUS);
    assert_int_equal(awslogsrc_error_code(awslogsrc_notice_error(status)), AWSLOGSRC_E_STORE);
    awslogsrc_notice_free(status);
    awslogsrc_queue_free(queue);
}

static void test_queue__freed_with_a_load_in_it__the_load_has_failed(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = start_stored(fixture);
    awslogsrc_queue_free(queue);
    run(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_is_running(fixture->source), 1);
}

/* --- Credentials --- */

static awslogsrc_notice *ask_for_keys(struct fixture *fixture, awslogsrc_queue **queue)
{
    awslogsrc_credentials *credentials = NULL;
    *queue = open_queued(fixture);
    assert_int_equal(awslogsrc_queue_credentials_new(*queue, TAG + 2, &credentials, NULL), 0);
    assert_int_equal(awslogsrc_source_set_credentials(fixture->source, credentials), 0);
    awslogsrc_credentials_unref(credentials);
    start(fixture);
    run(fixture, SECOND);
    awslogsrc_notice *notice = next_of(*queue, AWSLOGSRC_NOTICE_CREDENTIALS);
    assert_int_equal(awslogsrc_notice_tag(notice), TAG + 2);
    return notice;
}

static void test_queue__credentials__are_answered_later(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = NULL;
    put_many(fixture, 3);
    awslogsrc_notice *notice = ask_for_keys(fixture, &queue);
    assert_int_equal(awslogsrc_notice_refused(notice, 0, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_notice_fetched(notice, VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, NULL, 0),
                     0);
    assert_int_equal(awslogsrc_notice_fetched(notice, VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, NULL, 0),
                     AWSLOGSRC_E_INVALID);
    awslogsrc_notice_free(notice);
    run(fixture, MINUTE);
    awslogsrc_notice *batch = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    assert_non_null(batch);
    awslogsrc_notice_free(batch);
    awslogsrc_queue_free(queue);
}

static void test_queue__credentials_not_answered__are_asked_for_again(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = NULL;
    awslogsrc_notice_free(ask_for_keys(fixture, &queue));
    run(fixture, MINUTE);
    awslogsrc_notice *again = next_of(queue, AWSLOGSRC_NOTICE_CREDENTIALS);
    assert_int_equal(awslogsrc_notice_refused(again, AWSLOGSRC_E_NO_CREDENTIALS, "none yet"), 0);
    awslogsrc_notice_free(again);
    awslogsrc_queue_free(queue);
}

static void test_queue__check__has_the_report(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = open_queued(fixture);
    put_many(fixture, 1);
    assert_int_equal(awslogsrc_queue_check(queue, fixture->source, TAG + 3, NULL), 0);
    run(fixture, MINUTE);
    awslogsrc_notice *notice = next_of(queue, AWSLOGSRC_NOTICE_CHECK);
    assert_int_equal(awslogsrc_notice_tag(notice), TAG + 3);
    assert_true(awslogsrc_check_count(awslogsrc_notice_check(notice)) > 3);
    awslogsrc_notice_free(notice);
    awslogsrc_queue_free(queue);
}

/* --- Ends in any order --- */

/* A host whose collector of garbage takes apart what belongs together has no order. */
static void test_queue__all_else_freed_first__notices_can_still_be_answered(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = NULL;
    awslogsrc_store *store = NULL;
    awslogsrc_notice *notices[8] = {NULL};
    size_t count = 0;
    put_many(fixture, 3);
    notices[count++] = ask_for_keys(fixture, &queue);
    assert_int_equal(awslogsrc_notice_fetched(notices[0], VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, NULL,
                                              noon + 30 * MINUTE),
                     0);
    run(fixture, MINUTE);
    notices[count++] = next_of(queue, AWSLOGSRC_NOTICE_BATCH);
    run(fixture, HOUR);
    notices[count++] = next_of(queue, AWSLOGSRC_NOTICE_CREDENTIALS);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    open_source(fixture);
    assert_int_equal(awslogsrc_queue_store_new(queue, TAG + 1, &store, NULL), 0);
    assert_int_equal(awslogsrc_source_set_store(fixture->source, store), 0);
    start(fixture);
    run(fixture, SECOND);
    notices[count++] = next_of(queue, AWSLOGSRC_NOTICE_LOAD);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    awslogsrc_context_free(fixture->aws.context);
    fixture->aws.context = NULL;
    awslogsrc_store_free(store);
    awslogsrc_queue_free(queue);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(notices[i]);
        awslogsrc_notice_free(notices[i]);
    }
}

/* --- Logs, arguments --- */

static void test_queue__log__has_level_and_line(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = NULL;
    assert_int_equal(awslogsrc_queue_new(&queue, NULL), 0);
    assert_int_equal(awslogsrc_queue_log(queue, fixture->aws.context, AWSLOGSRC_LOG_WARNING, TAG),
                     0);
    als_log_write(&fixture->aws.loop.log, AWSLOGSRC_LOG_WARNING, "line %d", 1);
    als_log_write(&fixture->aws.loop.log, AWSLOGSRC_LOG_INFO, "line %d", 2);
    awslogsrc_notice *notice = awslogsrc_queue_next(queue);
    assert_int_equal(awslogsrc_notice_kind(notice), AWSLOGSRC_NOTICE_LOG);
    assert_int_equal(awslogsrc_notice_number(notice), AWSLOGSRC_LOG_WARNING);
    assert_string_equal(awslogsrc_notice_text(notice), "line 1");
    awslogsrc_notice_free(notice);
    assert_null(awslogsrc_queue_next(queue));
    awslogsrc_queue_free(queue);
}

static void test_queue__first__stays_until_it_is_taken_or_freed(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = NULL;
    assert_int_equal(awslogsrc_queue_new(&queue, NULL), 0);
    assert_int_equal(awslogsrc_queue_log(queue, fixture->aws.context, AWSLOGSRC_LOG_INFO, TAG), 0);
    for (int i = 0; i < 3; i++)
        als_log_write(&fixture->aws.loop.log, AWSLOGSRC_LOG_INFO, "line %d", i);
    awslogsrc_notice *first = awslogsrc_queue_first(queue);
    assert_ptr_equal(awslogsrc_queue_first(queue), first);
    assert_ptr_equal(awslogsrc_queue_next(queue), first);
    awslogsrc_notice_free(first);
    awslogsrc_notice_free(awslogsrc_queue_first(queue));
    assert_string_equal(awslogsrc_notice_text(awslogsrc_queue_first(queue)), "line 2");
    awslogsrc_notice_free(awslogsrc_queue_first(queue));
    assert_null(awslogsrc_queue_first(queue));
    als_log_write(&fixture->aws.loop.log, AWSLOGSRC_LOG_INFO, "line %d", 3);
    assert_string_equal(awslogsrc_notice_text(awslogsrc_queue_first(queue)), "line 3");
    awslogsrc_queue_free(queue);
}

static void test_queue__started_source__is_refused(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = open_queued(fixture);
    start(fixture);
    assert_int_equal(awslogsrc_queue_source(queue, fixture->source, TAG), AWSLOGSRC_E_STATE);
    awslogsrc_queue_free(queue);
}

static void test_queue__null__is_refused_or_says_nothing(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_queue *queue = open_queued(fixture);
    assert_int_equal(awslogsrc_queue_new(NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_source(NULL, fixture->source, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_source(queue, NULL, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_log(queue, NULL, AWSLOGSRC_LOG_INFO, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_log(queue, fixture->aws.context, 0, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_store_new(queue, 0, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_credentials_new(queue, 0, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_notice_fetched(NULL, "", "", NULL, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_notice_refused(NULL, AWSLOGSRC_E_STATE, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_queue_check(queue, NULL, 0, NULL), AWSLOGSRC_E_INVALID);
    assert_null(awslogsrc_notice_check(NULL));
    assert_int_equal(awslogsrc_notice_loaded(NULL, 0, NULL, 0), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_notice_written(NULL, 0), AWSLOGSRC_E_INVALID);
    assert_null(awslogsrc_queue_first(NULL));
    assert_null(awslogsrc_queue_next(NULL));
    assert_null(awslogsrc_notice_batch(NULL));
    assert_int_equal(awslogsrc_notice_kind(NULL), 0);
    awslogsrc_notice_free(NULL);
    awslogsrc_queue_free(NULL);
    awslogsrc_queue_free(queue);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_queue__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(batch__is_the_hosts_to_answer),
        TEST(batch_not_answered__comes_again),
        TEST(status__has_region_state_and_error),
        TEST(freed_first__the_source_goes_on),
        TEST(source_freed_first__its_notices_stay),
        TEST(store__loads_and_writes_are_answered_later),
        TEST(load_not_answered__has_failed),
        TEST(freed_with_a_load_in_it__the_load_has_failed),
        TEST(credentials__are_answered_later),
        TEST(credentials_not_answered__are_asked_for_again),
        TEST(check__has_the_report),
        TEST(all_else_freed_first__notices_can_still_be_answered),
        TEST(log__has_level_and_line),
        TEST(first__stays_until_it_is_taken_or_freed),
        TEST(started_source__is_refused),
        TEST(null__is_refused_or_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
