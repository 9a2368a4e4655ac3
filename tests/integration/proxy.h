/* tinyproxy, a real one, for the time of a test. */
#ifndef PROXY_H
#define PROXY_H

#include "process.h"

enum { PROXY_PATH_SIZE = 128 };

struct proxy {
    struct process process;
    unsigned port;
    char configuration[PROXY_PATH_SIZE];
    char log[PROXY_PATH_SIZE];
};

/* On 127.0.0.1 and ::1. Its files go into folder. Skips the test where it is not installed. */
void proxy_start(struct proxy *proxy, const char *folder);
void proxy_start_with_login(struct proxy *proxy, const char *folder, const char *username,
                            const char *password);

/* A port that was free a moment ago, and whether somebody listens on one. */
unsigned proxy_free_port(void);
bool proxy_answers(unsigned port);

/* Also gives its log, for the caller to free. */
char *proxy_stop(struct proxy *proxy);

#endif
