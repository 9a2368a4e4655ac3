#include "aws/xml_scanner.h"

#include <string.h>

#include "base/utf8.h"

/* A piece of markup, from '<' to '>'. */
struct markup {
    enum { OPENING, CLOSING, EMPTY, CDATA, OTHER } kind;
    struct als_text name; /* without its prefix */
    const char *end;      /* behind it */
};

static const char *find_behind(const char *at, const char *end, struct als_text needle)
{
    const char *found = memmem(at, (size_t)(end - at), needle.data, needle.size);
    return found == NULL ? NULL : found + needle.size;
}

/* Attribute values may hold a '>'. */
static const char *end_of_tag(const char *at, const char *end)
{
    char quote = '\0';
    for (; at < end; at++) {
        if (quote != '\0')
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            return at + 1;
    }
    return NULL;
}

static struct als_text local_name(const char *at, const char *end)
{
    const char *start = at;
    for (; at < end && strchr(" \t\r\n/>", *at) == NULL; at++) {
        if (*at == ':')
            start = at + 1;
    }
    return (struct als_text){start, (size_t)(at - start)};
}

/* at: a '<'. */
static bool read_markup(const char *at, const char *end, struct markup *out)
{
    struct als_text rest = {at, (size_t)(end - at)};
    *out = (struct markup){.kind = OTHER};
    if (als_text_starts_with(rest, ALS_TEXT("<![CDATA["))) {
        out->kind = CDATA;
        out->end = find_behind(at, end, ALS_TEXT("]]>"));
    } else if (als_text_starts_with(rest, ALS_TEXT("<!--"))) {
        out->end = find_behind(at + 4, end, ALS_TEXT("-->"));
    } else if (als_text_starts_with(rest, ALS_TEXT("<?"))) {
        out->end = find_behind(at, end, ALS_TEXT("?>"));
    } else if (rest.size > 1 && at[1] != '!') {
        bool closing = at[1] == '/';
        out->end = end_of_tag(at, end);
        if (out->end == NULL)
            return false;
        out->name = local_name(at + (closing ? 2 : 1), out->end);
        out->kind = closing ? CLOSING : out->end[-2] == '/' ? EMPTY : OPENING;
        return out->name.size > 0;
    }
    return out->end != NULL;
}

static bool next_markup(const char **at, const char *end, struct markup *out)
{
    const char *start = *at < end ? memchr(*at, '<', (size_t)(end - *at)) : NULL;
    if (start == NULL || !read_markup(start, end, out))
        return false;
    *at = start;
    return true;
}

/* The content that begins at start ends in front of the tag that closes it. */
static bool measure_content(const char *start, const char *end, struct als_text *content)
{
    struct markup markup;
    int depth = 1;
    for (const char *at = start; next_markup(&at, end, &markup); at = markup.end) {
        depth += markup.kind == OPENING ? 1 : markup.kind == CLOSING ? -1 : 0;
        if (depth == 0) {
            *content = (struct als_text){start, (size_t)(at - start)};
            return true;
        }
    }
    return false;
}

bool als_xml_scanner_find(struct als_text xml, const char *name, struct als_text *content)
{
    struct markup markup;
    const char *end = xml.data + xml.size;
    for (const char *at = xml.data; next_markup(&at, end, &markup); at = markup.end) {
        bool wanted = als_text_equal(markup.name, als_text_of(name));
        if (wanted && markup.kind == EMPTY) {
            *content = (struct als_text){"", 0};
            return true;
        }
        if (wanted && markup.kind == OPENING)
            return measure_content(markup.end, end, content);
    }
    return false;
}

static bool append_number(struct als_text digits, struct als_buffer *out)
{
    bool hexadecimal = digits.size > 0 && digits.data[0] == 'x';
    uint32_t base = hexadecimal ? 16 : 10, code = 0;
    for (size_t i = hexadecimal ? 1 : 0; i < digits.size; i++) {
        char c = digits.data[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                : 16;
        code = code * base + digit;
        if (digit >= base || code > 0x10ffff)
            return false;
    }
    char bytes[ALS_UTF8_LONGEST];
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        return false;
    return als_buffer_append(out, bytes, als_utf8_encode(code, bytes)) == 0;
}

/* What stands between '&' and ';'. */
static bool append_reference(struct als_text name, struct als_buffer *out)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    if (name.size > 1 && name.data[0] == '#')
        return append_number((struct als_text){name.data + 1, name.size - 1}, out);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (als_text_equal(name, als_text_of(entities[i].name)))
            return als_buffer_append_char(out, entities[i].c) == 0;
    }
    return false;
}

static bool read_markup_of_text(const char **at, const char *end, struct als_buffer *out)
{
    struct markup markup;
    if (!read_markup(*at, end, &markup) || (markup.kind != CDATA && markup.kind != OTHER))
        return false;
    if (markup.kind == CDATA)
        als_buffer_append(out, *at + 9, (size_t)(markup.end - *at) - 12);
    *at = markup.end;
    return true;
}

bool als_xml_scanner_read(struct als_text content, struct als_buffer *out)
{
    const char *end = content.data + content.size;
    for (const char *at = content.data; at < end;) {
        if (*at == '<') {
            if (!read_markup_of_text(&at, end, out))
                return false;
        } else if (*at == '&') {
            const char *semicolon = memchr(at, ';', (size_t)(end - at));
            if (semicolon == NULL ||
                !append_reference((struct als_text){at + 1, (size_t)(semicolon - at) - 1}, out))
                return false;
            at = semicolon + 1;
        } else {
            als_buffer_append_char(out, *at++);
        }
    }
    return out->status == 0;
}
