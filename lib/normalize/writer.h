/* Text into memory of a given size. What does not fit is counted but not kept, so that whoever
 * owns the memory knows how much it takes, and may write the same again. */
#ifndef ALS_NORMALIZE_WRITER_H
#define ALS_NORMALIZE_WRITER_H

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

struct als_writer {
    char *data;
    size_t capacity;
    size_t size; /* of all that was written; more than the capacity where that did not fit */
};

static inline bool als_writer_fits(const struct als_writer *writer)
{
    return writer->size <= writer->capacity;
}

static inline void als_writer_bytes(struct als_writer *writer, const char *data, size_t size)
{
    if (writer->size <= writer->capacity && size <= writer->capacity - writer->size && size > 0)
        memcpy(writer->data + writer->size, data, size);
    writer->size += size;
}

static inline void als_writer_text(struct als_writer *writer, struct als_text text)
{
    als_writer_bytes(writer, text.data, text.size);
}

static inline void als_writer_char(struct als_writer *writer, char c)
{
    if (writer->size < writer->capacity)
        writer->data[writer->size] = c;
    writer->size++;
}

#define als_writer_literal(writer, literal) \
    als_writer_bytes((writer), (literal), sizeof(literal) - 1)

void als_writer_integer(struct als_writer *writer, int64_t value);

#endif
