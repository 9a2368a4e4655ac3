/* What to read next. Everything follows from the coverage map and the time: t is due for age A when
 * it is at least A old and B(t) < t + A. Pure. */
#ifndef ALS_PLAN_PLANNER_H
#define ALS_PLAN_PLANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/coverage.h"
#include "plan/ledger.h"
#include "plan/recent_ids.h"

enum { ALS_PLANNER_AGES = 7 };

struct als_planner_options {
    int64_t poll_interval;
    int64_t horizon;  /* late_arrival_horizon */
    int64_t end_time; /* exclusive; ALS_TIME_MAX: follow for ever */
    bool once;
    unsigned backfill_parallelism;
    size_t max_recent_ids;
};

struct als_planner {
    struct als_planner_options options;
    int64_t once_until; /* T0: the first now seen; ALS_TIME_NEVER before that */
    int64_t interval;   /* of the live edge: poll_interval, or what the calls allow */
    int64_t next_live;  /* no live scan before */
    int64_t next_ahead; /* no scan ahead of the clock before */
    int64_t slice;      /* width of backfill and re-reading, adapts to calls */
    int64_t full_since; /* above max_recent_ids with nothing to free; ALS_TIME_MAX: not so */
    bool waits;         /* nothing but RELEASE scans for now */
    bool ahead_read;    /* at least once, to its end */
    bool oldest_next;   /* of what is to be read again, else the youngest */
};

/* What the planner looks at. */
struct als_planner_view {
    const struct als_coverage *coverage;
    const struct als_ledger *ledger; /* what is being read or held */
    const struct als_recent_ids *ids;
    const struct als_margin *margin;
    int64_t now; /* server time */
};

struct als_scan_plan {
    bool found;
    enum als_scan_kind kind;
    int64_t start, end; /* [start, end); end ALS_TIME_MAX: open, send no endTime */
    int64_t wake;       /* where nothing was found: ask again at this server time, or earlier when a
                           scan ends or a batch is acknowledged */
};

/* The ages at which time is read, ascending: 0, 10 s, ... horizon. Returns how many. */
size_t als_planner_ages(int64_t horizon, int64_t margin, int64_t ages[ALS_PLANNER_AGES]);

void als_planner_init(struct als_planner *planner, const struct als_planner_options *options);

/* The next scan to begin: als_ledger_begin, then als_planner_began, then ask again, until there is
 * nothing. A plan that is not begun is simply found again. */
struct als_scan_plan als_planner_next(struct als_planner *planner,
                                      const struct als_planner_view *view);
void als_planner_began(struct als_planner *planner, const struct als_scan_plan *plan, int64_t now);

/* A scan that was begun, but never sent a call, is given up: it may begin again at once. */
void als_planner_withdrew(struct als_planner *planner, enum als_scan_kind kind);

/* The server's clock was set back: what was to come later comes now. */
void als_planner_set_back(struct als_planner *planner);

/* Calls are short: the live edge is read every interval ms, where that is longer than
 * poll_interval.
 */
void als_planner_stretch(struct als_planner *planner, int64_t interval);

/* The kinds of scans that may send calls now, as bits (1 << kind): above max_recent_ids what adds
 * ids waits. */
unsigned als_planner_allowed(const struct als_planner *planner, const struct als_recent_ids *ids);

/* A scan's chain is over. complete: as in als_ledger_end; call it before that. */
void als_planner_ended(struct als_planner *planner, const struct als_ledger_scan *scan,
                       bool complete, int64_t now);

/* --once: every unsettled t before T0 has B(t) >= T0 and what lies ahead was read once. end_time:
 * all before it is settled. Never while a batch is held. */
bool als_planner_finished(const struct als_planner *planner, const struct als_planner_view *view);

#endif
