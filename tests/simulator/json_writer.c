#include "json_writer.h"

#include <string.h>

static void escape_unit(struct sim_buffer *out, unsigned unit)
{
    static const char hex[] = "0123456789abcdef";
    const char text[6] = {
        '\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    sim_buffer_add(out, text, sizeof text);
}

/* Length of the UTF-8 sequence at `at` (surrogates allowed, as WTF-8 does), 0 if it is none. */
static size_t sequence_length(const unsigned char *at, size_t left, unsigned *code_point)
{
    size_t length = at[0] >= 0xf0 && at[0] <= 0xf4 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc2 ? 2 : 0;
    if (at[0] > 0xf4 || length == 0 || length > left)
        return 0;
    unsigned value = at[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3f);
    }
    static const unsigned least[5] = {0, 0, 0x80, 0x800, 0x10000};
    *code_point = value;
    return value >= least[length] && value <= 0x10ffff ? length : 0;
}

static void escape_control(struct sim_buffer *out, unsigned char byte)
{
    static const char named[] = "\"\"\\\\\nn\rr\tt\bb\ff"; /* the byte, then its letter */
    for (size_t i = 0; i + 1 < sizeof named; i += 2) {
        if ((unsigned char)named[i] == byte) {
            const char text[2] = {'\\', named[i + 1]};
            sim_buffer_add(out, text, 2);
            return;
        }
    }
    escape_unit(out, byte);
}

static size_t write_wide(struct sim_buffer *out, bool ascii, const unsigned char *at, size_t left)
{
    unsigned code_point = 0;
    size_t length = sequence_length(at, left, &code_point);
    bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    if (length == 0 || (!ascii && !surrogate)) {
        length = length ? length : 1;
        sim_buffer_add(out, at, length);
    } else if (code_point >= 0x10000) {
        escape_unit(out, 0xd800 + ((code_point - 0x10000) >> 10));
        escape_unit(out, 0xdc00 + ((code_point - 0x10000) & 0x3ff));
    } else {
        escape_unit(out, code_point);
    }
    return length;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

void sim_json_string(struct sim_buffer *out, const struct sim_json_style *style, const char *text,
                     size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    const unsigned char *end = at + length;
    sim_buffer_add(out, "\"", 1);
    while (at < end) {
        const unsigned char *run = at;
        while (at < end && is_plain(*at))
            at++;
        sim_buffer_add(out, run, (size_t)(at - run));
        if (at == end)
            break;
        if (*at < 0x80)
            escape_control(out, *at++);
        else
            at += write_wide(out, style->ascii, at, (size_t)(end - at));
    }
    sim_buffer_add(out, "\"", 1);
}

void sim_json_member(struct sim_buffer *out, const struct sim_json_style *style, const char *name,
                     bool first)
{
    if (!first)
        sim_buffer_text(out, ",");
    if (style->whitespace)
        sim_buffer_text(out, "\r\n\t ");
    sim_buffer_text(out, "\"");
    sim_buffer_text(out, name);
    sim_buffer_text(out, style->whitespace ? "\" : " : "\":");
}

void sim_json_integer(struct sim_buffer *out, int64_t value)
{
    char text[24];
    char *at = text + sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--at = '-';
    sim_buffer_add(out, at, (size_t)(text + sizeof text - at));
}

/* Visits the structural bytes; damages number `target` and returns how many there are. */
static uint64_t visit_structure(char *body, size_t length, uint64_t target)
{
    bool in_string = false;
    uint64_t seen = 0;
    for (size_t i = 0; i < length; i++) {
        if (body[i] == '"')
            in_string = !in_string;
        else if (in_string && body[i] == '\\')
            i++;
        else if (!in_string && body[i] && strchr("{}[]:,", body[i]) && seen++ == target)
            body[i] = (char)(body[i] ^ 4); /* {}[]:, become DEL y _ Y > ( : never legal there */
    }
    return seen;
}

void sim_json_damage(char *body, size_t length, uint64_t pick)
{
    uint64_t count = visit_structure(body, length, UINT64_MAX);
    if (count)
        visit_structure(body, length, pick % count);
}
