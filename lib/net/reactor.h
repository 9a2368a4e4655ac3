/* The loop in real time, behind one pollable descriptor: an epoll set of libcurl's sockets, one
 * timerfd, one eventfd. */
#ifndef ALS_NET_REACTOR_H
#define ALS_NET_REACTOR_H

#include "base/error.h"
#include "net/loop.h"

struct als_curl;

/* Turns at most that timers wait for, where descriptors take long in each. */
enum { ALS_REACTOR_TURNS_WAITED = 16 };

struct als_reactor {
    struct als_loop loop;
    struct als_curl *curl;
    struct als_watch *watches; /* few: all other descriptors are libcurl's */
    int epoll_fd;
    int timer_fd;
    int64_t armed_ms;               /* what the timerfd is set to; INT64_MAX: not armed */
    int turns_waited;               /* by the timers, one after the other */
    void (*woken)(void *user_data); /* the waker was signalled */
    void *user_data;
};

int als_reactor_init(struct als_reactor *reactor, awslogsrc_error **error);
void als_reactor_clear(struct als_reactor *reactor);

/* Handles what is ready, without blocking. 1 where more is ready already, 0, or AWSLOGSRC_E_SYSTEM.
 */
int als_reactor_process(struct als_reactor *reactor);

/* For net/curl: 0 or AWSLOGSRC_E_SYSTEM. */
int als_reactor_watch(struct als_reactor *reactor, int fd, uint32_t epoll_events);

#endif
