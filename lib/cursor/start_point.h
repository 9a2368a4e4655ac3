/* Where reading a region starts and ends: the source's settings, resolved against the server's
 * clock. Pure but for the random key of a new cursor. */
#ifndef ALS_CURSOR_START_POINT_H
#define ALS_CURSOR_START_POINT_H

#include "base/random.h"
#include "cursor/cursor.h"
#include "options/settings.h"
#include "plan/planner.h"

struct als_start_point {
    const struct als_settings *settings;
    const char *region;
    int64_t now; /* server time */
};

/* What cursors of the region are made for. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_start_point_fingerprint(const struct als_settings *settings, const char *region,
                                struct als_cursor_fingerprint *out);

/* The cursor to start with where neither a store nor the host has one. The caller clears it, after
 * a failure too. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_start_point_cursor(const struct als_start_point *start, struct als_random *random,
                           struct als_cursor *out, awslogsrc_error **error);

struct als_planner_options als_start_point_plan(const struct als_start_point *start);

#endif
