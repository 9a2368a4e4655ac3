/* The context: owns the loop, and the rules that hold for every handle on it. */
#ifndef ALS_SOURCE_CONTEXT_H
#define ALS_SOURCE_CONTEXT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "awslogsrc/context.h"
#include "credentials/cached.h"
#include "net/reactor.h"
#include "source/intake.h"

struct als_call_queue;

struct awslogsrc_context {
    struct als_loop *loop;       /* the reactor's, or a virtual one in tests */
    struct als_reactor *reactor; /* NULL with a virtual loop */
    awslogsrc_source *sources;
    struct als_caches caches;           /* of credentials */
    struct als_call_queue *call_queues; /* shared by the sources */
    struct als_intake intake;           /* of pages, likewise */
    int references;
    pid_t owner;
    bool processing;       /* inside process(): callbacks come from nowhere else */
    atomic_bool stopped;   /* asked for by awslogsrc_context_stop(); run() takes it back */
    size_t reserved_bytes; /* for answers under way */
    size_t queued_bytes;   /* of batches that wait to be handed out */
    size_t fetches;        /* of certificates, under way */
    size_t inflight_bytes; /* of batches delivered or waiting, not acknowledged */
};

int als_context_new(awslogsrc_context **out, awslogsrc_error **error);

/* A context on a loop that the caller drives: timers, HTTP and clocks are the loop's. For tests. */
int als_context_new_on(struct als_loop *loop, awslogsrc_context **out);

void als_context_ref(awslogsrc_context *context);
void als_context_unref(awslogsrc_context *context);

/* 0, AWSLOGSRC_E_INVALID for NULL, or AWSLOGSRC_E_FORKED in a child process. */
int als_context_check(const awslogsrc_context *context);

int als_context_process(awslogsrc_context *context);
int als_context_poll(awslogsrc_context *context, int timeout_ms);
int als_context_run(awslogsrc_context *context);

/* Whether an answer of so many bytes may be asked for under this max_inflight: reading ahead of the
 * host takes a share of it, what the host holds may take it all. */
bool als_context_has_room(const awslogsrc_context *context, size_t bytes, int64_t max_inflight);

/* Lets every source look at what became of its batches; runs when the waker was signalled. */
void als_context_woken(awslogsrc_context *context);

#endif
