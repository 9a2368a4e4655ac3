#include "normalize/json_writer.h"

#include <endian.h>

#include "base/calendar.h"

enum { WORD_SIZE = 8, SEPARATOR = 0xe2 /* U+2028 and U+2029 begin with it */ };

/* --- Strings --- */

/* The lowest bit set marks the first byte that cannot be copied unseen: a quote, a backslash, a
 * control character, or what a line separator begins with. What lies above it does not matter. */
static uint64_t find_special(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quotes = word ^ ones * '"';
    uint64_t backslashes = word ^ ones * '\\';
    uint64_t separators = word ^ ones * SEPARATOR;
    return (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) |
            ((separators - ones) & ~separators) | ((word - ones * 0x20) & ~word)) &
           ones * 0x80;
}

static const char *skip_plain(const char *at, const char *end)
{
    for (; end - at >= WORD_SIZE; at += WORD_SIZE) {
        uint64_t word = 0;
        memcpy(&word, at, sizeof word);
        uint64_t special = find_special(le64toh(word));
        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at != SEPARATOR &&
           *at != '"' && *at != '\\')
        at++;
    return at;
}

static void write_escape(struct als_writer *writer, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    if (c < 0x20 && letters[c] == '\0') {
        als_writer_bytes(writer, escape, sizeof escape);
        return;
    }
    escape[1] = c < 0x20 ? letters[c] : (char)c;
    als_writer_bytes(writer, escape, 2);
}

/* Line and paragraph separators end lines in JavaScript, so they are escaped as well. */
static size_t write_separator(struct als_writer *writer, const char *at, size_t size)
{
    if (size >= 3 && memcmp(at, "\xe2\x80\xa8", 3) == 0) {
        als_writer_literal(writer, "\\u2028");
        return 3;
    }
    if (size >= 3 && memcmp(at, "\xe2\x80\xa9", 3) == 0) {
        als_writer_literal(writer, "\\u2029");
        return 3;
    }
    als_writer_char(writer, *at);
    return 1;
}

void als_json_writer_string(struct als_writer *writer, struct als_text text)
{
    const char *at = text.data;
    const char *end = text.size == 0 ? at : at + text.size;
    als_writer_char(writer, '"');
    while (at < end) {
        const char *special = skip_plain(at, end);
        als_writer_bytes(writer, at, (size_t)(special - at));
        at = special;
        if (at == end)
            break;
        if ((unsigned char)*at == SEPARATOR)
            at += write_separator(writer, at, (size_t)(end - at));
        else
            write_escape(writer, (unsigned char)*at++);
    }
    als_writer_char(writer, '"');
}

/* --- Structure --- */

void als_json_writer_init(struct als_json_writer *json, struct als_writer *writer)
{
    json->writer = writer;
    json->depth = 0;
    json->begun = 0;
}

static void push(struct als_json_writer *json, const char *name, bool array)
{
    json->levels[json->depth].name = name;
    json->levels[json->depth].array = array;
    json->levels[json->depth].filled = false;
    json->depth++;
}

void als_json_writer_open(struct als_json_writer *json, const char *name)
{
    push(json, name, false);
}

void als_json_writer_open_array(struct als_json_writer *json, const char *name)
{
    push(json, name, true);
}

static void write_name(struct als_writer *writer, const char *name)
{
    if (name == NULL)
        return;
    als_writer_char(writer, '"');
    als_writer_bytes(writer, name, strlen(name));
    als_writer_literal(writer, "\":");
}

/* Whatever is open shows up, then a comma where one is due, then the name. */
static void begin(struct als_json_writer *json, const char *name)
{
    for (; json->begun < json->depth; json->begun++) {
        unsigned level = json->begun;
        if (level > 0 && json->levels[level - 1].filled)
            als_writer_char(json->writer, ',');
        if (level > 0)
            json->levels[level - 1].filled = true;
        write_name(json->writer, json->levels[level].name);
        als_writer_char(json->writer, json->levels[level].array ? '[' : '{');
    }
    if (json->levels[json->depth - 1].filled)
        als_writer_char(json->writer, ',');
    json->levels[json->depth - 1].filled = true;
    write_name(json->writer, name);
}

void als_json_writer_close(struct als_json_writer *json)
{
    json->depth--;
    if (json->begun <= json->depth)
        return;
    json->begun = json->depth;
    als_writer_char(json->writer, json->levels[json->depth].array ? ']' : '}');
}

/* --- Values --- */

void als_json_writer_text(struct als_json_writer *json, const char *name, struct als_text text)
{
    if (text.data == NULL)
        return;
    begin(json, name);
    als_json_writer_string(json->writer, text);
}

void als_json_writer_integer(struct als_json_writer *json, const char *name, int64_t value)
{
    begin(json, name);
    als_writer_integer(json->writer, value);
}

void als_json_writer_boolean(struct als_json_writer *json, const char *name, bool value)
{
    begin(json, name);
    if (value)
        als_writer_literal(json->writer, "true");
    else
        als_writer_literal(json->writer, "false");
}

void als_json_writer_time(struct als_json_writer *json, const char *name, int64_t ms)
{
    char time[ALS_RFC3339_SIZE];
    als_calendar_rfc3339(ms, time);
    als_json_writer_text(json, name, als_text_of(time));
}

void als_json_writer_field(struct als_json_writer *json, const char *name,
                           const awslogsrc_record *record, int field)
{
    if (!als_record_has(record, field))
        return;
    switch (als_record_field_type(field)) {
    case AWSLOGSRC_TYPE_INTEGER:
        als_json_writer_integer(json, name, als_record_integer(record, field, 0));
        return;
    case AWSLOGSRC_TYPE_BOOLEAN:
        als_json_writer_boolean(json, name, als_record_integer(record, field, 0) != 0);
        return;
    default: als_json_writer_text(json, name, als_record_text(record, field)); return;
    }
}

void als_json_writer_raw(struct als_json_writer *json, const char *name, struct als_text raw)
{
    if (raw.data == NULL)
        return;
    begin(json, name);
    als_writer_char(json->writer, '"');
    als_writer_text(json->writer, raw);
    als_writer_char(json->writer, '"');
}
