/* A token chain under way: the calls that read one scan, page after page. */
#ifndef ALS_SOURCE_CHAIN_H
#define ALS_SOURCE_CHAIN_H

#include "options/settings.h"
#include "plan/ledger.h"
#include "plan/planner.h"
#include "source/logs_call.h"

enum als_chain_state {
    ALS_CHAIN_READY,   /* to ask for a page */
    ALS_CHAIN_ASKING,  /* the call is under way */
    ALS_CHAIN_ARRIVED, /* the page is in body */
    ALS_CHAIN_DECODED  /* and its events are in the scratch page of the intake */
};

struct als_chain {
    struct als_chain *next;         /* of the reader */
    struct als_chain *next_arrived; /* of the intake */
    enum als_chain_state state;
    bool asked;         /* a call was sent */
    int64_t planned_ms; /* monotonic */
    struct als_region_reader *reader;
    struct als_logs_call call;
    uint64_t scan;
    enum als_scan_kind kind;
    int64_t start, end;
    struct als_buffer token; /* empty: the first page */
    struct als_buffer body;  /* a page that arrived */
    int64_t began_ms;        /* server time when it was asked for; 0: unknown */
    size_t reserved;         /* memory set aside for the answer */
    int64_t expected;        /* events that the answer may bring (source/pacing) */
};

struct als_chain *als_chain_new(struct als_region_reader *reader, uint64_t scan,
                                const struct als_scan_plan *plan);
void als_chain_free(struct als_chain *chain); /* cancels its call */

/* Of a list: the kinds, as bits (1 << kind), that have a chain ready to ask; and of one kind the
 * one that was begun first, NULL where there is none. */
unsigned als_chain_kinds_ready(const struct als_chain *first);
struct als_chain *als_chain_ready(struct als_chain *first, enum als_scan_kind kind);

/* Whether a page of any of them is on its way: asked for, or not dealt with yet. */
bool als_chain_any_reserved(const struct als_chain *first);

/* Asks for the next page, of at most limit events. 0, or what als_logs_call_send() and
 * als_filter_log_events_write() return.
 */
int als_chain_ask(struct als_chain *chain, struct als_logs_client *client,
                  const struct als_settings *settings, int limit, als_logs_done *done);

/* Takes the memory of an answer's body. */
void als_chain_take(struct als_chain *chain, const struct als_logs_answer *answer);

/* What the next page may take, after one of size bytes: small pages among large ones say little. */
size_t als_chain_expect(size_t before, size_t size);

/* The page has been dealt with, or is of no use. */
void als_chain_forget_page(struct als_chain *chain);

/* The page's token moves the chain on; false where it is the one that was sent (aws-cli issue
 * 3022). */
bool als_chain_advance(struct als_chain *chain, struct als_text next_token);

#endif
