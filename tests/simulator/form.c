#include "form.h"

#include "buffer.h"

#include <ctype.h>
#include <string.h>

static int hex(char digit)
{
    return digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

static char *decode(const char *text, size_t length)
{
    char *out = sim_allocate(length + 1);
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        char byte = text[i] == '+' ? ' ' : text[i];
        if (byte == '%' && i + 2 < length && isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            byte = (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        }
        out[size++] = byte;
    }
    return out;
}

char *sim_form_value(const struct sim_request *request, const char *name)
{
    size_t name_length = strlen(name);
    const char *end = request->body + request->body_length;
    for (const char *at = request->body; at && at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        if (length > name_length && memcmp(at, name, name_length) == 0 && at[name_length] == '=')
            return decode(at + name_length + 1, length - name_length - 1);
        at += length + 1;
    }
    return NULL;
}
