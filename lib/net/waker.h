/* The eventfd that makes a loop's descriptor readable. Reference-counted, so that a batch in some
 * thread's hands can still signal, harmlessly, when the loop is gone. Everything here may be called
 * from any thread. */
#ifndef ALS_NET_WAKER_H
#define ALS_NET_WAKER_H

#include <stdatomic.h>
#include <stdbool.h>

struct als_waker {
    atomic_int references;
    int fd;
};

struct als_waker *als_waker_new(void); /* NULL without memory or descriptors */
struct als_waker *als_waker_ref(struct als_waker *waker);
void als_waker_unref(struct als_waker *waker);

void als_waker_signal(struct als_waker *waker); /* also from signal handlers */
bool als_waker_take(struct als_waker *waker);   /* whether it was signalled since the last call */

#endif
