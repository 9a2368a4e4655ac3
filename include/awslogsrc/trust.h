/* Server certificates that are acquired by hand: fetched, shown, and then stored. */
#ifndef AWSLOGSRC_TRUST_H
#define AWSLOGSRC_TRUST_H

#include "types.h"

AWSLOGSRC_BEGIN

/* The certificates were fetched, or could not be. error: borrow, during the call; NULL where they
 * were fetched. Freeing trust in here is fine. */
typedef void (*awslogsrc_trust_fn)(void *user_data, awslogsrc_trust *trust,
                                   const awslogsrc_error *error);

/* Creates a handle for the certificates of one server. Nothing is sent before
 * awslogsrc_trust_fetch().
 * context: ref. host: "HOST" or "HOST:PORT", an IPv6 address in brackets; 443 where it has no port.
 * options: borrow, during the call; those of proxy, TLS and time limits count, and nothing else
 * must be set; NULL: none set. out: ref; written on success only. error: optional; ref, written on
 * failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (context, host or out is NULL; host is no host),
 * AWSLOGSRC_E_FORKED, AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_OPTION_MISSING, AWSLOGSRC_E_OPTION_VALUE,
 * AWSLOGSRC_E_FILE (ca_file), AWSLOGSRC_E_FILE_SYNTAX (~/.aws/config). On the context's thread.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_trust_new(awslogsrc_context *context, const awslogsrc_options *options,
                                      const char *host, awslogsrc_trust **out,
                                      awslogsrc_error **error);

/* Connects, through the proxy where one is set, completes the TLS handshake whatever the
 * certificates are, keeps them, and closes. fn runs once, inside awslogsrc_context_process(),
 * unless the handle is freed before. user_data: take; user_data_free runs exactly once. error:
 * optional. Returns 0, or AWSLOGSRC_E_INVALID (trust or fn is NULL), AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_STATE (already called), AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_NOT_AVAILABLE (libcurl has
 * another TLS library). fn is told of AWSLOGSRC_E_NAME_LOOKUP, _CONNECT, _TIMEOUT, _TLS, _PROXY,
 * _NETWORK. On the context's thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_trust_fetch(awslogsrc_trust *trust, awslogsrc_trust_fn fn,
                                        void *user_data, awslogsrc_user_data_free user_data_free,
                                        awslogsrc_error **error);

/* How many certificates the server sent, its own first; 0 before they were fetched.
 * Returns that, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_trust_count(const awslogsrc_trust *trust);

/* Whom certificate index is for: "CN = localhost". Returns borrow, as long as the handle lives,
 * here and below; NULL where there is none. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_subject(const awslogsrc_trust *trust, int index);

/* Who vouches for certificate index. Returns as above. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_issuer(const awslogsrc_trust *trust, int index);

/* The names of certificate index: "DNS:localhost, IP Address:127.0.0.1", or "". Returns as above.
 * Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_names(const awslogsrc_trust *trust, int index);

/* The SHA-256 fingerprint of certificate index: "AB:CD:...". Returns as above. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_fingerprint(const awslogsrc_trust *trust, int index);

/* Certificate index itself, in PEM. Returns as above. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_pem(const awslogsrc_trust *trust, int index);

/* From when certificate index is valid, in ms since 1970 UTC. Returns that; 0 where there is none.
 * Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_trust_not_before_ms(const awslogsrc_trust *trust, int index);

/* Until when certificate index is valid, likewise. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_trust_not_after_ms(const awslogsrc_trust *trust, int index);

/* What is wrong with the certificates by the system's store, or ca_file: "" where nothing is. An
 * unknown issuer is among it, and no obstacle to storing. Returns borrow, as long as the handle
 * lives; "" for NULL. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_trust_problem(const awslogsrc_trust *trust);

/* Enters the certificates into the file at path, in place of those that it has for this host; from
 * then on sources with this trust_store trust the host by them. path: NULL means the option
 * trust_store. Replaces the file in one step and waits for the disk. error: optional.
 * Returns 0, or AWSLOGSRC_E_INVALID (trust is NULL, or there is no path), AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_STATE (not fetched), AWSLOGSRC_E_TLS (the dates, the name or the strength of the
 * certificates are bad: nobody would trust them), AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX (the
 * file is damaged), AWSLOGSRC_E_LOCKED (another process is writing it), AWSLOGSRC_E_NO_MEMORY. On
 * the context's thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_trust_store(const awslogsrc_trust *trust, const char *path,
                                        awslogsrc_error **error);

/* Ends a fetch under way, without its callback, and frees the handle. NULL is fine. Never blocks.
 * On the context's thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_trust_free(awslogsrc_trust *trust);

AWSLOGSRC_END

#endif
