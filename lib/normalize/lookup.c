#include "normalize/lookup.h"

#include <string.h>

static const char *row_at(struct als_lookup table, size_t index)
{
    return (const char *)table.rows + index * table.row_size;
}

static int compare(struct als_text name, const char *row)
{
    const char *other = NULL;
    memcpy(&other, row, sizeof other);
    int order = strncmp(name.data, other, name.size);
    return order != 0 ? order : -(other[name.size] != '\0');
}

const void *als_lookup_find(struct als_lookup table, struct als_text name)
{
    size_t low = 0, high = table.count;
    if (name.size == 0 || memchr(name.data, '\0', name.size) != NULL)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(name, row_at(table, middle)) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table.count && compare(name, row_at(table, low)) == 0 ? row_at(table, low) : NULL;
}

const void *als_lookup_next(struct als_lookup table, const void *row, struct als_text name)
{
    const char *next = (const char *)row + table.row_size;
    return next < row_at(table, table.count) && compare(name, next) == 0 ? next : NULL;
}
