/* A TLS server that speaks old versions only, and closes after the handshake. */
#ifndef TLS_PEER_H
#define TLS_PEER_H

#include <pthread.h>

struct tls_peer {
    unsigned port;
    int listener;
    int stop[2];
    void *context;
    pthread_t thread;
};

/* newest: TLS1_VERSION or another of OpenSSL's. key, chain: PEM. */
void tls_peer_start(struct tls_peer *peer, int newest, const char *key, const char *chain);
void tls_peer_stop(struct tls_peer *peer);

#endif
