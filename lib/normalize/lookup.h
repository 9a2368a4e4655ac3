/* Searching tables whose rows begin with a name (const char *), and that are sorted by it as
 * strcmp() does. */
#ifndef ALS_NORMALIZE_LOOKUP_H
#define ALS_NORMALIZE_LOOKUP_H

#include "base/text.h"

struct als_lookup {
    const void *rows;
    size_t count;
    size_t row_size;
};

#define ALS_LOOKUP(array) \
    ((struct als_lookup){(array), sizeof(array) / sizeof *(array), sizeof *(array)})

/* The first row of the name; NULL where there is none. */
const void *als_lookup_find(struct als_lookup table, struct als_text name);

/* The row behind this one if it has the same name, else NULL. */
const void *als_lookup_next(struct als_lookup table, const void *row, struct als_text name);

#endif
