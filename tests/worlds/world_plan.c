#include "world_plan.h"

#include <stdio.h>

#include "random.h"

enum { MOST_POLLS = 2900 }; /* so that a world takes about half a second */

#define LONG_WORLDS 0.05

static const int64_t epoch = INT64_C(1772323200000); /* 2026-03-01T00:00:00Z */

int64_t world_draw(uint64_t *random, int64_t least, int64_t most)
{
    return least + (int64_t)(sim_random_next(random) % (uint64_t)(most - least + 1));
}

bool world_chance(uint64_t *random, double share)
{
    return sim_random_unit(random) < share;
}

static void draw_times(struct world_plan *plan, uint64_t *random)
{
    static const int64_t polls[] = {10, 10, 15, 20, 30, 45, 60, 60};
    int64_t days = world_draw(random, 2, world_chance(random, LONG_WORLDS) ? 14 : 2);
    plan->regions = world_chance(random, 0.8) ? 1 : (size_t)world_draw(random, 2, WORLD_REGIONS);
    plan->poll = polls[world_draw(random, 0, 7)] * WORLD_SECOND;
    while (plan->poll < WORLD_MINUTE &&
           days * WORLD_DAY / plan->poll * (int64_t)plan->regions > MOST_POLLS)
        plan->poll += 5 * WORLD_SECOND;
    if (plan->regions > 1 && days > 3)
        days = 3;
    plan->begin = epoch + world_draw(random, 0, 300 * WORLD_DAY);
    plan->end = plan->begin + days * WORLD_DAY;
    plan->horizon = world_draw(random, 2, 12) * 30 * WORLD_MINUTE;
    plan->margin = world_draw(random, 1, 5) * WORLD_MINUTE;
    bool history = world_chance(random, 0.5);
    plan->first_event = plan->begin - (history ? world_draw(random, 1, 24) * WORLD_HOUR : 0);
    plan->start_time = history && world_chance(random, 0.5)
                           ? plan->begin - world_draw(random, 0, 6 * WORLD_HOUR)
                           : 0;
    plan->start_time -= plan->start_time % WORLD_SECOND; /* the option is written in seconds */
}

static void draw_service(struct world_plan *plan, uint64_t *random)
{
    static const double rates[] = {0.02, 0.03, 0.05, 0.1, 0.3};
    plan->rate = rates[world_draw(random, 0, 4)] / (double)plan->regions;
    plan->huge_group = world_chance(random, 0.08);
    plan->page_events = (size_t)(world_chance(random, 0.7) ? world_draw(random, 8, 100)
                                                           : world_draw(random, 500, 10000));
    if (plan->huge_group)
        plan->page_events = (size_t)world_draw(random, 3000, 10000);
    plan->empty_pages = world_chance(random, 0.15) ? (unsigned)world_draw(random, 1, 2) : 0;
    plan->empty_every = world_chance(random, 0.2) ? (unsigned)world_draw(random, 2, 5) : 0;
    if (plan->empty_every == plan->empty_pages + 1)
        plan->empty_every = 0; /* together they would leave no page with events at all */
    plan->scan_events = world_chance(random, 0.2) ? plan->page_events + 3 : 0;
    plan->end_time_exclusive = world_chance(random, 0.5);
    plan->quota = world_chance(random, 0.2) ? (double)world_draw(random, 1, 5) : 0;
    plan->fault_share = world_chance(random, 0.8) ? 0.2 * sim_random_unit(random) : 0;
    plan->faults_of_tokens = world_chance(random, 0.5);
    if (world_chance(random, 0.4)) {
        plan->outage_from = plan->begin + world_draw(random, 2 * WORLD_HOUR, WORLD_DAY);
        plan->outage_until =
            plan->outage_from +
            (world_chance(random, 0.5) ? WORLD_DAY : world_draw(random, 1, 600) * WORLD_MINUTE);
    }
}

static void draw_host(struct world_plan *plan, uint64_t *random)
{
    static const int64_t holds[] = {5, 20, 60, 60, 60, 300, 300, 600, 600, 3600};
    struct world_host *host = &plan->host;
    host->by_event = world_chance(random, 0.2);
    host->later = world_chance(random, 0.4) ? (unsigned)world_draw(random, 1, 60) : 0;
    if (!host->by_event && world_chance(random, 0.6)) {
        host->hold = world_chance(random, 0.5) ? 100 : (unsigned)world_draw(random, 5, 95);
        host->nack = world_chance(random, 0.6) ? (unsigned)world_draw(random, 1, 10) : 0;
        host->drop = world_chance(random, 0.4) ? (unsigned)world_draw(random, 1, 5) : 0;
        host->longest_hold_ms =
            holds[world_draw(random, 0, world_chance(random, 0.3) ? 9 : 8)] * WORLD_SECOND;
    }
    plan->disturb_every = world_chance(random, 0.6) ? world_draw(random, 1, 12) * WORLD_HOUR : 0;
    plan->stored = world_chance(random, 0.6);
    plan->clock_jumps = world_chance(random, 0.5);
    if (world_chance(random, 0.5))
        plan->wall_ahead_ms = world_draw(random, -WORLD_HOUR, WORLD_HOUR);
    plan->max_inflight = (size_t)(world_chance(random, 0.3) ? 1 : 32) << 20;
    plan->max_recent_ids = world_chance(random, 0.1) && !plan->huge_group ? 1000 : 2000000;
    plan->parallelism = (unsigned)world_draw(random, 1, 6);
}

struct world_plan world_plan_of(uint64_t seed)
{
    struct world_plan plan = {.seed = seed};
    uint64_t random = sim_random_mix(seed ^ 0x3057);
    draw_times(&plan, &random);
    draw_service(&plan, &random);
    draw_host(&plan, &random);
    return plan;
}

void world_plan_print(const struct world_plan *plan)
{
    printf(
        "seed %llu: %zu regions, %lld days, poll %lld s, horizon %lld min, margin %lld s, "
        "%.2f events/s%s, start %lld h before\n",
        (unsigned long long)plan->seed, plan->regions,
        (long long)((plan->end - plan->begin) / WORLD_DAY), (long long)(plan->poll / WORLD_SECOND),
        (long long)(plan->horizon / WORLD_MINUTE), (long long)(plan->margin / WORLD_SECOND),
        plan->rate, plan->huge_group ? ", 25,000 in one ms" : "",
        plan->start_time == 0 ? -1LL : (long long)((plan->begin - plan->start_time) / WORLD_HOUR));
    printf("  pages of %zu, %u empty in front, every %u. empty, scans of %zu, endTime %s, quota "
           "%.0f, faults %.3f%s, outage %lld min\n",
           plan->page_events, plan->empty_pages, plan->empty_every, plan->scan_events,
           plan->end_time_exclusive ? "exclusive" : "inclusive", plan->quota, plan->fault_share,
           plan->faults_of_tokens ? " with tokens" : "",
           (long long)((plan->outage_until - plan->outage_from) / WORLD_MINUTE));
    printf("  host: %s, hold %u%% up to %lld s, nack %u%%, drop %u%%, later %u%%, disturbed every "
           "%lld h, clock %+lld s%s%s, inflight %zu, ids %zu, parallel %u\n",
           plan->host.by_event ? "events" : "batches", plan->host.hold,
           (long long)(plan->host.longest_hold_ms / WORLD_SECOND), plan->host.nack, plan->host.drop,
           plan->host.later, (long long)(plan->disturb_every / WORLD_HOUR),
           (long long)(plan->wall_ahead_ms / WORLD_SECOND), plan->clock_jumps ? " and jumps" : "",
           plan->stored ? ", stored" : "", plan->max_inflight, plan->max_recent_ids,
           plan->parallelism);
}
