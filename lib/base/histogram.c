#include "base/histogram.h"

int64_t als_histogram_bound(size_t bucket)
{
    return bucket + 1 < ALS_HISTOGRAM_BUCKETS ? INT64_C(1) << bucket : INT64_MAX;
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
    for (size_t i = 0; i < ALS_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (histogram->buckets[i] > 0 && (double)seen >= quantile * (double)histogram->count) {
            int64_t bound = als_histogram_bound(i);
            return bound < histogram->max ? bound : histogram->max;
        }
    }
    return 0;
}
