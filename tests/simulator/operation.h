#ifndef SIM_OPERATION_H
#define SIM_OPERATION_H

#include "call_log.h"
#include "settings.h"
#include "world.h"

#include <cjson/cJSON.h>

/* An answer that is no success: becomes {"__type":...,"message":...}. */
struct sim_error {
    int status;
    const char *type;
    char message[640];
};

/* One request being answered. */
struct sim_operation {
    const struct sim_world *world;
    const struct sim_region *region;
    const struct sim_settings *settings;
    int64_t now_ms;
    uint64_t secret;           /* of the page tokens */
    enum sim_fault_kind fault; /* the page token faults are the operations' own business */
    const cJSON *input;
    struct sim_call *call; /* to be filled in for the log */
    struct sim_buffer *body;
    struct sim_error error;
};

/* Writes the body and returns true, or sets the error and returns false. */
typedef bool sim_operation_run(struct sim_operation *operation);

sim_operation_run sim_filter_log_events;
sim_operation_run sim_describe_log_groups;
sim_operation_run sim_describe_log_streams;

/* HTTP 400 with this exception; always false. */
bool sim_operation_fail(struct sim_operation *operation, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
