/* eps_throttle: how many events a second a source delivers. What is too much is not asked for, and
 * what has arrived too soon waits; nothing is dropped. Over any time at most the limit times that,
 * and one page, are delivered: nothing is saved up. Pure; times are monotonic milliseconds. */
#ifndef ALS_SOURCE_PACING_H
#define ALS_SOURCE_PACING_H

#include <stdint.h>

struct als_pacing {
    int64_t limit;   /* events a second; 0: none */
    int64_t free_us; /* what was delivered has had its time by then */
    int64_t waiting; /* events that arrived and are not delivered */
    int64_t asked;   /* that the calls under way are expected to bring */
    int64_t usual;   /* new events on a page, lately */
};

void als_pacing_init(struct als_pacing *pacing, int64_t limit);

/* The most events to ask for at once: a second's worth. */
int als_pacing_page(const struct als_pacing *pacing, int most);

/* When a call may be sent that brings as many events as usual, and when a page may be delivered;
 * not later than now: at once. */
int64_t als_pacing_ask_at(const struct als_pacing *pacing, int64_t now);
int64_t als_pacing_deliver_at(const struct als_pacing *pacing);

/* A call is sent. Returns what to give back (als_pacing_answered) once it is over. */
int64_t als_pacing_asked(struct als_pacing *pacing);
void als_pacing_answered(struct als_pacing *pacing, int64_t asked);

/* A page brought that many new events. */
void als_pacing_arrived(struct als_pacing *pacing, int64_t events);

/* Events that had arrived do not wait any more, and: they were delivered. */
void als_pacing_left(struct als_pacing *pacing, int64_t events);
void als_pacing_delivered(struct als_pacing *pacing, int64_t events, int64_t now);

#endif
