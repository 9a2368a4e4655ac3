#ifndef SIM_GENERATOR_H
#define SIM_GENERATOR_H

#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum sim_generator_kind { SIM_CLOUDTRAIL, SIM_VPC_FLOW, SIM_TEXT };

/* Made-up log messages: all is a function of these fields, the index and the timestamp. */
struct sim_generator {
    enum sim_generator_kind kind;
    uint64_t seed;
    const char *account; /* 12 digits; borrowed */
    const char *region;  /* borrowed */
};

/* "cloudtrail", "vpc", "text" */
bool sim_generator_kind_parse(const char *name, enum sim_generator_kind *out);

/* Appends message number `index`. */
void sim_generator_message(const struct sim_generator *generator, uint64_t index,
                           int64_t timestamp_ms, struct sim_buffer *out);

/* The stream's name as the service in question would write it; number 0 has no suffix. */
void sim_generator_stream(const struct sim_generator *generator, uint32_t number,
                          struct sim_buffer *out);

#endif
