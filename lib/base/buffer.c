#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

enum { SMALLEST_CAPACITY = 64 };

void als_buffer_init(struct als_buffer *buffer, size_t ceiling)
{
    *buffer = (struct als_buffer){.ceiling = ceiling};
}

void als_buffer_clear(struct als_buffer *buffer)
{
    als_free(buffer->data);
    als_buffer_init(buffer, buffer->ceiling);
}

void als_buffer_wipe(struct als_buffer *buffer)
{
    if (buffer->data != NULL)
        als_wipe(buffer->data, buffer->capacity);
    als_buffer_clear(buffer);
}

void als_buffer_reset(struct als_buffer *buffer)
{
    buffer->size = 0;
    buffer->status = 0;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

int als_buffer_reserve(struct als_buffer *buffer, size_t more)
{
    if (buffer->status != 0)
        return buffer->status;
    if (more > buffer->ceiling - buffer->size)
        return buffer->status = AWSLOGSRC_E_TOO_LARGE;
    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity)
        return 0;
    /* Doubled, or what is asked for where that is more: a length known beforehand wastes nothing.
     */
    size_t capacity = buffer->capacity < SMALLEST_CAPACITY ? SMALLEST_CAPACITY : buffer->capacity;
    if (capacity <= SIZE_MAX / 2)
        capacity *= 2;
    if (capacity < needed)
        capacity = needed;
    char *data = als_resize_array(buffer->data, capacity, 1);
    if (data == NULL)
        return buffer->status = AWSLOGSRC_E_NO_MEMORY;
    buffer->data = data;
    buffer->capacity = capacity;
    return 0;
}

int als_buffer_append(struct als_buffer *buffer, const char *data, size_t size)
{
    if (als_buffer_reserve(buffer, size) != 0)
        return buffer->status;
    if (size > 0)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
    return 0;
}

int als_buffer_append_text(struct als_buffer *buffer, struct als_text text)
{
    return als_buffer_append(buffer, text.data, text.size);
}

int als_buffer_append_string(struct als_buffer *buffer, const char *string)
{
    return als_buffer_append(buffer, string, strlen(string));
}

int als_buffer_append_char(struct als_buffer *buffer, char c)
{
    return als_buffer_append(buffer, &c, 1);
}

int als_buffer_append_int(struct als_buffer *buffer, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits[--at] = '-';
    return als_buffer_append(buffer, digits + at, sizeof digits - at);
}

int als_buffer_append_hex(struct als_buffer *buffer, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    if (als_buffer_reserve(buffer, 2 * size) != 0)
        return buffer->status;
    for (size_t i = 0; i < size; i++) {
        char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        als_buffer_append(buffer, pair, 2);
    }
    return buffer->status;
}

int als_buffer_format(struct als_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int status = als_buffer_format_va(buffer, format, arguments);
    va_end(arguments);
    return status;
}

int als_buffer_format_va(struct als_buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size >= 0 && als_buffer_reserve(buffer, (size_t)size) == 0) {
        (void)vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
    return buffer->status;
}

struct als_text als_buffer_text(const struct als_buffer *buffer)
{
    return (struct als_text){als_buffer_string(buffer), buffer->size};
}

const char *als_buffer_string(const struct als_buffer *buffer)
{
    return buffer->data == NULL ? "" : buffer->data;
}

char *als_buffer_take(struct als_buffer *buffer)
{
    char *data = NULL;
    if (buffer->status == 0) {
        data = buffer->data;
        buffer->data = NULL;
    }
    als_buffer_clear(buffer);
    return data;
}
