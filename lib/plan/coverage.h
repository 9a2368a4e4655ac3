/* The coverage map of one region: event time t -> B(t), the server time at which the last
 * acknowledged scan that covered t began. Pure. All times are server milliseconds since 1970. */
#ifndef ALS_PLAN_COVERAGE_H
#define ALS_PLAN_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Far from the ends of int64_t: sums and differences of two times never overflow. */
#define ALS_TIME_MAX   (INT64_C(1) << 60)
#define ALS_TIME_NEVER (-(INT64_C(1) << 60))

/* From start up to the next piece; the last one is open. */
struct als_coverage_piece {
    int64_t start;
    int64_t began; /* ALS_TIME_NEVER: not read yet */
};

struct als_coverage {
    struct als_coverage_piece *pieces; /* sorted by start, neighbours differ in began */
    size_t count;                      /* 0: the map is the unread one above floor */
    size_t capacity;
    int64_t floor; /* below: settled, or older than start_time: never read (again) */
};

void als_coverage_init(struct als_coverage *coverage, int64_t floor);
void als_coverage_clear(struct als_coverage *coverage);

/* *copy is overwritten. 0 or AWSLOGSRC_E_NO_MEMORY (then *copy is an empty map). */
int als_coverage_copy(const struct als_coverage *coverage, struct als_coverage *copy);

/* B(t); ALS_TIME_MAX below the floor. */
int64_t als_coverage_began(const struct als_coverage *coverage, int64_t t);

/* Was an event with these two times certainly delivered before? margin: the visibility delay
 * allowed. ingestion ALS_TIME_MAX (unknown): only below the floor. */
bool als_coverage_decides(const struct als_coverage *coverage, int64_t timestamp, int64_t ingestion,
                          int64_t margin);

/* Raises B to began on [start, end) where it is lower. 0, or AWSLOGSRC_E_NO_MEMORY with the map as
 * it was: the stretch is due again, nothing is lost. */
int als_coverage_mark(struct als_coverage *coverage, int64_t start, int64_t end, int64_t began);

/* Raises the floor over what was read at least horizon after its time. */
void als_coverage_settle(struct als_coverage *coverage, int64_t horizon);

/* The server's clock was set back: no B lies after now. */
void als_coverage_set_back(struct als_coverage *coverage, int64_t now);

int64_t als_coverage_floor(const struct als_coverage *coverage);

/* The pieces cover [floor, ALS_TIME_MAX) without gaps; there is always at least one. */
size_t als_coverage_piece_count(const struct als_coverage *coverage);
void als_coverage_piece_at(const struct als_coverage *coverage, size_t index, int64_t *start,
                           int64_t *end, int64_t *began);

#endif
