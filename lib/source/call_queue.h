/* Who may call next: one queue for each (credentials, region, operation) of a context, for AWS
 * counts calls by account, region and operation, whichever source sends them. Callers that wait get
 * their turns in the order in which they came, live edges before the rest (source/shares), at the
 * rate of one budget. So with more callers than the quota serves, everybody waits equally long. */
#ifndef ALS_SOURCE_CALL_QUEUE_H
#define ALS_SOURCE_CALL_QUEUE_H

#include "net/loop.h"
#include "plan/budget.h"
#include "plan/shares.h"

struct als_caller;

/* A place in the queue. */
struct als_turn {
    struct als_turn *next, *previous;
    struct als_caller *caller;
    int64_t since_ms;
    bool waits;
};

/* Whoever sends calls: set the first four members, zero the rest. */
struct als_caller {
    struct als_call_queue *queue; /* a reference of the caller's own */
    /* Its turn: sends a call of this kind, or answers false. May leave the queue, and free itself.
     */
    bool (*take_turn)(void *user_data, enum als_scan_kind kind);
    void *user_data;
    int64_t limit; /* calls a second that it allows the queue; 0: no opinion */
    struct als_turn turns[ALS_SCAN_KINDS];
    struct als_caller *next, *previous;
    bool entered;
};

struct als_call_queue {
    struct als_call_queue **list, *next; /* of the context */
    int references;
    char *key;
    struct als_loop *loop;
    struct als_timer timer;
    double published; /* quota: calls a second */
    struct als_budget budget;
    struct als_shares shares;
    struct als_turn *first[ALS_SCAN_KINDS], *last[ALS_SCAN_KINDS];
    size_t waiting;
    struct als_caller *callers; /* that have entered */
    size_t caller_count;
    int64_t delay_ms; /* that live calls wait for their turn, lately */
};

/* Strings: borrow, during the call. */
struct als_call_queue_key {
    const char *identity; /* of the credentials: the same for all that share an account's quota */
    const char *region;
    const char *operation;
    double published; /* quota: calls a second */
};

/* The queue of this key in the list: one reference more; NULL without memory. */
struct als_call_queue *als_call_queue_of(struct als_call_queue **list, struct als_loop *loop,
                                         const struct als_call_queue_key *key);
void als_call_queue_unref(struct als_call_queue *queue); /* NULL is fine */

/* While a caller is in, its limit holds for all: the lowest one in place of the published quota. */
void als_call_queue_enter(struct als_caller *caller);
void als_call_queue_leave(struct als_caller *caller);

/* The kinds, as bits (1 << kind), of which the caller has a call to send right now. Turns come from
 * the loop. */
void als_call_queue_want(struct als_caller *caller, unsigned kinds);

/* A call was answered. */
void als_call_queue_answered(struct als_call_queue *queue, bool throttled);

#endif
