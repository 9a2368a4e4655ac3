/* Seeded worlds for the reading plan: a service that shows events late and in pages, a host that
 * acknowledges, holds and refuses batches, outages and crashes; and the plan that has to get every
 * event once. The rules can be broken by name, to see that a test would notice. */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(name): what each breaks is said where world.c looks at it. */
#define WORLD_FAULTS(X) \
    X(ack_any)          \
    X(cp_unacked)       \
    X(cp_without_ids)   \
    X(no_skip)          \
    X(overlap)          \
    X(skew)             \
    X(page_inclusive)   \
    X(end_minus_1)      \
    X(clock_sweeps)     \
    X(forget_on_ack)    \
    X(settle_early)     \
    X(margin_zero)      \
    X(margin_global)    \
    X(release_early)    \
    X(future_hides)     \
    X(broken_marks)     \
    X(empty_ends)       \
    X(nack_keeps_ids)   \
    X(no_gaps)

enum world_fault {
#define WORLD_FAULT_NUMBER(name) WORLD_FAULT_##name,
    WORLD_FAULTS(WORLD_FAULT_NUMBER)
#undef WORLD_FAULT_NUMBER
        WORLD_FAULT_COUNT
};

struct world_options {
    uint64_t seed;
    uint32_t faults; /* bits of enum world_fault */
    double hours;
    double events_per_second;
    size_t page; /* most events on one */
    bool crashes;
    size_t max_ids;   /* 0: no limit */
    int64_t end_time; /* in ms after the world's start; 0: none */
    int64_t once_at;  /* likewise: one run with --once at that time; 0: follow */
};

struct world_result {
    size_t events;   /* that had to be delivered */
    size_t lost;     /* never acknowledged */
    size_t repeated; /* delivered again without a reason */
    size_t excess;   /* delivered though at end_time or later */
    uint64_t returned;
    uint64_t calls;
    size_t most_ids;
    size_t most_pieces;
    int64_t finished_at; /* ms after the world's start; -1: the plan never said so */
};

/* A world as chain.py of the design has them. */
struct world_options world_default(uint64_t seed);
struct world_result world_run(const struct world_options *options);

/* NULL past the last. */
const char *world_fault_name(unsigned fault);

#endif
