#include "source/region_cursor.h"

#include "cursor/cursor_parser.h"
#include "cursor/start_point.h"

int als_region_cursor_export(const struct als_region_reader *reader, uint64_t batch,
                             awslogsrc_cursor **out)
{
    if (reader->phase != ALS_READER_READING)
        return AWSLOGSRC_E_STATE;
    return als_cursor_export(&reader->reading.cursor, batch, out);
}

int als_region_cursor_export_batch(const awslogsrc_batch *batch, awslogsrc_cursor **out)
{
    enum als_receipt_state state = als_receipt_state(batch->receipt);
    const struct als_region_reader *reader = batch->origin->reader;
    if (reader == NULL || reader->source->state != ALS_SOURCE_RUNNING ||
        (state != ALS_RECEIPT_OURS && state != ALS_RECEIPT_HELD))
        return AWSLOGSRC_E_STATE;
    return als_region_cursor_export(reader, batch->number, out);
}

static void start_from(struct als_region_reader *reader, awslogsrc_cursor *cursor)
{
    als_cursor_exported_free(reader->given);
    reader->given = cursor;
    als_region_reader_forget_position(reader);
}

/* Its head tells what a cursor was made for: the first block of the text. */
static int check(const struct als_region_reader *reader, const awslogsrc_cursor *cursor,
                 awslogsrc_error **error)
{
    struct als_cursor_fingerprint fingerprint;
    struct als_cursor head = {0};
    struct als_cursor_parser *parser =
        als_cursor_parser_new(als_cursor_exported_text(cursor), &head);
    int status =
        als_start_point_fingerprint(&reader->source->settings, reader->region, &fingerprint);
    if (parser == NULL || status != 0)
        status = als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    else
        status = als_cursor_parser_step(parser, error);
    if (status >= 0)
        status = als_cursor_check(&head, &fingerprint, error);
    als_cursor_parser_free(parser);
    als_cursor_clear(&head);
    return status;
}

int als_region_cursor_give(struct als_region_reader *reader, const awslogsrc_cursor *cursor,
                           awslogsrc_error **error)
{
    if (reader->delivery.offered != NULL)
        return als_error_set(error, AWSLOGSRC_E_STATE, "a batch of the region is being offered");
    int status = check(reader, cursor, error);
    if (status != 0)
        return status;
    awslogsrc_cursor *copy = als_cursor_exported_copy(cursor);
    if (copy == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    start_from(reader, copy);
    return 0;
}

int als_region_cursor_carry_over(struct als_region_reader *reader)
{
    awslogsrc_cursor *cursor = NULL;
    if (reader->phase != ALS_READER_READING)
        return 0;
    int status = als_region_cursor_export(reader, 0, &cursor);
    if (status == 0)
        start_from(reader, cursor);
    return status;
}
