#include "net/waker.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"

struct als_waker *als_waker_new(void)
{
    struct als_waker *waker = als_new(sizeof *waker);
    if (waker == NULL)
        return NULL;
    atomic_init(&waker->references, 1);
    waker->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (waker->fd < 0) {
        als_free(waker);
        return NULL;
    }
    return waker;
}

struct als_waker *als_waker_ref(struct als_waker *waker)
{
    atomic_fetch_add(&waker->references, 1);
    return waker;
}

void als_waker_unref(struct als_waker *waker)
{
    if (waker == NULL || atomic_fetch_sub(&waker->references, 1) != 1)
        return;
    (void)close(waker->fd);
    als_free(waker);
}

void als_waker_signal(struct als_waker *waker)
{
    int saved_errno = errno; /* a signal handler must not change it */
    uint64_t one = 1;
    ssize_t written =
        write(waker->fd, &one, sizeof one); /* fails only where it is signalled already */
    (void)written;
    errno = saved_errno;
}

bool als_waker_take(struct als_waker *waker)
{
    uint64_t count = 0;
    return read(waker->fd, &count, sizeof count) == (ssize_t)sizeof count;
}
