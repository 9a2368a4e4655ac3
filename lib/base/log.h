/* Where log lines go. Nothing is formatted for a level nobody listens to. */
#ifndef ALS_BASE_LOG_H
#define ALS_BASE_LOG_H

#include "awslogsrc/context.h"

struct als_log {
    awslogsrc_log_fn fn;
    void *user_data;
    awslogsrc_user_data_free user_data_free;
    int level;
};

void als_log_set(struct als_log *log,
                 const struct als_log *to); /* runs the former user_data_free */
void als_log_write(const struct als_log *log, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
