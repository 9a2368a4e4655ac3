/* The addresses of a host, looked up beside the loop: a name server that does not answer takes
 * getaddrinfo() half a minute, and whatever else goes on must not wait for it. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <netdb.h>
#include <stdbool.h>

#include "address.h"

struct lookup;

/* socket_type: SOCK_STREAM or SOCK_DGRAM. NULL without memory, or without a thread to be had. */
struct lookup *lookup_new(const struct address *address, int socket_type);
void lookup_free(struct lookup *lookup); /* done or not; NULL is fine */

bool lookup_is_done(const struct lookup *lookup);

/* Of one that is done: 0 and the addresses, for freeaddrinfo(), or gai_strerror()'s code. */
int lookup_take(struct lookup *lookup, struct addrinfo **addresses);

#endif
