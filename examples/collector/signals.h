/* SIGINT and SIGTERM stop a context, the second one ends the process; SIGALRM is the progress
 * line's clock. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <awslogsrc/awslogsrc.h>
#include <stdbool.h>

/* Catches SIGINT and SIGTERM for the context, and ignores SIGPIPE. */
void signals_catch(awslogsrc_context *context);

/* Before the context is freed. */
void signals_release(void);

/* Interrupts awslogsrc_context_run() every so many milliseconds. */
void signals_tick_every(int interval_ms);

/* Whether the context ran into a tick since the last call. */
bool signals_take_tick(void);

/* Whether SIGINT or SIGTERM came. */
bool signals_stopped(void);

#endif
