/* The context: one loop behind one descriptor, carrying any number of sources. */
#ifndef AWSLOGSRC_CONTEXT_H
#define AWSLOGSRC_CONTEXT_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Log levels, most important first. Since 0.9. */
enum {
    AWSLOGSRC_LOG_ERROR = 1,
    AWSLOGSRC_LOG_WARNING = 2,
    AWSLOGSRC_LOG_INFO = 3,
    AWSLOGSRC_LOG_DEBUG = 4
};

/* Receives one log line without a line end. Holds no secret. message: borrow, during the call. It
 * comes from anywhere inside the library: of its functions only awslogsrc_context_wakeup() and
 * awslogsrc_context_stop() may be called in there. */
typedef void (*awslogsrc_log_fn)(void *user_data, int level, const char *message);

/* Creates a context.
 * out: ref; written on success only. error: optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_SYSTEM (no descriptors left, libcurl cannot start).
 * Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_new(awslogsrc_context **out, awslogsrc_error **error);

/* Gives the caller's reference back. The context lives until its last source is freed too.
 * Inside a callback it is released when the callback has returned. NULL is fine. Never blocks.
 * Since 0.9. */
AWSLOGSRC_API void awslogsrc_context_free(awslogsrc_context *context);

/* The one descriptor to watch: constant for the context's life, level-triggered, readable exactly
 * when awslogsrc_context_process() has work. Only poll it: never read, write, close or change it.
 * Returns the descriptor, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_fd(const awslogsrc_context *context);

/* Does what is due, and calls back. Bounded work per call, that waits for nobody; for the disk it
 * waits where a position is saved in state_dir, and where a server's certificates are acquired.
 * Returns 1 if there is more work at once (the descriptor stays readable), 0 if not, or
 * AWSLOGSRC_E_INVALID, AWSLOGSRC_E_REENTRANT (called from a callback), AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_SYSTEM (the descriptors are broken; fatal). Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_process(awslogsrc_context *context);

/* Waits up to timeout_ms milliseconds (0: not at all, negative: for ever) for work, then processes
 * it. Returns as awslogsrc_context_process(); a signal ends the wait with 0. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_poll(awslogsrc_context *context, int timeout_ms);

/* Polls until awslogsrc_context_stop() is called or no source is running any more, none is being
 * checked, and no certificates are being fetched. Returns 0, or the error that
 * awslogsrc_context_process() returned. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_run(awslogsrc_context *context);

/* Makes the descriptor readable, so that a poll() elsewhere returns. Any thread, and from signal
 * handlers. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_wakeup(awslogsrc_context *context);

/* Ends the current, or else the next, awslogsrc_context_run(). Sources keep their state and go on
 * with the next run or process. Any thread, and from signal handlers. Returns 0, or
 * AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_stop(awslogsrc_context *context);

/* Registers where log lines up to the given level go; fn NULL ends logging (the default).
 * fn runs only inside calls on this context. user_data: take.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_set_log(awslogsrc_context *context, int level,
                                            awslogsrc_log_fn fn, void *user_data,
                                            awslogsrc_user_data_free user_data_free);

/* What every source of the context has done and knows, as one OpenMetrics exposition: see
 * awslogsrc_source_stats_openmetrics(), also for the parameters. It takes time in proportion to
 * their regions, some 25 us for each: a host of hundreds of them that cannot spare it asks each
 * source on its own. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. Since 0.9. */
AWSLOGSRC_API int awslogsrc_context_stats_openmetrics(const awslogsrc_context *context, char **out,
                                                      size_t *size, awslogsrc_error **error);

AWSLOGSRC_END

#endif
