#include "world.h"

#include "buffer.h"

#include <stdlib.h>
#include <string.h>

struct sim_region *sim_world_region(const struct sim_world *world, const char *name)
{
    for (size_t i = 0; i < world->region_count; i++)
        if (strcmp(world->regions[i]->name, name) == 0)
            return world->regions[i];
    return NULL;
}

struct sim_region *sim_world_add_region(struct sim_world *world, const char *name)
{
    struct sim_region *region = sim_world_region(world, name);
    if (region)
        return region;
    region = sim_allocate(sizeof *region);
    region->name = sim_duplicate(name);
    world->regions = sim_reallocate(world->regions, (world->region_count + 1) * sizeof(void *));
    return world->regions[world->region_count++] = region;
}

struct sim_group *sim_region_group(const struct sim_region *region, const char *name)
{
    for (size_t i = 0; i < region->group_count; i++)
        if (strcmp(region->groups[i]->name, name) == 0)
            return region->groups[i];
    return NULL;
}

struct sim_group *sim_world_add_group(struct sim_world *world, const char *region_name,
                                      const char *name, int64_t now_ms)
{
    struct sim_region *region = sim_world_add_region(world, region_name);
    struct sim_group *group = sim_region_group(region, name);
    if (group)
        return group;
    group = sim_allocate(sizeof *group);
    group->name = sim_duplicate(name);
    group->number = ++world->groups_made;
    group->created_ms = now_ms;
    region->groups = sim_reallocate(region->groups, (region->group_count + 1) * sizeof(void *));
    size_t at = region->group_count++;
    for (; at > 0 && strcmp(region->groups[at - 1]->name, name) > 0; at--)
        region->groups[at] = region->groups[at - 1];
    return region->groups[at] = group;
}

static void free_group(struct sim_group *group)
{
    sim_group_clear(group);
    free(group);
}

bool sim_world_remove_group(struct sim_world *world, const char *region_name, const char *name)
{
    struct sim_region *region = sim_world_region(world, region_name);
    for (size_t i = 0; region && i < region->group_count; i++) {
        if (strcmp(region->groups[i]->name, name) != 0)
            continue;
        free_group(region->groups[i]);
        region->group_count--;
        memmove(&region->groups[i], &region->groups[i + 1],
                (region->group_count - i) * sizeof(void *));
        return true;
    }
    return false;
}

void sim_world_clear(struct sim_world *world)
{
    for (size_t i = 0; i < world->region_count; i++) {
        struct sim_region *region = world->regions[i];
        for (size_t j = 0; j < region->group_count; j++)
            free_group(region->groups[j]);
        free(region->groups);
        free(region->name);
        free(region);
    }
    free(world->regions);
    *world = (struct sim_world){0};
}
