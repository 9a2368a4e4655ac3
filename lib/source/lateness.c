#include "source/lateness.h"

#include <stdbool.h>

#include "source/coverage.h"

int64_t als_histogram_bound(size_t bucket)
{
    return bucket + 1 < ALS_LATENESS_BUCKETS ? INT64_C(1) << bucket : ALS_TIME_MAX;
}

void als_histogram_add(struct als_histogram *histogram, int64_t value)
{
    size_t bucket = 0;
    if (value < 0)
        value = 0;
    while (value > als_histogram_bound(bucket))
        bucket++;
    histogram->buckets[bucket]++;
    histogram->count++;
    histogram->sum += value;
    if (value > histogram->max)
        histogram->max = value;
}

int64_t als_histogram_quantile(const struct als_histogram *histogram, double quantile)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < ALS_LATENESS_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (histogram->buckets[i] > 0 && (double)seen >= quantile * (double)histogram->count) {
            int64_t bound = als_histogram_bound(i);
            return bound < histogram->max ? bound : histogram->max;
        }
    }
    return 0;
}

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
