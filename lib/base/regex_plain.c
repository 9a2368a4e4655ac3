#include "base/regex_plain.h"

#include <string.h>

bool als_regex_plain_steers(struct als_text pattern)
{
    return als_text_contains(pattern, ALS_TEXT("(*")) ||
           als_text_contains(pattern, ALS_TEXT("\\G"));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char byte_at(struct als_text pattern, size_t at)
{
    return at < pattern.size ? pattern.data[at] : '\0';
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* A character or a class of characters. */
static size_t measure_item(struct als_text pattern, size_t at)
{
    char c = byte_at(pattern, at), next = byte_at(pattern, at + 1);
    if (c == '\\') {
        bool mark = next > ' ' && next < 0x7f && !is_letter(next) && !(next >= '0' && next <= '9');
        return mark || is_one_of(next, "sSdDwW") ? 2 : 0;
    }
    return c == '\0' || is_one_of(c, "^$.[()|*+?{") ? 0 : 1;
}

/* "(", "(?:", "(?<name>" or "(?P<name>". */
static size_t measure_opening(struct als_text pattern, size_t at)
{
    if (byte_at(pattern, at) != '(')
        return 0;
    if (byte_at(pattern, at + 1) != '?')
        return 1;
    if (byte_at(pattern, at + 2) == ':')
        return 3;
    size_t angle = at + (byte_at(pattern, at + 2) == 'P' ? 3 : 2);
    char first = byte_at(pattern, angle + 1);
    if (byte_at(pattern, angle) != '<' || !(is_letter(first) || first == '_'))
        return 0;
    const char *end = memchr(pattern.data + angle, '>', pattern.size - angle);
    return end == NULL ? 0 : (size_t)(end + 1 - pattern.data) - at;
}

size_t als_regex_plain_size(struct als_text pattern)
{
    size_t plain = 0, depth = 0, at = 0;
    /* Half of a choice is not what each match begins with. */
    bool never = memchr(pattern.data, '|', pattern.size) != NULL || als_regex_plain_steers(pattern);
    while (at < pattern.size && !never) {
        size_t opening = measure_opening(pattern, at);
        bool closing = depth > 0 && pattern.data[at] == ')';
        size_t size = opening > 0 || closing ? opening + closing : measure_item(pattern, at);
        bool repeated = opening == 0 && is_one_of(byte_at(pattern, at + size), "*+?{");
        /* All bytes of a character above U+007F are repeated, not its last one. */
        if (size == 0 || repeated)
            break;
        depth += opening > 0;
        depth -= closing;
        at += size;
        bool inside = ((unsigned char)byte_at(pattern, at) & 0xc0) == 0x80;
        if (depth == 0 && !inside)
            plain = at;
    }
    return plain;
}
