/* A check of everything a source needs: its credentials, and then all regions at the same time. */
#ifndef ALS_SOURCE_CHECK_H
#define ALS_SOURCE_CHECK_H

#include "awslogsrc/check.h"
#include "base/error.h"

struct als_check;

struct als_check_callback {
    awslogsrc_check_fn fn;
    void *user_data; /* take, on success only */
    awslogsrc_user_data_free user_data_free;
};

/* Begins a check, which becomes source->check until it has told the callback. 0,
 * AWSLOGSRC_E_STATE where there is one, or AWSLOGSRC_E_NO_MEMORY. */
int als_check_begin(awslogsrc_source *source, const struct als_check_callback *callback,
                    awslogsrc_error **error);

/* Gives it up, with the source: the callback never hears of it. NULL is fine. */
void als_check_free(struct als_check *check);

#endif
