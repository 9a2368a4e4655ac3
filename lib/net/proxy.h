/* Which proxy a request goes through: that of the options, or those of the environment. */
#ifndef ALS_NET_PROXY_H
#define ALS_NET_PROXY_H

#include "base/error.h"
#include "base/text.h"

/* How to reach one proxy. */
struct als_proxy_route {
    char *url; /* "http://proxy:3128", "socks5h://[::1]:1080": no login in it; NULL: no proxy */
    char *username; /* NULL: none */
    char *password;
};

/* Zero-initialise: no proxy at all. */
struct als_proxy {
    struct als_proxy_route for_http; /* for http:// targets */
    struct als_proxy_route for_https;
    char *no_proxy; /* NULL: no exceptions */
};

/* "[http|https|socks5h|socks5]://HOST[:PORT]", of which HOST alone must be there. */
struct als_proxy_address {
    struct als_text scheme; /* "http" where none is given */
    struct als_text host;   /* an IPv6 address without brackets */
    int64_t port;           /* 0: none */
};

/* NULL, or what is wrong with the text. It is not quoted: it may hold a password. */
const char *als_proxy_split(struct als_text text, struct als_proxy_address *out);

struct als_proxy_options {
    const char *server;
    int64_t port;                               /* 0: server has it */
    const char *username, *password, *no_proxy; /* "": none */
};

/* One proxy for everything. 0, AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY; the caller clears
 * in any case. */
int als_proxy_init(struct als_proxy *proxy, const struct als_proxy_options *options,
                   awslogsrc_error **error);

/* https_proxy, HTTPS_PROXY, http_proxy (HTTP_PROXY may be a header that a CGI program was sent),
 * all_proxy, ALL_PROXY; and no_proxy, NO_PROXY where the option is "". Answers likewise. */
int als_proxy_init_by_environment(struct als_proxy *proxy, char *(*environment)(const char *name),
                                  const char *no_proxy, awslogsrc_error **error);

void als_proxy_clear(struct als_proxy *proxy); /* wipes */

/* The proxy for this target; NULL: none. host: an IPv6 address without brackets. proxy may be NULL.
 * Borrow. */
const struct als_proxy_route *als_proxy_for(const struct als_proxy *proxy, bool tls,
                                            struct als_text host);

/* Whether a no_proxy list names the host: "*", a domain with all below it, an address, or a range
 * (10.0.0.0/8). */
bool als_proxy_excepts(struct als_text no_proxy, struct als_text host);

#endif
