#include "event_writer.h"

#include <string.h>

#include "json_writer.h"

struct text {
    const char *data;
    size_t size;
};

static struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

static void write_member(struct output *output, const char *name, struct text value)
{
    output_text(output, name);
    json_writer_string(output, value.data, value.size);
}

static void write_flags(struct output *output, int flags)
{
    output_text(output, ",\"flags\":[");
    if ((flags & AWSLOGSRC_EVENT_REPLACED_TEXT) != 0)
        output_text(output, "\"replaced_text\"");
    output_text(output, "]}\n");
}

static void write_json(struct output *output, const char *source, const awslogsrc_batch *batch,
                       const awslogsrc_event *event, struct text payload)
{
    struct text stream, id, message, identifier;
    stream.data = awslogsrc_event_log_stream(event, &stream.size);
    id.data = awslogsrc_event_event_id(event, &id.size);
    message.data = awslogsrc_event_message(event, &message.size);
    identifier.data = awslogsrc_event_identifier(event, &identifier.size);
    write_member(output, "{\"source\":", text_of(source));
    write_member(output, ",\"region\":", text_of(awslogsrc_batch_region(batch)));
    write_member(output, ",\"log_group\":", text_of(awslogsrc_batch_log_group(batch)));
    write_member(output, ",\"log_stream\":", stream);
    output_text(output, ",\"timestamp\":");
    json_writer_integer(output, awslogsrc_event_timestamp_ms(event));
    output_text(output, ",\"ingestion_time\":");
    json_writer_integer(output, awslogsrc_event_ingestion_time_ms(event));
    write_member(output, ",\"event_id\":", id);
    write_member(output, ",\"message\":", message);
    write_member(output, ",\"payload\":", payload);
    write_member(output, ",\"identifier\":", identifier);
    write_flags(output, awslogsrc_event_flags(event));
}

static void write_line(struct output *output, struct text payload)
{
    const char *line = payload.data;
    const char *end = payload.data + payload.size;
    const char *feed = NULL;
    while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        output_write(output, line, (size_t)(feed - line));
        output_text(output, "\\n");
        line = feed + 1;
    }
    output_write(output, line, (size_t)(end - line));
    output_char(output, '\n');
}

int event_writer_write(struct output *output, enum event_format format, const char *source,
                       const awslogsrc_batch *batch)
{
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        const awslogsrc_event *event = awslogsrc_batch_event(batch, i);
        struct text payload = {0};
        payload.data = awslogsrc_event_payload(event, &payload.size);
        if (payload.data == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        if (format == EVENT_FORMAT_JSON) {
            write_json(output, source, batch, event, payload);
        } else if (format == EVENT_FORMAT_PAYLOAD) {
            write_line(output, payload);
        } else {
            output_write(output, payload.data, payload.size);
            output_char(output, '\0');
        }
    }
    return 0;
}
