#include "plan/coverage.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

void als_coverage_init(struct als_coverage *coverage, int64_t floor)
{
    *coverage = (struct als_coverage){.floor = floor};
}

void als_coverage_clear(struct als_coverage *coverage)
{
    als_free(coverage->pieces);
    als_coverage_init(coverage, coverage->floor);
}

int als_coverage_copy(const struct als_coverage *coverage, struct als_coverage *copy)
{
    als_coverage_init(copy, coverage->floor);
    if (coverage->count == 0)
        return 0;
    copy->pieces = als_new_array(coverage->count, sizeof *copy->pieces);
    if (copy->pieces == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    memcpy(copy->pieces, coverage->pieces, coverage->count * sizeof *copy->pieces);
    copy->count = copy->capacity = coverage->count;
    return 0;
}

/* How many pieces start at t or before. */
static size_t pieces_up_to(const struct als_coverage *coverage, int64_t t)
{
    size_t low = 0;
    size_t high = coverage->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (coverage->pieces[middle].start <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t als_coverage_began(const struct als_coverage *coverage, int64_t t)
{
    if (t < coverage->floor)
        return ALS_TIME_MAX;
    if (coverage->count == 0)
        return ALS_TIME_NEVER;
    return coverage->pieces[pieces_up_to(coverage, t) - 1].began;
}

bool als_coverage_decides(const struct als_coverage *coverage, int64_t timestamp, int64_t ingestion,
                          int64_t margin)
{
    int64_t began = als_coverage_began(coverage, timestamp);
    if (began == ALS_TIME_MAX)
        return true;
    return ingestion < ALS_TIME_MAX && ingestion <= began - margin;
}

/* Room for the two pieces that a mark adds at most, and for the first one. */
static int reserve(struct als_coverage *coverage)
{
    size_t needed = coverage->count + 3;
    if (needed > coverage->capacity) {
        size_t capacity = needed + needed / 2;
        struct als_coverage_piece *pieces =
            als_resize_array(coverage->pieces, capacity, sizeof *pieces);
        if (pieces == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        coverage->pieces = pieces;
        coverage->capacity = capacity;
    }
    if (coverage->count == 0)
        coverage->pieces[coverage->count++] =
            (struct als_coverage_piece){.start = coverage->floor, .began = ALS_TIME_NEVER};
    return 0;
}

/* Makes a piece start at t (floor or later); returns its index. */
static size_t cut(struct als_coverage *coverage, int64_t t)
{
    size_t i = pieces_up_to(coverage, t);
    struct als_coverage_piece *pieces = coverage->pieces;
    if (pieces[i - 1].start == t)
        return i - 1;
    memmove(&pieces[i + 1], &pieces[i], (coverage->count - i) * sizeof *pieces);
    pieces[i] = (struct als_coverage_piece){.start = t, .began = pieces[i - 1].began};
    coverage->count++;
    return i;
}

/* Joins equal neighbours among pieces[first - 1 .. last]. */
static void merge(struct als_coverage *coverage, size_t first, size_t last)
{
    struct als_coverage_piece *pieces = coverage->pieces;
    size_t kept = first > 0 ? first : 1;
    size_t i = kept;
    for (; i < coverage->count && i <= last; i++) {
        if (pieces[i].began != pieces[kept - 1].began)
            pieces[kept++] = pieces[i];
    }
    memmove(&pieces[kept], &pieces[i], (coverage->count - i) * sizeof *pieces);
    coverage->count -= i - kept;
}

int als_coverage_mark(struct als_coverage *coverage, int64_t start, int64_t end, int64_t began)
{
    if (start < coverage->floor)
        start = coverage->floor;
    if (start >= end)
        return 0;
    int status = reserve(coverage);
    if (status != 0)
        return status;
    size_t first = cut(coverage, start);
    size_t last = end < ALS_TIME_MAX ? cut(coverage, end) : coverage->count;
    for (size_t i = first; i < last; i++) {
        if (coverage->pieces[i].began < began)
            coverage->pieces[i].began = began;
    }
    merge(coverage, first, last);
    return 0;
}

void als_coverage_settle(struct als_coverage *coverage, int64_t horizon)
{
    struct als_coverage_piece *pieces = coverage->pieces;
    size_t gone = 0;
    while (gone + 1 < coverage->count && pieces[gone].began >= pieces[gone + 1].start - 1 + horizon)
        gone++;
    if (coverage->count == 0)
        return;
    memmove(pieces, &pieces[gone], (coverage->count - gone) * sizeof *pieces);
    coverage->count -= gone;
    /* The time at exactly began - horizon is settled as well: no scan is due for it any more. */
    int64_t settled = pieces[0].began - horizon + 1;
    if (coverage->count > 1 && settled > pieces[1].start)
        settled = pieces[1].start;
    if (settled > pieces[0].start)
        pieces[0].start = settled;
    coverage->floor = pieces[0].start;
}

void als_coverage_set_back(struct als_coverage *coverage, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < coverage->count; i++) {
        struct als_coverage_piece piece = coverage->pieces[i];
        if (piece.began > now)
            piece.began = now;
        if (kept == 0 || coverage->pieces[kept - 1].began != piece.began)
            coverage->pieces[kept++] = piece;
    }
    coverage->count = kept;
}

int64_t als_coverage_floor(const struct als_coverage *coverage)
{
    return coverage->floor;
}

size_t als_coverage_piece_count(const struct als_coverage *coverage)
{
    return coverage->count > 0 ? coverage->count : 1;
}

void als_coverage_piece_at(const struct als_coverage *coverage, size_t index, int64_t *start,
                           int64_t *end, int64_t *began)
{
    bool unread = coverage->count == 0;
    *start = unread ? coverage->floor : coverage->pieces[index].start;
    *began = unread ? ALS_TIME_NEVER : coverage->pieces[index].began;
    *end = index + 1 < coverage->count ? coverage->pieces[index + 1].start : ALS_TIME_MAX;
}
