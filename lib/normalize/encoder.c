#include "normalize/encoder.h"

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "normalize/cef.h"
#include "normalize/ecs.h"
#include "normalize/flat_json.h"
#include "normalize/json_writer.h"
#include "normalize/leef.h"
#include "normalize/ocsf.h"
#include "normalize/record.h"

enum { SMALLEST_MEMORY = 32 * 1024, VALUE_LEAST = 64 /* bytes; more than an address has */ };

/* What is written: a record in a format, or a text as it is where there is no record. */
struct content {
    const awslogsrc_record *record;
    struct als_text text;
    int format;
    struct als_syslog_about about;
};

awslogsrc_encoder *als_encoder_new(void)
{
    awslogsrc_encoder *encoder = als_new(sizeof *encoder);
    if (encoder == NULL)
        return NULL;
    encoder->facility = ALS_SYSLOG_FACILITY_AUDIT;
    encoder->host = als_copy_string("");
    encoder->application = als_copy_string("awslogsrc");
    if (encoder->host != NULL && encoder->application != NULL)
        return encoder;
    als_encoder_free(encoder);
    return NULL;
}

void als_encoder_free(awslogsrc_encoder *encoder)
{
    if (encoder == NULL)
        return;
    als_free(encoder->writer.data);
    als_free(encoder->host);
    als_free(encoder->application);
    als_free(encoder);
}

static void write_content(struct als_writer *writer, const awslogsrc_encoder *encoder,
                          const struct content *content)
{
    const awslogsrc_record *record = content->record;
    switch (content->format) {
    case ALS_ENCODER_JSON: als_flat_json_write(writer, record, encoder->original != 0); return;
    case ALS_ENCODER_ECS: als_ecs_write(writer, record, encoder->original != 0); return;
    case ALS_ENCODER_OCSF: als_ocsf_write(writer, record, encoder->original != 0); return;
    case ALS_ENCODER_LEEF: als_leef_write(writer, record); return;
    case ALS_ENCODER_CEF: als_cef_write(writer, record); return;
    default: break;
    }
    als_syslog_write_message(writer, (enum als_syslog_framing)encoder->framing, content->text);
}

static struct als_syslog_about describe(const awslogsrc_encoder *encoder)
{
    return (struct als_syslog_about){.facility = encoder->facility,
                                     .severity = ALS_SYSLOG_INFO,
                                     .host = als_text_of(encoder->host),
                                     .application = als_text_of(encoder->application)};
}

/* Below 4 nothing to look at, from 6 on something. */
static int syslog_severity(const awslogsrc_record *record)
{
    int64_t severity = als_record_integer(record, AWSLOGSRC_FIELD_SEVERITY, 0);
    if (severity >= 6)
        return ALS_SYSLOG_WARNING;
    return severity >= 4 ? ALS_SYSLOG_NOTICE : ALS_SYSLOG_INFO;
}

/* Receivers of LEEF and CEF look for those words right behind the host: no tag there. Texts of the
 * caller's are what the encoder's format says. */
static void write_header(struct als_writer *writer, const awslogsrc_encoder *encoder,
                         const struct content *content)
{
    struct als_syslog_about about = content->about;
    int format = content->record == NULL ? encoder->format : content->format;
    if (encoder->syslog_header == ALS_SYSLOG_RFC3164 &&
        (format == ALS_ENCODER_LEEF || format == ALS_ENCODER_CEF))
        about.application = ALS_TEXT("");
    als_syslog_write_header(writer, (enum als_syslog_header)encoder->syslog_header, &about);
}

/* Writes all of it, into more memory where it takes more. */
static int write_whole(awslogsrc_encoder *encoder, const struct content *content, size_t *header)
{
    enum { ROOM = 32 }; /* for framing, the mark of what was cut, and a NUL */
    struct als_writer *writer = &encoder->writer;
    for (;;) {
        writer->size = 0;
        write_header(writer, encoder, content);
        *header = writer->size;
        write_content(writer, encoder, content);
        if (writer->size + ROOM <= writer->capacity)
            return 0;
        if (writer->size > ALS_ENCODER_SIZE_MAX)
            return AWSLOGSRC_E_TOO_LARGE;
        size_t capacity = SMALLEST_MEMORY;
        while (capacity < writer->size + ROOM)
            capacity *= 2;
        char *memory = als_resize_array(writer->data, capacity, 1);
        if (memory == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        writer->data = memory;
        writer->capacity = capacity;
    }
}

static bool is_too_large(const awslogsrc_encoder *encoder)
{
    return encoder->max_message > 0 && encoder->writer.size > (size_t)encoder->max_message;
}

/* Values are cut, the longest first, until all fits: what is left is well-formed, and nothing is
 * cut that is an address, a time or a word of ours. */
static int cut_values(awslogsrc_encoder *encoder, const struct content *content, size_t *header)
{
    int status = 0;
    size_t most = (size_t)encoder->max_message;
    if (content->format == ALS_ENCODER_ORIGINAL)
        return 0;
    while (status == 0 && is_too_large(encoder) && most > VALUE_LEAST) {
        most = most / 2 > VALUE_LEAST ? most / 2 : VALUE_LEAST;
        encoder->writer.value_max = most;
        status = write_whole(encoder, content, header);
    }
    encoder->writer.value_max = 0;
    return status;
}

/* Whole attributes, and one that tells. False: not even one fits. */
static bool cut_attributes(struct als_writer *writer, int format, size_t header, size_t most)
{
    struct als_text mark = format == ALS_ENCODER_LEEF
                               ? ALS_TEXT("\ttruncated=true")
                               : ALS_TEXT(" flexString1=true flexString1Label=truncated");
    if (most < header + mark.size)
        return false;
    struct als_text text = {writer->data + header, most - header - mark.size};
    size_t kept = format == ALS_ENCODER_LEEF ? als_leef_cut(text) : als_cef_cut(text);
    if (kept == 0)
        return false;
    writer->size = header + kept;
    als_writer_text(writer, mark);
    return true;
}

static bool cut_text(struct als_writer *writer, int framing, size_t header, size_t most)
{
    enum { MARK_SIZE = sizeof ALS_WRITER_CUT_MARK - 1 };
    if (most < header + MARK_SIZE)
        return false;
    struct als_text text = {writer->data + header, writer->size - header};
    size_t kept = als_utf8_cut(text, most - MARK_SIZE - header).size;
    /* Not within the \n that a line feed became. */
    if (framing == ALS_SYSLOG_LF && kept > 0 && text.data[kept - 1] == '\\' &&
        text.data[kept] == 'n')
        kept--;
    writer->size = header + kept;
    als_writer_literal(writer, ALS_WRITER_CUT_MARK);
    return true;
}

static bool cut_end(awslogsrc_encoder *encoder, int format, size_t header)
{
    struct als_writer *writer = &encoder->writer;
    size_t most = (size_t)encoder->max_message;
    switch (format) {
    case ALS_ENCODER_LEEF:
    case ALS_ENCODER_CEF: return cut_attributes(writer, format, header, most);
    case ALS_ENCODER_ORIGINAL: return cut_text(writer, encoder->framing, header, most);
    default: return als_json_writer_cut(writer, header, most);
    }
}

static int truncate_message(awslogsrc_encoder *encoder, const struct content *content,
                            size_t header)
{
    int status = cut_values(encoder, content, &header);
    if (status != 0 || !is_too_large(encoder))
        return status;
    return cut_end(encoder, content->format, header) ? 0 : AWSLOGSRC_E_TOO_LARGE;
}

static int heed_limit(awslogsrc_encoder *encoder, struct content *content, size_t header)
{
    bool drop = encoder->oversize == ALS_ENCODER_DROP_TO_LEEF;
    if (!is_too_large(encoder))
        return 0;
    if (encoder->oversize == ALS_ENCODER_REFUSE || (drop && content->record == NULL))
        return AWSLOGSRC_E_TOO_LARGE;
    if (drop && content->format != ALS_ENCODER_LEEF) {
        content->format = ALS_ENCODER_LEEF;
        int status = write_whole(encoder, content, &header);
        if (status != 0 || !is_too_large(encoder))
            return status;
    }
    return truncate_message(encoder, content, header);
}

static int encode(awslogsrc_encoder *encoder, struct content *content, struct als_text *out)
{
    size_t header = 0;
    int status = write_whole(encoder, content, &header);
    if (status == 0)
        status = heed_limit(encoder, content, header);
    if (status != 0)
        return status;
    struct als_writer *writer = &encoder->writer;
    als_syslog_frame(writer, (enum als_syslog_framing)encoder->framing, 0);
    writer->data[writer->size] = '\0';
    *out = (struct als_text){writer->data, writer->size};
    return 0;
}

int als_encoder_encode(awslogsrc_encoder *encoder, const awslogsrc_record *record,
                       struct als_text *out)
{
    struct content content = {.record = record,
                              .text = als_record_text(record, AWSLOGSRC_FIELD_MESSAGE),
                              .format = encoder->format,
                              .about = describe(encoder)};
    content.about.severity = syslog_severity(record);
    content.about.timed = als_record_has(record, AWSLOGSRC_FIELD_TIME_MS);
    content.about.time_ms = als_record_integer(record, AWSLOGSRC_FIELD_TIME_MS, 0);
    content.about.message_id = als_record_text(record, AWSLOGSRC_FIELD_KIND);
    return encode(encoder, &content, out);
}

int als_encoder_encode_text(awslogsrc_encoder *encoder, int64_t time_ms, struct als_text text,
                            struct als_text *out)
{
    struct content content = {
        .text = text, .format = ALS_ENCODER_ORIGINAL, .about = describe(encoder)};
    content.about.timed = time_ms >= 0;
    content.about.time_ms = time_ms;
    return encode(encoder, &content, out);
}
