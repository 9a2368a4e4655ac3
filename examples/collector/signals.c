#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A signal handler has no other way to know: the one mutable state of the command. */
static awslogsrc_context *volatile context_to_wake;
static volatile sig_atomic_t stopped;
static volatile sig_atomic_t hung_up;

/* What was interrupted may be about to look at errno. */
static void wake(void)
{
    int before = errno;
    (void)awslogsrc_context_wakeup(context_to_wake);
    errno = before;
}

static void stop(int number)
{
    if (stopped)
        _exit(128 + number);
    stopped = 1;
    wake();
}

static void hang_up(int number)
{
    (void)number;
    hung_up = 1;
    wake();
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

void signals_catch(awslogsrc_context *context)
{
    context_to_wake = context;
    handle(SIGINT, stop);
    handle(SIGTERM, stop);
}

void signals_release(void)
{
    context_to_wake = NULL; /* awslogsrc_context_wakeup() takes it */
}

bool signals_stopped(void)
{
    return stopped != 0;
}

void signals_catch_hangup(void)
{
    handle(SIGHUP, hang_up);
}

bool signals_take_hangup(void)
{
    bool taken = hung_up != 0;
    hung_up = 0;
    return taken;
}
