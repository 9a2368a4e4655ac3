#include "plan/lateness.h"

#include <stdbool.h>

#include "plan/coverage.h"

void als_lateness_observe(struct als_lateness *lateness, const struct als_lateness_event *event,
                          const int64_t *ages, size_t age_count)
{
    int64_t age = event->now - event->timestamp;
    size_t index = 0;
    while (index + 1 < age_count && age >= ages[index + 1])
        index++;
    lateness->by_age[index]++;
    lateness->ahead += age < 0;
    if (event->ingestion >= ALS_TIME_MAX)
        return;
    als_histogram_add(&lateness->arrival, event->ingestion - event->timestamp);
    als_histogram_add(&lateness->delivery, event->now - event->ingestion);
    lateness->beyond_horizon += event->ingestion - event->timestamp > ages[age_count - 1];
    bool read_before = event->began > ALS_TIME_NEVER && event->began < ALS_TIME_MAX;
    if (read_before && event->began - event->ingestion > lateness->longest_invisible)
        lateness->longest_invisible = event->began - event->ingestion;
}
