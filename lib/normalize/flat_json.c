#include "normalize/flat_json.h"

#include "normalize/json_writer.h"

void als_flat_json_write(struct als_writer *writer, const awslogsrc_record *record, bool original)
{
    struct als_json_writer json;
    als_json_writer_init(&json, writer);
    als_json_writer_open(&json, NULL);
    for (int field = 0; field < ALS_RECORD_FIELDS; field++) {
        if (field != AWSLOGSRC_FIELD_MESSAGE)
            als_json_writer_field(&json, als_record_field_name(field), record, field);
    }
    if (original || !als_record_is_event(record))
        als_json_writer_field(&json, "message", record, ALS_FIELD_MESSAGE_TEXT);
    als_json_writer_close(&json);
}
