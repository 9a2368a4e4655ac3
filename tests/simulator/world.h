#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "group.h"

/* What exists: one account's regions and their log groups. */
struct sim_region {
    char *name;
    struct sim_group **groups; /* in order of their names */
    size_t group_count;
};

struct sim_world {
    const char *account;
    struct sim_region **regions;
    size_t region_count;
    uint64_t groups_made;
};

struct sim_region *sim_world_region(const struct sim_world *world, const char *name);
struct sim_region *sim_world_add_region(struct sim_world *world, const char *name);
struct sim_group *sim_region_group(const struct sim_region *region, const char *name);
void sim_world_clear(struct sim_world *world);

/* The group called so, created when missing, and its region too. */
struct sim_group *sim_world_add_group(struct sim_world *world, const char *region, const char *name,
                                      int64_t now_ms);
/* Events and streams go with it; a new group of the name starts empty. */
bool sim_world_remove_group(struct sim_world *world, const char *region, const char *name);

#endif
