/* The worlds would notice: this program is linked with wrappers (-Wl,--wrap) around single rules of
 * the library, and breaks one at a time. Worlds have to see each of them within a few seeds. */
#include "testing.h"

#include "aws/page.h"
#include "net/http.h"
#include "plan/coverage.h"
#include "plan/ledger.h"
#include "plan/margin.h"
#include "plan/recent_ids.h"
#include "source/chain.h"
#include "source/reading.h"
#include "virtual_world.h"

enum { MOST_SEEDS = 40 };

/* X(rule): what breaking it means is said where it is broken. */
#define RULES(X)                \
    X(acknowledged_prefix)      \
    X(forget_on_nack)           \
    X(nack_is_no_ack)           \
    X(ids_outlive_acks)         \
    X(settled_at_the_horizon)   \
    X(server_time)              \
    X(last_millisecond_open)    \
    X(margin)                   \
    X(broken_chain_is_not_read) \
    X(release_after_margin)     \
    X(whole_event_id)           \
    X(skip_what_is_held)        \
    X(gaps_of_refused)          \
    X(time_of_ingestion)        \
    X(malformed_is_not_a_page)  \
    X(asked_for_what_is_marked) X(ids_are_stored)

enum rule {
    RULE_none,
#define RULE_ENUM(name) RULE_##name,
    RULES(RULE_ENUM)
#undef RULE_ENUM
};

static enum rule broken;

/* --- the ledger --- */

void __real_als_ledger_acknowledge(struct als_ledger *ledger, uint64_t batch,
                                   struct als_coverage *coverage);
void __wrap_als_ledger_acknowledge(struct als_ledger *ledger, uint64_t batch,
                                   struct als_coverage *coverage);

static void mark_up_to(const struct als_ledger *ledger, uint64_t batch,
                       struct als_coverage *coverage)
{
    for (size_t i = 0; i < ledger->scan_count; i++) {
        const struct als_ledger_scan *scan = &ledger->scans[i];
        for (size_t j = 0; j < scan->count; j++) {
            if (scan->batches[j].number == batch)
                (void)als_coverage_mark(coverage, scan->start, scan->batches[j].page_last,
                                        scan->began);
        }
    }
}

/* Marks follow any acknowledged batch, not the longest acknowledged prefix. */
void __wrap_als_ledger_acknowledge(struct als_ledger *ledger, uint64_t batch,
                                   struct als_coverage *coverage)
{
    if (broken == RULE_acknowledged_prefix)
        mark_up_to(ledger, batch, coverage);
    __real_als_ledger_acknowledge(ledger, batch, coverage);
}

uint64_t __real_als_ledger_refuse(struct als_ledger *ledger, uint64_t batch);
uint64_t __wrap_als_ledger_refuse(struct als_ledger *ledger, uint64_t batch);

/* A scan that skipped the events of a batch as known marks them, though it was refused since. */
uint64_t __wrap_als_ledger_refuse(struct als_ledger *ledger, uint64_t batch)
{
    uint64_t scan = __real_als_ledger_refuse(ledger, batch);
    if (broken == RULE_gaps_of_refused)
        ledger->gap_count = 0;
    return scan;
}

int __real_als_ledger_add_page(struct als_ledger *ledger, uint64_t scan, uint64_t batch,
                               const struct als_ledger_page *page, struct als_coverage *coverage);
int __wrap_als_ledger_add_page(struct als_ledger *ledger, uint64_t scan, uint64_t batch,
                               const struct als_ledger_page *page, struct als_coverage *coverage);

/* A page marks its last millisecond; marks run over what another batch still holds. */
int __wrap_als_ledger_add_page(struct als_ledger *ledger, uint64_t scan, uint64_t batch,
                               const struct als_ledger_page *page, struct als_coverage *coverage)
{
    struct als_ledger_page changed = *page;
    if (broken == RULE_last_millisecond_open)
        changed.page_last++;
    if (broken == RULE_skip_what_is_held) {
        changed.first = ALS_TIME_MAX;
        changed.last = ALS_TIME_NEVER;
    }
    return __real_als_ledger_add_page(ledger, scan, batch, &changed, coverage);
}

void __real_als_ledger_end(struct als_ledger *ledger, uint64_t scan, bool complete,
                           struct als_coverage *coverage);
void __wrap_als_ledger_end(struct als_ledger *ledger, uint64_t scan, bool complete,
                           struct als_coverage *coverage);

/* An interrupted chain counts as read to its end. */
void __wrap_als_ledger_end(struct als_ledger *ledger, uint64_t scan, bool complete,
                           struct als_coverage *coverage)
{
    const struct als_ledger_scan *ending = als_ledger_find(ledger, scan);
    bool begun = ending != NULL && ending->began > ALS_TIME_NEVER;
    __real_als_ledger_end(ledger, scan,
                          complete || (broken == RULE_broken_chain_is_not_read && begun), coverage);
}

/* --- ids --- */

void __real_als_recent_ids_forget(struct als_recent_ids *ids, uint64_t batch);
void __wrap_als_recent_ids_forget(struct als_recent_ids *ids, uint64_t batch);

/* The ids of a refused batch stay. */
void __wrap_als_recent_ids_forget(struct als_recent_ids *ids, uint64_t batch)
{
    if (broken != RULE_forget_on_nack)
        __real_als_recent_ids_forget(ids, batch);
}

void __real_als_recent_ids_acknowledge(struct als_recent_ids *ids, uint64_t batch);
void __wrap_als_recent_ids_acknowledge(struct als_recent_ids *ids, uint64_t batch);

/* The ids of an acknowledged batch go at once. */
void __wrap_als_recent_ids_acknowledge(struct als_recent_ids *ids, uint64_t batch)
{
    if (broken == RULE_ids_outlive_acks)
        __real_als_recent_ids_forget(ids, batch);
    else
        __real_als_recent_ids_acknowledge(ids, batch);
}

size_t __real_als_recent_ids_release(struct als_recent_ids *ids,
                                     const struct als_coverage *coverage,
                                     const struct als_margin *margin);
size_t __wrap_als_recent_ids_release(struct als_recent_ids *ids,
                                     const struct als_coverage *coverage,
                                     const struct als_margin *margin);

/* Ids go as soon as their time was read again, before coverage can decide for them. */
size_t __wrap_als_recent_ids_release(struct als_recent_ids *ids,
                                     const struct als_coverage *coverage,
                                     const struct als_margin *margin)
{
    struct als_margin none;
    als_margin_init(&none, 0);
    return __real_als_recent_ids_release(ids, coverage,
                                         broken == RULE_release_after_margin ? &none : margin);
}

int __real_als_recent_ids_restore(struct als_recent_ids *ids, const struct als_event_id *id,
                                  int64_t timestamp, int64_t ingestion);
int __wrap_als_recent_ids_restore(struct als_recent_ids *ids, const struct als_event_id *id,
                                  int64_t timestamp, int64_t ingestion);

/* A stored position has marks, but no ids. */
int __wrap_als_recent_ids_restore(struct als_recent_ids *ids, const struct als_event_id *id,
                                  int64_t timestamp, int64_t ingestion)
{
    if (broken == RULE_ids_are_stored)
        return 0;
    return __real_als_recent_ids_restore(ids, id, timestamp, ingestion);
}

void __real_als_event_id_of(const struct als_keyed_hash *hash, struct als_text event_id,
                            struct als_event_id *id);
void __wrap_als_event_id_of(const struct als_keyed_hash *hash, struct als_text event_id,
                            struct als_event_id *id);

/* Events of one millisecond are the same: the id's first digits are the time. */
void __wrap_als_event_id_of(const struct als_keyed_hash *hash, struct als_text event_id,
                            struct als_event_id *id)
{
    if (broken == RULE_whole_event_id)
        event_id.size = 14;
    __real_als_event_id_of(hash, event_id, id);
}

uint64_t __real_als_reading_refuse(struct als_reading *reading, uint64_t batch);
uint64_t __wrap_als_reading_refuse(struct als_reading *reading, uint64_t batch);

/* What the host refused counts as acknowledged. */
uint64_t __wrap_als_reading_refuse(struct als_reading *reading, uint64_t batch)
{
    if (broken != RULE_nack_is_no_ack)
        return __real_als_reading_refuse(reading, batch);
    als_reading_acknowledge(reading, batch);
    return 0;
}

/* --- the map, and time --- */

void __real_als_coverage_settle(struct als_coverage *coverage, int64_t horizon);
void __wrap_als_coverage_settle(struct als_coverage *coverage, int64_t horizon);

/* Time is given up at half its age. */
void __wrap_als_coverage_settle(struct als_coverage *coverage, int64_t horizon)
{
    __real_als_coverage_settle(coverage,
                               broken == RULE_settled_at_the_horizon ? horizon / 2 : horizon);
}

bool __real_als_coverage_decides(const struct als_coverage *coverage, int64_t timestamp,
                                 int64_t ingestion, int64_t margin);
bool __wrap_als_coverage_decides(const struct als_coverage *coverage, int64_t timestamp,
                                 int64_t ingestion, int64_t margin);

/* What was ingested before the scan began was seen by it; or: what happened before, was ingested.
 */
bool __wrap_als_coverage_decides(const struct als_coverage *coverage, int64_t timestamp,
                                 int64_t ingestion, int64_t margin)
{
    return __real_als_coverage_decides(coverage, timestamp,
                                       broken == RULE_time_of_ingestion ? timestamp : ingestion,
                                       broken == RULE_margin ? 0 : margin);
}

int64_t __real_als_http_date_ms(const struct als_http_response *response);
int64_t __wrap_als_http_date_ms(const struct als_http_response *response);

/* One answer in ten is dated by a clock that is 20 minutes ahead. */
int64_t __wrap_als_http_date_ms(const struct als_http_response *response)
{
    static unsigned answers;
    int64_t date_ms = __real_als_http_date_ms(response);
    bool wrong = broken == RULE_server_time && date_ms != 0 && ++answers % 10 == 0;
    return wrong ? date_ms + 20 * 60 * 1000 : date_ms;
}

/* --- pages --- */

int __real_als_page_decode(struct als_page *page, char *text, size_t size);
int __wrap_als_page_decode(struct als_page *page, char *text, size_t size);

/* What could be read of a malformed page is the page. */
int __wrap_als_page_decode(struct als_page *page, char *text, size_t size)
{
    int status = __real_als_page_decode(page, text, size);
    return broken == RULE_malformed_is_not_a_page ? 0 : status;
}

struct als_chain *__real_als_chain_new(struct als_region_reader *reader, uint64_t scan,
                                       const struct als_scan_plan *plan);
struct als_chain *__wrap_als_chain_new(struct als_region_reader *reader, uint64_t scan,
                                       const struct als_scan_plan *plan);

/* What is asked for ends a second before what is marked. */
struct als_chain *__wrap_als_chain_new(struct als_region_reader *reader, uint64_t scan,
                                       const struct als_scan_plan *plan)
{
    struct als_scan_plan shorter = *plan;
    if (broken == RULE_asked_for_what_is_marked && plan->end < ALS_TIME_MAX)
        shorter.end -= 1000;
    return __real_als_chain_new(reader, scan, &shorter);
}

/* --- */

struct broken_rule {
    enum rule rule;
    const char *name;
};

static const struct broken_rule rules[] = {
#define RULE_ROW(name) {RULE_##name, #name},
    RULES(RULE_ROW)
#undef RULE_ROW
};

static bool is_noticed_by(const struct broken_rule *rule, uint64_t seed)
{
    struct virtual_world_result result = virtual_world_run(seed, false);
    if (virtual_world_is_good(&result))
        return false;
    printf("%-26s ", rule->name);
    virtual_world_print(seed, &result);
    return true;
}

static bool is_noticed(const struct broken_rule *rule)
{
    /* The quickest worlds that noticed something when the rules were written come first. */
    static const uint64_t likely[] = {11, 13, 202, 21};
    broken = rule->rule;
    for (size_t i = 0; i < sizeof likely / sizeof likely[0]; i++) {
        if (is_noticed_by(rule, likely[i]))
            return true;
    }
    for (uint64_t seed = 0; seed < MOST_SEEDS; seed++) {
        if (is_noticed_by(rule, seed))
            return true;
    }
    printf("%-26s not noticed\n", rule->name);
    return false;
}

static void test_worlds__rule_broken__is_noticed(void **state)
{
    (void)state;
    size_t unnoticed = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        unnoticed += !is_noticed(&rules[i]);
    assert_int_equal(unnoticed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_worlds__rule_broken__is_noticed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
