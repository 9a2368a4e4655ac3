/* What a check found: steps, in the order in which they depend on one another. */
#ifndef ALS_SOURCE_CHECK_REPORT_H
#define ALS_SOURCE_CHECK_REPORT_H

#include "awslogsrc/check.h"
#include "base/buffer.h"

enum { ALS_CHECK_DETAIL_LIMIT = 2 * 1024 * 1024 }; /* bytes: a message, wrapped */

struct awslogsrc_step {
    const char *name; /* for ever */
    char *region;     /* "": the source's own */
    int result;       /* AWSLOGSRC_STEP_* */
    int64_t duration_ms;
    struct als_buffer detail;
    const char *remedy; /* for ever */
};

struct awslogsrc_check {
    struct awslogsrc_step *steps;
    size_t count;
};

/* NULL without memory. */
awslogsrc_check *als_check_report_new(void);
void als_check_report_free(awslogsrc_check *check); /* NULL is fine */

/* Adds a step, with an empty detail. The pointer is good until the next one is added. Without
 * memory the answer is NULL, and the report lacks a step. */
struct awslogsrc_step *als_check_report_add(awslogsrc_check *check, const char *name,
                                            const char *region, int result);

/* Moves the steps of one report behind those of another. */
void als_check_report_append(awslogsrc_check *check, awslogsrc_check *from);

/* Adds a step with the detail formatted, a duration, and what to do. */
struct als_check_finding {
    int result;
    int64_t duration_ms;
    const char *remedy;
};
void als_check_report_tell(awslogsrc_check *check, const char *name, const char *region,
                           const struct als_check_finding *finding, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
