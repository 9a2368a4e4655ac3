/* A local AWS with doors of every kind, read from through proxies of every kind. */
#ifndef PROXY_SCENE_H
#define PROXY_SCENE_H

#include "network.h"
#include "squid.h"

#define LIST(...)          ((const char *const[]){__VA_ARGS__, NULL})
#define WRONG              "wr0ng-p@ss"
#define TINYPROXY_PASSWORD "plainpass" /* its configuration takes no quotes */

enum { PROXY_TEXT = 128 };

extern struct proxy_scene {
    struct network network;
    struct network_outcome outcome; /* of the last reading */
} proxy_scene;

struct proxy_way {
    const char *server; /* of proxy_server */
    unsigned port;
    const char *username, *password; /* NULL: none */
    bool slow; /* what reaches IPv4 and IPv6 is asked over one of them each, not over both */
};

/* Skips the test where it is not there. */
void proxy_scene_need(bool there, const char *what);

/* Of a door, in a static buffer. */
const char *proxy_scene_url(enum network_door door);

/* Reads everything; no secret shows on the way. */
void proxy_scene_collect(const struct proxy_way *way, const char *url);

void proxy_scene_expect_no_secret(const char *text);
void proxy_scene_expect_all_events(void);
void proxy_scene_expect_trouble(int code, const char *proxy, const char *says);

/* For the caller to free. */
typedef char *proxy_scene_log(void);

/* A line has both texts, before long: some proxies write when the connection has ended. */
void proxy_scene_expect_in_log(proxy_scene_log *read, const char *one, const char *other);

#endif
