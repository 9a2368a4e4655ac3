/* Notices in place of callbacks: see awslogsrc/queue.h. */
#ifndef ALS_SOURCE_QUEUE_H
#define ALS_SOURCE_QUEUE_H

#include "awslogsrc/queue.h"
#include "source/source.h"

struct awslogsrc_notice {
    awslogsrc_notice *next;
    awslogsrc_queue *queue; /* that it is in; NULL once it is the host's */
    int kind;
    int number;
    int64_t tag;
    int64_t retry_at_ms;
    char *text;
    awslogsrc_error *error;
    awslogsrc_batch
        *batch; /* two references: the one that its answer gives back, and one to lend */
    awslogsrc_store_load *load;
    awslogsrc_store_write *write;
    awslogsrc_credentials_request *request;
    awslogsrc_check *check;
    struct als_text data; /* borrow, as long as the write is not answered */
};

int als_queue_new(awslogsrc_queue **out); /* 0 or AWSLOGSRC_E_NO_MEMORY */
void als_queue_free(awslogsrc_queue *queue);

/* These return 0, AWSLOGSRC_E_NO_MEMORY, or what registering callbacks returns. */
int als_queue_source(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag);
int als_queue_log(awslogsrc_queue *queue, awslogsrc_context *context, int level, int64_t tag);
int als_queue_credentials_new(awslogsrc_queue *queue, int64_t tag, awslogsrc_credentials **out);
int als_queue_check(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag,
                    awslogsrc_error **error);
int als_queue_store_new(awslogsrc_queue *queue, int64_t tag, awslogsrc_store **out);

awslogsrc_notice *als_queue_first(const awslogsrc_queue *queue);
awslogsrc_notice *als_queue_next(awslogsrc_queue *queue);
void als_queue_free_notice(awslogsrc_notice *notice);

#endif
