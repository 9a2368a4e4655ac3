/* Connections that may stand in for one another. libcurl reuses one wherever host, proxy and TLS
 * options are the same; which file of acquired certificates a server was judged by is none of them,
 * so each such file has a pool of its own. */
#ifndef ALS_NET_CURL_POOL_H
#define ALS_NET_CURL_POOL_H

#include <stdint.h>

#include <curl/curl.h>

#include "net/timers.h"

struct als_reactor;

struct als_curl_pool {
    struct als_curl_pool *next;
    struct als_reactor *reactor;
    CURLM *multi;
    struct als_timer timer; /* what libcurl asked to be woken for */
    char *trust_store;      /* NULL: none */
    void (*acted)(void *user_data);
    void *user_data;
};

/* acted(user_data) runs when transfers may have ended by the timer. NULL without memory. */
struct als_curl_pool *als_curl_pool_new(struct als_reactor *reactor, const char *trust_store,
                                        void (*acted)(void *user_data), void *user_data);
void als_curl_pool_free(struct als_curl_pool *pool);

/* A socket of any pool is ready. */
void als_curl_pool_act(struct als_curl_pool *pool, int fd, uint32_t epoll_events);

#endif
