/* One region of a check: a few calls on connections of their own, taken apart into steps. */
#ifndef ALS_SOURCE_REGION_CHECK_H
#define ALS_SOURCE_REGION_CHECK_H

#include "event/origin.h"
#include "options/settings.h"
#include "source/check_report.h"
#include "source/logs_call.h"

struct als_region_check_config {
    struct als_loop *loop; /* everything here is borrowed, until the check is cleared */
    const struct als_settings *settings;
    const struct als_logs_client_config *client; /* but for waits and user_data; until begun */
    struct als_cached *credentials;
    struct als_origin *origin;
    int64_t deadline_ms;      /* monotonic: done is told by then */
    void (*done)(void *self); /* the report is complete; from the loop only */
    void *self;
};

/* Zero-initialise. */
struct als_region_check {
    struct als_region_check_config config;
    struct als_logs_client client;
    struct als_logs_call call;
    struct als_http_settings settings; /* the client's, but for what time is left */
    struct als_timer again;
    struct als_timer limit;
    struct als_buffer token; /* of the page to ask for */
    struct als_http_timing timing;
    int64_t start_ms; /* of the events to look for */
    int attempts, pages;
    bool began;
    awslogsrc_check *report; /* one step for each stage, once it is done */
};

/* 0, and done is told later; or AWSLOGSRC_E_*, and it is not. The caller clears in any case. */
int als_region_check_begin(struct als_region_check *check,
                           const struct als_region_check_config *config, awslogsrc_error **error);

/* All steps as skipped, where there are no keys to begin with. */
void als_region_check_skip(awslogsrc_check *report, const char *region, const char *reason);

void als_region_check_clear(struct als_region_check *check);

#endif
