#include "lookup.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum state { RUNNING, DONE, ABANDONED };

struct lookup {
    struct address address;
    int socket_type;
    int code;
    struct addrinfo *addresses;
    atomic_int state; /* whoever comes second frees: the thread, or the owner */
};

static void look_up(struct lookup *lookup, int flags)
{
    const struct addrinfo wanted = {.ai_socktype = lookup->socket_type, .ai_flags = flags};
    lookup->code =
        getaddrinfo(lookup->address.host, lookup->address.port, &wanted, &lookup->addresses);
    if (lookup->code != 0)
        lookup->addresses = NULL;
}

static void destroy(struct lookup *lookup)
{
    if (lookup->addresses != NULL)
        freeaddrinfo(lookup->addresses);
    free(lookup);
}

static void *run(void *user_data)
{
    struct lookup *lookup = user_data;
    look_up(lookup, 0);
    if (atomic_exchange(&lookup->state, DONE) == ABANDONED)
        destroy(lookup);
    return NULL;
}

/* Signals are the loop's: the thread takes none. */
static bool start(struct lookup *lookup)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &attributes, run, lookup) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    return started;
}

struct lookup *lookup_new(const struct address *address, int socket_type)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup == NULL)
        return NULL;
    lookup->address = *address;
    lookup->socket_type = socket_type;
    look_up(lookup, AI_NUMERICHOST | AI_NUMERICSERV); /* asks nobody */
    if (lookup->code == 0) {
        atomic_store(&lookup->state, DONE);
    } else if (!start(lookup)) {
        free(lookup);
        return NULL;
    }
    return lookup;
}

void lookup_free(struct lookup *lookup)
{
    if (lookup != NULL && atomic_exchange(&lookup->state, ABANDONED) == DONE)
        destroy(lookup);
}

bool lookup_is_done(const struct lookup *lookup)
{
    return atomic_load(&lookup->state) == DONE;
}

int lookup_take(struct lookup *lookup, struct addrinfo **addresses)
{
    *addresses = lookup->addresses;
    lookup->addresses = NULL;
    return lookup->code;
}
