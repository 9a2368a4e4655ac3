#include "series.h"

#include "random.h"

int64_t sim_series_timestamp(const struct sim_series *series, uint64_t index)
{
    return series->start_ms + (int64_t)((double)index * 1000.0 / series->per_second);
}

static int64_t delay(const struct sim_series *series, uint64_t salt, int64_t most)
{
    if (most <= 0)
        return 0;
    return (int64_t)(sim_random_mix(series->generator.seed ^ salt) % ((uint64_t)most + 1));
}

int64_t sim_series_ingestion_time(const struct sim_series *series, uint64_t index)
{
    /* One delay per millisecond, so that index order is the service's order (key order) as well. */
    int64_t timestamp = sim_series_timestamp(series, index);
    return timestamp + delay(series, (uint64_t)timestamp, series->ingestion_delay_ms);
}

int64_t sim_series_visible_at(const struct sim_series *series, uint64_t index)
{
    int64_t ingestion = sim_series_ingestion_time(series, index);
    uint64_t state = series->generator.seed ^ sim_random_mix(index ^ 0x1a7e);
    bool late = sim_random_unit(&state) < series->late_share;
    return ingestion + delay(series, sim_random_mix(index) ^ 0x715,
                             late ? series->late_ms : series->visible_delay_ms);
}

uint32_t sim_series_stream(const struct sim_series *series, uint64_t index)
{
    if (series->streams < 2)
        return 0;
    return (uint32_t)(sim_random_mix(series->generator.seed + index) % series->streams);
}

uint64_t sim_series_seek(const struct sim_series *series, int64_t timestamp)
{
    if (timestamp <= series->start_ms)
        return 0;
    /* Divided first: the difference may be as wide as int64_t, and the estimate need not be exact.
     */
    double estimate = ((double)timestamp - (double)series->start_ms) / 1000.0 * series->per_second;
    uint64_t limit = series->count ? series->count : UINT64_C(1) << 48;
    if (estimate >= (double)limit)
        estimate = (double)limit;
    uint64_t index = (uint64_t)estimate;
    while (index > 0 && sim_series_timestamp(series, index - 1) >= timestamp)
        index--;
    while (index < limit && sim_series_timestamp(series, index) < timestamp)
        index++;
    return index;
}

bool sim_series_exists(const struct sim_series *series, uint64_t index, int64_t now_ms)
{
    if (series->count)
        return index < series->count;
    return sim_series_timestamp(series, index) <= now_ms;
}
