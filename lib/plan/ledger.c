#include "plan/ledger.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

void als_ledger_init(struct als_ledger *ledger)
{
    *ledger = (struct als_ledger){.next_scan = 1, .next_batch = 1};
}

void als_ledger_clear(struct als_ledger *ledger)
{
    for (size_t i = 0; i < ledger->scan_count; i++)
        als_free(ledger->scans[i].batches);
    als_free(ledger->scans);
    als_free(ledger->gaps);
    als_ledger_init(ledger);
}

/* Makes room for one more element. */
static int grow(void **array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return 0;
    void *grown = als_resize_array(*array, needed + needed / 2 + 4, size);
    if (grown == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    *array = grown;
    *capacity = needed + needed / 2 + 4;
    return 0;
}

static struct als_ledger_scan *find_scan(struct als_ledger *ledger, uint64_t number)
{
    for (size_t i = 0; i < ledger->scan_count; i++) {
        if (ledger->scans[i].number == number)
            return &ledger->scans[i];
    }
    return NULL;
}

static struct als_ledger_batch *find_batch(struct als_ledger *ledger, uint64_t number,
                                           struct als_ledger_scan **scan)
{
    for (size_t i = 0; number != 0 && i < ledger->scan_count; i++) {
        *scan = &ledger->scans[i];
        for (size_t j = 0; j < (*scan)->count; j++) {
            struct als_ledger_batch *batch = &(*scan)->batches[j];
            if (batch->number == number && batch->state == ALS_BATCH_HELD)
                return batch;
        }
    }
    return NULL;
}

static size_t held_by(const struct als_ledger_scan *scan)
{
    size_t held = 0;
    for (size_t i = 0; i < scan->count; i++)
        held += scan->batches[i].state == ALS_BATCH_HELD;
    return held;
}

size_t als_ledger_held(const struct als_ledger *ledger)
{
    size_t held = 0;
    for (size_t i = 0; i < ledger->scan_count; i++)
        held += held_by(&ledger->scans[i]);
    return held;
}

size_t als_ledger_scan_count(const struct als_ledger *ledger)
{
    return ledger->scan_count;
}

const struct als_ledger_scan *als_ledger_find(const struct als_ledger *ledger, uint64_t scan)
{
    for (size_t i = 0; i < ledger->scan_count; i++) {
        if (ledger->scans[i].number == scan)
            return &ledger->scans[i];
    }
    return NULL;
}

uint64_t als_ledger_begin(struct als_ledger *ledger, enum als_scan_kind kind, int64_t start,
                          int64_t end)
{
    void *scans = ledger->scans;
    int status =
        grow(&scans, &ledger->scan_capacity, ledger->scan_count + 1, sizeof *ledger->scans);
    ledger->scans = scans;
    if (status != 0)
        return 0;
    ledger->scans[ledger->scan_count++] = (struct als_ledger_scan){
        .number = ledger->next_scan,
        .kind = kind,
        .start = start,
        .end = end,
        .began = ALS_TIME_NEVER,
        .position = start,
    };
    return ledger->next_scan++;
}

uint64_t als_ledger_next_batch(struct als_ledger *ledger)
{
    return ledger->next_batch++;
}

struct span {
    int64_t first, last;
};

/* The earliest of the stretches a mark of scan must not touch that reaches x or later. */
static struct span next_obstacle(const struct als_ledger *ledger,
                                 const struct als_ledger_scan *scan, int64_t x)
{
    struct span next = {ALS_TIME_MAX, ALS_TIME_MAX};
    for (size_t i = 0; i < ledger->gap_count; i++) {
        const struct als_ledger_gap *gap = &ledger->gaps[i];
        if (scan->number < gap->before && gap->last >= x && gap->first < next.first)
            next = (struct span){gap->first, gap->last};
    }
    for (size_t i = 0; i < ledger->scan_count; i++) {
        for (size_t j = 0; j < ledger->scans[i].count; j++) {
            const struct als_ledger_batch *batch = &ledger->scans[i].batches[j];
            if (batch->state == ALS_BATCH_HELD && batch->last >= x && batch->first < next.first)
                next = (struct span){batch->first, batch->last};
        }
    }
    return next;
}

/* Marks [scan->start, end) but for the obstacles. A mark that fails is read again: no error. */
static void mark(const struct als_ledger *ledger, const struct als_ledger_scan *scan, int64_t end,
                 struct als_coverage *coverage)
{
    int64_t x = scan->start;
    while (x < end) {
        struct span obstacle = next_obstacle(ledger, scan, x);
        if (obstacle.first > x)
            (void)als_coverage_mark(coverage, x, obstacle.first < end ? obstacle.first : end,
                                    scan->began);
        if (obstacle.last >= end)
            break;
        x = obstacle.last + 1;
    }
}

/* A gap concerns the scans that were under way when it came about. */
static void drop_gaps(struct als_ledger *ledger)
{
    uint64_t oldest = ledger->scan_count > 0 ? ledger->scans[0].number : ledger->next_scan;
    size_t kept = 0;
    for (size_t i = 0; i < ledger->gap_count; i++) {
        if (oldest < ledger->gaps[i].before)
            ledger->gaps[kept++] = ledger->gaps[i];
    }
    ledger->gap_count = kept;
}

static void remove_scan(struct als_ledger *ledger, struct als_ledger_scan *scan)
{
    als_free(scan->batches);
    size_t behind = ledger->scan_count - (size_t)(scan - ledger->scans) - 1;
    memmove(scan, scan + 1, behind * sizeof *scan);
    ledger->scan_count--;
    drop_gaps(ledger);
}

/* Marks what the acknowledged prefix of scan allows; the scan may disappear. */
static void advance(struct als_ledger *ledger, struct als_ledger_scan *scan,
                    struct als_coverage *coverage)
{
    size_t done = 0;
    int64_t reached = scan->start;
    for (; done < scan->count && scan->batches[done].state == ALS_BATCH_ACKNOWLEDGED; done++) {
        if (scan->batches[done].page_last > reached)
            reached = scan->batches[done].page_last;
    }
    scan->count -= done;
    if (done > 0)
        memmove(scan->batches, scan->batches + done, scan->count * sizeof *scan->batches);
    bool whole = scan->ended && !scan->broken && scan->count == 0;
    if (whole)
        mark(ledger, scan, scan->end, coverage);
    else if (done > 0)
        mark(ledger, scan, reached < scan->end ? reached : scan->end, coverage);
    if (scan->ended && held_by(scan) == 0)
        remove_scan(ledger, scan);
}

/* Room for the page, and for the gap that refusing its batch would leave: refusing cannot fail. */
static int make_room(struct als_ledger *ledger, struct als_ledger_scan *scan)
{
    void *gaps = ledger->gaps;
    int status = grow(&gaps, &ledger->gap_capacity, ledger->gap_count + als_ledger_held(ledger) + 1,
                      sizeof *ledger->gaps);
    ledger->gaps = gaps;
    if (status != 0)
        return status;
    void *batches = scan->batches;
    status = grow(&batches, &scan->capacity, scan->count + 1, sizeof *scan->batches);
    scan->batches = batches;
    return status;
}

int als_ledger_add_page(struct als_ledger *ledger, uint64_t scan, uint64_t batch,
                        const struct als_ledger_page *page, struct als_coverage *coverage)
{
    struct als_ledger_scan *entry = find_scan(ledger, scan);
    if (entry == NULL)
        return AWSLOGSRC_E_INTERNAL;
    int status = make_room(ledger, entry);
    if (status != 0)
        return status;
    if (entry->calls++ == 0)
        entry->began = page->began;
    entry->events += page->events;
    if (page->events == 0)
        return 0;
    if (page->page_last > entry->position)
        entry->position = page->page_last;
    bool has_new = page->new_events > 0;
    entry->batches[entry->count++] = (struct als_ledger_batch){
        .number = has_new ? batch : 0,
        .page_last = page->page_last,
        .first = page->first,
        .last = page->last,
        .state = has_new ? ALS_BATCH_HELD : ALS_BATCH_ACKNOWLEDGED,
    };
    if (!has_new)
        advance(ledger, entry, coverage);
    return 0;
}

void als_ledger_end(struct als_ledger *ledger, uint64_t scan, bool complete,
                    struct als_coverage *coverage)
{
    struct als_ledger_scan *entry = find_scan(ledger, scan);
    if (entry == NULL)
        return;
    entry->ended = true;
    if (!complete)
        entry->broken = true;
    advance(ledger, entry, coverage);
}

void als_ledger_acknowledge(struct als_ledger *ledger, uint64_t batch,
                            struct als_coverage *coverage)
{
    struct als_ledger_scan *scan = NULL;
    struct als_ledger_batch *entry = find_batch(ledger, batch, &scan);
    if (entry == NULL)
        return;
    entry->state = ALS_BATCH_ACKNOWLEDGED;
    advance(ledger, scan, coverage);
}

uint64_t als_ledger_refuse(struct als_ledger *ledger, uint64_t batch)
{
    struct als_ledger_scan *scan = NULL;
    struct als_ledger_batch *entry = find_batch(ledger, batch, &scan);
    if (entry == NULL)
        return 0;
    entry->state = ALS_BATCH_REFUSED;
    ledger->gaps[ledger->gap_count++] = (struct als_ledger_gap){
        .first = entry->first, .last = entry->last, .before = ledger->next_scan};
    scan->broken = true;
    uint64_t scan_number = scan->number;
    if (scan->ended && held_by(scan) == 0)
        remove_scan(ledger, scan);
    return scan_number;
}

void als_ledger_set_back(struct als_ledger *ledger, int64_t now)
{
    for (size_t i = 0; i < ledger->scan_count; i++) {
        if (ledger->scans[i].began > now)
            ledger->scans[i].began = now;
    }
}
