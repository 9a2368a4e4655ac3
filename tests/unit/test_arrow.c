#include "testing.h"

#include <pthread.h>

#include "awslogsrc/arrow.h"
#include "awslogsrc/error.h"
#include "awslogsrc/record.h"
#include "event/batch.h"

/* A small consumer of the Arrow C data interface, written from its specification. */

struct fixture {
    awslogsrc_batch *batch;
    struct ArrowSchema schema;
    struct ArrowArray array;
};

static const char two_events[] =
    "{\"events\":[{\"timestamp\":1,\"ingestionTime\":2,\"logStreamName\":\"stream\","
    "\"eventId\":\"0123456789012345\",\"message\":\"a message of some length\"},"
    "{\"timestamp\":3,\"message\":\"nul \\u0000 here\"}]}";

static awslogsrc_batch *make_batch(struct als_text json, bool extract)
{
    struct als_page page;
    struct als_buffer body;
    struct als_waker *waker = als_waker_new();
    struct als_receipt *receipt = als_receipt_new(waker);
    struct als_origin *origin =
        als_origin_new("eu-central-1", "CloudTrail/logs", "identifier", extract);
    als_page_init(&page);
    als_buffer_init(&body, ALS_PAGE_SIZE_MAX);
    als_buffer_append_text(&body, json);
    assert_int_equal(als_page_decode(&page, body.data, body.size), 0);
    awslogsrc_batch *batch = als_batch_new(origin, receipt, 1, &body, &page);
    assert_non_null(batch);
    als_page_clear(&page);
    als_buffer_clear(&body);
    als_origin_unref(origin);
    als_receipt_unref(receipt);
    als_waker_unref(waker);
    return batch;
}

static void open_batch(struct fixture *fixture, struct als_text json, bool extract, int flags)
{
    fixture->batch = make_batch(json, extract);
    assert_int_equal(awslogsrc_batch_export_arrow(fixture->batch, flags, &fixture->schema,
                                                  &fixture->array, NULL),
                     0);
}

static void close_batch(struct fixture *fixture)
{
    if (fixture->schema.release != NULL)
        fixture->schema.release(&fixture->schema);
    if (fixture->array.release != NULL)
        fixture->array.release(&fixture->array);
    als_batch_unref(fixture->batch);
    fixture->batch = NULL;
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    close_batch(*state);
    free(*state);
    return 0;
}

static int64_t find_column(const struct fixture *fixture, const char *name)
{
    for (int64_t i = 0; i < fixture->schema.n_children; i++) {
        if (strcmp(fixture->schema.children[i]->name, name) == 0)
            return i;
    }
    fail_msg("no column %s", name);
    return -1;
}

static struct als_text read_view(const struct ArrowArray *column, int64_t row)
{
    const char *view = (const char *)column->buffers[1] + 16 * row;
    int32_t numbers[4];
    memcpy(numbers, view, sizeof numbers);
    if (numbers[0] <= 12)
        return (struct als_text){view + 4, (size_t)numbers[0]};
    const int64_t *sizes = column->buffers[column->n_buffers - 1];
    assert_in_range(numbers[2], 0, column->n_buffers - 4);
    assert_true(numbers[3] + numbers[0] <= sizes[numbers[2]]);
    const char *text = (const char *)column->buffers[2 + numbers[2]] + numbers[3];
    assert_memory_equal(view + 4, text, 4);
    return (struct als_text){text, (size_t)numbers[0]};
}

static struct als_text read_text(const struct fixture *fixture, const char *name, int64_t row)
{
    int64_t number = find_column(fixture, name);
    const struct ArrowArray *column = fixture->array.children[number];
    if (strcmp(fixture->schema.children[number]->format, "vu") == 0)
        return read_view(column, row);
    assert_string_equal(fixture->schema.children[number]->format, "u");
    assert_int_equal(column->n_buffers, 3);
    const int32_t *ends = column->buffers[1];
    return (struct als_text){(const char *)column->buffers[2] + ends[row],
                             (size_t)(ends[row + 1] - ends[row])};
}

static void assert_text(const struct fixture *fixture, const char *name, int64_t row,
                        struct als_text expected)
{
    struct als_text text = read_text(fixture, name, row);
    assert_int_equal(text.size, expected.size);
    assert_memory_equal(text.data, expected.data, text.size);
}

static void assert_two_events(const struct fixture *fixture)
{
    assert_int_equal(fixture->array.length, 2);
    assert_int_equal(fixture->array.n_children, fixture->schema.n_children);
    for (int64_t row = 0; row < 2; row++) {
        assert_text(fixture, "region", row, ALS_TEXT("eu-central-1"));
        assert_text(fixture, "log_group", row, ALS_TEXT("CloudTrail/logs"));
        assert_text(fixture, "identifier", row, ALS_TEXT("identifier"));
    }
    assert_text(fixture, "log_stream", 0, ALS_TEXT("stream"));
    assert_text(fixture, "log_stream", 1, ALS_TEXT(""));
    assert_text(fixture, "event_id", 0, ALS_TEXT("0123456789012345"));
    assert_text(fixture, "message", 0, ALS_TEXT("a message of some length"));
    assert_text(fixture, "message", 1, ALS_TEXT("nul \0 here"));
    const int64_t *times = fixture->array.children[find_column(fixture, "timestamp")]->buffers[1];
    assert_int_equal(times[0], 1);
    assert_int_equal(times[1], 3);
    times = fixture->array.children[find_column(fixture, "ingestion_time")]->buffers[1];
    assert_int_equal(times[0], 2);
    assert_int_equal(times[1], 0);
}

static void test_arrow__views__say_what_the_events_say(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), false, 0);
    assert_two_events(fixture);
    assert_string_equal(fixture->schema.format, "+s");
    assert_string_equal(fixture->schema.children[find_column(fixture, "ingestion_time")]->format,
                        "tsm:UTC");
}

static void test_arrow__copies__say_what_the_events_say(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), false, AWSLOGSRC_ARROW_COPY_TEXT);
    assert_two_events(fixture);
}

static void test_arrow__views__point_into_the_batch(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), true, 0);
    const char *message = fixture->batch->events[0].data.message;
    assert_ptr_equal(read_text(fixture, "message", 0).data, message);
    assert_ptr_equal(read_text(fixture, "payload", 0).data, message);
    assert_ptr_equal(read_text(fixture, "event_id", 0).data,
                     fixture->batch->events[0].data.event_id);
}

static void test_arrow__wrapped__payloads_are_those_of_the_events(void **state)
{
    static const int layouts[] = {0, AWSLOGSRC_ARROW_COPY_TEXT};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 2; i++) {
        open_batch(fixture, ALS_TEXT(two_events), false, layouts[i]);
        for (size_t row = 0; row < 2; row++)
            assert_text(fixture, "payload", (int64_t)row,
                        als_batch_payload(&fixture->batch->events[row]));
        close_batch(fixture);
    }
}

static void test_arrow__replaced_text__is_seen_where_it_was_moved(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture,
               ALS_TEXT("{\"events\":[{\"timestamp\":1,\"message\":\"\xff\xff\xff\xff\xff\xff\"},"
                        "{\"timestamp\":2,\"message\":\"in the body, not moved\"}]}"),
               true, 0);
    assert_text(fixture, "message", 0, ALS_TEXT("\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"));
    assert_text(fixture, "message", 1, ALS_TEXT("in the body, not moved"));
    const int32_t *flags = fixture->array.children[find_column(fixture, "flags")]->buffers[1];
    assert_int_equal(flags[0], AWSLOGSRC_EVENT_REPLACED_TEXT);
    assert_int_equal(flags[1], 0);
}

static void test_arrow__identifiers__are_those_of_the_events(void **state)
{
    static const int layouts[] = {0, AWSLOGSRC_ARROW_COPY_TEXT};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 2; i++) {
        fixture->batch = make_batch(ALS_TEXT(two_events), true);
        fixture->batch->identifiers.ceiling = 100;
        als_buffer_append_string(&fixture->batch->identifiers, "an identifier of a gateway");
        fixture->batch->events[1].identifier_at = 3;
        fixture->batch->events[1].identifier_size = 23;
        assert_int_equal(awslogsrc_batch_export_arrow(fixture->batch, layouts[i], &fixture->schema,
                                                      &fixture->array, NULL),
                         0);
        assert_text(fixture, "identifier", 0, ALS_TEXT("identifier"));
        assert_text(fixture, "identifier", 1, ALS_TEXT("identifier of a gateway"));
        close_batch(fixture);
    }
}

static void test_arrow__no_payload__leaves_the_column_out(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), false, AWSLOGSRC_ARROW_NO_PAYLOAD);
    assert_int_equal(fixture->array.n_children, 9);
    assert_int_equal(fixture->schema.n_children, 9);
    assert_two_events(fixture);
}

static void test_arrow__no_events__is_an_empty_array(void **state)
{
    static const int layouts[] = {0, AWSLOGSRC_ARROW_COPY_TEXT};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 2; i++) {
        open_batch(fixture, ALS_TEXT("{\"events\":[]}"), false, layouts[i]);
        assert_int_equal(fixture->array.length, 0);
        assert_int_equal(fixture->array.children[0]->length, 0);
        close_batch(fixture);
    }
}

static void test_arrow__column_moved_out__outlives_array_and_batch(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), true, 0);
    struct ArrowArray *child = fixture->array.children[find_column(fixture, "message")];
    struct ArrowArray moved = *child;
    child->release = NULL;
    fixture->array.release(&fixture->array);
    als_batch_unref(fixture->batch);
    fixture->batch = NULL;
    struct als_text text = read_view(&moved, 0);
    assert_memory_equal(text.data, "a message of some length", text.size);
    moved.release(&moved);
    assert_null(moved.release);
}

static void test_arrow__schema_alone__needs_no_batch(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(awslogsrc_batch_export_arrow(NULL, 0, &fixture->schema, NULL, NULL), 0);
    assert_int_equal(fixture->schema.n_children, 10);
}

static void test_arrow__wrong_arguments__are_refused(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_error *error = NULL;
    assert_int_equal(awslogsrc_batch_export_arrow(NULL, 8, &fixture->schema, NULL, &error),
                     AWSLOGSRC_E_INVALID);
    assert_string_equal(awslogsrc_error_message(error), "flags: 8 are not known");
    awslogsrc_error_free(error);
    assert_int_equal(awslogsrc_batch_export_arrow(NULL, 0, NULL, &fixture->array, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_batch_export_arrow(NULL, 0, NULL, NULL, NULL), AWSLOGSRC_E_INVALID);
}

/* --- Records --- */

static const char *const messages[] = {
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"Zo\\u00eb of "
    "the "
    "operators\",\"accountId\":\"111122223333\"},\"eventTime\":\"2023-01-02T03:04:05Z\","
    "\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"CreateUser\",\"awsRegion\":\"us-east-"
    "1\","
    "\"sourceIPAddress\":\"192.0.2.1\",\"readOnly\":false,\"requestParameters\":{\"userName\":"
    "\"new\"},"
    "\"eventID\":\"0a1b2c3d-0000-1111-2222-333344445555\"}",
    "2 123456789010 eni-0123456789abcdef0 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 "
    "1418530070 ACCEPT OK",
    "a line of text",
    "{\"no\":\"event\"}",
    "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventTime\":\"2023-01-02T03:04:05Z\","
    "\"eventSource\":"
    "\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"userAgent\":\"[first \\\"agent\\\" of "
    "two]\"},"
    "{\"eventVersion\":\"1.08\",\"eventTime\":\"2023-01-02T03:04:06Z\",\"eventSource\":"
    "\"s3.amazonaws.com\",\"eventName\":\"PutObject\",\"userAgent\":\"[other \\\"agent\\\" of "
    "two]\"}]}",
    "\xff\xff\xff\xff\xff\xff\xff",
    "",
};
enum { MESSAGE_COUNT = sizeof messages / sizeof *messages, RECORD_COUNT = MESSAGE_COUNT + 1 };

static void open_records(struct fixture *fixture, int flags)
{
    struct als_buffer page;
    als_buffer_init(&page, 1 << 16);
    als_buffer_append_string(&page, "{\"events\":[");
    for (size_t i = 0; i < MESSAGE_COUNT; i++) {
        als_buffer_format(&page,
                          "%s{\"timestamp\":%zu,\"ingestionTime\":9,\"eventId\":\"%zu%036d\",",
                          i == 0 ? "" : ",", i + 1, i, 0);
        als_buffer_append_string(&page, "\"logStreamName\":\"some stream\",\"message\":\"");
        for (const char *c = messages[i]; *c != '\0'; c++) {
            if (*c == '"' || *c == '\\')
                als_buffer_append_char(&page, '\\');
            als_buffer_append_char(&page, *c);
        }
        als_buffer_append_string(&page, "\"}");
    }
    als_buffer_append_string(&page, "]}");
    open_batch(fixture, als_buffer_text(&page), true, AWSLOGSRC_ARROW_RECORDS | flags);
    als_buffer_clear(&page);
}

static bool bit(const void *bits, int64_t row)
{
    return (((const unsigned char *)bits)[row / 8] >> row % 8 & 1) != 0;
}

static void assert_field(const struct fixture *fixture, const awslogsrc_record *record, int field,
                         int64_t row)
{
    const char *name = awslogsrc_field_name(field);
    int64_t number = find_column(fixture, name);
    const struct ArrowArray *column = fixture->array.children[number];
    const char *format = fixture->schema.children[number]->format;
    bool present = column->buffers[0] == NULL || bit(column->buffers[0], row);
    int64_t value = 0;
    struct als_text text = {NULL, 0};
    text.data = awslogsrc_record_get(record, field, &text.size);
    int status = awslogsrc_record_get_integer(record, field, &value);
    assert_int_equal(present, status == 1 || text.data != NULL);
    if (!present)
        return;
    if (status != 1)
        assert_text(fixture, name, row, text);
    else if (strcmp(format, "b") == 0)
        assert_int_equal(bit(column->buffers[1], row), value);
    else
        assert_int_equal(((const int64_t *)column->buffers[1])[row], value);
}

static void test_arrow__records__say_what_records_say(void **state)
{
    static const int layouts[] = {0, AWSLOGSRC_ARROW_COPY_TEXT};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 2; i++) {
        awslogsrc_record *record = NULL;
        int64_t row = 0;
        open_records(fixture, layouts[i]);
        assert_int_equal(fixture->schema.n_children, awslogsrc_field_count() + 1);
        assert_int_equal(fixture->array.length, RECORD_COUNT);
        for (size_t j = 0; j < MESSAGE_COUNT; j++) {
            assert_int_equal(
                awslogsrc_record_parse(&record, awslogsrc_batch_event(fixture->batch, j), NULL), 0);
            do {
                assert_text(fixture, "identifier", row, ALS_TEXT("identifier"));
                for (int field = 0; field < awslogsrc_field_count(); field++)
                    assert_field(fixture, record, field, row);
                row++;
            } while (awslogsrc_record_next(record) == 1);
        }
        assert_int_equal(row, RECORD_COUNT);
        awslogsrc_record_free(record);
        close_batch(fixture);
    }
}

static void test_arrow__records__count_their_nulls(void **state)
{
    struct fixture *fixture = *state;
    open_records(fixture, 0);
    for (int64_t i = 0; i < fixture->array.n_children; i++) {
        const struct ArrowArray *column = fixture->array.children[i];
        int64_t nulls = 0;
        for (int64_t row = 0; column->buffers[0] != NULL && row < column->length; row++)
            nulls += !bit(column->buffers[0], row);
        assert_int_equal(column->null_count, nulls);
    }
    assert_int_equal(fixture->array.children[find_column(fixture, "kind")]->null_count, 0);
    assert_int_equal(fixture->array.children[find_column(fixture, "denied")]->null_count,
                     RECORD_COUNT - 4);
}

static void test_arrow__records__point_into_the_batch(void **state)
{
    struct fixture *fixture = *state;
    open_records(fixture, 0);
    assert_ptr_equal(read_text(fixture, "message", 0).data, fixture->batch->events[0].data.message);
    assert_ptr_equal(read_text(fixture, "log_event_id", 1).data,
                     fixture->batch->events[1].data.event_id);
    assert_string_equal(fixture->schema.children[find_column(fixture, "time_ms")]->format,
                        "tsm:UTC");
    assert_string_equal(fixture->schema.children[find_column(fixture, "severity")]->format, "l");
    assert_string_equal(fixture->schema.children[find_column(fixture, "read_only")]->format, "b");
}

static void test_arrow__records_of_no_events__are_an_empty_array(void **state)
{
    static const int layouts[] = {0, AWSLOGSRC_ARROW_COPY_TEXT};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < 2; i++) {
        open_batch(fixture, ALS_TEXT("{\"events\":[]}"), true,
                   AWSLOGSRC_ARROW_RECORDS | layouts[i]);
        assert_int_equal(fixture->array.length, 0);
        assert_non_null(fixture->array.children[1]->buffers[1]);
        close_batch(fixture);
    }
}

static void *release_children(void *user_data)
{
    struct ArrowArray *moved = user_data;
    moved->release(moved);
    return NULL;
}

static void test_arrow__columns_released_on_two_threads__free_the_batch_once(void **state)
{
    struct fixture *fixture = *state;
    open_batch(fixture, ALS_TEXT(two_events), false, 0);
    struct ArrowArray moved = *fixture->array.children[0];
    fixture->array.children[0]->release = NULL;
    als_batch_unref(fixture->batch);
    fixture->batch = NULL;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, release_children, &moved), 0);
    fixture->array.release(&fixture->array);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_arrow__##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(views__say_what_the_events_say),
        TEST(copies__say_what_the_events_say),
        TEST(views__point_into_the_batch),
        TEST(wrapped__payloads_are_those_of_the_events),
        TEST(replaced_text__is_seen_where_it_was_moved),
        TEST(identifiers__are_those_of_the_events),
        TEST(no_payload__leaves_the_column_out),
        TEST(no_events__is_an_empty_array),
        TEST(column_moved_out__outlives_array_and_batch),
        TEST(schema_alone__needs_no_batch),
        TEST(wrong_arguments__are_refused),
        TEST(records__say_what_records_say),
        TEST(records__count_their_nulls),
        TEST(records__point_into_the_batch),
        TEST(records_of_no_events__are_an_empty_array),
        TEST(columns_released_on_two_threads__free_the_batch_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
