/* The request of FilterLogEvents (Logs_20140328). Its answer: aws/page.h. */
#ifndef ALS_AWS_FILTER_LOG_EVENTS_H
#define ALS_AWS_FILTER_LOG_EVENTS_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

#define ALS_FILTER_LOG_EVENTS_TARGET "Logs_20140328.FilterLogEvents"

enum { ALS_FILTER_LOG_EVENTS_LIMIT_MAX = 10000 };

/* Empty text is not sent. */
struct als_filter_log_events_request {
    struct als_text log_group;         /* name, or ARN with or without a trailing ":*" */
    struct als_text log_stream;        /* one stream, */
    struct als_text log_stream_prefix; /* or all that start so */
    struct als_text filter_pattern;    /* in AWS's syntax */
    struct als_text next_token;
    int64_t start_ms; /* 0 or less: from the beginning */
    int64_t end_ms;   /* INT64_MAX: open */
    int limit;        /* events a page; 0: AWS's default, which is the most */
};

/* Appends the body. Returns 0, the buffer's failure, or AWSLOGSRC_E_INVALID, with nothing written:
 * no group, both kinds of stream, a limit or time out of range, or text that is not UTF-8. */
int als_filter_log_events_write(const struct als_filter_log_events_request *request,
                                struct als_buffer *body);

#endif
