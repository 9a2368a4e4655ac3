#include "plan/shares.h"

/* Savings are twentieths of a call: what is kept for a kind with every call. */
enum {
    A_CALL = 20,
    A_FIFTH = A_CALL / 5,
    A_TWENTIETH = A_CALL / 20,
    MOST_SAVINGS = 2 * A_CALL,
};

enum {
    REREADING = 1U << ALS_SCAN_RELEASE | 1U << ALS_SCAN_AGE,
    BACKFILL = 1U << ALS_SCAN_BACKFILL,
    AHEAD = 1U << ALS_SCAN_AHEAD,
};

static enum als_scan_kind first_of(unsigned ready)
{
    unsigned kind = 0;
    while (kind < ALS_SCAN_KINDS && (ready & 1U << kind) == 0)
        kind++;
    return kind;
}

enum als_scan_kind als_shares_turn(const struct als_shares *shares, unsigned ready)
{
    if ((ready & REREADING) != 0 && shares->rereading >= A_CALL)
        return first_of(ready & REREADING);
    if ((ready & BACKFILL) != 0 && shares->backfill >= A_CALL)
        return ALS_SCAN_BACKFILL;
    if ((ready & AHEAD) != 0 && shares->ahead >= A_CALL)
        return ALS_SCAN_AHEAD;
    return first_of(ready);
}

static void save(unsigned *savings, unsigned part, bool ready, bool called)
{
    if (!ready)
        *savings = 0;
    else if (*savings < MOST_SAVINGS)
        *savings += part;
    if (called)
        *savings -= *savings < A_CALL ? *savings : A_CALL;
}

void als_shares_called(struct als_shares *shares, unsigned ready, enum als_scan_kind kind)
{
    unsigned called = 1U << kind;
    save(&shares->rereading, A_FIFTH, (ready & REREADING) != 0, (called & REREADING) != 0);
    save(&shares->backfill, A_FIFTH, (ready & BACKFILL) != 0, (called & BACKFILL) != 0);
    save(&shares->ahead, A_TWENTIETH, (ready & AHEAD) != 0, (called & AHEAD) != 0);
}
