/* The step of a check that says whom the keys belong to, by asking STS. Nothing depends on it, and
 * it never fails: STS need not be within reach. */
#ifndef ALS_SOURCE_IDENTITY_CHECK_H
#define ALS_SOURCE_IDENTITY_CHECK_H

#include "credentials/cached.h"
#include "credentials/sts.h"
#include "options/settings.h"
#include "source/check_report.h"

struct als_identity_check_config {
    struct als_caches *caches; /* everything here is borrowed, until the check is cleared */
    const struct als_settings *settings;
    const struct als_http_settings *http_settings;
    awslogsrc_check *report;
    void (*done)(void *self); /* the step is told; from the loop only */
    void *self;
};

/* Zero-initialise. */
struct als_identity_check {
    struct als_identity_check_config config;
    struct als_endpoint endpoint;
    struct als_sts_call call;
};

/* keys: borrow, during the call. true: done is told later; false: the step is told already. The
 * caller clears in any case. */
bool als_identity_check_begin(struct als_identity_check *check,
                              const struct als_identity_check_config *config,
                              const struct als_keys *keys);

/* The step as skipped. */
void als_identity_check_skip(awslogsrc_check *report, const char *reason);

void als_identity_check_clear(struct als_identity_check *check);

#endif
