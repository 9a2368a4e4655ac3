#include "normalize/json_writer.h"

#include <endian.h>

#include "base/calendar.h"
#include "base/utf8.h"

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

static bool is_special(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == SEPARATOR;
}

enum { LONGEST_ESCAPE = 6 /* \\u00xx */ };

/* Writes what stands for a byte that cannot be copied unseen, which *at then is behind. Line and
 * paragraph separators end lines in JavaScript, so they are escaped as well. */
static char *put_special(char *out, const char **at, const char *end)
{
    static const char digits[] = "0123456789abcdef";
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    unsigned char c = (unsigned char)*(*at)++;
    if (c == SEPARATOR) {
        bool line = end - *at >= 2 && memcmp(*at, "\x80\xa8", 2) == 0;
        if (!line && (end - *at < 2 || memcmp(*at, "\x80\xa9", 2) != 0)) {
            *out = (char)c;
            return out + 1;
        }
        *at += 2;
        memcpy(out, line ? "\\u2028" : "\\u2029", LONGEST_ESCAPE);
        return out + LONGEST_ESCAPE;
    }
    *out++ = '\\';
    if (c >= 0x20 || letters[c] != '\0') {
        *out = c >= 0x20 ? (char)c : letters[c];
        return out + 1;
    }
    memcpy(out, "u00", 3);
    out[3] = digits[c >> 4];
    out[4] = digits[c & 15];
    return out + LONGEST_ESCAPE - 1;
}

/* Where there is room for whatever comes of the text, and a word more. */
static char *put_text(char *out, const char *at, const char *end)
{
    while (end - at >= WORD_SIZE) {
        uint64_t word = 0;
        memcpy(&word, at, sizeof word);
        memcpy(out, &word, sizeof word);
        uint64_t special = find_special(le64toh(word));
        int plain = special == 0 ? WORD_SIZE : __builtin_ctzll(special) / 8;
        at += plain;
        out += plain;
        if (special != 0)
            out = put_special(out, &at, end);
    }
    while (at < end) {
        if (is_special(*at))
            out = put_special(out, &at, end);
        else
            *out++ = *at++;
    }
    return out;
}

/* Piece by piece: what has no room is counted. */
static void write_pieces(struct als_writer *writer, const char *at, const char *end)
{
    while (at < end) {
        char escape[LONGEST_ESCAPE];
        const char *plain = at;
        while (at < end && !is_special(*at))
            at++;
        als_writer_bytes(writer, plain, (size_t)(at - plain));
        if (at < end)
            als_writer_bytes(writer, escape, (size_t)(put_special(escape, &at, end) - escape));
    }
}

/* What the limit leaves of a text: its escapes count, which take up to six times the room. */
static struct als_text keep(const struct als_writer *writer, struct als_text text)
{
    enum { MARK_SIZE = sizeof ALS_WRITER_CUT_MARK - 1 };
    const char *at = text.data, *end = text.data + text.size;
    size_t size = 0, kept = 0;
    while (at < end && size <= writer->value_max) {
        char escape[LONGEST_ESCAPE];
        bool special = is_special(*at);
        size += special ? (size_t)(put_special(escape, &at, end) - escape) : 1;
        at += !special;
        if (size + MARK_SIZE <= writer->value_max)
            kept = (size_t)(at - text.data);
    }
    return size <= writer->value_max ? text : als_utf8_cut(text, kept);
}

void als_json_writer_string(struct als_writer *writer, struct als_text text)
{
    struct als_text kept = writer->value_max == 0 || text.size == 0 ? text : keep(writer, text);
    const char *at = kept.data;
    const char *end = kept.size == 0 ? at : at + kept.size;
    als_writer_char(writer, '"');
    size_t room = als_writer_fits(writer) ? writer->capacity - writer->size : 0;
    if (room > WORD_SIZE && (room - WORD_SIZE) / LONGEST_ESCAPE >= kept.size)
        writer->size = (size_t)(put_text(writer->data + writer->size, at, end) - writer->data);
    else
        write_pieces(writer, at, end);
    als_writer_mark(writer, kept, text);
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
    size_t size = strlen(name);
    als_writer_char(writer, '"');
    als_writer_bytes(writer, name, size);
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

void als_json_writer_flag(struct als_json_writer *json, const char *name,
                          const awslogsrc_record *record, int field)
{
    if (als_record_has(record, field))
        als_json_writer_boolean(json, name, als_record_integer(record, field, 0) != 0);
}

/* The size of an escape and of what belongs to it: the other half of a surrogate pair, unless it is
 * seen not to follow. */
static size_t measure_escape(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);
    if (left < 2 || at[1] != 'u')
        return 2;
    bool high = left > 3 && (at[2] == 'd' || at[2] == 'D') && memchr("89abAB", at[3], 6) != NULL;
    bool alone = left >= LONGEST_ESCAPE + 2 && memcmp(at + LONGEST_ESCAPE, "\\u", 2) != 0;
    return high && !alone ? (size_t)2 * LONGEST_ESCAPE : LONGEST_ESCAPE;
}

/* Less where that ends within an escape. */
static struct als_text before_escape(struct als_text kept)
{
    const char *at = kept.data, *end = kept.data + kept.size;
    for (;;) {
        const char *escape = at < end ? memchr(at, '\\', (size_t)(end - at)) : NULL;
        if (escape == NULL)
            return kept;
        size_t size = measure_escape(escape, end);
        if (size > (size_t)(end - escape))
            return (struct als_text){kept.data, (size_t)(escape - kept.data)};
        at = escape + size;
    }
}

void als_json_writer_raw(struct als_json_writer *json, const char *name, struct als_text raw)
{
    if (raw.data == NULL)
        return;
    begin(json, name);
    als_writer_char(json->writer, '"');
    struct als_text kept = als_writer_kept(json->writer, raw);
    if (kept.size < raw.size)
        kept = before_escape(kept);
    als_writer_text(json->writer, kept);
    als_writer_mark(json->writer, kept, raw);
    als_writer_char(json->writer, '"');
}

/* --- What is too long --- */

bool als_json_writer_cut(struct als_writer *writer, size_t start, size_t most)
{
    static const char mark[] = ",\"truncated\":true}";
    enum { MARK_SIZE = sizeof mark - 1 };
    struct {
        size_t at;
        unsigned depth;
        char closing[ALS_JSON_WRITER_DEPTH_MAX];
    } here = {.at = start}, last = {.depth = 0};
    bool in_string = false;
    for (; here.at < writer->size && here.at < most; here.at++) {
        char c = writer->data[here.at];
        if (c == '"')
            in_string = !in_string;
        else if (in_string)
            here.at += c == '\\';
        else if (c == '{' || c == '[')
            here.closing[here.depth++] = c == '{' ? '}' : ']';
        else if (c == '}' || c == ']')
            here.depth--;
        else if (c == ',' && here.at + here.depth - 1 + MARK_SIZE <= most)
            last = here;
    }
    if (last.depth == 0)
        return false;
    writer->size = last.at;
    while (last.depth > 1)
        als_writer_char(writer, last.closing[--last.depth]);
    als_writer_literal(writer, mark);
    return true;
}
