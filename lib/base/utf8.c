#include "base/utf8.h"

size_t als_utf8_measure(const char *data, size_t size, bool *valid)
{
    const unsigned char *bytes = (const unsigned char *)data;
    unsigned char lead = bytes[0];
    /* Only the second byte's range depends on the lead (Unicode 15, table 3-7). */
    unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    *valid = lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4);
    if (!*valid)
        return 1;
    for (size_t i = 1; i < length; i++) {
        if (i == size || bytes[i] < low || bytes[i] > high) {
            *valid = false;
            return i;
        }
        low = 0x80;
        high = 0xbf;
    }
    return length;
}

bool als_utf8_is_control(const char *sequence, size_t size)
{
    unsigned char first = (unsigned char)sequence[0];
    if (size == 1)
        return first < 0x20 || first == 0x7f;
    return size == 2 && first == 0xc2 && (unsigned char)sequence[1] < 0xa0;
}

size_t als_utf8_encode(uint32_t code_point, char *out)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xc0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3f));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xe0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code_point & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code_point & 0x3f));
    return 4;
}

bool als_utf8_is_valid(struct als_text text)
{
    bool valid = true;
    for (size_t i = 0; i < text.size && valid;)
        i += als_utf8_measure(text.data + i, text.size - i, &valid);
    return valid;
}

struct als_text als_utf8_cut(struct als_text text, size_t most)
{
    if (text.size <= most)
        return text;
    /* Of what is no UTF-8 no more is given up than a character has. */
    size_t least = most < ALS_UTF8_LONGEST ? 0 : most - ALS_UTF8_LONGEST + 1;
    while (most > least && ((unsigned char)text.data[most] & 0xc0) == 0x80)
        most--;
    return (struct als_text){text.data, most};
}
