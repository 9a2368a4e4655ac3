/* SIGINT and SIGTERM wake a context up, the second one ends the process. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <awslogsrc/awslogsrc.h>
#include <stdbool.h>

/* Catches SIGINT and SIGTERM for the context. */
void signals_catch(awslogsrc_context *context);

/* Before the context is freed. */
void signals_release(void);

/* Whether SIGINT or SIGTERM came. */
bool signals_stopped(void);

/* From now on SIGHUP is for signals_take_hangup(): whether it came since the last call. */
void signals_catch_hangup(void);
bool signals_take_hangup(void);

#endif
