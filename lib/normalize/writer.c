#include "normalize/writer.h"

void als_writer_integer(struct als_writer *writer, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--at = '-';
    als_writer_bytes(writer, at, (size_t)(digits + sizeof digits - at));
}
