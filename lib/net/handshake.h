/* The TLS side of one call: whether the server's certificates are to be trusted, and if not, why,
 * in words that help. Judges by the store that libcurl has loaded and, where there is one, by the
 * file of acquired certificates. */
#ifndef ALS_NET_HANDSHAKE_H
#define ALS_NET_HANDSHAKE_H

#include <stdbool.h>

#include "net/certificates.h"
#include "net/loop.h"

struct als_handshake;

struct als_handshake_config {
    const struct als_loop *loop; /* its wall clock and its log */
    struct als_text host;        /* as the certificate must name it; an IPv6 address bare */
    const char *place;           /* "localhost:443", for messages and the file */
    const char *trust_store;     /* NULL: none */
    bool acquire;                /* enter servers that it does not know */
    int tls_minimum;             /* 12 or 13 */
    bool inspect; /* take whatever certificates come: they are to be shown, no more */
};

/* NULL without memory. Strings are copied. It lives as long as the call and the connection both. */
struct als_handshake *als_handshake_new(const struct als_handshake_config *config);
void als_handshake_unref(struct als_handshake *handshake);

/* From now on no connection asks any more: what the config borrows may go. */
void als_handshake_finish(struct als_handshake *handshake);

/* ssl_ctx: an SSL_CTX that is to make one connection. Takes a reference. 0 or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_handshake_attach(struct als_handshake *handshake, void *ssl_ctx);

/* Appends what is wrong with the certificates or the protocol, and then all certificates; false
 * where nothing is known to be wrong. */
bool als_handshake_describe(const struct als_handshake *handshake, struct als_buffer *message);

/* Likewise, without the certificates. */
bool als_handshake_explain(const struct als_handshake *handshake, struct als_buffer *message);

/* As the server sent them; none where it came to none. The caller may take them. */
struct als_certificates *als_handshake_certificates(struct als_handshake *handshake);

/* Whether the server was refused only because its certificates have to be kept first: entered into
 * the file of acquired ones, which may wait for others and for the disk, and so has no place in the
 * middle of a handshake. Then als_handshake_keep(), until it is done, and connect again. NULL is
 * fine. */
bool als_handshake_wants_keeping(const struct als_handshake *handshake);

/* Keeps them. false: another process is writing the file, and this was not the last attempt.
 * Otherwise the next connection is judged by what the file says then, and no more is kept. */
bool als_handshake_keep(struct als_handshake *handshake, bool last);

/* Whether name, dates and strength of the certificates are good: an issuer nobody knows is not
 * among that. */
bool als_handshake_is_acquirable(const struct als_handshake *handshake);

#endif
