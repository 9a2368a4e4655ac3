/* A program that runs beside the loop: what it prints is read, and it is killed when it takes too
 * long. No shell is involved, and none of the host's signals, handlers and descriptors. */
#ifndef ALS_NET_CHILD_PROCESS_H
#define ALS_NET_CHILD_PROCESS_H

#include "base/buffer.h"
#include "base/error.h"
#include "net/loop.h"

enum { ALS_CHILD_PROCESS_COMPLAINT = 512 }; /* bytes of standard error that are kept */

struct als_child_process_request {
    const char *const *arguments; /* NULL-terminated; the first is the program, found as in PATH */
    int64_t time_limit_ms;
    size_t output_limit; /* bytes of standard output */
};

struct als_child_process_result {
    int code; /* 0: it ended by itself; AWSLOGSRC_E_TIMEOUT, AWSLOGSRC_E_TOO_LARGE (output) or
                 AWSLOGSRC_E_SYSTEM (reading): it was killed */
    int exit_status;           /* 0 to 255, or -1 where another part of the host has taken it */
    int signal;                /* that ended it, or 0 */
    struct als_text output;    /* wiped after the callback */
    struct als_text complaint; /* the beginning of its standard error */
};

struct als_child_process;

/* Runs exactly once for every process that was started and not cancelled, never from inside start
 * or cancel. result: borrow, during the call. */
typedef void als_child_process_done(void *user_data, const struct als_child_process_result *result);

/* Standard input is empty, and there is no terminal to ask at. 0; AWSLOGSRC_E_FILE (no such
 * program, or not allowed), AWSLOGSRC_E_SYSTEM or AWSLOGSRC_E_NO_MEMORY; errors name the program.
 * Blocks until the program is loaded. */
int als_child_process_start(struct als_loop *loop, const struct als_child_process_request *request,
                            als_child_process_done *done, void *user_data,
                            struct als_child_process **out, awslogsrc_error **error);

/* Kills it, with everything it has started that stayed in its session. */
void als_child_process_cancel(struct als_child_process *process);

/* For the end of the loop, which waits a moment more for each that is killed and not gone yet. */
void als_child_process_forget(struct als_loop *loop);

#endif
