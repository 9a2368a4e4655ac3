/* One request of the network layer alone, to the server of the scene. */
#ifndef TLS_REQUEST_H
#define TLS_REQUEST_H

#include "tls_scene.h"

#include "awslogsrc/types.h"
#include "net/http.h"

struct tls_request {
    awslogsrc_context *context;
    int code;
    char message[NETWORK_TEXT_SIZE];
    bool done;
};

/* trust_store: certificates are acquired into it; NULL: none are. */
struct als_http_settings tls_request_settings(const char *trust_store);

/* context is set. settings: borrow, until it is done. */
struct als_http_call *tls_request_begin(struct tls_request *request,
                                        const struct als_http_settings *settings, bool direct);
void tls_request_await(struct tls_request *request);

/* Both. */
void tls_request_send(struct tls_request *request, const struct als_http_settings *settings,
                      bool direct);

#endif
