/* A server on loopback that does one simple thing with whoever connects: a SOCKS proxy, or a proxy
 * that fails in a certain way. */
#ifndef PEER_H
#define PEER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum peer_kind {
    PEER_SOCKS,      /* a SOCKS 5 proxy (RFC 1928, RFC 1929) */
    PEER_CLOSES,     /* reads a request, and closes */
    PEER_REFUSES,    /* answers 403 to any request */
    PEER_CUTS,       /* answers 200 to CONNECT, and closes */
    PEER_STAYS_QUIET /* accepts, and says nothing */
};

enum { PEER_LOG_SIZE = 4096, PEER_MOST_CONNECTIONS = 64 };

struct peer {
    enum peer_kind kind;
    bool ipv6;
    const char *username, *password; /* SOCKS: wanted where not NULL */
    unsigned port;
    int listener;
    int stop[2]; /* a pipe: its end wakes every thread */
    pthread_t acceptor;
    pthread_t threads[PEER_MOST_CONNECTIONS];
    size_t thread_count;
    pthread_mutex_t lock;
    char log[PEER_LOG_SIZE]; /* "CONNECT localhost:443\n" and the like */
};

/* kind, ipv6, username and password are set; the rest is zero. Fails the test on trouble. */
void peer_start(struct peer *peer);
/* Returns when every connection is closed; the log may be read then. */
void peer_stop(struct peer *peer);

#endif
