/* Where a batch comes from: what all batches of a region have in common. Reference-counted; any
 * thread. */
#ifndef ALS_EVENT_ORIGIN_H
#define ALS_EVENT_ORIGIN_H

#include <stdatomic.h>
#include <stdbool.h>

#include "normalize/log_source_type.h"

struct als_region_reader;

struct als_origin {
    atomic_int references;
    char *region;
    char *log_group;
    char *identifier;
    bool extract_original_event;
    enum als_log_source_type log_source_type; /* how its messages are to be parsed */
    char *vpc_flow_format;                    /* NULL: the default */
    struct als_region_reader *reader; /* NULL once it is gone; on the context's thread only */
};

struct als_origin *als_origin_new(const char *region, const char *log_group, const char *identifier,
                                  bool extract_original_event);
/* How records are made of its events. False without memory. */
bool als_origin_set_parser(struct als_origin *origin, enum als_log_source_type type,
                           const char *vpc_flow_format);

struct als_origin *als_origin_ref(struct als_origin *origin);
void als_origin_unref(struct als_origin *origin);

#endif
