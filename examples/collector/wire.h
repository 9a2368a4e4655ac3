/* A connection to a syslog receiver: UDP, TCP or TLS. Nothing blocks. */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "destination.h"

struct wire;

/* What a TLS connection is made from; any connection has one. */
struct wire_trust;

/* ca_file: whom to trust, or NULL for the system's store. Says on stderr why it cannot, and then
 * returns NULL. */
struct wire_trust *wire_trust_new(const char *ca_file);
void wire_trust_free(struct wire_trust *trust); /* NULL is fine */

struct addrinfo;

/* Begins to connect to one address of the destination. trust: for TLS, borrowed. Returns NULL
 * without memory. */
struct wire *wire_open(const struct destination *destination, const struct addrinfo *to,
                       const struct wire_trust *trust);
void wire_close(struct wire *wire); /* NULL is fine */

int wire_fd(const struct wire *wire);       /* to be polled, */
short wire_events(const struct wire *wire); /* for these */

enum wire_state { WIRE_CONNECTING, WIRE_READY, WIRE_BROKEN };

/* Goes on connecting, and hears whether the receiver has left. */
enum wire_state wire_process(struct wire *wire);

/* Sends what can be sent now: of a stream perhaps the beginning, of datagrams all or nothing.
 * Returns how much, 0 where there is no room, or -1: it is broken. Once ready. */
ptrdiff_t wire_send(struct wire *wire, const char *data, size_t size);

/* Of all bytes sent, how many have arrived at the receiver's machine, as far as can be told. */
uint64_t wire_arrived(struct wire *wire);

const char *wire_error(const struct wire *wire); /* why it is broken */

#endif
