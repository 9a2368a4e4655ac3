/* The visibility margin: how long after its ingestion an event may stay invisible. It widens by
 * itself on evidence, but only for events ingested late enough that none of their ids can have been
 * released under the narrower margin; so widening never repeats an event. Pure. */
#ifndef ALS_PLAN_MARGIN_H
#define ALS_PLAN_MARGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ALS_MARGIN_STEPS = 8 };

struct als_margin_step {
    int64_t from;  /* ingestion times from here on ... */
    int64_t width; /* ... have this margin, ms */
};

struct als_margin { /* part of the cursor */
    struct als_margin_step steps[ALS_MARGIN_STEPS];
    size_t count;
};

void als_margin_init(struct als_margin *margin, int64_t width);

/* For a restored margin and a configured one: widens to width, never narrows. */
void als_margin_raise(struct als_margin *margin, int64_t width, int64_t now);

int64_t als_margin_of(const struct als_margin *margin, int64_t ingestion);
int64_t als_margin_widest(const struct als_margin *margin);

/* A new event came out of a stretch read at began (B(timestamp) before this scan): it was invisible
 * for at least began - ingestion. Above half the margin, the margin doubles (up to limit): true,
 * and the caller says so. */
bool als_margin_observe(struct als_margin *margin, int64_t ingestion, int64_t began, int64_t now,
                        int64_t limit);

#endif
