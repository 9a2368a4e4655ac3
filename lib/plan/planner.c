#include "plan/planner.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)

enum {
    LIVE_POLLS = 10,           /* holes older than that many polls are backfill */
    SLIVER_PART = 6,           /* a re-read waits for a sixth of its age ... */
    FIRST_SLICE = 30 * MINUTE, /* ... and reads at most that much at a time to begin with */
    SMALLEST_SLICE = SECOND,
    FEW_CALLS = 4,   /* for a slice: the next ones are wider ... */
    MANY_CALLS = 16, /* ... or narrower */
    SHORTEST_RELEASE = 10 * SECOND,
    AHEAD_PERIOD = MINUTE, /* times the calls that the last one took */
    LONGEST_AHEAD_PERIOD = 20 * MINUTE,
    DATE_GRAIN = 2 * SECOND, /* a scan's T may be that much older than now */
    MOST_ZONES = ALS_PLANNER_AGES + 1,
};

#define WIDEST_SLICE (INT64_C(1) << 45)

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

size_t als_planner_ages(int64_t horizon, int64_t margin, int64_t ages[ALS_PLANNER_AGES])
{
    const int64_t wanted[] = {0, 10 * SECOND, 30 * SECOND, MINUTE, margin + MINUTE, 20 * MINUTE};
    size_t count = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        size_t at = count;
        while (at > 0 && ages[at - 1] > wanted[i])
            at--;
        if (wanted[i] >= horizon || (at > 0 && ages[at - 1] == wanted[i]))
            continue;
        for (size_t j = count++; j > at; j--)
            ages[j] = ages[j - 1];
        ages[at] = wanted[i];
    }
    ages[count++] = horizon;
    return count;
}

void als_planner_init(struct als_planner *planner, const struct als_planner_options *options)
{
    *planner = (struct als_planner){
        .options = *options,
        .once_until = ALS_TIME_NEVER,
        .next_live = ALS_TIME_NEVER,
        .next_ahead = ALS_TIME_NEVER,
        .full_since = ALS_TIME_MAX,
        .slice = FIRST_SLICE,
        .interval = options->poll_interval,
    };
}

void als_planner_stretch(struct als_planner *planner, int64_t interval)
{
    planner->interval = greater(planner->options.poll_interval, interval);
}

/* What is due: zones of event time, in each of which t is due where B(t) < limit and
 * B(t) < t + age; cut with the pieces of the map into segments, and joined into runs. */

struct zone {
    int64_t start, end;
    int64_t age;
    int64_t limit;
    bool recent; /* within the last polls */
};

struct run {
    int64_t start, end;
    size_t youngest; /* index of the youngest age due in it */
    enum als_scan_kind kind;
};

struct due {
    const struct als_coverage *coverage;
    int64_t now;
    int64_t edge; /* nothing from here on */
    int64_t ages[ALS_PLANNER_AGES];
    size_t age_count;
    struct zone zones[MOST_ZONES]; /* oldest first */
    size_t zone_count;
    int64_t recent; /* where the last polls start */
    size_t piece, zone;
    struct run ahead; /* the segment behind the run, read already */
    bool has_ahead;
};

static void add_zone(struct due *due, struct zone zone)
{
    struct zone older = zone;
    older.end = lesser(zone.end, due->recent);
    zone.start = greater(zone.start, due->recent);
    zone.recent = true;
    if (older.start < older.end)
        due->zones[due->zone_count++] = older;
    if (zone.start < zone.end)
        due->zones[due->zone_count++] = zone;
}

static void due_init(struct due *due, const struct als_planner *planner,
                     const struct als_planner_view *view)
{
    const struct als_planner_options *options = &planner->options;
    int64_t now = options->once ? planner->once_until : view->now;
    *due = (struct due){.coverage = view->coverage, .now = view->now};
    due->edge = lesser(now, options->end_time);
    due->recent = now - LIVE_POLLS * planner->interval;
    due->age_count = als_planner_ages(options->horizon, als_margin_widest(view->margin), due->ages);
    if (options->once) {
        add_zone(due, (struct zone){ALS_TIME_NEVER, due->edge, options->horizon, now, false});
        return;
    }
    for (size_t k = due->age_count; k > 0; k--) {
        int64_t start = k < due->age_count ? now - due->ages[k] : ALS_TIME_NEVER;
        int64_t end = lesser(now - due->ages[k - 1], due->edge);
        add_zone(due, (struct zone){start, end, due->ages[k - 1], ALS_TIME_MAX, false});
    }
}

static size_t youngest_age(const struct due *due, int64_t t, int64_t began)
{
    size_t k = 0;
    while (k + 1 < due->age_count && began >= t + due->ages[k])
        k++;
    return k;
}

static bool next_segment(struct due *due, struct run *segment)
{
    for (; due->piece < als_coverage_piece_count(due->coverage); due->piece++, due->zone = 0) {
        int64_t start = 0;
        int64_t end = 0;
        int64_t began = 0;
        als_coverage_piece_at(due->coverage, due->piece, &start, &end, &began);
        while (due->zone < due->zone_count) {
            const struct zone *zone = &due->zones[due->zone++];
            segment->start = greater(greater(start, zone->start), began - zone->age + 1);
            segment->end = lesser(end, zone->end);
            if (began >= zone->limit || segment->start >= segment->end)
                continue;
            segment->youngest = youngest_age(due, segment->end - 1, began);
            segment->kind = ALS_SCAN_AGE;
            if (segment->youngest == 0)
                segment->kind = zone->recent ? ALS_SCAN_LIVE : ALS_SCAN_BACKFILL;
            return true;
        }
    }
    return false;
}

/* Stretches that touch are read as one, and so is what is young enough beside the live edge. A look
 * ahead of the clock covers the moment at which it began, and parts the edge by as little: it stays
 * one, or the part left behind would count as a hole. */
static bool join(const struct due *due, struct run *run, const struct run *next)
{
    bool alike = run->kind == next->kind;
    bool edge = alike && run->kind == ALS_SCAN_LIVE;
    bool live = run->start >= due->recent && run->kind != ALS_SCAN_BACKFILL &&
                next->kind != ALS_SCAN_BACKFILL;
    if (next->start > run->end + (edge ? DATE_GRAIN : 1) || !(alike || live))
        return false;
    if (!alike)
        run->kind = ALS_SCAN_LIVE;
    run->end = greater(run->end, next->end);
    if (next->youngest < run->youngest)
        run->youngest = next->youngest;
    return true;
}

static bool next_run(struct due *due, struct run *run)
{
    if (!due->has_ahead && !next_segment(due, &due->ahead))
        return false;
    *run = due->ahead;
    do {
        due->has_ahead = next_segment(due, &due->ahead);
    } while (due->has_ahead && join(due, run, &due->ahead));
    return true;
}

/* A sliver waits until it is wide enough, or has waited as long as that would have taken. Where
 * polls are further apart than its age, the next one reads it along with the live edge. */
static bool is_worth_a_call(const struct als_planner *planner, const struct due *due,
                            const struct run *run)
{
    if (run->kind != ALS_SCAN_AGE || planner->options.once || run->end >= due->edge)
        return true;
    int64_t age = due->ages[run->youngest];
    int64_t enough = age < planner->interval ? 2 * planner->interval
                                             : greater(age / SLIVER_PART, planner->interval);
    return run->end - run->start >= enough || run->start <= due->now - age - enough;
}

/* What is being read or held is not read a second time meanwhile. */

static bool is_busy(const struct als_ledger_scan *scan, size_t index, struct run *busy)
{
    bool whole = !scan->ended || !scan->broken;
    if (scan->kind == ALS_SCAN_AHEAD || index >= (whole ? 1 : scan->count))
        return false;
    *busy = (struct run){.start = scan->start, .end = scan->end};
    if (whole)
        return true;
    const struct als_ledger_batch *batch = &scan->batches[index];
    bool held = batch->state == ALS_BATCH_HELD;
    busy->start = held ? batch->first : 0;
    busy->end = held ? batch->last + 1 : 0;
    return true;
}

/* The first stretch of event time that ends after t and is busy. */
static struct run next_busy(const struct als_ledger *ledger, int64_t t)
{
    struct run next = {.start = ALS_TIME_MAX, .end = ALS_TIME_MAX};
    for (size_t i = 0; i < ledger->scan_count; i++) {
        struct run busy;
        for (size_t j = 0; is_busy(&ledger->scans[i], j, &busy); j++) {
            if (busy.end > t && busy.start < next.start)
                next = busy;
        }
    }
    return next;
}

/* The first free part of [rest->start, rest->end), which goes on behind it. */
static bool next_free(const struct als_ledger *ledger, struct run *rest, struct run *part)
{
    while (rest->start < rest->end) {
        struct run busy = next_busy(ledger, rest->start);
        if (busy.start > rest->start) {
            *part = *rest;
            part->end = lesser(rest->end, busy.start);
            rest->start = part->end;
            return true;
        }
        rest->start = busy.end;
    }
    return false;
}

static unsigned running(const struct als_ledger *ledger, enum als_scan_kind kind)
{
    unsigned count = 0;
    for (size_t i = 0; i < ledger->scan_count; i++)
        count += ledger->scans[i].kind == kind && !ledger->scans[i].ended;
    return count;
}

static bool may_begin(const struct als_planner *planner, const struct als_planner_view *view,
                      enum als_scan_kind kind)
{
    unsigned now_running = running(view->ledger, kind);
    if (kind == ALS_SCAN_LIVE)
        return now_running == 0 && view->now >= planner->next_live;
    if (kind == ALS_SCAN_AHEAD)
        return now_running == 0 && view->now >= planner->next_ahead &&
               view->now < planner->options.end_time;
    if (kind == ALS_SCAN_RELEASE)
        return now_running == 0;
    return now_running < planner->options.backfill_parallelism;
}

/* Live edge, then re-reading, then the oldest hole. Of what is to be read again the youngest age
 * and the oldest time take turns: where calls are short, the old stretches would never be read,
 * though they are wide by then. */
static bool is_better(const struct als_planner *planner, const struct run *a, const struct run *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind;
    if (a->kind == ALS_SCAN_BACKFILL || planner->oldest_next)
        return a->start < b->start;
    if (a->youngest != b->youngest)
        return a->youngest < b->youngest;
    return a->end > b->end;
}

static struct run best_due(const struct als_planner *planner, const struct als_planner_view *view)
{
    struct run best = {.kind = ALS_SCAN_KINDS};
    struct run run;
    struct due due;
    due_init(&due, planner, view);
    while (next_run(&due, &run)) {
        struct run part;
        while (next_free(view->ledger, &run, &part)) {
            if (!is_worth_a_call(planner, &due, &part))
                continue;
            if (part.kind == ALS_SCAN_LIVE && part.end < due.edge - DATE_GRAIN)
                part.kind = ALS_SCAN_AGE; /* a hole just behind the edge need not wait for a poll */
            if (may_begin(planner, view, part.kind) && is_better(planner, &part, &best))
                best = part;
        }
    }
    if (best.kind == ALS_SCAN_AGE || best.kind == ALS_SCAN_BACKFILL)
        best.end = lesser(best.end, best.start + planner->slice);
    return best;
}

static bool is_full(const struct als_planner *planner, const struct als_recent_ids *ids)
{
    return als_recent_ids_count(ids) >= planner->options.max_recent_ids;
}

/* Where the first stretch behind start begins that was not read since its time has come: reading
 * that would add ids instead of freeing them. */
static int64_t next_hole(const struct als_coverage *coverage, int64_t start)
{
    for (size_t i = 0; i < als_coverage_piece_count(coverage); i++) {
        int64_t piece_start = 0;
        int64_t end = 0;
        int64_t began = 0;
        als_coverage_piece_at(coverage, i, &piece_start, &end, &began);
        if (end > start && began < end)
            return piece_start;
    }
    return ALS_TIME_MAX;
}

static struct als_scan_plan plan_release(const struct als_planner *planner,
                                         const struct als_planner_view *view)
{
    struct als_scan_plan plan = {.kind = ALS_SCAN_RELEASE};
    int64_t ingested_by = view->now - als_margin_widest(view->margin) - DATE_GRAIN;
    plan.found =
        als_recent_ids_densest(view->ids, ingested_by, planner->slice, &plan.start, &plan.end);
    int64_t hole = next_hole(view->coverage, plan.start);
    if (plan.found)
        plan.end = lesser(plan.end, greater(hole, plan.start + SHORTEST_RELEASE));
    return plan;
}

/* Above max_recent_ids nothing is read but what frees ids. What is too young to be freed will not
 * be after a margin; if there is nothing to free even then (ids that coverage never decides), the
 * limit gives way: waiting longer would not help. */
static struct als_scan_plan plan_when_full(struct als_planner *planner,
                                           const struct als_planner_view *view)
{
    struct als_scan_plan none = {.kind = ALS_SCAN_RELEASE};
    planner->waits = true;
    if (!may_begin(planner, view, ALS_SCAN_RELEASE))
        return none;
    struct als_scan_plan plan = plan_release(planner, view);
    if (plan.found)
        planner->full_since = ALS_TIME_MAX;
    else if (planner->full_since == ALS_TIME_MAX)
        planner->full_since = view->now;
    planner->waits = plan.found || view->now - planner->full_since <=
                                       als_margin_widest(view->margin) + DATE_GRAIN;
    return plan;
}

static struct als_scan_plan plan_reading(const struct als_planner *planner,
                                         const struct als_planner_view *view)
{
    struct run best = best_due(planner, view);
    if (best.kind > ALS_SCAN_AHEAD && may_begin(planner, view, ALS_SCAN_AHEAD)) {
        best.kind = ALS_SCAN_AHEAD;
        best.start = greater(view->now, als_coverage_floor(view->coverage));
        best.end = planner->options.end_time;
    }
    return (struct als_scan_plan){.found = best.kind < ALS_SCAN_KINDS && best.start < best.end,
                                  .kind = best.kind,
                                  .start = best.start,
                                  .end = best.end};
}

struct als_scan_plan als_planner_next(struct als_planner *planner,
                                      const struct als_planner_view *view)
{
    if (planner->once_until == ALS_TIME_NEVER)
        planner->once_until = view->now;
    bool full = is_full(planner, view->ids);
    struct als_scan_plan plan = {0};
    planner->waits = false;
    if (full)
        plan = plan_when_full(planner, view);
    else
        planner->full_since = ALS_TIME_MAX;
    if (!planner->waits)
        plan = plan_reading(planner, view);
    if (!plan.found) {
        plan.wake = view->now + planner->options.poll_interval;
        if (planner->next_live > view->now)
            plan.wake = lesser(plan.wake, planner->next_live);
        if (planner->next_ahead > view->now)
            plan.wake = lesser(plan.wake, planner->next_ahead);
    }
    return plan;
}

void als_planner_began(struct als_planner *planner, const struct als_scan_plan *plan, int64_t now)
{
    if (plan->kind == ALS_SCAN_LIVE)
        planner->next_live =
            now + (planner->options.once ? SECOND : planner->options.poll_interval);
    if (plan->kind == ALS_SCAN_AHEAD)
        planner->next_ahead = now + AHEAD_PERIOD;
}

void als_planner_withdrew(struct als_planner *planner, enum als_scan_kind kind)
{
    if (kind == ALS_SCAN_LIVE)
        planner->next_live = ALS_TIME_NEVER;
    if (kind == ALS_SCAN_AHEAD)
        planner->next_ahead = ALS_TIME_NEVER;
}

void als_planner_set_back(struct als_planner *planner)
{
    planner->next_live = ALS_TIME_NEVER;
    planner->next_ahead = ALS_TIME_NEVER;
}

unsigned als_planner_allowed(const struct als_planner *planner, const struct als_recent_ids *ids)
{
    return planner->waits && is_full(planner, ids) ? 1U << ALS_SCAN_RELEASE
                                                   : (1U << ALS_SCAN_KINDS) - 1;
}

void als_planner_ended(struct als_planner *planner, const struct als_ledger_scan *scan,
                       bool complete, int64_t now)
{
    if (scan->kind == ALS_SCAN_AHEAD) {
        planner->ahead_read = planner->ahead_read || complete;
        int64_t period = (int64_t)scan->calls * AHEAD_PERIOD;
        planner->next_ahead = now + (complete ? lesser(period, LONGEST_AHEAD_PERIOD)
                                              : planner->options.poll_interval);
    }
    if (scan->kind == ALS_SCAN_AGE)
        planner->oldest_next = !planner->oldest_next;
    if (scan->kind != ALS_SCAN_AGE && scan->kind != ALS_SCAN_BACKFILL)
        return;
    if (scan->calls >= MANY_CALLS)
        planner->slice =
            greater(lesser(planner->slice, scan->end - scan->start) / 2, SMALLEST_SLICE);
    else if (complete && scan->calls <= FEW_CALLS && scan->end - scan->start >= planner->slice)
        planner->slice = lesser(2 * planner->slice, WIDEST_SLICE);
}

static bool is_settled(const struct als_coverage *coverage, int64_t end, int64_t horizon,
                       int64_t limit)
{
    for (size_t i = 0; i < als_coverage_piece_count(coverage); i++) {
        int64_t start = 0;
        int64_t piece_end = 0;
        int64_t began = 0;
        als_coverage_piece_at(coverage, i, &start, &piece_end, &began);
        int64_t last = lesser(piece_end, end) - 1;
        if (last >= start && began < limit && began < last + horizon)
            return false;
    }
    return true;
}

bool als_planner_finished(const struct als_planner *planner, const struct als_planner_view *view)
{
    const struct als_planner_options *options = &planner->options;
    if (als_ledger_scan_count(view->ledger) > 0)
        return false;
    if (options->end_time < ALS_TIME_MAX &&
        is_settled(view->coverage, options->end_time, options->horizon, ALS_TIME_MAX))
        return true;
    if (!options->once || planner->once_until == ALS_TIME_NEVER)
        return false;
    return (planner->ahead_read || options->end_time <= planner->once_until) &&
           is_settled(view->coverage, lesser(planner->once_until, options->end_time),
                      options->horizon, planner->once_until);
}
