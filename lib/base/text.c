#include "base/text.h"

#include <string.h>

struct als_text als_text_of(const char *string)
{
    return (struct als_text){string == NULL ? "" : string, string == NULL ? 0 : strlen(string)};
}

bool als_text_equal(struct als_text a, struct als_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool als_text_equal_ignoring_case(struct als_text a, struct als_text b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++) {
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    }
    return true;
}

bool als_text_starts_with(struct als_text text, struct als_text prefix)
{
    return text.size >= prefix.size &&
           als_text_equal((struct als_text){text.data, prefix.size}, prefix);
}

bool als_text_contains(struct als_text text, struct als_text part)
{
    while (part.size > 0 && text.size >= part.size) {
        const char *at = memchr(text.data, part.data[0], text.size - part.size + 1);
        if (at == NULL)
            return false;
        if (memcmp(at, part.data, part.size) == 0)
            return true;
        text.size -= (size_t)(at + 1 - text.data);
        text.data = at + 1;
    }
    return part.size == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct als_text als_text_trim(struct als_text text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

bool als_text_next_field(struct als_text *rest, char separator, struct als_text *field)
{
    if (rest->data == NULL)
        return false;
    const char *end = rest->size == 0 ? NULL : memchr(rest->data, separator, rest->size);
    if (end == NULL) {
        *field = *rest;
        *rest = (struct als_text){NULL, 0};
        return true;
    }
    size_t size = (size_t)(end - rest->data);
    *field = (struct als_text){rest->data, size};
    *rest = (struct als_text){end + 1, rest->size - size - 1};
    return true;
}

bool als_text_to_int64(struct als_text text, int64_t *out)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    size_t i = negative ? 1 : 0;
    int64_t value = 0;
    if (i == text.size)
        return false;
    for (; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        int64_t digit = text.data[i] - '0';
        /* Built on the negative side, which reaches one further. */
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

bool als_text_has_control(struct als_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7f)
            return true;
    }
    return false;
}
