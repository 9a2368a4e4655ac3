#include "normalize/writer.h"

#include "base/utf8.h"

struct als_text als_writer_kept(const struct als_writer *writer, struct als_text value)
{
    if (writer->value_max == 0 || value.size <= writer->value_max)
        return value;
    return als_utf8_cut(value, writer->value_max - (sizeof ALS_WRITER_CUT_MARK - 1));
}

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
