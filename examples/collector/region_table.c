#include "region_table.h"

#include <stdlib.h>
#include <string.h>

struct region *region_table_row(struct region_table *table, const char *source, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        struct region *region = &table->regions[i];
        if (strcmp(region->source, source) == 0 && strcmp(region->name, name) == 0)
            return region;
    }
    struct region *regions = realloc(table->regions, (table->count + 1) * sizeof *regions);
    if (regions == NULL)
        return NULL;
    table->regions = regions;
    regions[table->count] = (struct region){.source = source, .name = strdup(name)};
    return regions[table->count].name == NULL ? NULL : &regions[table->count++];
}

size_t region_table_count(const struct region_table *table, int state)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        count += table->regions[i].state == state;
    return count;
}

bool region_table_is_news(struct region *region, int code, int64_t now_ms)
{
    if (code >= 0 || code <= -REGION_TABLE_KINDS)
        return true;
    int64_t *told_ms = &region->told_ms[-code];
    if (*told_ms != 0 && now_ms - *told_ms < REGION_TABLE_SILENCE_MS)
        return false;
    *told_ms = now_ms;
    return true;
}

void region_table_clear(struct region_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->regions[i].name);
    free(table->regions);
    *table = (struct region_table){0};
}
