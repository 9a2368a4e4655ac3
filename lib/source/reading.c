#include "source/reading.h"

#include <string.h>

#include "awslogsrc/error.h"

/* A quarter of the ids is looked at with every page, so that at most four pages' worth waits to be
 * released. */
enum { SHARDS_A_PAGE = ALS_RECENT_IDS_SHARDS / 4 };

void als_reading_init(struct als_reading *reading, const struct als_cursor *cursor,
                      const struct als_planner_options *options)
{
    *reading = (struct als_reading){.cursor = *cursor};
    als_ledger_init(&reading->ledger);
    als_planner_init(&reading->planner, options);
}

void als_reading_clear(struct als_reading *reading)
{
    als_ledger_clear(&reading->ledger);
    als_cursor_clear(&reading->cursor);
    *reading = (struct als_reading){0};
}

static struct als_planner_view view(const struct als_reading *reading, int64_t now)
{
    return (struct als_planner_view){.coverage = &reading->cursor.coverage,
                                     .ledger = &reading->ledger,
                                     .ids = &reading->cursor.ids,
                                     .margin = &reading->cursor.margin,
                                     .now = now};
}

struct als_scan_plan als_reading_begin_scan(struct als_reading *reading, int64_t now,
                                            uint64_t *scan)
{
    struct als_planner_view current = view(reading, now);
    struct als_scan_plan plan = als_planner_next(&reading->planner, &current);
    *scan = 0;
    if (plan.found)
        *scan = als_ledger_begin(&reading->ledger, plan.kind, plan.start, plan.end);
    if (*scan != 0)
        als_planner_began(&reading->planner, &plan, now);
    return plan;
}

/* What a page is to the ledger, gathered while its events are sifted. */
struct sieve {
    struct als_reading *reading;
    const struct als_ledger_scan *scan;
    uint64_t batch;
    int64_t now;
    int64_t ages[ALS_PLANNER_AGES];
    size_t age_count;
    struct als_ledger_page page;
};

/* AWS was asked for such events alone, where it can be; what it takes for one is not ours to trust.
 */
static bool passes(const struct als_reading *reading, const struct als_log_event *event)
{
    return reading->filter.size == 0 || memmem(event->message, event->message_size,
                                               reading->filter.data, reading->filter.size) != NULL;
}

/* 1: new, and remembered as such; 0: delivered before; AWSLOGSRC_E_NO_MEMORY. */
static int remember(struct sieve *sieve, const struct als_log_event *event)
{
    struct als_reading *reading = sieve->reading;
    bool identified = event->event_id_size > 0 && event->ingestion_time_ms > 0 &&
                      event->ingestion_time_ms < ALS_TIME_MAX;
    int64_t ingestion = identified ? event->ingestion_time_ms : ALS_TIME_MAX;
    struct als_event_id id;
    if (als_coverage_decides(&reading->cursor.coverage, event->timestamp_ms, ingestion,
                             als_margin_of(&reading->cursor.margin, ingestion)))
        return 0;
    if (identified)
        als_event_id_of(reading->cursor.hash,
                        (struct als_text){event->event_id, event->event_id_size}, &id);
    else
        als_event_id_of_content(
            reading->cursor.hash, (struct als_text){event->log_stream, event->log_stream_size},
            event->timestamp_ms, (struct als_text){event->message, event->message_size}, &id);
    if (als_recent_ids_contains(&reading->cursor.ids, &id))
        return 0;
    int status = als_recent_ids_insert(&reading->cursor.ids, sieve->batch, &id, event->timestamp_ms,
                                       ingestion);
    return status != 0 ? status : 1;
}

static void observe(struct sieve *sieve, const struct als_log_event *event)
{
    struct als_reading *reading = sieve->reading;
    int64_t ingestion = event->ingestion_time_ms;
    struct als_lateness_event seen = {
        .timestamp = event->timestamp_ms,
        .ingestion = ingestion > 0 && ingestion < ALS_TIME_MAX ? ingestion : ALS_TIME_MAX,
        .began = als_coverage_began(&reading->cursor.coverage, event->timestamp_ms),
        .now = sieve->now};
    als_lateness_observe(&reading->lateness, &seen, sieve->ages, sieve->age_count);
    if (seen.ingestion != ALS_TIME_MAX)
        als_margin_observe(&reading->cursor.margin, seen.ingestion, seen.began, sieve->now,
                           reading->planner.options.horizon);
}

static int sift(struct sieve *sieve, struct als_page *page)
{
    struct als_ledger_page *facts = &sieve->page;
    bool ascending = true;
    size_t kept = 0, filtered = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct als_log_event *event = &page->events[i];
        int64_t timestamp = event->timestamp_ms;
        /* AWS documents endTime as inclusive and has been seen to treat it as exclusive. */
        if (timestamp < sieve->scan->start || timestamp >= sieve->scan->end)
            continue;
        int64_t before = facts->events == 0 ? sieve->scan->position : facts->page_last;
        ascending = ascending && timestamp >= before;
        facts->page_last = timestamp;
        facts->events++;
        if (!passes(sieve->reading, event)) {
            filtered++;
            continue;
        }
        int is_new = remember(sieve, event);
        if (is_new < 0)
            return is_new;
        if (is_new == 0)
            continue;
        observe(sieve, event);
        facts->first = kept == 0 || timestamp < facts->first ? timestamp : facts->first;
        facts->last = kept == 0 || timestamp > facts->last ? timestamp : facts->last;
        page->events[kept++] = *event;
    }
    /* Out of order, a page proves nothing about the times before its last event; the end of the
     * chain does. */
    if (!ascending)
        facts->page_last = sieve->scan->start;
    facts->new_events = kept;
    sieve->reading->delivered += kept;
    sieve->reading->filtered += filtered;
    sieve->reading->repeated += page->count - kept - filtered;
    page->count = kept;
    return 0;
}

int als_reading_add_page(struct als_reading *reading, uint64_t scan, struct als_page *page,
                         int64_t began, int64_t now, uint64_t *batch)
{
    struct sieve sieve = {.reading = reading,
                          .scan = als_ledger_find(&reading->ledger, scan),
                          .batch = als_ledger_next_batch(&reading->ledger),
                          .now = now,
                          .page = {.began = began}};
    if (sieve.scan == NULL)
        return AWSLOGSRC_E_INTERNAL;
    sieve.age_count = als_planner_ages(reading->planner.options.horizon,
                                       als_margin_widest(&reading->cursor.margin), sieve.ages);
    int status = sift(&sieve, page);
    if (status == 0)
        status = als_ledger_add_page(&reading->ledger, scan, sieve.batch, &sieve.page,
                                     &reading->cursor.coverage);
    if (status != 0)
        als_recent_ids_forget(&reading->cursor.ids, sieve.batch);
    if (status == 0 && began > reading->cursor.scanned_at)
        reading->cursor.scanned_at = began;
    for (int i = 0; i < SHARDS_A_PAGE; i++)
        als_recent_ids_release(&reading->cursor.ids, &reading->cursor.coverage,
                               &reading->cursor.margin);
    *batch = sieve.batch;
    return status;
}

void als_reading_end_scan(struct als_reading *reading, uint64_t scan, bool complete, int64_t now)
{
    const struct als_ledger_scan *ending = als_ledger_find(&reading->ledger, scan);
    if (ending == NULL || ending->ended)
        return;
    als_planner_ended(&reading->planner, ending, complete, now);
    als_ledger_end(&reading->ledger, scan, complete, &reading->cursor.coverage);
    als_coverage_settle(&reading->cursor.coverage, reading->planner.options.horizon);
}

void als_reading_withdraw_scan(struct als_reading *reading, uint64_t scan)
{
    const struct als_ledger_scan *unsent = als_ledger_find(&reading->ledger, scan);
    if (unsent == NULL)
        return;
    als_planner_withdrew(&reading->planner, unsent->kind);
    als_ledger_end(&reading->ledger, scan, false, &reading->cursor.coverage);
}

void als_reading_acknowledge(struct als_reading *reading, uint64_t batch)
{
    als_ledger_acknowledge(&reading->ledger, batch, &reading->cursor.coverage);
}

uint64_t als_reading_refuse(struct als_reading *reading, uint64_t batch)
{
    als_recent_ids_forget(&reading->cursor.ids, batch);
    return als_ledger_refuse(&reading->ledger, batch);
}

void als_reading_set_back(struct als_reading *reading, int64_t now)
{
    als_coverage_set_back(&reading->cursor.coverage, now);
    als_ledger_set_back(&reading->ledger, now);
    als_planner_set_back(&reading->planner);
    if (reading->cursor.scanned_at > now)
        reading->cursor.scanned_at = now;
}

bool als_reading_finished(const struct als_reading *reading, int64_t now)
{
    struct als_planner_view current = view(reading, now);
    return als_planner_finished(&reading->planner, &current);
}
