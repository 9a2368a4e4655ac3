#include "aws/json_scanner.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { WORD_SIZE = 8 };

void als_json_scanner_init(struct als_json_scanner *scanner, char *data, size_t size)
{
    *scanner = (struct als_json_scanner){.begin = data, .at = data};
    scanner->end = size == 0 ? data : data + size; /* an empty document may be NULL */
}

bool als_json_scanner_fail(struct als_json_scanner *scanner, int status, const char *reason,
                           size_t offset)
{
    if (scanner->status == 0) {
        scanner->status = status;
        scanner->reason = reason;
        scanner->offset = offset;
    }
    return false;
}

static bool fail_at(struct als_json_scanner *scanner, const char *reason)
{
    return als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL, reason,
                                 (size_t)(scanner->at - scanner->begin));
}

/* The next byte that is not white space; -1 at the end or after a failure. */
static int peek(struct als_json_scanner *scanner)
{
    if (scanner->status != 0)
        return -1;
    for (; scanner->at < scanner->end; scanner->at++) {
        char c = *scanner->at;
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return (unsigned char)c;
    }
    return -1;
}

static bool accept(struct als_json_scanner *scanner, char c)
{
    bool here = peek(scanner) == c;
    scanner->at += here;
    return here;
}

size_t als_json_scanner_offset(struct als_json_scanner *scanner)
{
    (void)peek(scanner);
    return (size_t)(scanner->at - scanner->begin);
}

/* --- Strings --- */

struct writer {
    char *start;
    char *at;
    bool
        apart; /* in the spill, with room for whatever may come; else in place, behind the reader */
    bool replaced;
};

/* Eight bytes, the first one in the low bits on every machine; compilers make one load of it. */
static uint64_t load_word(const char *data)
{
    const unsigned char *bytes = (const unsigned char *)data;
    uint64_t word = 0;
    for (unsigned i = 0; i < WORD_SIZE; i++)
        word |= (uint64_t)bytes[i] << (8 * i);
    return word;
}

/* The lowest bit set marks the first quote, backslash or non-ASCII byte: subtracting one borrows
 * into bit 7 of a byte that is zero, and what lies above a borrow does not matter. */
static uint64_t find_special_in_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quotes = word ^ ones * '"';
    uint64_t backslashes = word ^ ones * '\\';
    return ((quotes - ones) | (backslashes - ones) | word) & ones * 0x80;
}

static bool is_special(char c)
{
    return c == '"' || c == '\\' || (unsigned char)c >= 0x80;
}

static char *find_special(char *at, const char *end)
{
    for (; end - at >= WORD_SIZE; at += WORD_SIZE) {
        uint64_t special = find_special_in_word(load_word(at));
        if (special != 0)
            return at + __builtin_ctzll(special) / 8;
    }
    while (at < end && !is_special(*at))
        at++;
    return at;
}

/* Finds and copies in one go, a word at a time. A word is written before it is known how much of it
 * is wanted, so it needs WORD_SIZE bytes of distance between writer and reader. */
static void copy_words(struct als_json_scanner *scanner, struct writer *writer)
{
    char *in = scanner->at;
    char *out = writer->at;
    while (scanner->end - in >= WORD_SIZE) {
        memcpy(out, in, WORD_SIZE);
        uint64_t special = find_special_in_word(load_word(in));
        ptrdiff_t plain = special == 0 ? WORD_SIZE : __builtin_ctzll(special) / 8;
        in += plain;
        out += plain;
        if (special != 0)
            break;
    }
    scanner->at = in;
    writer->at = out;
}

static void copy_plain(struct als_json_scanner *scanner, struct writer *writer)
{
    if (writer->apart || scanner->at - writer->at >= WORD_SIZE)
        copy_words(scanner, writer);
    char *special = find_special(scanner->at, scanner->end);
    size_t size = (size_t)(special - scanner->at);
    if (size > 0 && writer->at != scanner->at)
        memmove(writer->at, scanner->at, size);
    writer->at += size;
    scanner->at = special;
}

static bool move_apart(struct als_json_scanner *scanner, struct writer *writer)
{
    size_t done = (size_t)(writer->at - writer->start);
    if (scanner->spill == NULL) {
        /* From this string on, each byte of the document becomes three at most. */
        size_t room = ALS_UTF8_REPLACEMENT_SIZE * (size_t)(scanner->end - writer->start);
        scanner->spill = als_resize_array(NULL, room + WORD_SIZE, 1);
        scanner->spill_at = scanner->spill;
    }
    if (scanner->spill == NULL)
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_NO_MEMORY, "out of memory",
                                     (size_t)(scanner->at - scanner->begin));
    memcpy(scanner->spill_at, writer->start, done);
    writer->start = scanner->spill_at;
    writer->at = writer->start + done;
    writer->apart = true;
    return true;
}

static bool copy_sequence(struct als_json_scanner *scanner, struct writer *writer)
{
    bool valid = false;
    size_t size = als_utf8_measure(scanner->at, (size_t)(scanner->end - scanner->at), &valid);
    if (valid) {
        for (size_t i = 0; i < size; i++)
            *writer->at++ = *scanner->at++;
        return true;
    }
    if (!writer->apart && scanner->at + size - writer->at < (ptrdiff_t)ALS_UTF8_REPLACEMENT_SIZE &&
        !move_apart(scanner, writer))
        return false;
    scanner->at += size;
    writer->at += als_utf8_encode(ALS_UTF8_REPLACEMENT, writer->at);
    writer->replaced = true;
    return true;
}

/* The 16 bits of a \uXXXX at data, or -1. */
static int32_t read_unit(const char *data, const char *end)
{
    enum { DIGIT = 0x10 }; /* marks the entries that are hexadecimal digits */
    static const unsigned char digits[256] = {
        ['0'] = DIGIT | 0,  ['1'] = DIGIT | 1,  ['2'] = DIGIT | 2,  ['3'] = DIGIT | 3,
        ['4'] = DIGIT | 4,  ['5'] = DIGIT | 5,  ['6'] = DIGIT | 6,  ['7'] = DIGIT | 7,
        ['8'] = DIGIT | 8,  ['9'] = DIGIT | 9,  ['a'] = DIGIT | 10, ['b'] = DIGIT | 11,
        ['c'] = DIGIT | 12, ['d'] = DIGIT | 13, ['e'] = DIGIT | 14, ['f'] = DIGIT | 15,
        ['A'] = DIGIT | 10, ['B'] = DIGIT | 11, ['C'] = DIGIT | 12, ['D'] = DIGIT | 13,
        ['E'] = DIGIT | 14, ['F'] = DIGIT | 15};
    if (end - data < 6 || data[0] != '\\' || data[1] != 'u')
        return -1;
    const unsigned char *bytes = (const unsigned char *)data;
    unsigned a = digits[bytes[2]], b = digits[bytes[3]], c = digits[bytes[4]], d = digits[bytes[5]];
    if ((a & b & c & d & DIGIT) == 0)
        return -1;
    return (int32_t)((a & 15) << 12 | (b & 15) << 8 | (c & 15) << 4 | (d & 15));
}

static bool copy_unicode_escape(struct als_json_scanner *scanner, struct writer *writer)
{
    int32_t unit = read_unit(scanner->at, scanner->end);
    if (unit < 0)
        return fail_at(scanner, "bad \\u escape");
    uint32_t code_point = (uint32_t)unit;
    scanner->at += 6;
    if (unit >= 0xd800 && unit <= 0xdbff) {
        int32_t low = read_unit(scanner->at, scanner->end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            code_point = 0x10000 + ((code_point - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
            scanner->at += 6;
        }
    }
    if (code_point >= 0xd800 && code_point <= 0xdfff) {
        code_point = ALS_UTF8_REPLACEMENT;
        writer->replaced = true;
    }
    writer->at += als_utf8_encode(code_point, writer->at);
    return true;
}

static bool copy_escape(struct als_json_scanner *scanner, struct writer *writer)
{
    char c = scanner->end - scanner->at < 2 ? '\0' : scanner->at[1];
    switch (c) {
    case 'u': return copy_unicode_escape(scanner, writer);
    case '"':
    case '\\':
    case '/': break;
    case 'b': c = '\b'; break;
    case 'f': c = '\f'; break;
    case 'n': c = '\n'; break;
    case 'r': c = '\r'; break;
    case 't': c = '\t'; break;
    default: return fail_at(scanner, "bad escape");
    }
    scanner->at += 2;
    *writer->at++ = c;
    return true;
}

bool als_json_scanner_string(struct als_json_scanner *scanner, struct als_json_string *string)
{
    string->offset = als_json_scanner_offset(scanner);
    if (!accept(scanner, '"'))
        return fail_at(scanner, "a string was expected");
    struct writer writer = {.start = scanner->at, .at = scanner->at};
    for (;;) {
        copy_plain(scanner, &writer);
        if (scanner->at == scanner->end)
            return fail_at(scanner, "the string does not end");
        if (*scanner->at == '"')
            break;
        bool copied =
            *scanner->at == '\\' ? copy_escape(scanner, &writer) : copy_sequence(scanner, &writer);
        if (!copied)
            return false;
    }
    scanner->at++;
    *writer.at = '\0'; /* where the quote was, or before it */
    if (writer.apart)
        scanner->spill_at = writer.at + 1;
    string->text = (struct als_text){writer.start, (size_t)(writer.at - writer.start)};
    string->replaced = writer.replaced;
    return true;
}

/* --- Numbers and literals --- */

static bool skip_digits(struct als_json_scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9')
        scanner->at++;
    return scanner->at > start || fail_at(scanner, "a digit was expected");
}

static bool next_is_one_of(const struct als_json_scanner *scanner, char a, char b)
{
    return scanner->at < scanner->end && (*scanner->at == a || *scanner->at == b);
}

static bool skip_integer(struct als_json_scanner *scanner)
{
    if (next_is_one_of(scanner, '-', '-'))
        scanner->at++;
    if (!next_is_one_of(scanner, '0', '0'))
        return skip_digits(scanner);
    scanner->at++; /* a digit behind a leading zero fails as an unexpected byte */
    return true;
}

static bool skip_number(struct als_json_scanner *scanner)
{
    if (!skip_integer(scanner))
        return false;
    if (next_is_one_of(scanner, '.', '.')) {
        scanner->at++;
        if (!skip_digits(scanner))
            return false;
    }
    if (!next_is_one_of(scanner, 'e', 'E'))
        return true;
    scanner->at++;
    if (next_is_one_of(scanner, '+', '-'))
        scanner->at++;
    return skip_digits(scanner);
}

bool als_json_scanner_int64(struct als_json_scanner *scanner, int64_t *value)
{
    int c = peek(scanner);
    if (c != '-' && (c < '0' || c > '9'))
        return fail_at(scanner, "an integer was expected");
    size_t offset = (size_t)(scanner->at - scanner->begin);
    const char *start = scanner->at;
    if (!skip_integer(scanner))
        return false;
    struct als_text digits = {start, (size_t)(scanner->at - start)};
    if (next_is_one_of(scanner, 'e', 'E') || next_is_one_of(scanner, '.', '.'))
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL,
                                     "an integer was expected, without fraction or exponent",
                                     offset);
    if (!als_text_to_int64(digits, value))
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL,
                                     "the integer does not fit into 64 bits", offset);
    return true;
}

static bool accept_literal(struct als_json_scanner *scanner, struct als_text literal)
{
    (void)peek(scanner);
    struct als_text rest = {scanner->at, (size_t)(scanner->end - scanner->at)};
    if (scanner->status != 0 || !als_text_starts_with(rest, literal))
        return false;
    scanner->at += literal.size;
    return true;
}

bool als_json_scanner_null(struct als_json_scanner *scanner)
{
    return accept_literal(scanner, ALS_TEXT("null"));
}

/* --- Structure --- */

bool als_json_scanner_open(struct als_json_scanner *scanner, char bracket)
{
    if (accept(scanner, bracket))
        return true;
    return fail_at(scanner, bracket == '{' ? "an object was expected" : "an array was expected");
}

bool als_json_scanner_next_element(struct als_json_scanner *scanner, bool *first)
{
    if (accept(scanner, ']'))
        return false;
    if (!*first && !accept(scanner, ','))
        return fail_at(scanner, "',' or ']' was expected");
    *first = false;
    return scanner->status == 0;
}

bool als_json_scanner_next_member(struct als_json_scanner *scanner, bool *first,
                                  struct als_json_string *name)
{
    if (accept(scanner, '}'))
        return false;
    if (!*first && !accept(scanner, ','))
        return fail_at(scanner, "',' or '}' was expected");
    *first = false;
    if (!als_json_scanner_string(scanner, name))
        return false;
    return accept(scanner, ':') || fail_at(scanner, "':' was expected");
}

static bool skip_value(struct als_json_scanner *scanner, unsigned depth);

static bool skip_members(struct als_json_scanner *scanner, unsigned depth)
{
    struct als_json_string name;
    for (bool first = als_json_scanner_open(scanner, '{');
         als_json_scanner_next_member(scanner, &first, &name);)
        (void)skip_value(scanner, depth);
    return scanner->status == 0;
}

static bool skip_elements(struct als_json_scanner *scanner, unsigned depth)
{
    for (bool first = als_json_scanner_open(scanner, '[');
         als_json_scanner_next_element(scanner, &first);)
        (void)skip_value(scanner, depth);
    return scanner->status == 0;
}

/* Recursion ends at ALS_JSON_SCANNER_DEPTH_MAX. */
static bool skip_value(struct als_json_scanner *scanner, unsigned depth)
{
    struct als_json_string string;
    int c = peek(scanner);
    if ((c == '{' || c == '[') && depth == ALS_JSON_SCANNER_DEPTH_MAX)
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_TOO_LARGE, "values are nested too deeply",
                                     (size_t)(scanner->at - scanner->begin));
    switch (c) {
    case '{': return skip_members(scanner, depth + 1);
    case '[': return skip_elements(scanner, depth + 1);
    case '"': return als_json_scanner_string(scanner, &string);
    default: break;
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return skip_number(scanner);
    return accept_literal(scanner, ALS_TEXT("null")) || accept_literal(scanner, ALS_TEXT("true")) ||
           accept_literal(scanner, ALS_TEXT("false")) || fail_at(scanner, "a value was expected");
}

bool als_json_scanner_skip(struct als_json_scanner *scanner)
{
    return skip_value(scanner, 0);
}

bool als_json_scanner_end(struct als_json_scanner *scanner)
{
    return (peek(scanner) < 0 && scanner->status == 0) ||
           fail_at(scanner, "nothing was expected behind the value");
}
