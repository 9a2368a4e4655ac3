/* The ledger of scans: which pages each has read, which batches of those are acknowledged, and
 * which marks of the coverage map follow. Batches may be acknowledged in any order. Pure.
 *
 * A mark never runs over what another batch still holds: its events look known to later scans, but
 * they are not delivered until that batch is acknowledged. Nor does it run over what a refused
 * batch held while the scan was already under way, for the scan skipped those events as known. */
#ifndef ALS_PLAN_LEDGER_H
#define ALS_PLAN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/coverage.h"

/* In the order in which they get calls. */
enum als_scan_kind {
    ALS_SCAN_LIVE,     /* up to now */
    ALS_SCAN_AHEAD,    /* from now on: events dated in the future */
    ALS_SCAN_RELEASE,  /* read again only to free ids */
    ALS_SCAN_AGE,      /* read again because of its age */
    ALS_SCAN_BACKFILL, /* holes: history, outages */
    ALS_SCAN_KINDS
};

enum als_batch_state { ALS_BATCH_HELD, ALS_BATCH_ACKNOWLEDGED, ALS_BATCH_REFUSED };

struct als_ledger_batch {
    uint64_t number; /* 0: nothing new on the page, nothing to acknowledge */
    int64_t page_last;
    int64_t first, last; /* of its new events */
    enum als_batch_state state;
};

struct als_ledger_scan {
    uint64_t number;
    int64_t start, end;               /* [start, end) */
    int64_t began;                    /* T; ALS_TIME_NEVER until the first page */
    int64_t position;                 /* the last event read so far, or start */
    struct als_ledger_batch *batches; /* from the first that is not acknowledged on */
    size_t count, capacity;
    uint64_t events; /* returned, known ones included */
    unsigned calls;
    enum als_scan_kind kind;
    bool ended;  /* no more pages */
    bool broken; /* interrupted, or a batch was refused: [start, end) is never marked whole */
};

/* Refused while the scans below `before` were under way: those must not mark it. */
struct als_ledger_gap {
    int64_t first, last;
    uint64_t before;
};

struct als_ledger {
    struct als_ledger_scan *scans; /* in the order begun */
    size_t scan_count, scan_capacity;
    struct als_ledger_gap *gaps;
    size_t gap_count, gap_capacity;
    uint64_t next_scan;
    uint64_t next_batch;
};

struct als_ledger_page {
    int64_t began;     /* T as this answer gives it; the scan keeps its first */
    size_t events;     /* in [start, end), known ones included */
    int64_t page_last; /* the last one's timestamp, where events > 0 */
    size_t new_events;
    int64_t first, last; /* of the new events, where new_events > 0 */
};

void als_ledger_init(struct als_ledger *ledger);
void als_ledger_clear(struct als_ledger *ledger);

/* A scan starts. Returns its number, 0 without memory. */
uint64_t als_ledger_begin(struct als_ledger *ledger, enum als_scan_kind kind, int64_t start,
                          int64_t end);

/* The number for a batch about to be filled: unique in this ledger, never 0. */
uint64_t als_ledger_next_batch(struct als_ledger *ledger);

/* A page of scan was read. batch: the number under which its new events are delivered (ignored
 * where there are none). Marks what became possible (a page of known events needs no
 * acknowledgement). 0 or AWSLOGSRC_E_NO_MEMORY: then the page counts as never read; forget the
 * batch and end the scan as broken. */
int als_ledger_add_page(struct als_ledger *ledger, uint64_t scan, uint64_t batch,
                        const struct als_ledger_page *page, struct als_coverage *coverage);

/* The chain is over: complete (the service gave no further token) or interrupted. */
void als_ledger_end(struct als_ledger *ledger, uint64_t scan, bool complete,
                    struct als_coverage *coverage);

/* Batch was acknowledged: marks what became possible. A failed mark is no failure: its stretch is
 * read again. Unknown batches are ignored. Scans without further business disappear. */
void als_ledger_acknowledge(struct als_ledger *ledger, uint64_t batch,
                            struct als_coverage *coverage);

/* Batch was refused or given up: its scan is broken there. Returns the scan (its chain should be
 * stopped: what it still reads is delivered but not marked), 0 for an unknown batch. */
uint64_t als_ledger_refuse(struct als_ledger *ledger, uint64_t batch);

/* The server's clock was set back: no scan began after now. */
void als_ledger_set_back(struct als_ledger *ledger, int64_t now);

/* NULL once a scan has no further business. Borrow, until the next change of the ledger. */
const struct als_ledger_scan *als_ledger_find(const struct als_ledger *ledger, uint64_t scan);

size_t als_ledger_scan_count(const struct als_ledger *ledger);
size_t als_ledger_held(const struct als_ledger *ledger); /* batches not acknowledged */

#endif
