/* Whose turn is the next call, of the kinds of scans that have one to send? The live edge goes
 * first, but one that grows, or is polled, as fast as calls are allowed must not stop the rest:
 * re-reading and backfill keep a fifth of the calls each, looking ahead of the clock a twentieth.
 * Pure. */
#ifndef ALS_PLAN_SHARES_H
#define ALS_PLAN_SHARES_H

#include <stdbool.h>

#include "plan/ledger.h"

/* Zero-initialise. What kinds that wait have saved up; those that do not wait save nothing. */
struct als_shares {
    unsigned rereading, backfill, ahead;
};

/* Of the kinds with bits (1 << kind) in ready. ALS_SCAN_KINDS: there is none. */
enum als_scan_kind als_shares_turn(const struct als_shares *shares, unsigned ready);

/* A call was sent of this kind, of those that were ready. */
void als_shares_called(struct als_shares *shares, unsigned ready, enum als_scan_kind kind);

#endif
