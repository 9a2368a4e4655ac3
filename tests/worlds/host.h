/* A host that embeds the library: accepts, holds, postpones, refuses and drops batches, and keeps
 * book of what it did. */
#ifndef HOST_H
#define HOST_H

#include "awslogsrc/source.h"
#include "event_book.h"
#include "virtual_aws.h"

struct held;

struct host {
    const struct world_host *manner;
    struct virtual_aws *aws;
    struct event_book *books;
    size_t book_count;
    uint64_t random;
    struct held *held;
    const void *postponed[WORLD_REGIONS];       /* batch or event answered with LATER last */
    awslogsrc_batch *unfinished[WORLD_REGIONS]; /* by event: some were accepted, not all. Borrow */
    uint64_t batches, postponements;
    uint64_t broken_later; /* something else came where the same had to come again */
};

void host_init(struct host *host, const struct world_plan *plan, struct virtual_aws *aws,
               struct event_book *books);
/* Registers the callback that fits the host's manner; user_data is the host. */
int host_attach(struct host *host, awslogsrc_source *source);

/* The source is about to stop, or to be dropped: what is not acknowledged comes again. What the
 * host holds is answered later all the same, which must have no effect. */
void host_before_stop(struct host *host);
void host_clear(struct host *host);

#endif
