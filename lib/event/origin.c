#include "event/origin.h"

#include <stddef.h>

#include "base/memory.h"

struct als_origin *als_origin_new(const char *region, const char *log_group, const char *identifier,
                                  bool extract_original_event)
{
    struct als_origin *origin = als_new(sizeof *origin);
    if (origin == NULL)
        return NULL;
    atomic_init(&origin->references, 1);
    origin->region = als_copy_string(region);
    origin->log_group = als_copy_string(log_group);
    origin->identifier = als_copy_string(identifier);
    origin->extract_original_event = extract_original_event;
    if (origin->region == NULL || origin->log_group == NULL || origin->identifier == NULL) {
        als_origin_unref(origin);
        return NULL;
    }
    return origin;
}

bool als_origin_set_parser(struct als_origin *origin, enum als_log_source_type type,
                           const char *vpc_flow_format)
{
    origin->log_source_type = type;
    origin->vpc_flow_format = als_copy_string(vpc_flow_format);
    return origin->vpc_flow_format != NULL;
}

struct als_origin *als_origin_ref(struct als_origin *origin)
{
    atomic_fetch_add(&origin->references, 1);
    return origin;
}

void als_origin_unref(struct als_origin *origin)
{
    if (origin == NULL || atomic_fetch_sub(&origin->references, 1) != 1)
        return;
    als_free(origin->region);
    als_free(origin->log_group);
    als_free(origin->identifier);
    als_free(origin->vpc_flow_format);
    als_free(origin);
}
