/* Dante, a real SOCKS server, for the time of a test. */
#ifndef DANTE_H
#define DANTE_H

#include "proxy.h"

struct dante {
    struct process process;
    unsigned port;         /* on 127.0.0.1, and on ::1 where there is one */
    unsigned refused_port; /* that it lets nobody through to */
    char log[PROXY_PATH_SIZE];
};

/* Its files go into folder. False, with a line that says so, where it is not installed or does not
 * start. */
bool dante_start(struct dante *dante, const char *folder);
void dante_stop(struct dante *dante);

/* What it wrote down so far; the caller frees. */
char *dante_log(const struct dante *dante);

#endif
