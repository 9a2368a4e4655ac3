#include "aws/form.h"

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int als_form_add(struct als_buffer *form, const char *name, struct als_text value)
{
    static const char digits[] = "0123456789ABCDEF";
    if (form->size > 0)
        als_buffer_append_char(form, '&');
    als_buffer_append_string(form, name);
    als_buffer_append_char(form, '=');
    for (size_t i = 0; i < value.size; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if (is_unreserved(value.data[i])) {
            als_buffer_append_char(form, value.data[i]);
        } else {
            als_buffer_append_char(form, '%');
            als_buffer_append_char(form, digits[c >> 4]);
            als_buffer_append_char(form, digits[c & 15]);
        }
    }
    return form->status;
}
