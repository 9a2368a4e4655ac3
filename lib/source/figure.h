/* The figures of a region, told once here and written twice: as JSON (source/stats_json.h) and as
 * OpenMetrics text (source/openmetrics.h). */
#ifndef ALS_SOURCE_FIGURE_H
#define ALS_SOURCE_FIGURE_H

#include "base/histogram.h"
#include "source/region_reader.h"

#define ALS_FIGURE_UNKNOWN INT64_MIN

enum { ALS_FIGURE_CEILING = 256 * 1024 * 1024 }; /* bytes of either text */

enum als_figure_unit {
    ALS_FIGURE_COUNT,
    ALS_FIGURE_BYTES,
    ALS_FIGURE_DURATION, /* ms */
    ALS_FIGURE_TIME      /* ms since 1970 UTC */
};

struct als_figure {
    const char *name;   /* the member of the JSON document; the unit ends it, where it is ms */
    const char *metric; /* the family, between "awslogsrc_" and the unit; NULL: in JSON only */
    const char *help;   /* one line, without backslashes */
    enum als_figure_unit unit;
    bool counter; /* never falls while the region reads */
    bool reading; /* unknown before reading has begun */
    int64_t (*of)(const struct als_region_reader *reader);
};

/* Durations in ms. */
struct als_figure_histogram {
    const char *name;
    const char *metric;
    const char *help;
    const struct als_histogram *(*of)(const struct als_region_reader *reader);
};

extern const struct als_figure als_figures[];                     /* the last one has no name */
extern const struct als_figure_histogram als_figure_histograms[]; /* as above */

/* The figure's value now, or ALS_FIGURE_UNKNOWN. */
int64_t als_figure_value(const struct als_figure *figure, const struct als_region_reader *reader);

#endif
