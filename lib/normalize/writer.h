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
    size_t size;      /* of all that was written; more than the capacity where that did not fit */
    size_t value_max; /* of values, with the mark of what was cut; 0: no limit */
};

#define ALS_WRITER_CUT_MARK "[truncated]"

/* What is kept of a value: all, or what comes in front of the mark, cut between characters. */
struct als_text als_writer_kept(const struct als_writer *writer, struct als_text value);

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

/* Behind what was kept of a value. */
static inline void als_writer_mark(struct als_writer *writer, struct als_text kept,
                                   struct als_text value)
{
    if (kept.size < value.size)
        als_writer_literal(writer, ALS_WRITER_CUT_MARK);
}

void als_writer_integer(struct als_writer *writer, int64_t value);

#endif
