#ifndef SIM_FILTER_PATTERN_H
#define SIM_FILTER_PATTERN_H

#include "buffer.h"

#include <stdbool.h>

/*
 * Unstructured patterns: words and "quoted phrases" (with \" and \\), all of which must occur.
 * Every other kind ({ json }, [fields], %regex%, -term, ?term) matches everything here.
 */
struct sim_filter_pattern {
    struct sim_buffer *terms;
    size_t count;
};

/* False for an unclosed quote. NULL matches everything. */
bool sim_filter_pattern_parse(const char *text, struct sim_filter_pattern *out);
bool sim_filter_pattern_matches(const struct sim_filter_pattern *pattern, const char *message,
                                size_t length);
void sim_filter_pattern_clear(struct sim_filter_pattern *pattern);

#endif
