/* Ships batches to a syslog receiver. A batch is acknowledged once the receiver's machine has all
 * of it; where the connection breaks before, what may be missing is sent again on the next one. */
#ifndef SHIPPER_H
#define SHIPPER_H

#include <awslogsrc/awslogsrc.h>

#include "destination.h"
#include "event_writer.h"

struct shipper;

/* writer: taken, freed with the shipper. ca_file: for TLS; NULL: the system's store. Says on stderr
 * why it cannot, and then returns NULL, with the writer freed. */
struct shipper *shipper_new(const struct destination *destination, struct event_writer *writer,
                            const char *ca_file);
void shipper_free(struct shipper *shipper); /* what was not acknowledged is refused; NULL is fine */

/* Takes a batch that is held from now on. source: borrowed. False without memory. */
bool shipper_take(struct shipper *shipper, const char *source, awslogsrc_batch *batch);

/* To be polled: fd (-1: nothing) for events, for so many milliseconds at most (-1: for ever). */
int shipper_fd(const struct shipper *shipper);
short shipper_events(const struct shipper *shipper);
int shipper_timeout_ms(const struct shipper *shipper);

/* Sends what can be sent, and never blocks. Returns 0, or the code of why it is no use to go on. */
int shipper_process(struct shipper *shipper);

bool shipper_is_idle(const struct shipper *shipper); /* nothing is left to ship */
uint64_t shipper_events_shipped(const struct shipper *shipper);

/* What has kept it from shipping since when (progress_now_ms()); NULL: nothing. */
const char *shipper_trouble(const struct shipper *shipper, int64_t *since_ms);

#endif
