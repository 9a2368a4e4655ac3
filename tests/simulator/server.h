#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "service.h"

#include <stdbool.h>
#include <stdint.h>

/* A service on a loopback port. From start to stop the service is the server's to use; others lock
 * it. */
struct sim_server;

struct sim_server_options {
    uint16_t port; /* 0: a free one */
    const char *key;
    const char *certificate_chain; /* PEM; both NULL: plain HTTP */
    int64_t clock_offset_ms;
    bool metadata; /* a second port, plain HTTP whatever the first one is */
    uint16_t metadata_port;
    bool ipv6; /* on ::1 instead of 127.0.0.1 */
};

/* NULL when the port cannot be had. */
struct sim_server *sim_server_start(struct sim_service *service,
                                    const struct sim_server_options *options);
uint16_t sim_server_port(const struct sim_server *server);
uint16_t sim_server_metadata_port(const struct sim_server *server);
/* While it is locked no request is looked at, and the service may be used. */
void sim_server_lock(struct sim_server *server);
void sim_server_unlock(struct sim_server *server);
int64_t sim_server_clock_offset(const struct sim_server *server);
/* Milliseconds since 1970 by the server's own clock. */
int64_t sim_server_now(int64_t clock_offset_ms);
/* Returns when no request is being answered any more; hanging ones are cut off. */
void sim_server_stop(struct sim_server *server);

#endif
