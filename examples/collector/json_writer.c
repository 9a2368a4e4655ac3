#include "json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void write_escape(struct output *output, unsigned char c)
{
    static const char controls[] = "\b\f\n\r\t", letters[] = "bfnrt";
    static const char digits[] = "0123456789abcdef";
    const char *control = c == '\0' ? NULL : strchr(controls, c);
    output_char(output, '\\');
    if (c == '"' || c == '\\') {
        output_char(output, (char)c);
    } else if (control != NULL) {
        output_char(output, letters[control - controls]);
    } else {
        output_text(output, "u00");
        output_char(output, digits[c >> 4]);
        output_char(output, digits[c & 15]);
    }
}

void json_writer_string(struct output *output, const char *data, size_t size)
{
    size_t plain = 0;
    output_char(output, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        output_write(output, data + plain, i - plain);
        write_escape(output, c);
        plain = i + 1;
    }
    if (plain < size)
        output_write(output, data + plain, size - plain);
    output_char(output, '"');
}

void json_writer_integer(struct output *output, int64_t value)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    output_text(output, digits);
}
