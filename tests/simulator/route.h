#ifndef SIM_ROUTE_H
#define SIM_ROUTE_H

#include "operation.h"

/* What a request asks for, from its method, path, X-Amz-Target and Action. */
struct sim_route {
    enum sim_endpoint endpoint;
    const char *operation;  /* "FilterLogEvents", "imds.role", "sts.AssumeRole"; "" when unknown */
    sim_operation_run *run; /* NULL when unknown */
    const char *signed_for; /* the service in the credential scope; NULL: may be unsigned */
    bool issues_keys;
};

struct sim_route sim_route_of(const struct sim_request *request);

#endif
