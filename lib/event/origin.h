/* Where a batch comes from: what all batches of a region have in common. Reference-counted; any
 * thread. */
#ifndef ALS_EVENT_ORIGIN_H
#define ALS_EVENT_ORIGIN_H

#include <stdatomic.h>
#include <stdbool.h>

struct als_region_reader;

struct als_origin {
    atomic_int references;
    char *region;
    char *log_group;
    char *identifier;
    bool extract_original_event;
    struct als_region_reader *reader; /* NULL once it is gone; on the context's thread only */
};

struct als_origin *als_origin_new(const char *region, const char *log_group, const char *identifier,
                                  bool extract_original_event);
struct als_origin *als_origin_ref(struct als_origin *origin);
void als_origin_unref(struct als_origin *origin);

#endif
