/* A day of a log group with 1,000 events a second, read through the reading plan within the API
 * quota: what it costs and how late events come. simulated_day [HOURS [CALLS_PER_SECOND [PAGE]]] */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "plan/budget.h"
#include "plan/coverage.h"
#include "plan/ledger.h"
#include "plan/margin.h"
#include "plan/planner.h"
#include "plan/recent_ids.h"
#include "plan/shares.h"

#define HOUR INT64_C(3600000)

enum {
    MARGIN = 300000,
    HORIZON = HOUR,
    STEP = 100,
    LATENCY = 300,
    CHAINS = 16,
    LAG_STEP = 100,
    LAG_BUCKETS = 36000,
    SOON = 60000, /* the lag counts for events visible that soon after their time */
};

struct chain {
    uint64_t scan;
    enum als_scan_kind kind;
    int64_t start, position, end;
    int64_t sent;
    bool waits; /* for an answer */
};

struct day {
    int64_t length, now;
    size_t page;
    unsigned char *delivered; /* a bit for each event */
    struct als_coverage coverage;
    struct als_margin margin;
    struct als_recent_ids ids;
    struct als_ledger ledger;
    struct als_planner planner;
    struct als_budget budget;
    struct als_shares shares;
    struct chain chains[CHAINS];
    size_t chain_count;
    uint64_t returned, calls, by_kind[ALS_SCAN_KINDS];
    uint64_t found, repeated;
    uint64_t lags[LAG_BUCKETS];
    uint64_t soon;
    size_t most_memory, most_ids, most_pieces;
};

/* There is one event in each millisecond; when it came follows from its time. */
struct event {
    int64_t ingestion, visible;
};

enum { AHEAD_EVERY = 1000, AHEAD_PHASE = 7 };

static struct event event_at(int64_t t)
{
    struct als_random random = {.state = (uint64_t)t};
    uint64_t bits = als_random_next(&random);
    uint64_t kind = bits % 1000;
    int64_t fraction = (int64_t)(bits >> 32 & 0xffff); /* of 65536 */
    struct event event = {.ingestion = t + 50 + 750 * fraction / 65536};
    if (t % AHEAD_EVERY == AHEAD_PHASE)
        event.ingestion = t - 2 * HOUR * fraction / 65536;
    else if (kind >= 995) /* agents that were offline */
        event.ingestion = t + 300000 + INT64_C(2700000) * fraction / 65536;
    else if (kind >= 970) /* slow producers */
        event.ingestion = t + 180000 * fraction / 65536 * fraction / 65536;
    int64_t delay = (int64_t)(bits >> 48);
    bool slow = (bits >> 10 & 63) == 0;
    event.visible =
        event.ingestion + (slow ? 3000 + 107000 * delay / 65536 : 200 + 2800 * delay / 65536);
    return event;
}

static struct als_event_id id_of(int64_t t)
{
    struct als_random random = {.state = ~(uint64_t)t};
    uint64_t halves[2] = {als_random_next(&random), als_random_next(&random)};
    struct als_event_id id;
    memcpy(id.bytes, halves, sizeof id.bytes);
    return id;
}

static void deliver(struct day *day, uint64_t batch, int64_t t, const struct event *event)
{
    struct als_event_id id = id_of(t);
    if (als_recent_ids_insert(&day->ids, batch, &id, t, event->ingestion) != 0)
        abort();
    unsigned char bit = (unsigned char)(1U << (t & 7));
    if ((day->delivered[t >> 3] & bit) != 0)
        day->repeated++;
    day->delivered[t >> 3] |= bit;
    day->found++;
    if (event->visible - t > SOON || event->visible < t)
        return;
    int64_t lag = (day->now - event->visible) / LAG_STEP;
    day->lags[lag < LAG_BUCKETS ? lag : LAG_BUCKETS - 1]++;
    day->soon++;
}

static bool is_known(const struct day *day, int64_t t, int64_t ingestion)
{
    if (als_coverage_decides(&day->coverage, t, ingestion, als_margin_of(&day->margin, ingestion)))
        return true;
    struct als_event_id id = id_of(t);
    return als_recent_ids_contains(&day->ids, &id);
}

/* true: there are more pages. */
static bool read_page(struct day *day, struct chain *chain, uint64_t batch,
                      struct als_ledger_page *page)
{
    int64_t snapshot = chain->sent + LATENCY / 2;
    int64_t end = chain->end < day->length ? chain->end : day->length;
    for (; chain->position < end; chain->position++) {
        int64_t t = chain->position;
        if (t > snapshot && t % AHEAD_EVERY != AHEAD_PHASE)
            continue;
        struct event event = event_at(t);
        if (event.visible > snapshot)
            continue;
        if (page->events == day->page)
            return true;
        page->events++;
        page->page_last = t;
        if (is_known(day, t, event.ingestion))
            continue;
        if (page->new_events++ == 0)
            page->first = t;
        page->last = t;
        deliver(day, batch, t, &event);
    }
    return false;
}

static void take_answer(struct day *day, size_t index)
{
    struct chain *chain = &day->chains[index];
    struct als_ledger_page page = {.began = day->now - day->now % 1000 - (day->now - chain->sent)};
    uint64_t batch = als_ledger_next_batch(&day->ledger);
    bool more = read_page(day, chain, batch, &page);
    day->returned += page.events;
    if (als_ledger_add_page(&day->ledger, chain->scan, batch, &page, &day->coverage) != 0)
        abort();
    als_recent_ids_acknowledge(&day->ids, batch);
    als_ledger_acknowledge(&day->ledger, batch, &day->coverage);
    chain->waits = false;
    if (more)
        return;
    als_planner_ended(&day->planner, als_ledger_find(&day->ledger, chain->scan), true, day->now);
    als_ledger_end(&day->ledger, chain->scan, true, &day->coverage);
    *chain = day->chains[--day->chain_count];
}

static void take_answers(struct day *day)
{
    for (size_t i = day->chain_count; i > 0; i--) {
        if (day->chains[i - 1].waits && day->now >= day->chains[i - 1].sent + LATENCY)
            take_answer(day, i - 1);
    }
}

static void begin_scans(struct day *day)
{
    struct als_planner_view view = {&day->coverage, &day->ledger, &day->ids, &day->margin,
                                    day->now};
    while (day->chain_count < CHAINS) {
        struct als_scan_plan plan = als_planner_next(&day->planner, &view);
        if (!plan.found)
            return;
        uint64_t scan = als_ledger_begin(&day->ledger, plan.kind, plan.start, plan.end);
        als_planner_began(&day->planner, &plan, day->now);
        day->chains[day->chain_count++] = (struct chain){.scan = scan,
                                                         .kind = plan.kind,
                                                         .start = plan.start,
                                                         .position = plan.start,
                                                         .end = plan.end};
    }
}

static unsigned kinds_ready(const struct day *day)
{
    unsigned ready = 0;
    for (size_t i = 0; i < day->chain_count; i++)
        ready |= day->chains[i].waits ? 0 : 1U << day->chains[i].kind;
    return ready & als_planner_allowed(&day->planner, &day->ids);
}

static struct chain *whose_turn(struct day *day, unsigned ready)
{
    enum als_scan_kind kind = als_shares_turn(&day->shares, ready);
    for (size_t i = 0; i < day->chain_count; i++) {
        if (!day->chains[i].waits && day->chains[i].kind == kind)
            return &day->chains[i];
    }
    return NULL;
}

static void send_calls(struct day *day)
{
    struct chain *chain;
    unsigned ready;
    while ((chain = whose_turn(day, ready = kinds_ready(day))) != NULL &&
           als_budget_take(&day->budget, day->now) == 0) {
        als_shares_called(&day->shares, ready, chain->kind);
        day->calls++;
        day->by_kind[chain->kind]++;
        chain->sent = day->now;
        chain->waits = true;
    }
}

static void tidy(struct day *day)
{
    if (day->now % 1000 == 0)
        als_recent_ids_release(&day->ids, &day->coverage, &day->margin);
    als_coverage_settle(&day->coverage, HORIZON);
    size_t memory = als_recent_ids_memory(&day->ids);
    size_t pieces = als_coverage_piece_count(&day->coverage);
    if (memory > day->most_memory)
        day->most_memory = memory;
    if (day->ids.count > day->most_ids)
        day->most_ids = day->ids.count;
    if (pieces > day->most_pieces)
        day->most_pieces = pieces;
}

static double quantile(const struct day *day, double share)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < LAG_BUCKETS; i++) {
        seen += day->lags[i];
        if ((double)seen >= share * (double)day->soon)
            return (double)(i + 1) * LAG_STEP / 1000;
    }
    return 0;
}

static void report(const struct day *day)
{
    static const char *const kinds[] = {"live", "ahead", "release", "age", "backfill"};
    uint64_t lost = (uint64_t)day->length + day->repeated - day->found;
    printf("%lld h, %lld events: lost %llu, repeated %llu, amplification %.2f\n",
           (long long)(day->length / HOUR), (long long)day->length, (unsigned long long)lost,
           (unsigned long long)day->repeated, (double)day->returned / (double)day->length);
    printf("delivery lag p50 %.1f s, p99 %.1f s, p99.9 %.1f s\n", quantile(day, 0.5),
           quantile(day, 0.99), quantile(day, 0.999));
    printf("recent ids %zu in %.1f MiB, coverage %zu pieces\n", day->most_ids,
           (double)day->most_memory / 1048576, day->most_pieces);
    printf("calls %llu (%.2f a second):", (unsigned long long)day->calls,
           (double)day->calls * 1000 / (double)day->now);
    for (size_t i = 0; i < ALS_SCAN_KINDS; i++)
        printf(" %s %llu", kinds[i], (unsigned long long)day->by_kind[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    static struct day day;
    day.length = (argc > 1 ? strtoll(argv[1], NULL, 10) : 24) * HOUR;
    double rate = argc > 2 ? strtod(argv[2], NULL) : 5;
    day.page = argc > 3 ? strtoull(argv[3], NULL, 10) : 10000;
    if (day.length <= 0 || day.length > 1000LL * HOUR || rate <= 0 || day.page == 0)
        return 2;
    day.delivered = calloc((size_t)day.length / 8 + 1, 1);
    if (day.delivered == NULL)
        return 1;
    als_margin_init(&day.margin, MARGIN);
    als_coverage_init(&day.coverage, 0);
    als_ledger_init(&day.ledger);
    als_budget_init(&day.budget, rate, 0);
    struct als_planner_options options = {.poll_interval = 10000,
                                          .horizon = HORIZON,
                                          .end_time = ALS_TIME_MAX,
                                          .backfill_parallelism = 4,
                                          .max_recent_ids = 2000000};
    als_planner_init(&day.planner, &options);
    for (; day.now < day.length + 2LL * HORIZON; day.now += STEP) {
        take_answers(&day);
        begin_scans(&day);
        send_calls(&day);
        tidy(&day);
    }
    report(&day);
    als_recent_ids_clear(&day.ids);
    als_coverage_clear(&day.coverage);
    als_ledger_clear(&day.ledger);
    free(day.delivered);
    return 0;
}
