#include "event_writer.h"

#include <stdlib.h>
#include <string.h>

#include "json_writer.h"

struct event_writer {
    enum event_format format;
    bool syslog;
    bool nul;                   /* behind payloads and records */
    awslogsrc_encoder *encoder; /* of records, of header and framing; NULL without those */
    struct output plain;        /* an event before they are put around it */
    char *host;                 /* that the encoder puts into headers now */
    bool drops;                 /* LEEF takes the place of what is too large */
    awslogsrc_record *record;   /* for that, and for records */
};

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
    output_text(output, "]}");
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

/* Returns 0, or AWSLOGSRC_E_NO_MEMORY. */
static int write_bare(enum event_format format, struct output *output, const char *source,
                      const awslogsrc_batch *batch, const awslogsrc_event *event)
{
    struct text payload = {0};
    payload.data = awslogsrc_event_payload(event, &payload.size);
    if (payload.data == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    if (format == EVENT_FORMAT_JSON)
        write_json(output, source, batch, event, payload);
    else
        output_write(output, payload.data, payload.size);
    return 0;
}

/* A receiver tells log sources apart by the host in the header. */
static int name_host(struct event_writer *writer, const awslogsrc_event *event)
{
    struct text identifier;
    identifier.data = awslogsrc_event_identifier(event, &identifier.size);
    if (writer->host != NULL && strlen(writer->host) == identifier.size &&
        memcmp(writer->host, identifier.data, identifier.size) == 0)
        return 0;
    char *host = strndup(identifier.data, identifier.size);
    if (host == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    free(writer->host);
    writer->host = host;
    return awslogsrc_encoder_set(writer->encoder, "host", host, NULL);
}

/* A message may hold several records. */
static int write_records(struct event_writer *writer, struct output *output,
                         const awslogsrc_event *event)
{
    int code = awslogsrc_record_parse(&writer->record, event, NULL);
    for (int more = 1; code == 0 && more == 1;) {
        struct text whole = {0};
        code = awslogsrc_encode(writer->encoder, writer->record, &whole.data, &whole.size, NULL);
        if (code == 0)
            output_write(output, whole.data, whole.size);
        if (code == 0 && writer->nul)
            output_char(output, '\0');
        more = awslogsrc_record_next(writer->record);
    }
    return code;
}

/* LEEF in place of what is too large: behind RFC 3164 its header differs from that of texts. */
static int write_leef(struct event_writer *writer, struct output *output,
                      const awslogsrc_event *event)
{
    int code = awslogsrc_encoder_set(writer->encoder, "format", "leef", NULL);
    if (code == 0)
        code = write_records(writer, output, event);
    (void)awslogsrc_encoder_set(writer->encoder, "format", "original", NULL);
    return code;
}

static int write_syslog(struct event_writer *writer, struct output *output, const char *source,
                        const awslogsrc_batch *batch, const awslogsrc_event *event)
{
    struct text whole = {0};
    struct output *plain = &writer->plain;
    output_reset(plain);
    int code = write_bare(writer->format, plain, source, batch, event);
    if (code != 0 || plain->error != 0)
        return AWSLOGSRC_E_NO_MEMORY;
    code = awslogsrc_encode_text(writer->encoder, awslogsrc_event_timestamp_ms(event),
                                 plain->data == NULL ? "" : plain->data, plain->used, &whole.data,
                                 &whole.size);
    if (code == AWSLOGSRC_E_TOO_LARGE && writer->drops)
        return write_leef(writer, output, event);
    if (code == 0)
        output_write(output, whole.data, whole.size);
    return code;
}

int event_writer_write(struct event_writer *writer, struct output *output, const char *source,
                       const awslogsrc_batch *batch, const awslogsrc_event *event)
{
    if (writer->syslog && name_host(writer, event) != 0)
        return AWSLOGSRC_E_NO_MEMORY;
    if (writer->format == EVENT_FORMAT_RECORD)
        return write_records(writer, output, event);
    if (writer->syslog)
        return write_syslog(writer, output, source, batch, event);
    if (writer->format == EVENT_FORMAT_PAYLOAD && !writer->nul) {
        struct text payload = {0};
        payload.data = awslogsrc_event_payload(event, &payload.size);
        if (payload.data == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        write_line(output, payload);
        return 0;
    }
    int code = write_bare(writer->format, output, source, batch, event);
    output_char(output, writer->format == EVENT_FORMAT_JSON ? '\n' : '\0');
    return code;
}

static int make_encoder(struct event_writer *writer, const struct event_style *style,
                        awslogsrc_error **error)
{
    bool records = style->format == EVENT_FORMAT_RECORD;
    const char *framing = style->nul ? "none" : "lf";
    if (style->syslog)
        framing = style->framing;
    const char *const settings[][2] = {{"syslog_header", style->header},
                                       {"framing", framing},
                                       {"oversize", style->oversize},
                                       {"max_message", style->max_message},
                                       {"format", records ? style->record : "original"}};
    int code = awslogsrc_encoder_new(&writer->encoder, error);
    for (size_t i = 0; code == 0 && i < sizeof settings / sizeof settings[0]; i++) {
        if (settings[i][1] != NULL)
            code = awslogsrc_encoder_set(writer->encoder, settings[i][0], settings[i][1], error);
    }
    return code;
}

struct event_writer *event_writer_new(const struct event_style *style, awslogsrc_error **error)
{
    struct event_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return NULL;
    writer->format = style->format;
    writer->syslog = style->syslog;
    writer->nul = style->nul;
    writer->drops = style->oversize != NULL && strncmp(style->oversize, "drop", 4) == 0;
    output_init(&writer->plain, OUTPUT_MEMORY);
    bool encodes = style->syslog || style->format == EVENT_FORMAT_RECORD;
    if (!encodes || make_encoder(writer, style, error) == 0)
        return writer;
    event_writer_free(writer);
    return NULL;
}

void event_writer_free(struct event_writer *writer)
{
    if (writer == NULL)
        return;
    awslogsrc_encoder_free(writer->encoder);
    awslogsrc_record_free(writer->record);
    output_clear(&writer->plain);
    free(writer->host);
    free(writer);
}
