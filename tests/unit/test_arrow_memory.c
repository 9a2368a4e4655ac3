#include "testing.h"

#include "failing_memory.h"

#include "awslogsrc/arrow.h"
#include "awslogsrc/error.h"
#include "event/batch.h"

/* Batches of Arrow while memory runs out, and of more records than events. */

enum { RECORD_COUNT = 50 };

/* An event with a user who is told by an escape, so that a text is copied, in every second record;
 * and one that is no UTF-8, whose text was moved. */
static void write_page(struct als_buffer *page)
{
    als_buffer_append_string(
        page, "{\"events\":[{\"timestamp\":1,\"ingestionTime\":2,\"logStreamName\":\"a stream of "
              "some length\",\"eventId\":\"0123456789012345\",\"message\":\"{\\\"Records\\\":[");
    for (int i = 0; i < RECORD_COUNT; i++)
        als_buffer_format(
            page,
            "%s{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventTime\\\":\\\"2026-01-02T03:04:05Z\\\","
            "\\\"eventSource\\\":\\\"s3.amazonaws.com\\\",\\\"eventName\\\":\\\"GetObject\\\","
            "\\\"readOnly\\\":%s,\\\"userAgent\\\":\\\"an agent %s, number %04d\\\"}",
            i == 0 ? "" : ",", i % 2 == 0 ? "true" : "false", i % 2 == 0 ? "\\\\u0040" : "of ours",
            i);
    als_buffer_append_string(page,
                             "]}\"},{\"timestamp\":3,\"message\":\"\xff\xff\xff and more\"}]}");
}

static awslogsrc_batch *make_batch(void)
{
    struct als_page page;
    struct als_buffer body;
    struct als_waker *waker = als_waker_new();
    struct als_receipt *receipt = als_receipt_new(waker);
    struct als_origin *origin = als_origin_new("eu-central-1", "CloudTrail/logs", "host", false);
    als_page_init(&page);
    als_buffer_init(&body, ALS_PAGE_SIZE_MAX);
    write_page(&body);
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

static const int all_flags[] = {0, AWSLOGSRC_ARROW_COPY_TEXT, AWSLOGSRC_ARROW_NO_PAYLOAD,
                                AWSLOGSRC_ARROW_RECORDS,
                                AWSLOGSRC_ARROW_RECORDS | AWSLOGSRC_ARROW_COPY_TEXT};
enum { FLAGS_COUNT = sizeof all_flags / sizeof *all_flags };

static void test_arrow_memory__each_allocation_fails_once__nothing_is_written_or_lost(void **state)
{
    (void)state;
    awslogsrc_batch *batch = make_batch();
    for (size_t i = 0; i < FLAGS_COUNT; i++) {
        int status = AWSLOGSRC_E_NO_MEMORY;
        int succeed = 0;
        for (; status != 0; succeed++) {
            struct ArrowSchema schema = {.n_children = -1};
            struct ArrowArray array = {.n_children = -1};
            allocations_left = succeed;
            status = awslogsrc_batch_export_arrow(batch, all_flags[i], &schema, &array, NULL);
            allocations_left = -1;
            assert_true(status == 0 || status == AWSLOGSRC_E_NO_MEMORY);
            assert_int_equal(schema.n_children == -1, status != 0);
            assert_int_equal(array.n_children == -1, status != 0);
            if (status == 0) {
                array.release(&array);
                schema.release(&schema);
            }
        }
        assert_true(succeed > 10);
    }
    als_batch_unref(batch);
}

/* Of a column of texts in either layout. */
static struct als_text read_text(const struct ArrowArray *column, const char *format, int64_t row)
{
    if (strcmp(format, "u") == 0) {
        const int32_t *ends = column->buffers[1];
        return (struct als_text){(const char *)column->buffers[2] + ends[row],
                                 (size_t)(ends[row + 1] - ends[row])};
    }
    int32_t view[4];
    memcpy(view, (const char *)column->buffers[1] + 16 * row, sizeof view);
    assert_true(view[0] > 12);
    return (struct als_text){(const char *)column->buffers[2 + view[2]] + view[3], (size_t)view[0]};
}

static int64_t find_column(const struct ArrowSchema *schema, const char *name)
{
    int64_t number = 0;
    while (strcmp(schema->children[number]->name, name) != 0)
        number++;
    return number;
}

static void assert_records(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    int64_t agents = find_column(schema, "user_agent"), reads = find_column(schema, "read_only");
    const unsigned char *read_only = array->children[reads]->buffers[1];
    assert_int_equal(array->length, RECORD_COUNT + 1);
    assert_int_equal(array->children[agents]->null_count, 1);
    for (int64_t row = 0; row < RECORD_COUNT; row++) {
        char expected[64];
        (void)snprintf(expected, sizeof expected, "an agent %s, number %04d",
                       row % 2 == 0 ? "@" : "of ours", (int)row);
        struct als_text text =
            read_text(array->children[agents], schema->children[agents]->format, row);
        assert_int_equal(text.size, strlen(expected));
        assert_memory_equal(text.data, expected, text.size);
        assert_int_equal(read_only[row / 8] >> row % 8 & 1, row % 2 == 0);
    }
}

static void test_arrow_memory__more_records_than_events__have_rows_of_their_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < FLAGS_COUNT; i++) {
        struct ArrowSchema schema = {0};
        struct ArrowArray array = {0};
        if ((all_flags[i] & AWSLOGSRC_ARROW_RECORDS) == 0)
            continue;
        awslogsrc_batch *batch = make_batch();
        assert_int_equal(awslogsrc_batch_export_arrow(batch, all_flags[i], &schema, &array, NULL),
                         0);
        als_batch_unref(batch);
        assert_records(&schema, &array);
        array.release(&array);
        schema.release(&schema);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrow_memory__each_allocation_fails_once__nothing_is_written_or_lost),
        cmocka_unit_test(test_arrow_memory__more_records_than_events__have_rows_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
