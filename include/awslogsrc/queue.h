/* Queues: what the library would say in callbacks, taken one by one instead.
 *
 * For hosts that C had better not call: languages with exceptions, garbage collectors or signal
 * handlers of their own. The host calls awslogsrc_context_process() and then awslogsrc_queue_next()
 * until that answers NULL; everything it does about a notice happens outside of the library. Other
 * rules are the same: a queue belongs to the thread of the context whose notices it gets. */
#ifndef AWSLOGSRC_QUEUE_H
#define AWSLOGSRC_QUEUE_H

#include "types.h"

AWSLOGSRC_BEGIN

/* What a notice is about, and what its accessors say. Since 0.9. */
enum {
    AWSLOGSRC_NOTICE_BATCH = 1,  /* a batch is held for the host: awslogsrc_notice_batch() */
    AWSLOGSRC_NOTICE_STATUS = 2, /* text: region; number: AWSLOGSRC_REGION_*; error, retry_at_ms */
    AWSLOGSRC_NOTICE_LOG = 3,    /* text: the line; number: AWSLOGSRC_LOG_* */
    AWSLOGSRC_NOTICE_LOAD = 4,   /* text: the key; to be answered by awslogsrc_notice_loaded() */
    AWSLOGSRC_NOTICE_WRITE = 5,  /* text: the key; number: AWSLOGSRC_STORE_*; data; to be answered
                                    by awslogsrc_notice_written() */
    AWSLOGSRC_NOTICE_CREDENTIALS = 6, /* keys are wanted; to be answered by
                                    awslogsrc_notice_fetched() or awslogsrc_notice_refused() */
    AWSLOGSRC_NOTICE_CHECK = 7        /* a check has ended: awslogsrc_notice_check() */
};

/* Creates a queue. out: ref; written on success only. error: optional; ref, written on failure
 * only. Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_new(awslogsrc_queue **out, awslogsrc_error **error);

/* Frees a queue and the notices in it; what still writes to it is heard no more: batches come again
 * later, stores fail. In a child process it does nothing. NULL is fine. Since 0.9. */
AWSLOGSRC_API void awslogsrc_queue_free(awslogsrc_queue *queue);

/* Has the source put its batches and changes of state into the queue, in place of callbacks. tag:
 * what awslogsrc_notice_tag() says of them. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_STATE (already started), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_source(awslogsrc_queue *queue, awslogsrc_source *source,
                                         int64_t tag);

/* Has the context put its log lines up to level into the queue. Returns 0, or AWSLOGSRC_E_INVALID,
 * AWSLOGSRC_E_FORKED, AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_log(awslogsrc_queue *queue, awslogsrc_context *context, int level,
                                      int64_t tag);

/* A store as of awslogsrc_store_custom_new() whose loads and writes go into the queue. out: ref;
 * written on success only. error: optional; ref, written on failure only. Returns 0, or
 * AWSLOGSRC_E_INVALID (queue or out is NULL), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_store_new(awslogsrc_queue *queue, int64_t tag,
                                            awslogsrc_store **out, awslogsrc_error **error);

/* Credentials as of awslogsrc_credentials_custom_new() whose requests go into the queue. out: ref;
 * written on success only. error: optional; ref, written on failure only. Returns 0, or
 * AWSLOGSRC_E_INVALID (queue or out is NULL), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_credentials_new(awslogsrc_queue *queue, int64_t tag,
                                                  awslogsrc_credentials **out,
                                                  awslogsrc_error **error);

/* Has awslogsrc_source_check() put its report into the queue. error: optional; ref, written on
 * failure only. Returns 0, or what awslogsrc_source_check() returns. Since 0.9. */
AWSLOGSRC_API int awslogsrc_queue_check(awslogsrc_queue *queue, awslogsrc_source *source,
                                        int64_t tag, awslogsrc_error **error);

/* The oldest notice, which stays in the queue: a host that may be interrupted anywhere notes it
 * down first, and then takes it out with awslogsrc_queue_next(). Returns: borrow, until it is
 * freed; NULL where there is none. Since 0.9. */
AWSLOGSRC_API awslogsrc_notice *awslogsrc_queue_first(const awslogsrc_queue *queue);

/* Takes the oldest notice out. Returns: ref, to be given back with awslogsrc_notice_free(); NULL
 * where there is none. Since 0.9. */
AWSLOGSRC_API awslogsrc_notice *awslogsrc_queue_next(awslogsrc_queue *queue);

/* Frees a notice. A batch that was not answered is read again, whatever else was not has failed. On
 * the context's thread; of a batch that was taken out, any thread. NULL is fine. Since 0.9. */
AWSLOGSRC_API void awslogsrc_notice_free(awslogsrc_notice *notice);

/* AWSLOGSRC_NOTICE_*; 0 for NULL. Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_kind(const awslogsrc_notice *notice);

/* What was given with the source, log or store; 0 for NULL. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_notice_tag(const awslogsrc_notice *notice);

/* Region, key or line; "" where the kind has none. Returns: borrow, until the notice is freed.
 * Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_notice_text(const awslogsrc_notice *notice);

/* State, level or kind of write; 0 where the kind has none. Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_number(const awslogsrc_notice *notice);

/* When the region tries again, in ms since 1970 UTC; 0 where nothing is planned. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_notice_retry_at_ms(const awslogsrc_notice *notice);

/* Why the region waits or failed. Returns: borrow, until the notice is freed; NULL where there is
 * none. Since 0.9. */
AWSLOGSRC_API const awslogsrc_error *awslogsrc_notice_error(const awslogsrc_notice *notice);

/* What is to be stored. size: optional, in bytes. Returns: borrow, until the write is answered or
 * the notice freed; NULL where the kind has none. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_notice_data(const awslogsrc_notice *notice, size_t *size);

/* The batch, as if a callback had answered AWSLOGSRC_HOLD: it wants awslogsrc_batch_ack() or
 * awslogsrc_batch_nack(). Returns: borrow, as long as the notice lives, answered or not; NULL where
 * the kind has none. Since 0.9. */
AWSLOGSRC_API awslogsrc_batch *awslogsrc_notice_batch(const awslogsrc_notice *notice);

/* The report of a check. Returns: borrow, until the notice is freed; NULL where the kind has none.
 * Since 0.9. */
AWSLOGSRC_API const awslogsrc_check *awslogsrc_notice_check(const awslogsrc_notice *notice);

/* Answers a load, as awslogsrc_store_loaded() does. Returns 0, or AWSLOGSRC_E_INVALID (no load, one
 * that is answered, or data is NULL and size is not 0). Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_loaded(awslogsrc_notice *notice, int status, const char *data,
                                          size_t size);

/* Answers a write, as awslogsrc_store_written() does; what awslogsrc_notice_data() lent is gone
 * then. Returns 0, or AWSLOGSRC_E_INVALID (no write, or one that is answered). Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_written(awslogsrc_notice *notice, int status);

/* Answers a request for keys, as awslogsrc_credentials_fetched() does. Returns 0, or
 * AWSLOGSRC_E_INVALID (no such request, or one that is answered). Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_fetched(awslogsrc_notice *notice, const char *access_key,
                                           const char *secret_key, const char *session_token,
                                           int64_t expires_at_ms);

/* Answers a request for keys with a failure, as awslogsrc_credentials_refused() does. Returns 0, or
 * AWSLOGSRC_E_INVALID (no such request, one that is answered, or status is no error). Since 0.9. */
AWSLOGSRC_API int awslogsrc_notice_refused(awslogsrc_notice *notice, int status,
                                           const char *message);

AWSLOGSRC_END

#endif
