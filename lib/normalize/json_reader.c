#include "normalize/json_reader.h"

#include <endian.h>
#include <string.h>

#include "base/utf8.h"

enum { WORD_SIZE = 8, ESCAPE_SIZE = 6 /* \uXXXX */ };

void als_json_reader_init(struct als_json_reader *reader, struct als_text document)
{
    const char *data = document.data == NULL ? "" : document.data; /* NULL + 0 is not defined */
    *reader = (struct als_json_reader){.at = data, .end = data + document.size};
}

/* Nothing is next then. */
static bool fail(struct als_json_reader *reader)
{
    reader->failed = true;
    reader->at = reader->end;
    return false;
}

static inline int peek(struct als_json_reader *reader)
{
    for (; reader->at < reader->end; reader->at++) {
        unsigned char c = (unsigned char)*reader->at;
        if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t'))
            return c;
    }
    return -1;
}

int als_json_reader_peek(struct als_json_reader *reader)
{
    return peek(reader);
}

static inline bool accept(struct als_json_reader *reader, char c)
{
    bool here = peek(reader) == (unsigned char)c;
    reader->at += here;
    return here;
}

/* --- Strings --- */

/* The lowest bit set marks the first quote, backslash or control character of eight bytes: the
 * subtractions borrow into bit 7 there, and what lies above a borrow does not matter. */
static uint64_t find_special(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quotes = word ^ ones * '"';
    uint64_t backslashes = word ^ ones * '\\';
    return (((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes) |
            ((word - ones * 0x20) & ~word)) &
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
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The 16 bits of a \uXXXX at data, or -1. */
static int32_t read_unit(const char *data, const char *end)
{
    int32_t unit = 0;
    if (end - data < ESCAPE_SIZE || data[0] != '\\' || data[1] != 'u')
        return -1;
    for (int i = 2; i < ESCAPE_SIZE; i++) {
        int digit = hex_digit(data[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* What a backslash and this mean; NUL: nothing, or 'u'. */
static char meaning_of(char c)
{
    switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
    }
}

/* The size of the escape at data, 0 where it is none. */
static int measure_escape(const char *data, const char *end)
{
    if (end - data >= 2 && meaning_of(data[1]) != '\0')
        return 2;
    return read_unit(data, end) < 0 ? 0 : ESCAPE_SIZE;
}

bool als_json_reader_string(struct als_json_reader *reader, struct als_json_raw *string)
{
    if (!accept(reader, '"'))
        return fail(reader);
    const char *start = reader->at;
    const char *at = start;
    string->escaped = false;
    for (;;) {
        at = skip_plain(at, reader->end);
        if (at < reader->end && *at == '"')
            break;
        int escape = at < reader->end && *at == '\\' ? measure_escape(at, reader->end) : 0;
        if (escape == 0)
            return fail(reader);
        string->escaped = true;
        at += escape;
    }
    string->text = (struct als_text){start, (size_t)(at - start)};
    reader->at = at + 1;
    return true;
}

static size_t decode_unit(const char **at, const char *end, char *out)
{
    int32_t unit = read_unit(*at, end);
    uint32_t code_point = (uint32_t)unit;
    *at += ESCAPE_SIZE;
    if (unit >= 0xd800 && unit <= 0xdbff) {
        int32_t low = read_unit(*at, end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            code_point = 0x10000 + ((code_point - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
            *at += ESCAPE_SIZE;
        }
    }
    if (code_point >= 0xd800 && code_point <= 0xdfff)
        code_point = ALS_UTF8_REPLACEMENT;
    return als_utf8_encode(code_point, out);
}

size_t als_json_reader_decode(const struct als_json_raw *string, char *out)
{
    const char *at = string->text.data;
    const char *end = at + string->text.size;
    char *start = out;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(out, at, plain);
        out += plain;
        at += plain;
        if (escape == NULL)
            break;
        if (at[1] == 'u') {
            out += decode_unit(&at, end, out);
        } else {
            *out++ = meaning_of(at[1]);
            at += 2;
        }
    }
    return (size_t)(out - start);
}

/* --- Numbers and literals --- */

static bool skip_digits(struct als_json_reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return reader->at > start || fail(reader);
}

static bool skip_one_of(struct als_json_reader *reader, char a, char b)
{
    bool here = reader->at < reader->end && (*reader->at == a || *reader->at == b);
    reader->at += here;
    return here;
}

static bool skip_number(struct als_json_reader *reader)
{
    (void)skip_one_of(reader, '-', '-');
    if (!skip_one_of(reader, '0', '0') && !skip_digits(reader))
        return false;
    if (skip_one_of(reader, '.', '.') && !skip_digits(reader))
        return false;
    if (!skip_one_of(reader, 'e', 'E'))
        return true;
    (void)skip_one_of(reader, '+', '-');
    return skip_digits(reader);
}

static bool skip_literal(struct als_json_reader *reader, struct als_text literal)
{
    struct als_text rest = {reader->at, (size_t)(reader->end - reader->at)};
    if (!als_text_starts_with(rest, literal))
        return fail(reader);
    reader->at += literal.size;
    return true;
}

static bool skip_scalar(struct als_json_reader *reader, int first)
{
    struct als_json_raw string;
    switch (first) {
    case '"': return als_json_reader_string(reader, &string);
    case 't': return skip_literal(reader, ALS_TEXT("true"));
    case 'f': return skip_literal(reader, ALS_TEXT("false"));
    case 'n': return skip_literal(reader, ALS_TEXT("null"));
    default: return first >= 0 && skip_number(reader);
    }
}

/* --- Structure --- */

bool als_json_reader_open(struct als_json_reader *reader, char bracket)
{
    return accept(reader, bracket) || fail(reader);
}

static bool read_name(struct als_json_reader *reader, struct als_json_raw *name)
{
    return als_json_reader_string(reader, name) && (accept(reader, ':') || fail(reader));
}

bool als_json_reader_next_member(struct als_json_reader *reader, bool *first,
                                 struct als_json_raw *name)
{
    if (accept(reader, '}'))
        return false;
    if (!*first && !accept(reader, ','))
        return fail(reader);
    *first = false;
    return read_name(reader, name);
}

bool als_json_reader_next_element(struct als_json_reader *reader, bool *first)
{
    if (accept(reader, ']'))
        return false;
    if (!*first && !accept(reader, ','))
        return fail(reader);
    *first = false;
    return !reader->failed;
}

/* The open brackets around a place, a bit each: 1 for objects. Not the C stack, which is the
 * host's. */
struct nesting {
    unsigned depth;
    uint64_t objects[ALS_JSON_READER_DEPTH_MAX / 64];
};

static bool is_in_object(const struct nesting *nesting)
{
    unsigned top = nesting->depth - 1;
    return (nesting->objects[top / 64] >> top % 64 & 1) != 0;
}

static bool enter(struct als_json_reader *reader, struct nesting *nesting, bool object)
{
    unsigned top = nesting->depth;
    if (top == ALS_JSON_READER_DEPTH_MAX)
        return fail(reader);
    uint64_t bit = UINT64_C(1) << top % 64;
    if (top % 64 == 0)
        nesting->objects[top / 64] = 0;
    if (object)
        nesting->objects[top / 64] |= bit;
    else
        nesting->objects[top / 64] &= ~bit;
    nesting->depth++;
    reader->at++;
    return true;
}

/* Behind a value: on to the next one of what it is in. False where there is none: all brackets are
 * closed, or something is wrong. */
static bool go_on(struct als_json_reader *reader, struct nesting *nesting)
{
    struct als_json_raw name;
    while (nesting->depth > 0) {
        bool object = is_in_object(nesting);
        if (accept(reader, ','))
            return !object || read_name(reader, &name);
        if (!accept(reader, object ? '}' : ']'))
            return fail(reader);
        nesting->depth--;
    }
    return false;
}

/* Into the brackets that are next, up to their first value. False where there is none. */
static bool go_in(struct als_json_reader *reader, struct nesting *nesting, bool object)
{
    struct als_json_raw name;
    if (!enter(reader, nesting, object))
        return false;
    if (!accept(reader, object ? '}' : ']'))
        return !object || read_name(reader, &name);
    nesting->depth--;
    return go_on(reader, nesting);
}

static void skip_brackets(struct als_json_reader *reader)
{
    struct nesting nesting; /* filled as deep as it gets, not all 2 KiB for every pair */
    nesting.depth = 0;
    bool more = true;
    while (more) {
        int c = peek(reader);
        if (c == '{' || c == '[')
            more = go_in(reader, &nesting, c == '{');
        else
            more = (skip_scalar(reader, c) || fail(reader)) && go_on(reader, &nesting);
    }
}

bool als_json_reader_value(struct als_json_reader *reader, struct als_text *value)
{
    int c = peek(reader);
    const char *start = reader->at;
    if (c == '{' || c == '[')
        skip_brackets(reader);
    else if (!skip_scalar(reader, c))
        return fail(reader);
    *value = (struct als_text){start, (size_t)(reader->at - start)};
    return !reader->failed;
}

bool als_json_reader_end(struct als_json_reader *reader)
{
    return (peek(reader) < 0 && !reader->failed) || fail(reader);
}
