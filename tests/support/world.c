#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "plan/coverage.h"
#include "plan/ledger.h"
#include "plan/margin.h"
#include "plan/planner.h"
#include "plan/recent_ids.h"
#include "world_events.h"

enum {
    STEP = 1000,
    POLL = 10000,
    MOST_CHAINS = 32,
    MOST_SCANS = 128,
    MOST_WAITING = 4, /* batches of one chain that a host may hold before it reads no further */
    OUTAGES = 2,
    CHECKPOINT = 20000,
    CRASH_EVERY = 1800, /* steps, on average */
};

struct chain {
    uint64_t scan;
    enum als_scan_kind kind;
    int64_t start, end;
    int64_t sent, answer; /* of the page under way */
    size_t after;         /* index of the first event not returned yet */
    int64_t skew;
};

struct batch {
    uint64_t number, scan;
    int64_t due;
    bool refuse;
    size_t *events;
    size_t count;
    struct batch *next;
};

struct cursor {
    struct als_coverage coverage;
    struct als_margin margin;
    struct als_recent_ids ids;
};

struct world {
    struct world_options options;
    struct world_result result;
    struct als_random random;
    struct world_events events;
    int64_t now, end;
    bool inclusive, holds;
    int64_t outages[OUTAGES][2];
    struct cursor state, saved;
    struct als_ledger ledger;
    struct als_planner planner;
    struct chain chains[MOST_CHAINS];
    size_t chain_count;
    struct batch *batches;
};

static bool has(const struct world *world, enum world_fault fault)
{
    return (world->options.faults >> fault & 1) != 0;
}

static struct als_event_id id_of(size_t index)
{
    struct als_random random = {.state = index + 1};
    uint64_t halves[2] = {als_random_next(&random), als_random_next(&random)};
    struct als_event_id id;
    memcpy(id.bytes, halves, sizeof id.bytes);
    return id;
}

/* The service. */

static size_t first_at(const struct world *world, int64_t t)
{
    size_t low = 0;
    size_t high = world->events.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (world->events.all[middle].timestamp < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct page {
    size_t events[128];
    size_t count;
    bool more;
};

static void read_page(struct world *world, struct chain *chain, int64_t snapshot, struct page *page)
{
    int64_t last = world->inclusive ? chain->end : chain->end - 1;
    if (has(world, WORLD_FAULT_end_minus_1) && !world->inclusive)
        last--; /* the end is decremented for a service that excludes it anyway */
    world->result.calls++;
    page->count = 0;
    page->more = chance_of(&world->random, 0.05); /* partly full or empty, but not the end */
    size_t most = page->more ? (size_t)als_random_below(&world->random, 3) : world->options.page;
    for (; chain->after < world->events.count; chain->after++) {
        const struct world_event *event = &world->events.all[chain->after];
        if (event->timestamp > last)
            break;
        if (event->visible > snapshot)
            continue;
        if (page->count == most) {
            page->more = true;
            break;
        }
        page->events[page->count++] = chain->after;
    }
    world->result.returned += page->count;
}

/* Where marks ignore what others hold (no_skip), the others' batches are hidden meanwhile. */
static void hide_others(struct world *world, uint64_t scan, enum als_batch_state from,
                        enum als_batch_state to)
{
    for (size_t i = 0; has(world, WORLD_FAULT_no_skip) && i < world->ledger.scan_count; i++) {
        struct als_ledger_scan *other = &world->ledger.scans[i];
        for (size_t j = 0; other->number != scan && j < other->count; j++) {
            if (other->batches[j].state == from)
                other->batches[j].state = to;
        }
    }
}

/* The host. */

static void remove_batch(struct world *world, struct batch *batch)
{
    struct batch **link = &world->batches;
    while (*link != batch)
        link = &(*link)->next;
    *link = batch->next;
    free(batch->events);
    free(batch);
}

static void break_by_ack(struct world *world, const struct batch *batch)
{
    const struct als_ledger_scan *scan = als_ledger_find(&world->ledger, batch->scan);
    int64_t newest = world->events.all[batch->events[batch->count - 1]].timestamp;
    if (scan != NULL && has(world, WORLD_FAULT_ack_any)) /* any batch, not the prefix */
        als_coverage_mark(&world->state.coverage, scan->start, newest, scan->began);
    if (has(world, WORLD_FAULT_future_hides) && newest > world->now) /* a watermark */
        als_coverage_mark(&world->state.coverage, world->now, newest, newest + WORLD_HORIZON);
}

static void acknowledge(struct world *world, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct world_event *event = &world->events.all[batch->events[i]];
        event->acknowledged = true;
        event->pending = false;
    }
    if (has(world, WORLD_FAULT_forget_on_ack))
        als_recent_ids_forget(&world->state.ids, batch->number);
    break_by_ack(world, batch);
    als_recent_ids_acknowledge(&world->state.ids, batch->number);
    hide_others(world, batch->scan, ALS_BATCH_HELD, ALS_BATCH_REFUSED);
    als_ledger_acknowledge(&world->ledger, batch->number, &world->state.coverage);
    hide_others(world, batch->scan, ALS_BATCH_REFUSED, ALS_BATCH_HELD);
}

static void end_chain(struct world *world, size_t index, bool complete)
{
    struct chain chain = world->chains[index];
    world->chains[index] = world->chains[--world->chain_count];
    const struct als_ledger_scan *scan = als_ledger_find(&world->ledger, chain.scan);
    if (scan == NULL)
        return;
    als_planner_ended(&world->planner, scan, complete, world->now);
    if (has(world, WORLD_FAULT_broken_marks)) /* an interrupted chain counts as read */
        complete = true;
    hide_others(world, chain.scan, ALS_BATCH_HELD, ALS_BATCH_REFUSED);
    als_ledger_end(&world->ledger, chain.scan, complete, &world->state.coverage);
    hide_others(world, chain.scan, ALS_BATCH_REFUSED, ALS_BATCH_HELD);
}

static void refuse(struct world *world, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        world->events.all[batch->events[i]].may_repeat = true;
    if (!has(world, WORLD_FAULT_nack_keeps_ids))
        als_recent_ids_forget(&world->state.ids, batch->number);
    uint64_t scan = als_ledger_refuse(&world->ledger, batch->number);
    if (has(world, WORLD_FAULT_no_gaps)) /* scans under way mark what was refused meanwhile */
        world->ledger.gap_count = 0;
    for (size_t i = 0; i < world->chain_count; i++) {
        if (world->chains[i].scan == scan) {
            end_chain(world, i, false);
            break;
        }
    }
}

static void answer_batches(struct world *world)
{
    for (struct batch *batch = world->batches, *next; batch != NULL; batch = next) {
        next = batch->next;
        if (world->now < batch->due)
            continue;
        if (batch->refuse)
            refuse(world, batch);
        else
            acknowledge(world, batch);
        remove_batch(world, batch);
    }
}

static void hand_over(struct world *world, struct batch *batch)
{
    static const int64_t waits[] = {0, 0, 5000, 60000};
    batch->due = world->now;
    if (world->holds)
        batch->due +=
            als_random_below(&world->random, waits[als_random_below(&world->random, 4)] + 1);
    batch->refuse = chance_of(&world->random, 0.03);
    batch->next = world->batches;
    world->batches = batch;
}

/* The reader. */

static bool is_known(struct world *world, size_t index)
{
    const struct world_event *event = &world->events.all[index];
    struct cursor *state = &world->state;
    int64_t ingestion = event->anonymous ? ALS_TIME_MAX : event->ingestion;
    struct als_event_id id = id_of(index);
    int64_t margin = als_margin_of(&state->margin, ingestion);
    if (has(world, WORLD_FAULT_margin_global)) /* a wider margin for what was decided already */
        margin = als_margin_widest(&state->margin);
    if (has(world, WORLD_FAULT_margin_zero))
        margin = 0;
    return als_coverage_decides(&state->coverage, event->timestamp, ingestion, margin) ||
           als_recent_ids_contains(&state->ids, &id);
}

static void deliver(struct world *world, struct batch *batch, size_t index)
{
    struct world_event *event = &world->events.all[index];
    struct cursor *state = &world->state;
    struct als_event_id id = id_of(index);
    int64_t ingestion = event->anonymous ? ALS_TIME_MAX : event->ingestion;
    int64_t began = als_coverage_began(&state->coverage, event->timestamp);
    als_margin_observe(&state->margin, ingestion, began, world->now, WORLD_HORIZON);
    als_recent_ids_insert(&state->ids, batch->number, &id, event->timestamp, ingestion);
    world->result.repeated += event->delivered && !event->may_repeat;
    world->result.excess +=
        world->options.end_time > 0 && event->timestamp >= WORLD_START + world->options.end_time;
    event->delivered = event->pending = true;
    event->may_repeat = false;
    batch->events[batch->count++] = index;
}

static void take_page(struct world *world, const struct chain *chain, const struct page *page)
{
    struct batch *batch = calloc(1, sizeof *batch);
    batch->events = calloc(page->count + 1, sizeof *batch->events);
    batch->number = als_ledger_next_batch(&world->ledger);
    batch->scan = chain->scan;
    int64_t answered = world->now - world->now % 1000; /* Date has seconds */
    struct als_ledger_page entry = {.began = answered - (world->now - chain->sent) + chain->skew};
    for (size_t i = 0; i < page->count; i++) {
        const struct world_event *event = &world->events.all[page->events[i]];
        if (event->timestamp >= chain->end)
            continue;
        entry.events++;
        entry.page_last = event->timestamp;
        if (is_known(world, page->events[i]))
            continue;
        if (entry.new_events++ == 0)
            entry.first = event->timestamp;
        entry.last = event->timestamp;
        deliver(world, batch, page->events[i]);
    }
    if (has(world, WORLD_FAULT_page_inclusive)) /* the last millisecond counts as read */
        entry.page_last++;
    hide_others(world, chain->scan, ALS_BATCH_HELD, ALS_BATCH_REFUSED);
    als_ledger_add_page(&world->ledger, chain->scan, batch->number, &entry, &world->state.coverage);
    hide_others(world, chain->scan, ALS_BATCH_REFUSED, ALS_BATCH_HELD);
    if (entry.new_events > 0) {
        hand_over(world, batch);
        return;
    }
    free(batch->events);
    free(batch);
}

static void send_call(struct world *world, struct chain *chain)
{
    chain->sent = world->now;
    chain->answer = world->now + (int64_t)chance_uniform(&world->random, 100, 2500);
}

static bool is_down(const struct world *world)
{
    for (int i = 0; i < OUTAGES; i++) {
        if (world->outages[i][0] <= world->now && world->now < world->outages[i][1])
            return true;
    }
    return false;
}

static size_t waiting(const struct world *world, uint64_t scan)
{
    size_t count = 0;
    for (const struct batch *batch = world->batches; batch != NULL; batch = batch->next)
        count += batch->scan == scan;
    return count;
}

static void read_chains(struct world *world)
{
    for (size_t i = 0; i < world->chain_count;) {
        struct chain *chain = &world->chains[i];
        bool turn =
            (als_planner_allowed(&world->planner, &world->state.ids) >> chain->kind & 1) != 0;
        if (world->now < chain->answer || waiting(world, chain->scan) >= MOST_WAITING || !turn) {
            i++;
            continue;
        }
        if (is_down(world) || chance_of(&world->random, 0.02)) {
            end_chain(world, i, false);
            continue;
        }
        struct page page;
        int64_t snapshot =
            (int64_t)chance_uniform(&world->random, (double)chain->sent, (double)world->now);
        read_page(world, chain, snapshot, &page);
        if (has(world, WORLD_FAULT_empty_ends) && page.count == 0)
            page.more = false;
        take_page(world, chain, &page);
        send_call(world, chain);
        if (page.more)
            i++;
        else
            end_chain(world, i, true);
    }
}

static void begin_scans(struct world *world)
{
    struct als_ledger shown = world->ledger;
    struct als_ledger_scan scans[MOST_SCANS];
    for (;;) {
        shown = world->ledger;
        if (has(world, WORLD_FAULT_overlap) && shown.scan_count > 0 &&
            shown.scan_count < MOST_SCANS) {
            /* What is being read or held is read again. */
            memcpy(scans, shown.scans, shown.scan_count * sizeof *scans);
            for (size_t i = 0; i < shown.scan_count; i++)
                scans[i].start = scans[i].end = 0;
            shown.scans = scans;
        }
        struct als_planner_view view = {&world->state.coverage, &shown, &world->state.ids,
                                        &world->state.margin, world->now};
        struct als_scan_plan plan = als_planner_next(&world->planner, &view);
        if (!plan.found || world->chain_count == MOST_CHAINS)
            return;
        uint64_t scan = als_ledger_begin(&world->ledger, plan.kind, plan.start, plan.end);
        als_planner_began(&world->planner, &plan, world->now);
        struct chain *chain = &world->chains[world->chain_count++];
        *chain = (struct chain){.scan = scan,
                                .kind = plan.kind,
                                .start = plan.start,
                                .end = plan.end,
                                .after = first_at(world, plan.start)};
        if (has(world, WORLD_FAULT_skew) && chance_of(&world->random, 0.01))
            chain->skew = 1200000;
        send_call(world, chain);
    }
}

/* The cursor. */

static void copy_ids(const struct als_recent_ids *from, uint64_t batch, struct als_recent_ids *to)
{
    struct als_recent_ids_iterator iterator = {0};
    struct als_recent_id id;
    while (als_recent_ids_next(from, batch, &iterator, &id))
        als_recent_ids_restore(to, &id.id, id.timestamp, id.ingestion);
}

static void copy_cursor(const struct cursor *from, struct cursor *to)
{
    als_coverage_clear(&to->coverage);
    als_recent_ids_clear(&to->ids);
    als_coverage_copy(&from->coverage, &to->coverage);
    to->margin = from->margin;
    copy_ids(&from->ids, 0, &to->ids);
}

static void checkpoint(struct world *world)
{
    copy_cursor(&world->state, &world->saved);
    if (has(world, WORLD_FAULT_cp_without_ids))
        als_recent_ids_clear(&world->saved.ids);
    for (const struct batch *batch = world->batches; batch != NULL; batch = batch->next) {
        if (has(world, WORLD_FAULT_cp_unacked))
            copy_ids(&world->state.ids, batch->number, &world->saved.ids);
    }
    for (size_t i = 0; i < world->events.count; i++)
        world->events.all[i].safe =
            world->events.all[i].acknowledged && !world->events.all[i].pending;
}

static void begin_plan(struct world *world)
{
    const struct world_options *options = &world->options;
    struct als_planner_options plan = {
        .poll_interval = POLL,
        .horizon = WORLD_HORIZON,
        .end_time = options->end_time > 0 ? WORLD_START + options->end_time : ALS_TIME_MAX,
        .once = options->once_at > 0,
        .backfill_parallelism = 4,
        .max_recent_ids = options->max_ids > 0 ? options->max_ids : SIZE_MAX,
    };
    als_planner_init(&world->planner, &plan);
    als_ledger_clear(&world->ledger);
    world->chain_count = 0;
}

static void crash(struct world *world)
{
    while (world->batches != NULL)
        remove_batch(world, world->batches);
    copy_cursor(&world->saved, &world->state);
    begin_plan(world);
    for (size_t i = 0; i < world->events.count; i++) {
        struct world_event *event = &world->events.all[i];
        if (event->delivered && !event->safe)
            event->may_repeat = event->pending = true;
    }
}

static void tidy(struct world *world)
{
    struct cursor *state = &world->state;
    struct als_margin early;
    als_margin_init(&early, WORLD_MARGIN / 4);
    size_t pieces = als_coverage_piece_count(&state->coverage);
    size_t ids = als_recent_ids_count(&state->ids);
    if (pieces > world->result.most_pieces)
        world->result.most_pieces = pieces;
    if (ids > world->result.most_ids)
        world->result.most_ids = ids;
    als_recent_ids_release_all(&state->ids, &state->coverage,
                               has(world, WORLD_FAULT_release_early) ? &early : &state->margin);
    if (has(world, WORLD_FAULT_clock_sweeps)) /* what is older than the look-back is given up */
        als_coverage_mark(&state->coverage, 0, world->now - WORLD_HORIZON, world->now);
    als_coverage_settle(&state->coverage,
                        has(world, WORLD_FAULT_settle_early) ? WORLD_HORIZON / 4 : WORLD_HORIZON);
}

static bool is_finished(const struct world *world)
{
    struct als_planner_view view = {&world->state.coverage, &world->ledger, &world->state.ids,
                                    &world->state.margin, world->now};
    return als_planner_finished(&world->planner, &view);
}

static void step(struct world *world)
{
    int64_t passed = world->now - WORLD_START;
    answer_batches(world);
    read_chains(world);
    if (!is_down(world))
        begin_scans(world);
    if (passed % 5000 == 0)
        tidy(world);
    if (passed % CHECKPOINT == 0)
        checkpoint(world);
    if (world->options.crashes && chance_of(&world->random, 1.0 / CRASH_EVERY))
        crash(world);
    if (is_finished(world))
        world->result.finished_at = passed;
}

static void count_lost(struct world *world)
{
    int64_t once_at = WORLD_START + world->options.once_at;
    for (size_t i = 0; i < world->events.count; i++) {
        const struct world_event *event = &world->events.all[i];
        if (world->options.end_time > 0 &&
            event->timestamp >= WORLD_START + world->options.end_time)
            continue;
        if (world->options.once_at > 0 && event->visible > once_at)
            continue;
        world->result.events++;
        world->result.lost += !event->acknowledged;
    }
}

static void set_scene(struct world *world)
{
    const struct world_options *options = &world->options;
    world->events = (struct world_events){.seed = options->seed, .random = &world->random};
    world_events_make(&world->events, options->hours, options->events_per_second);
    world->inclusive = chance_of(&world->random, 0.5);
    world->holds = chance_of(&world->random, 0.6);
    for (int i = 0; i < OUTAGES; i++) {
        world->outages[i][0] =
            WORLD_START + (int64_t)chance_uniform(&world->random, 0, options->hours * 3600e3);
        world->outages[i][1] =
            world->outages[i][0] + (int64_t)chance_uniform(&world->random, 60e3, 5400e3);
    }
    als_coverage_init(&world->state.coverage, WORLD_START);
    als_margin_init(&world->state.margin, WORLD_MARGIN);
    world->now = WORLD_START + options->once_at;
    world->end = WORLD_START + (int64_t)(options->hours * 3600e3) + 3LL * WORLD_HORIZON + 7200000;
    begin_plan(world);
    checkpoint(world);
}

struct world_options world_default(uint64_t seed)
{
    return (struct world_options){
        .seed = seed, .hours = 3, .events_per_second = 1, .page = 12, .crashes = true};
}

struct world_result world_run(const struct world_options *options)
{
    struct world *world = calloc(1, sizeof *world);
    world->options = *options;
    world->random.state = options->seed * 2654435761U + 1;
    world->result.finished_at = -1;
    set_scene(world);
    while (world->now < world->end && world->result.finished_at < 0) {
        world->now += STEP;
        step(world);
    }
    count_lost(world);
    while (world->batches != NULL)
        remove_batch(world, world->batches);
    als_ledger_clear(&world->ledger);
    als_coverage_clear(&world->state.coverage);
    als_coverage_clear(&world->saved.coverage);
    als_recent_ids_clear(&world->state.ids);
    als_recent_ids_clear(&world->saved.ids);
    free(world->events.all);
    struct world_result result = world->result;
    free(world);
    return result;
}

const char *world_fault_name(unsigned fault)
{
    static const char *const names[] = {
#define WORLD_FAULT_NAME(name) #name,
        WORLD_FAULTS(WORLD_FAULT_NAME)
#undef WORLD_FAULT_NAME
    };
    return fault < WORLD_FAULT_COUNT ? names[fault] : NULL;
}
