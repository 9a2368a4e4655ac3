/* A histogram of durations: buckets whose bounds double. Pure. */
#ifndef ALS_BASE_HISTOGRAM_H
#define ALS_BASE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

/* Bucket i counts values of at most 2^i ms; the last one counts the rest (2^30 ms is 12 days). */
enum { ALS_HISTOGRAM_BUCKETS = 32 };

struct als_histogram {
    uint64_t buckets[ALS_HISTOGRAM_BUCKETS];
    uint64_t count;
    int64_t sum;
    int64_t max;
};

void als_histogram_add(struct als_histogram *histogram, int64_t value);
/* The upper bound of the bucket that holds the quantile (0..1); 0 where it is empty. */
int64_t als_histogram_quantile(const struct als_histogram *histogram, double quantile);
int64_t als_histogram_bound(size_t bucket); /* INT64_MAX for the last */

#endif
