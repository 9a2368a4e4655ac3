/* The one way to the network: asynchronous HTTP behind a function table, which tests replace. */
#ifndef ALS_NET_HTTP_H
#define ALS_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

struct als_certificates;
struct als_proxy;

/* How to reach servers; shared by all requests of a source, which keeps it alive while a call runs.
 */
struct als_http_settings {
    const char *ca_file;           /* optional: instead of the system's store */
    const char *ca_path;           /* optional */
    const struct als_proxy *proxy; /* NULL: none; the environment is not looked at */
    const char *trust_store;       /* acquired certificates, see net/trust; NULL: none */
    bool acquire;                  /* those of servers that it does not know */
    const char *user_agent;
    int tls_minimum; /* 12 for TLS 1.2, 13 for TLS 1.3 */
    int64_t connect_timeout_ms;
    int64_t request_timeout_ms;
};

enum { ALS_HTTP_WAY_SIZE = 32 };

/* A digest of all in there that decides how servers are reached, how long for, and who is trusted:
 * what is alike in it may be asked for once for all. settings: NULL: zeros. 0 or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_http_way(const struct als_http_settings *settings, unsigned char way[ALS_HTTP_WAY_SIZE]);

/* How far a call came, in ms since it was sent; -1: not so far. On a connection that was used
 * before all but the last are 0. */
struct als_http_timing {
    int64_t looked_up_ms; /* the host's name, or the proxy's */
    int64_t connected_ms;
    int64_t secured_ms; /* TLS is up */
    int64_t answered_ms;
};

struct als_http_request {
    const char *method; /* NULL: POST where there is a body, else GET */
    bool fresh;         /* on a connection of its own */
    bool direct;        /* metadata services, link-local addresses: never through a proxy, and no
                           certificate is acquired */
    bool inspect;       /* only connect, to have the certificates, whatever they are */
    const char *url;
    const char *const *headers; /* "Name: value", NULL-terminated */
    struct als_text body;       /* data is NULL where there is none */
    size_t response_limit;      /* bytes of body */
    const struct als_http_settings *settings;
};

struct als_http_response {
    int code; /* 0: there is an answer; AWSLOGSRC_E_*: there is none, and message says why */
    const char *message; /* names host and port */
    int status;          /* the HTTP status, 0 where there was no answer */
    const char *proxy;   /* the one that asked for the answer in plain HTTP, and may have made it
                            up; NULL where there is none, or only a tunnel */
    struct als_certificates *certificates; /* what an inspection found, for the callback to take;
                                              message then says what is wrong with them, or "" */
    bool acquirable;                       /* nothing is, but that their issuer is not known */
    struct als_text headers;               /* "Name: value" lines, CR LF ended */
    struct als_buffer *body;               /* the callback may take its memory */
    struct als_http_timing timing;
    int64_t sent_ms; /* monotonic; sent_ms is when the call began, connecting included */
    int64_t received_ms;
};

struct als_http_call;

/* Runs exactly once for every call that was sent and not cancelled, never from inside send or
 * cancel. response: borrow, during the call. */
typedef void als_http_done(void *user_data, struct als_http_response *response);

struct als_http {
    /* Everything in the request but its settings is copied. 0, AWSLOGSRC_E_NO_MEMORY or
     * AWSLOGSRC_E_INVALID (URL). */
    int (*send)(void *self, const struct als_http_request *request, als_http_done *done,
                void *user_data, struct als_http_call **out);
    void (*cancel)(void *self, struct als_http_call *call);
    void *self;
};

/* The value of a response header, without regard to case; empty where it is absent. */
struct als_text als_http_header(const struct als_http_response *response, const char *name);

/* A proxy that asks in plain HTTP answers in the server's place where it has trouble itself:
 * whether this is such an answer. proof: a header that every answer of the server has. */
bool als_http_is_of_proxy(const struct als_http_response *response, const char *proof);

/* The Date header in ms since 1970, or 0 where it is absent or makes no sense. */
int64_t als_http_date_ms(const struct als_http_response *response);

#endif
