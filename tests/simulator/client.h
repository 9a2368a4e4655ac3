#ifndef SIM_CLIENT_H
#define SIM_CLIENT_H

#include "service.h"

/* The least a caller needs: signs a request and puts it to a service in this process. */
struct sim_client {
    struct sim_service *service;
    const char *region;
    const char *access_key;
    const char *secret_key;
    const char *session_token; /* may be NULL */
    const char *signed_for;    /* another service than the one asked; may be NULL */
    int64_t now_ms;
    int64_t skew_ms; /* of the caller's clock */
};

/* `operation` as in X-Amz-Target, without the prefix. */
void sim_client_call(const struct sim_client *client, const char *operation, const char *body,
                     struct sim_response *out);
/* A signed form, as "Action=GetCallerIdentity&Version=2011-06-15". */
void sim_client_sts(const struct sim_client *client, const char *form, struct sim_response *out);
/* An unsigned GET with one header, or without (NULL). */
void sim_client_get(const struct sim_client *client, const char *path,
                    const struct sim_header *header, struct sim_response *out);

#endif
