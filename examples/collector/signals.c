#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

/* A signal handler has no other way to know: the one mutable state of the command. */
static awslogsrc_context *volatile context_to_stop;
static volatile sig_atomic_t stopped;
static volatile sig_atomic_t ticked;

static void stop(int number)
{
    if (stopped)
        _exit(128 + number);
    stopped = 1;
    (void)awslogsrc_context_stop(context_to_stop);
}

static void tick(int number)
{
    (void)number;
    ticked = 1;
    (void)awslogsrc_context_stop(context_to_stop);
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

void signals_catch(awslogsrc_context *context)
{
    context_to_stop = context;
    handle(SIGPIPE, SIG_IGN);
    handle(SIGINT, stop);
    handle(SIGTERM, stop);
}

void signals_release(void)
{
    const struct itimerval never = {0};
    (void)setitimer(ITIMER_REAL, &never, NULL);
    handle(SIGALRM, SIG_IGN);
    context_to_stop = NULL; /* awslogsrc_context_stop() takes it */
}

void signals_tick_every(int interval_ms)
{
    struct timeval interval = {.tv_sec = interval_ms / 1000,
                               .tv_usec = (suseconds_t)(interval_ms % 1000) * 1000};
    const struct itimerval timer = {.it_interval = interval, .it_value = interval};
    handle(SIGALRM, tick);
    (void)setitimer(ITIMER_REAL, &timer, NULL);
}

bool signals_take_tick(void)
{
    bool taken = ticked != 0;
    ticked = 0;
    return taken;
}

bool signals_stopped(void)
{
    return stopped != 0;
}
