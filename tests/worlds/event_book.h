/* Every event of one region's log group, and what became of it: the oracle. */
#ifndef EVENT_BOOK_H
#define EVENT_BOOK_H

#include "awslogsrc/batch.h"
#include "group.h"
#include "world_plan.h"

enum event_state {
    EVENT_DUE,       /* to be delivered, or again after nack, drop or stop */
    EVENT_WITH_HOST, /* delivered, not acknowledged */
    EVENT_DONE,      /* acknowledged */
    EVENT_MAYBE,     /* acknowledged, but a crash came before it was stored: may come once more */
    EVENT_UNWANTED   /* older than start_time */
};

struct book_event {
    int64_t timestamp, ingestion_time, visible_at;
    int64_t done_ms; /* monotonic: when it was acknowledged */
    uint32_t number; /* its message follows from it */
    uint8_t stream;
    uint8_t state; /* enum event_state */
};

struct event_book {
    uint64_t seed;
    const char *region;
    struct sim_group *group;
    const int64_t *now_ms;     /* the monotonic clock */
    struct book_event *events; /* by visible_at; the service numbers them in this order */
    size_t count, capacity;
    size_t shown;      /* put into the group so far */
    uint64_t repeated; /* delivered again though acknowledged, or held by the host */
    uint64_t wrong;    /* delivered with another content, unknown, or older than start_time */
    bool verbose;
};

/* Draws all events of the world. */
void event_book_init(struct event_book *book, const struct world_plan *plan, const char *region,
                     struct sim_group *group);
void event_book_clear(struct event_book *book);

/* Puts into the group what has become visible by now. */
void event_book_show(struct event_book *book, int64_t now);

/* Compares a delivered event with what was put, and moves its state. */
void event_book_delivered(struct event_book *book, const awslogsrc_event *event);
void event_book_set(struct event_book *book, const awslogsrc_event *event, enum event_state state);

/* A crash: what was acknowledged at this monotonic time or later may come once more. */
void event_book_crash(struct event_book *book, int64_t stored_ms);

/* How many have not been acknowledged; prints the first few where verbose. */
uint64_t event_book_missing(const struct event_book *book);

#endif
