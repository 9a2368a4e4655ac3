#include "aws/json_scanner.h"

#include <endian.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { WORD_SIZE = 8, ESCAPE_SIZE = 6 /* \uXXXX */ };

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

/* A string on its way from JSON to text. Kept apart from the scanner, so that its pointers live in
 * registers: a store through char * might change anything in memory. */
struct rewrite {
    char *in;
    char *out;
    char *start; /* of the text */
    bool apart;  /* out is in the spill, with room for whatever comes; else in place, behind in */
    bool replaced;
};

/* Eight bytes, the first one in the low bits on every machine. */
static uint64_t load_word(const char *data)
{
    uint64_t word = 0;
    memcpy(&word, data, sizeof word);
    return le64toh(word);
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

/* Copies up to the first special byte or the end. */
static void copy_plain(struct rewrite *rewrite, const char *end)
{
    char *in = rewrite->in;
    char *out = rewrite->out;
    uint64_t special = 0;
    for (; end - in >= WORD_SIZE; in += WORD_SIZE, out += WORD_SIZE) {
        special = find_special_in_word(load_word(in));
        if (special != 0)
            break;
        memmove(out, in, WORD_SIZE);
    }
    const char *stop = special == 0 ? end : in + __builtin_ctzll(special) / 8;
    if (special != 0 && (rewrite->apart || in - out >= WORD_SIZE)) {
        memcpy(out, in, WORD_SIZE); /* more than wanted is cheaper than as much as wanted */
        out += stop - in;
        in += stop - in;
    }
    while (in < stop && !is_special(*in))
        *out++ = *in++;
    rewrite->in = in;
    rewrite->out = out;
}

static bool fail_rewrite(struct als_json_scanner *scanner, const struct rewrite *rewrite,
                         const char *reason)
{
    scanner->at = rewrite->in;
    return fail_at(scanner, reason);
}

static bool move_apart(struct als_json_scanner *scanner, struct rewrite *rewrite)
{
    size_t done = (size_t)(rewrite->out - rewrite->start);
    if (scanner->spill == NULL) {
        /* From this string on, each byte of the document becomes three at most. */
        size_t room = ALS_UTF8_REPLACEMENT_SIZE * (size_t)(scanner->end - rewrite->start);
        scanner->spill = als_resize_array(NULL, room + WORD_SIZE, 1);
        scanner->spill_at = scanner->spill;
    }
    if (scanner->spill == NULL)
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_NO_MEMORY, "out of memory",
                                     (size_t)(rewrite->in - scanner->begin));
    memcpy(scanner->spill_at, rewrite->start, done);
    rewrite->start = scanner->spill_at;
    rewrite->out = rewrite->start + done;
    rewrite->apart = true;
    return true;
}

static bool copy_sequence(struct als_json_scanner *scanner, struct rewrite *rewrite)
{
    bool valid = false;
    size_t size = als_utf8_measure(rewrite->in, (size_t)(scanner->end - rewrite->in), &valid);
    if (valid) {
        for (size_t i = 0; i < size; i++)
            *rewrite->out++ = *rewrite->in++;
        return true;
    }
    bool fits = rewrite->apart || rewrite->in + size - rewrite->out >= ALS_UTF8_REPLACEMENT_SIZE;
    if (!fits && !move_apart(scanner, rewrite))
        return false;
    rewrite->in += size;
    rewrite->out += als_utf8_encode(ALS_UTF8_REPLACEMENT, rewrite->out);
    rewrite->replaced = true;
    return true;
}

/* The 16 bits of a \uXXXX at data, or -1. */
static inline int32_t read_unit(const char *data, const char *end)
{
    enum { DIGIT = 0x10 }; /* marks the entries that are hexadecimal digits */
    static const unsigned char digits[256] = {
        ['0'] = DIGIT | 0,  ['1'] = DIGIT | 1,  ['2'] = DIGIT | 2,  ['3'] = DIGIT | 3,
        ['4'] = DIGIT | 4,  ['5'] = DIGIT | 5,  ['6'] = DIGIT | 6,  ['7'] = DIGIT | 7,
        ['8'] = DIGIT | 8,  ['9'] = DIGIT | 9,  ['a'] = DIGIT | 10, ['b'] = DIGIT | 11,
        ['c'] = DIGIT | 12, ['d'] = DIGIT | 13, ['e'] = DIGIT | 14, ['f'] = DIGIT | 15,
        ['A'] = DIGIT | 10, ['B'] = DIGIT | 11, ['C'] = DIGIT | 12, ['D'] = DIGIT | 13,
        ['E'] = DIGIT | 14, ['F'] = DIGIT | 15};
    if (end - data < ESCAPE_SIZE || data[0] != '\\' || data[1] != 'u')
        return -1;
    const unsigned char *bytes = (const unsigned char *)data;
    unsigned a = digits[bytes[2]], b = digits[bytes[3]], c = digits[bytes[4]], d = digits[bytes[5]];
    if ((a & b & c & d & DIGIT) == 0)
        return -1;
    return (int32_t)((a & 15) << 12 | (b & 15) << 8 | (c & 15) << 4 | (d & 15));
}

static bool copy_unicode_escape(struct als_json_scanner *scanner, struct rewrite *rewrite)
{
    int32_t unit = read_unit(rewrite->in, scanner->end);
    if (unit < 0)
        return fail_rewrite(scanner, rewrite, "bad \\u escape");
    uint32_t code_point = (uint32_t)unit;
    rewrite->in += ESCAPE_SIZE;
    if (unit < 0x80) { /* control characters come in series */
        *rewrite->out++ = (char)unit;
        return true;
    }
    if (unit >= 0xd800 && unit <= 0xdbff) {
        int32_t low = read_unit(rewrite->in, scanner->end);
        if (low >= 0xdc00 && low <= 0xdfff) {
            code_point = 0x10000 + ((code_point - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
            rewrite->in += ESCAPE_SIZE;
        }
    }
    if (code_point >= 0xd800 && code_point <= 0xdfff) {
        code_point = ALS_UTF8_REPLACEMENT;
        rewrite->replaced = true;
    }
    rewrite->out += als_utf8_encode(code_point, rewrite->out);
    return true;
}

static bool copy_escape(struct als_json_scanner *scanner, struct rewrite *rewrite)
{
    static const char meanings[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                       ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    if (scanner->end - rewrite->in < 2)
        return fail_rewrite(scanner, rewrite, "the string does not end");
    unsigned char name = (unsigned char)rewrite->in[1];
    if (name == 'u')
        return copy_unicode_escape(scanner, rewrite);
    if (meanings[name] == '\0')
        return fail_rewrite(scanner, rewrite, "bad escape");
    *rewrite->out++ = meanings[name];
    rewrite->in += 2;
    return true;
}

/* Ends at the closing quote. */
static bool copy_string(struct als_json_scanner *scanner, struct rewrite *rewrite)
{
    for (;;) {
        /* Asked first, because special bytes come in series: a guess the processor gets right. */
        if (rewrite->in < scanner->end && !is_special(*rewrite->in))
            copy_plain(rewrite, scanner->end);
        if (rewrite->in == scanner->end)
            return fail_rewrite(scanner, rewrite, "the string does not end");
        if (*rewrite->in == '"')
            return true;
        bool copied =
            *rewrite->in == '\\' ? copy_escape(scanner, rewrite) : copy_sequence(scanner, rewrite);
        if (!copied)
            return false;
    }
}

bool als_json_scanner_string(struct als_json_scanner *scanner, struct als_json_string *string)
{
    string->offset = als_json_scanner_offset(scanner);
    if (!accept(scanner, '"'))
        return fail_at(scanner, "a string was expected");
    struct rewrite rewrite = {.in = scanner->at, .out = scanner->at, .start = scanner->at};
    if (!copy_string(scanner, &rewrite))
        return false;
    scanner->at = rewrite.in + 1;
    *rewrite.out = '\0'; /* where the quote was, or before it */
    if (rewrite.apart)
        scanner->spill_at = rewrite.out + 1;
    string->text = (struct als_text){rewrite.start, (size_t)(rewrite.out - rewrite.start)};
    string->replaced = rewrite.replaced;
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
