/* A local AWS on loopback in this process - plain and with TLS, IPv4 and IPv6 - and a source of the
 * library that reads its events, over real sockets. */
#ifndef NETWORK_H
#define NETWORK_H

#include "certificate.h"
#include "server.h"

#define NETWORK_REGION "us-east-1"

enum { NETWORK_EVENTS = 5, NETWORK_TEXT_SIZE = 16 * 1024 };

enum network_door { NETWORK_PLAIN4, NETWORK_PLAIN6, NETWORK_TLS4, NETWORK_TLS6, NETWORK_DOORS };

struct network {
    struct sim_service *service;
    struct sim_server *servers[NETWORK_DOORS];
    struct sim_certificate certificate;
    char folder[64];
    char ca_file[96];
};

void network_open(struct network *network);
void network_close(struct network *network);

/* "127.0.0.1:8080", "[::1]:8443". */
const char *network_host(const struct network *network, enum network_door door);
unsigned network_port(const struct network *network, enum network_door door);

/* What came of reading: events, and the first trouble. */
struct network_outcome {
    size_t events;
    int code;
    char message[NETWORK_TEXT_SIZE];
    char log[NETWORK_TEXT_SIZE]; /* every line that the library logged */
};

/* given: options as name, value, ..., NULL; those of AWS are set. Ends with the last event, or at
 * the first trouble. */
void network_collect(const char *url, const char *const *given, struct network_outcome *out);

#endif
