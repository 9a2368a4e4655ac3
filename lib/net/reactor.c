#include "net/reactor.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "net/child_process.h"
#include "net/curl.h"

/* Work of one process() call: enough for a busy loop, little enough to stay below 10 ms. */
enum { EVENTS_AT_ONCE = 64, BUSY_MS = 1 };

static struct als_reactor *reactor_of(struct als_loop *loop)
{
    return (struct als_reactor *)(void *)loop;
}

static void set_timer(struct als_reactor *reactor)
{
    int64_t due = als_timers_next_due(&reactor->loop.timers);
    if (due == reactor->armed_ms)
        return;
    struct itimerspec at = {0};
    if (due != INT64_MAX) {
        /* All zeros would disarm: what is long due fires in the first nanosecond instead. */
        at.it_value.tv_sec = due > 0 ? due / 1000 : 0;
        at.it_value.tv_nsec = due > 0 ? due % 1000 * 1000000 : 1;
    }
    reactor->armed_ms = due;
    (void)timerfd_settime(reactor->timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void timers_changed(struct als_loop *loop)
{
    set_timer(reactor_of(loop));
}

static int add(struct als_reactor *reactor, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(reactor->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static int watch(struct als_loop *loop, struct als_watch *watch)
{
    struct als_reactor *reactor = reactor_of(loop);
    if (add(reactor, watch->fd) != 0)
        return AWSLOGSRC_E_SYSTEM;
    watch->previous = NULL;
    watch->next = reactor->watches;
    if (watch->next != NULL)
        watch->next->previous = watch;
    reactor->watches = watch;
    return 0;
}

static void unwatch(struct als_loop *loop, struct als_watch *watch)
{
    struct als_reactor *reactor = reactor_of(loop);
    (void)epoll_ctl(reactor->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    if (watch->previous != NULL)
        watch->previous->next = watch->next;
    else
        reactor->watches = watch->next;
    if (watch->next != NULL)
        watch->next->previous = watch->previous;
}

int als_reactor_init(struct als_reactor *reactor, awslogsrc_error **error)
{
    *reactor = (struct als_reactor){.epoll_fd = -1, .timer_fd = -1, .armed_ms = INT64_MAX};
    reactor->loop.clock = als_clock_system();
    reactor->loop.random = als_random_from_system();
    reactor->loop.timers_changed = timers_changed;
    reactor->loop.watch = watch;
    reactor->loop.unwatch = unwatch;
    reactor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    reactor->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    reactor->loop.waker = als_waker_new();
    if (reactor->epoll_fd < 0 || reactor->timer_fd < 0 || reactor->loop.waker == NULL ||
        add(reactor, reactor->timer_fd) != 0 || add(reactor, reactor->loop.waker->fd) != 0) {
        int cause = errno;
        als_reactor_clear(reactor);
        return als_error_set(error, AWSLOGSRC_E_SYSTEM, "cannot create the event loop: %s",
                             strerrordesc_np(cause));
    }
    int status = als_curl_new(reactor, &reactor->curl);
    if (status != 0) {
        als_reactor_clear(reactor);
        return als_error_set(error, status, "cannot start libcurl");
    }
    reactor->loop.http = als_curl_http(reactor->curl);
    return 0;
}

void als_reactor_clear(struct als_reactor *reactor)
{
    als_child_process_forget(&reactor->loop);
    als_curl_free(reactor->curl);
    als_waker_unref(reactor->loop.waker);
    als_log_set(&reactor->loop.log, &(struct als_log){0});
    if (reactor->timer_fd >= 0)
        (void)close(reactor->timer_fd);
    if (reactor->epoll_fd >= 0)
        (void)close(reactor->epoll_fd);
    *reactor = (struct als_reactor){.epoll_fd = -1, .timer_fd = -1};
}

static const struct als_watch *find_watch(const struct als_reactor *reactor, int fd)
{
    const struct als_watch *watch = reactor->watches;
    while (watch != NULL && watch->fd != fd)
        watch = watch->next;
    return watch;
}

static void dispatch(struct als_reactor *reactor, const struct epoll_event *event)
{
    if (event->data.fd == reactor->timer_fd)
        return; /* the timers are looked at in any case */
    const struct als_watch *watch = find_watch(reactor, event->data.fd);
    if (watch != NULL)
        watch->fn(watch->user_data);
    else if (event->data.fd != reactor->loop.waker->fd)
        als_curl_socket_ready(reactor->curl, event->data.fd, event->events);
    else if (als_waker_take(reactor->loop.waker) && reactor->woken != NULL)
        reactor->woken(reactor->user_data);
}

/* Where descriptors took long, timers wait for the next turn, so that the two do not add up. */
static void run_timers(struct als_reactor *reactor, int64_t began)
{
    int64_t now = als_loop_now_ms(&reactor->loop);
    if (now - began >= BUSY_MS && ++reactor->turns_waited < ALS_REACTOR_TURNS_WAITED)
        return;
    reactor->turns_waited = 0;
    began = now;
    while (now - began < BUSY_MS && als_timers_run(&reactor->loop.timers, now, 1) > 0)
        now = als_loop_now_ms(&reactor->loop);
}

int als_reactor_process(struct als_reactor *reactor)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t began = als_loop_now_ms(&reactor->loop);
    int count = epoll_wait(reactor->epoll_fd, events, EVENTS_AT_ONCE, 0);
    if (count < 0 && errno != EINTR)
        return AWSLOGSRC_E_SYSTEM;
    for (int i = 0; i < count; i++)
        dispatch(reactor, &events[i]);
    als_curl_finish(reactor->curl);
    run_timers(reactor, began);
    reactor->armed_ms = -1; /* it may have fired: set it anew, which also makes it unreadable */
    set_timer(reactor);
    return count == EVENTS_AT_ONCE ||
           als_timers_next_due(&reactor->loop.timers) <= als_loop_now_ms(&reactor->loop);
}

int als_reactor_watch(struct als_reactor *reactor, int fd, uint32_t epoll_events)
{
    struct epoll_event event = {.events = epoll_events, .data.fd = fd};
    if (epoll_events == 0) {
        /* libcurl may have closed it already. */
        (void)epoll_ctl(reactor->epoll_fd, EPOLL_CTL_DEL, fd, &event);
        return 0;
    }
    if (epoll_ctl(reactor->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0)
        return 0;
    return epoll_ctl(reactor->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : AWSLOGSRC_E_SYSTEM;
}
