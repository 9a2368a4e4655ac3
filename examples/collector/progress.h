/* The progress line on a terminal, and the summary at the end. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "region_table.h"

enum { PROGRESS_INTERVAL_MS = 500 };

struct progress {
    bool live;  /* there is a terminal to draw on */
    bool shown; /* the line is on it */
    int64_t began_ms;
    int64_t drawn_ms;
    uint64_t events;
    uint64_t drawn_events;
    double rate;
};

/* A monotonic clock in ms, above 0. */
int64_t progress_now_ms(void);

void progress_init(struct progress *progress, bool quiet);

/* How long until the line is to be drawn again; -1: for ever. */
int progress_timeout_ms(const struct progress *progress);

void progress_draw(struct progress *progress, const struct region_table *regions);

/* Takes the line off the terminal, until it is drawn again. */
void progress_hide(struct progress *progress);

/* "N events from R regions in S s" on stderr. */
void progress_summarize(const struct progress *progress, const struct region_table *regions);

#endif
