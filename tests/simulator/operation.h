#ifndef SIM_OPERATION_H
#define SIM_OPERATION_H

#include "call_log.h"
#include "endpoint.h"
#include "settings.h"
#include "world.h"

#include <cjson/cJSON.h>

/* An answer that is no success: becomes {"__type":...,"message":...}. */
struct sim_error {
    int status;
    const char *type;
    char message[640];
};

/* Whose an access key is. */
struct sim_key_owner {
    const char *arn;       /* of the user or the session */
    const char *principal; /* of the user or the role */
    bool temporary;
};

/* One request being answered. */
struct sim_operation {
    const struct sim_request *request;
    struct sim_response *response; /* 200 and the endpoint's content type, unless changed */
    struct sim_identity *identity;
    const struct sim_key_owner *caller; /* NULL: unsigned, or not looked at */
    enum sim_endpoint endpoint;
    const char *name; /* as fault rules and counters know it */
    const struct sim_world *world;
    const struct sim_region *region;
    const struct sim_settings *settings;
    int64_t now_ms;
    uint64_t secret;           /* of the page tokens */
    enum sim_fault_kind fault; /* of tokens and keys: these are the operations' own business */
    const char *missing;       /* member to be left out of keys, as IMDS calls it; NULL: none */
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
sim_operation_run sim_imds_token;
sim_operation_run sim_imds_roles;
sim_operation_run sim_imds_role;
sim_operation_run sim_imds_region;
sim_operation_run sim_imds_other;
sim_operation_run sim_container_credentials;
sim_operation_run sim_sts_assume_role;
sim_operation_run sim_sts_web_identity;
sim_operation_run sim_sts_caller_identity;

/* HTTP 400 with this exception; always false. */
bool sim_operation_fail(struct sim_operation *operation, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with another status. */
bool sim_operation_refuse(struct sim_operation *operation, int status, const char *type,
                          const char *message);

#endif
