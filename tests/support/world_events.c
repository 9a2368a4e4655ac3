#include "world_events.h"

#include <stdlib.h>

#include "chance.h"

static int64_t visibility_delay(struct world_events *events)
{
    /* Every other world uses the margin up. */
    double longest = events->seed % 2 == 0 ? 119000 : WORLD_MARGIN - 1000;
    if (chance_of(events->random, 0.05))
        return (int64_t)chance_uniform(events->random, 3000, longest);
    return (int64_t)chance_uniform(events->random, 200, 3000);
}

static void add_event(struct world_events *events, int64_t timestamp, int64_t ingestion)
{
    int64_t visible = ingestion + visibility_delay(events);
    if (visible - timestamp >= WORLD_HORIZON - 1)
        return;
    if (events->count % 4096 == 0)
        events->all = realloc(events->all, (events->count + 4096) * sizeof *events->all);
    events->all[events->count++] =
        (struct world_event){.timestamp = timestamp,
                             .ingestion = ingestion,
                             .visible = visible,
                             .anonymous = chance_of(events->random, 0.01)};
}

static int by_service_order(const void *left, const void *right)
{
    const struct world_event *a = left;
    const struct world_event *b = right;
    if (a->timestamp != b->timestamp)
        return a->timestamp < b->timestamp ? -1 : 1;
    if (a->ingestion != b->ingestion)
        return a->ingestion < b->ingestion ? -1 : 1;
    return (a->visible > b->visible) - (a->visible < b->visible);
}

void world_events_make(struct world_events *events, double hours, double events_per_second)
{
    double t = 0;
    while (t < hours * 3600e3) {
        t += chance_exponential(events->random, 1000 / events_per_second);
        int64_t timestamp = WORLD_START + (int64_t)t;
        int64_t ingestion = timestamp;
        double kind = chance_uniform(events->random, 0, 1);
        if (kind < 0.90)
            ingestion += (int64_t)chance_uniform(events->random, 50, 800);
        else if (kind < 0.96)
            ingestion += (int64_t)chance_exponential(events->random, 60e3);
        else if (kind < 0.99)
            ingestion += (int64_t)chance_uniform(events->random, 60e3, 58 * 60e3);
        else
            timestamp += (int64_t)chance_uniform(events->random, 0, 7200e3);
        int siblings =
            chance_of(events->random, 0.002) ? (int)chance_uniform(events->random, 20, 90) : 1;
        for (int i = 0; i < siblings; i++)
            add_event(events, timestamp,
                      ingestion + (i > 0 ? (int64_t)chance_exponential(events->random, 500) : 0));
    }
    qsort(events->all, events->count, sizeof *events->all, by_service_order);
}
