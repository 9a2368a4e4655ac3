/* What is known of each region of each source: its state, and which troubles were told. */
#ifndef REGION_TABLE_H
#define REGION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REGION_TABLE_KINDS = 64,             /* numbers of AWSLOGSRC_E_*, without their sign */
    REGION_TABLE_SILENCE_MS = 10 * 60000 /* how long the same trouble is not told again */
};

struct region {
    const char *source; /* borrowed */
    char *name;
    int state;
    int trouble; /* AWSLOGSRC_E_* of that state; 0: none */
    int64_t told_ms[REGION_TABLE_KINDS];
};

struct region_table {
    struct region *regions;
    size_t count;
};

/* The row of a region, made where there is none; NULL without memory. */
struct region *region_table_row(struct region_table *table, const char *source, const char *name);

size_t region_table_count(const struct region_table *table, int state);

/* Whether the trouble shall be told now; it counts as told then. now_ms: above 0. */
bool region_table_is_news(struct region *region, int code, int64_t now_ms);

void region_table_clear(struct region_table *table);

#endif
