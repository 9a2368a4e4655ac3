#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *sim_allocate(size_t size)
{
    return memset(sim_reallocate(NULL, size), 0, size);
}

void *sim_reallocate(void *memory, size_t size)
{
    void *grown = realloc(memory, size ? size : 1);
    if (!grown) {
        fputs("simulator: out of memory\n", stderr);
        abort();
    }
    return grown;
}

char *sim_duplicate(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(sim_reallocate(NULL, size), text, size);
}

char *sim_buffer_reserve(struct sim_buffer *buffer, size_t extra)
{
    size_t needed = buffer->length + extra;
    if (needed > buffer->capacity) {
        size_t doubled = buffer->capacity * 2;
        buffer->capacity = needed > doubled ? needed : doubled;
        buffer->data = sim_reallocate(buffer->data, buffer->capacity);
    }
    return buffer->data + buffer->length;
}

void sim_buffer_add(struct sim_buffer *buffer, const void *data, size_t length)
{
    if (length) {
        memcpy(sim_buffer_reserve(buffer, length), data, length);
        buffer->length += length;
    }
}

void sim_buffer_text(struct sim_buffer *buffer, const char *text)
{
    sim_buffer_add(buffer, text, strlen(text));
}

void sim_buffer_printf(struct sim_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    char *at = sim_buffer_reserve(buffer, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(at, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void sim_buffer_clear(struct sim_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct sim_buffer){0};
}
