#include "normalize/syslog.h"

#include "base/calendar.h"

/* RFC 5424, section 6. */
enum { HOST_MAX = 255, APPLICATION_MAX = 48, MESSAGE_ID_MAX = 32, TAG_MAX = 32 /* RFC 3164 */ };

static void write_word(struct als_writer *writer, struct als_text word, size_t most)
{
    size_t size = word.size < most ? word.size : most;
    for (size_t i = 0; i < size; i++)
        als_writer_char(writer, word.data[i] > ' ' && word.data[i] < 0x7f ? word.data[i] : '_');
    if (size == 0)
        als_writer_char(writer, '-');
}

static void write_time(struct als_writer *writer, const struct als_syslog_about *about)
{
    char time[ALS_RFC3339_SIZE] = "-";
    if (about->timed)
        als_calendar_rfc3339(about->time_ms, time);
    als_writer_bytes(writer, time, strlen(time));
}

/* Mmm dd hh:mm:ss, the day padded with a blank. RFC 3164 has no way to say that there is none. */
static void write_old_time(struct als_writer *writer, const struct als_syslog_about *about)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { MONTH = 5, DAY = 8, CLOCK = 11, CLOCK_SIZE = 8 }; /* within RFC 3339 */
    char time[ALS_RFC3339_SIZE];
    als_calendar_rfc3339(about->timed ? about->time_ms : 0, time);
    int month = (time[MONTH] - '0') * 10 + time[MONTH + 1] - '0';
    als_writer_bytes(writer, months + (ptrdiff_t)(month - 1) * 3, 3);
    als_writer_char(writer, ' ');
    als_writer_char(writer, time[DAY] == '0' ? ' ' : time[DAY]);
    als_writer_char(writer, time[DAY + 1]);
    als_writer_char(writer, ' ');
    als_writer_bytes(writer, time + CLOCK, CLOCK_SIZE);
}

static void write_rfc3164(struct als_writer *writer, const struct als_syslog_about *about)
{
    write_old_time(writer, about);
    als_writer_char(writer, ' ');
    write_word(writer, about->host, HOST_MAX);
    als_writer_char(writer, ' ');
    if (about->application.size == 0)
        return;
    write_word(writer, about->application, TAG_MAX);
    als_writer_literal(writer, ": ");
}

static void write_rfc5424(struct als_writer *writer, const struct als_syslog_about *about)
{
    write_word(writer, about->application, APPLICATION_MAX);
    als_writer_literal(writer, " - ");
    write_word(writer, about->message_id, MESSAGE_ID_MAX);
    als_writer_literal(writer, " - ");
}

void als_syslog_write_header(struct als_writer *writer, enum als_syslog_header header,
                             const struct als_syslog_about *about)
{
    if (header == ALS_SYSLOG_NO_HEADER)
        return;
    als_writer_char(writer, '<');
    als_writer_integer(writer, (int64_t)about->facility * 8 + about->severity);
    als_writer_char(writer, '>');
    if (header == ALS_SYSLOG_RFC3164) {
        write_rfc3164(writer, about);
        return;
    }
    als_writer_literal(writer, "1 ");
    write_time(writer, about);
    als_writer_char(writer, ' ');
    write_word(writer, about->host, HOST_MAX);
    als_writer_char(writer, ' ');
    if (header == ALS_SYSLOG_RFC5424)
        write_rfc5424(writer, about);
}

void als_syslog_write_message(struct als_writer *writer, enum als_syslog_framing framing,
                              struct als_text message)
{
    const char *feed = NULL;
    while (framing == ALS_SYSLOG_LF && message.size > 0 &&
           (feed = memchr(message.data, '\n', message.size)) != NULL) {
        size_t size = (size_t)(feed - message.data);
        als_writer_bytes(writer, message.data, size);
        als_writer_literal(writer, "\\n");
        message = (struct als_text){feed + 1, message.size - size - 1};
    }
    als_writer_text(writer, message);
}

void als_syslog_frame(struct als_writer *writer, enum als_syslog_framing framing, size_t start)
{
    char digits[24];
    struct als_writer prefix = {.data = digits, .capacity = sizeof digits};
    size_t size = writer->size - start;
    if (framing == ALS_SYSLOG_LF)
        als_writer_char(writer, '\n');
    if (framing != ALS_SYSLOG_OCTETS)
        return;
    als_writer_integer(&prefix, (int64_t)size);
    als_writer_char(&prefix, ' ');
    writer->size += prefix.size;
    if (!als_writer_fits(writer))
        return;
    memmove(writer->data + start + prefix.size, writer->data + start, size);
    memcpy(writer->data + start, digits, prefix.size);
}
