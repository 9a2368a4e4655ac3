/* Struct arrays of Arrow: their schema, their columns, and who frees what when. */
#ifndef ALS_EVENT_ARROW_TABLE_H
#define ALS_EVENT_ARROW_TABLE_H

#include <stdatomic.h>
#include <stdint.h>

#include "awslogsrc/arrow.h"
#include "base/buffer.h"
#include "event/batch.h"

enum als_arrow_kind {
    ALS_ARROW_TEXT, /* utf8_view */
    ALS_ARROW_COPY, /* utf8 */
    ALS_ARROW_INT32,
    ALS_ARROW_INT64,
    ALS_ARROW_TIME, /* ms since 1970 UTC */
    ALS_ARROW_BOOL
};

struct als_arrow_field {
    const char *name; /* borrowed for ever */
    enum als_arrow_kind kind;
    bool nullable;
};

enum {
    ALS_ARROW_INLINE_MAX = 12,               /* bytes of text that a view holds itself */
    ALS_ARROW_PLACES = 3,                    /* memory that the views of a column may point into */
    ALS_ARROW_BUFFERS = 3 + ALS_ARROW_PLACES /* validity, views, the places, their sizes */
};

/* A page has 16 MiB at most, its spill three times that, and the payloads of 10,000 events are not
 * much more: 31 bits are enough for every offset. */
struct als_arrow_view {
    int32_t size;
    union {
        char text[ALS_ARROW_INLINE_MAX];
        struct {
            char prefix[4];
            int32_t place;
            int32_t offset;
        } far;
    } as;
};

struct als_arrow_column {
    void *values; /* views, numbers, bits, or where the texts end; owned; NULL: only nulls */
    unsigned char *validity; /* bits; owned; NULL: no nulls */
    int64_t null_count;
    char *text; /* that was copied for this column; owned; or NULL */
    const char *places[ALS_ARROW_PLACES];
    int64_t place_sizes[ALS_ARROW_PLACES]; /* as far as views point into them */
    const void *buffers[ALS_ARROW_BUFFERS];
};

/* All memory of an array. The array and each of its columns have a reference, since a consumer may
 * move columns out and release them whenever it likes. */
struct als_arrow_table {
    atomic_int references;
    awslogsrc_batch *batch;
    size_t column_count;
    struct als_arrow_column *columns;
    struct ArrowArray *arrays;
    struct ArrowArray **children;
    void *nulls;             /* all that a column has that is only nulls; owned; or NULL */
    char *text;              /* of several columns; owned; or NULL */
    const void *no_validity; /* the one buffer of the struct */
};

/* 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_arrow_table_export_schema(const struct als_arrow_field *fields, size_t count,
                                  struct ArrowSchema *out);

/* Empty columns, and a reference to the batch; NULL without memory. */
struct als_arrow_table *als_arrow_table_new(awslogsrc_batch *batch, size_t column_count);
void als_arrow_table_free(struct als_arrow_table *table);

/* The table, complete, as an array, which owns it from now on. */
void als_arrow_table_export(struct als_arrow_table *table, const struct als_arrow_field *fields,
                            size_t rows, struct ArrowArray *out);

/* A view of text that is in that place of the column, or short. */
struct als_arrow_view als_arrow_table_view(struct als_arrow_column *column, size_t place,
                                           struct als_text text);

#endif
