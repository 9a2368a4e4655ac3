/* What is known of one region's log group: what was read, which events were delivered, what to read
 * next. The one place that decides whether an event is new, and the one place that decides what
 * comes next. No I/O, no clock. */
#ifndef ALS_SOURCE_READING_H
#define ALS_SOURCE_READING_H

#include "aws/page.h"
#include "cursor/cursor.h"
#include "plan/lateness.h"
#include "plan/ledger.h"
#include "plan/planner.h"

struct als_reading {
    struct als_cursor cursor; /* what is kept from run to run */
    struct als_ledger ledger;
    struct als_planner planner;
    struct als_lateness lateness;
    struct als_text filter; /* what an event must contain; borrow */
    uint64_t delivered;     /* new events found */
    uint64_t repeated;      /* events that were known */
    uint64_t filtered;      /* events that do not contain it */
};

/* cursor: take. */
void als_reading_init(struct als_reading *reading, const struct als_cursor *cursor,
                      const struct als_planner_options *options);
void als_reading_clear(struct als_reading *reading);

/* The next scan, and the number it has in the ledger from now on; plan.found is false where nothing
 * is due, or (then *scan is 0 and plan.found true) without memory. */
struct als_scan_plan als_reading_begin_scan(struct als_reading *reading, int64_t now,
                                            uint64_t *scan);

/* A page of a scan arrived. Its events are sifted in place: page->count is afterwards the number of
 * new ones, and *batch the number under which they are to be delivered. began: server time when the
 * call began; now: server time. 0, or AWSLOGSRC_E_NO_MEMORY: the page counts as never read. */
int als_reading_add_page(struct als_reading *reading, uint64_t scan, struct als_page *page,
                         int64_t began, int64_t now, uint64_t *batch);

void als_reading_end_scan(struct als_reading *reading, uint64_t scan, bool complete, int64_t now);

/* No call was sent for the scan yet: as if it had never begun. */
void als_reading_withdraw_scan(struct als_reading *reading, uint64_t scan);

/* The ids of the batch were acknowledged (als_position_acknowledge()): what it covers counts as
 * read. */
void als_reading_acknowledge(struct als_reading *reading, uint64_t batch);
uint64_t als_reading_refuse(struct als_reading *reading,
                            uint64_t batch); /* the scan to stop, or 0 */

/* The server's clock was set back to now: what was read counts as read by then at most, so that
 * nothing dated since counts as known. Scans under way are to be ended before. */
void als_reading_set_back(struct als_reading *reading, int64_t now);

bool als_reading_finished(const struct als_reading *reading, int64_t now);

#endif
