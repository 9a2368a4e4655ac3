#include "source/queue.h"

#include <unistd.h>

#include "base/memory.h"
#include "credentials/custom.h"
#include "cursor/store_custom.h"
#include "event/batch.h"
#include "source/check.h"
#include "source/check_report.h"

struct awslogsrc_queue {
    int references; /* the host's, and one for each writer */
    pid_t owner;
    bool closed; /* the host has freed it */
    awslogsrc_notice *first, **last;
};

/* What callbacks get for their user data. */
struct writer {
    awslogsrc_queue *queue;
    int64_t tag;
};

int als_queue_new(awslogsrc_queue **out)
{
    awslogsrc_queue *queue = als_new(sizeof *queue);
    if (queue == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    queue->references = 1;
    queue->owner = getpid();
    queue->last = &queue->first;
    *out = queue;
    return 0;
}

static void unref(awslogsrc_queue *queue)
{
    if (--queue->references == 0)
        als_free(queue);
}

void als_queue_free(awslogsrc_queue *queue)
{
    if (queue->owner != getpid())
        return;
    queue->closed = true;
    for (awslogsrc_notice *notice = NULL; (notice = als_queue_next(queue)) != NULL;)
        als_queue_free_notice(notice);
    unref(queue);
}

awslogsrc_notice *als_queue_first(const awslogsrc_queue *queue)
{
    return queue->first;
}

static void take_out(awslogsrc_notice *notice)
{
    awslogsrc_queue *queue = notice->queue;
    awslogsrc_notice **link = &queue->first;
    while (*link != notice)
        link = &(*link)->next;
    *link = notice->next;
    if (*link == NULL)
        queue->last = link;
    notice->next = NULL;
    notice->queue = NULL;
}

awslogsrc_notice *als_queue_next(awslogsrc_queue *queue)
{
    awslogsrc_notice *notice = queue->first;
    if (notice != NULL)
        take_out(notice);
    return notice;
}

void als_queue_free_notice(awslogsrc_notice *notice)
{
    if (notice->queue != NULL)
        take_out(notice);
    if (notice->load != NULL)
        als_store_custom_loaded(notice->load, AWSLOGSRC_E_STORE, ALS_TEXT(""));
    if (notice->write != NULL)
        als_store_custom_written(notice->write, AWSLOGSRC_E_STORE);
    if (notice->request != NULL)
        als_custom_refused(notice->request, AWSLOGSRC_E_NO_CREDENTIALS, "the host gave no keys");
    if (notice->batch != NULL) {
        als_batch_nack(notice->batch); /* nothing, where it is answered already */
        als_batch_unref(notice->batch);
    }
    als_check_report_free(notice->check);
    als_error_free(notice->error);
    als_free(notice->text);
    als_free(notice);
}

/* --- Writers --- */

static struct writer *make_writer(awslogsrc_queue *queue, int64_t tag)
{
    struct writer *writer = als_new(sizeof *writer);
    if (writer == NULL)
        return NULL;
    queue->references++;
    *writer = (struct writer){queue, tag};
    return writer;
}

static void free_writer(void *user_data)
{
    struct writer *writer = user_data;
    unref(writer->queue);
    als_free(writer);
}

/* A notice at the end of the queue; NULL without memory, and where nobody will read it. */
static awslogsrc_notice *append(const struct writer *writer, int kind, const char *text)
{
    awslogsrc_notice *notice = writer->queue->closed ? NULL : als_new(sizeof *notice);
    if (notice == NULL)
        return NULL;
    notice->kind = kind;
    notice->tag = writer->tag;
    notice->text = als_copy_string(text);
    if (notice->text == NULL) {
        als_free(notice);
        return NULL;
    }
    notice->queue = writer->queue;
    *writer->queue->last = notice;
    writer->queue->last = &notice->next;
    return notice;
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    (void)source;
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_BATCH, "");
    if (notice == NULL)
        return AWSLOGSRC_LATER;
    notice->batch = als_batch_ref(batch);
    return AWSLOGSRC_HOLD;
}

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)source;
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_STATUS, region);
    if (notice == NULL)
        return;
    notice->number = state;
    notice->error = error == NULL ? NULL : als_error_copy(error);
    notice->retry_at_ms = retry_at_ms;
}

static void on_log(void *user_data, int level, const char *message)
{
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_LOG, message);
    if (notice != NULL)
        notice->number = level;
}

static void on_load(void *user_data, const char *key, awslogsrc_store_load *load)
{
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_LOAD, key);
    if (notice == NULL)
        als_store_custom_loaded(load, AWSLOGSRC_E_STORE, ALS_TEXT(""));
    else
        notice->load = load;
}

static void on_write(void *user_data, const char *key, int kind, const char *data, size_t size,
                     awslogsrc_store_write *write)
{
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_WRITE, key);
    if (notice == NULL) {
        als_store_custom_written(write, AWSLOGSRC_E_STORE);
        return;
    }
    notice->number = kind;
    notice->data = (struct als_text){data, size};
    notice->write = write;
}

static void on_fetch(void *user_data, awslogsrc_credentials_request *request)
{
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_CREDENTIALS, "");
    if (notice == NULL)
        als_custom_refused(request, AWSLOGSRC_E_NO_CREDENTIALS, "the host gave no keys");
    else
        notice->request = request;
}

static void on_check(void *user_data, awslogsrc_source *source, awslogsrc_check *check)
{
    (void)source;
    awslogsrc_notice *notice = append(user_data, AWSLOGSRC_NOTICE_CHECK, "");
    if (notice == NULL)
        als_check_report_free(check);
    else
        notice->check = check;
}

int als_queue_source(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag)
{
    struct als_callback data = {{.batch = on_batch}, make_writer(queue, tag), free_writer};
    struct als_callback state = {{.status = on_status}, make_writer(queue, tag), free_writer};
    int status = data.user_data == NULL || state.user_data == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
    if (status == 0)
        status = als_source_set_data_callback(source, &data);
    if (status == 0) {
        als_source_set_status_callback(source, &state);
        return 0;
    }
    if (data.user_data != NULL)
        free_writer(data.user_data);
    if (state.user_data != NULL)
        free_writer(state.user_data);
    return status;
}

int als_queue_log(awslogsrc_queue *queue, awslogsrc_context *context, int level, int64_t tag)
{
    struct als_log log = {on_log, make_writer(queue, tag), free_writer, level};
    if (log.user_data == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    als_log_set(&context->loop->log, &log);
    return 0;
}

int als_queue_store_new(awslogsrc_queue *queue, int64_t tag, awslogsrc_store **out)
{
    struct als_store_custom_functions functions = {on_load, on_write, make_writer(queue, tag),
                                                   free_writer};
    return functions.user_data == NULL ? AWSLOGSRC_E_NO_MEMORY
                                       : als_store_custom_new(&functions, out);
}

int als_queue_credentials_new(awslogsrc_queue *queue, int64_t tag, awslogsrc_credentials **out)
{
    struct writer *writer = make_writer(queue, tag);
    return writer == NULL ? AWSLOGSRC_E_NO_MEMORY
                          : als_custom_new(on_fetch, writer, free_writer, out);
}

int als_queue_check(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag,
                    awslogsrc_error **error)
{
    struct als_check_callback callback = {on_check, make_writer(queue, tag), free_writer};
    if (callback.user_data == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_check_begin(source, &callback, error);
    if (status != 0)
        free_writer(callback.user_data);
    return status;
}
