/* --metrics-listen: the figures of all sources over HTTP, for Prometheus. */
#ifndef METRICS_H
#define METRICS_H

#include <awslogsrc/awslogsrc.h>
#include <stdbool.h>

struct metrics;

/* Whether address is HOST:PORT, as in 127.0.0.1:9100 or [::1]:0. */
bool metrics_is_address(const char *address);

/* Serves http://HOST:PORT/metrics; port 0 takes a free one. Says on stderr why it cannot, and then
 * returns NULL. */
struct metrics *metrics_listen(const char *address, const awslogsrc_context *context);

/* Where it listens: "http://127.0.0.1:9100/metrics". */
const char *metrics_url(const struct metrics *metrics);

/* To be polled for reading, for so many milliseconds at most (-1: for ever). */
int metrics_fd(const struct metrics *metrics);
int metrics_timeout_ms(const struct metrics *metrics);

/* Answers who has asked. Never blocks. */
void metrics_process(struct metrics *metrics);

void metrics_close(struct metrics *metrics); /* NULL is fine */

#endif
