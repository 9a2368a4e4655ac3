#include "awslogsrc/queue.h"

#include "base/error.h"
#include "credentials/custom.h"
#include "cursor/store_custom.h"
#include "source/queue.h"

int awslogsrc_queue_new(awslogsrc_queue **out, awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    int status = als_queue_new(out);
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

void awslogsrc_queue_free(awslogsrc_queue *queue)
{
    if (queue != NULL)
        als_queue_free(queue);
}

int awslogsrc_queue_source(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag)
{
    if (queue == NULL || source == NULL)
        return AWSLOGSRC_E_INVALID;
    int status = als_context_check(source->context);
    return status != 0 ? status : als_queue_source(queue, source, tag);
}

int awslogsrc_queue_log(awslogsrc_queue *queue, awslogsrc_context *context, int level, int64_t tag)
{
    int status = als_context_check(context);
    if (status == 0 &&
        (queue == NULL || level < AWSLOGSRC_LOG_ERROR || level > AWSLOGSRC_LOG_DEBUG))
        status = AWSLOGSRC_E_INVALID;
    return status != 0 ? status : als_queue_log(queue, context, level, tag);
}

int awslogsrc_queue_store_new(awslogsrc_queue *queue, int64_t tag, awslogsrc_store **out,
                              awslogsrc_error **error)
{
    if (queue == NULL || out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "queue or out is NULL");
    int status = als_queue_store_new(queue, tag, out);
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

int awslogsrc_queue_credentials_new(awslogsrc_queue *queue, int64_t tag,
                                    awslogsrc_credentials **out, awslogsrc_error **error)
{
    if (queue == NULL || out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "queue or out is NULL");
    int status = als_queue_credentials_new(queue, tag, out);
    return status == 0 ? 0 : als_error_set(error, status, "%s", als_error_text(status));
}

int awslogsrc_queue_check(awslogsrc_queue *queue, awslogsrc_source *source, int64_t tag,
                          awslogsrc_error **error)
{
    int status =
        queue == NULL || source == NULL ? AWSLOGSRC_E_INVALID : als_context_check(source->context);
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    return als_queue_check(queue, source, tag, error);
}

awslogsrc_notice *awslogsrc_queue_first(const awslogsrc_queue *queue)
{
    return queue == NULL ? NULL : als_queue_first(queue);
}

awslogsrc_notice *awslogsrc_queue_next(awslogsrc_queue *queue)
{
    return queue == NULL ? NULL : als_queue_next(queue);
}

void awslogsrc_notice_free(awslogsrc_notice *notice)
{
    if (notice != NULL)
        als_queue_free_notice(notice);
}

int awslogsrc_notice_kind(const awslogsrc_notice *notice)
{
    return notice == NULL ? 0 : notice->kind;
}

int64_t awslogsrc_notice_tag(const awslogsrc_notice *notice)
{
    return notice == NULL ? 0 : notice->tag;
}

const char *awslogsrc_notice_text(const awslogsrc_notice *notice)
{
    return notice == NULL ? "" : notice->text;
}

int awslogsrc_notice_number(const awslogsrc_notice *notice)
{
    return notice == NULL ? 0 : notice->number;
}

int64_t awslogsrc_notice_retry_at_ms(const awslogsrc_notice *notice)
{
    return notice == NULL ? 0 : notice->retry_at_ms;
}

const awslogsrc_error *awslogsrc_notice_error(const awslogsrc_notice *notice)
{
    return notice == NULL ? NULL : notice->error;
}

const char *awslogsrc_notice_data(const awslogsrc_notice *notice, size_t *size)
{
    if (size != NULL)
        *size = notice == NULL ? 0 : notice->data.size;
    return notice == NULL ? NULL : notice->data.data;
}

awslogsrc_batch *awslogsrc_notice_batch(const awslogsrc_notice *notice)
{
    return notice == NULL ? NULL : notice->batch;
}

const awslogsrc_check *awslogsrc_notice_check(const awslogsrc_notice *notice)
{
    return notice == NULL ? NULL : notice->check;
}

int awslogsrc_notice_loaded(awslogsrc_notice *notice, int status, const char *data, size_t size)
{
    if (notice == NULL || notice->load == NULL || (data == NULL && size != 0))
        return AWSLOGSRC_E_INVALID;
    awslogsrc_store_load *load = notice->load;
    notice->load = NULL;
    als_store_custom_loaded(load, status, (struct als_text){data == NULL ? "" : data, size});
    return 0;
}

int awslogsrc_notice_written(awslogsrc_notice *notice, int status)
{
    if (notice == NULL || notice->write == NULL)
        return AWSLOGSRC_E_INVALID;
    awslogsrc_store_write *write = notice->write;
    notice->write = NULL;
    notice->data = (struct als_text){0};
    als_store_custom_written(write, status);
    return 0;
}

int awslogsrc_notice_fetched(awslogsrc_notice *notice, const char *access_key,
                             const char *secret_key, const char *session_token,
                             int64_t expires_at_ms)
{
    struct als_sigv4_keys keys = {access_key, secret_key, session_token};
    if (notice == NULL || notice->request == NULL)
        return AWSLOGSRC_E_INVALID;
    awslogsrc_credentials_request *request = notice->request;
    notice->request = NULL;
    als_custom_fetched(request, &keys, expires_at_ms);
    return 0;
}

int awslogsrc_notice_refused(awslogsrc_notice *notice, int status, const char *message)
{
    if (notice == NULL || notice->request == NULL || als_error_row(status) == NULL)
        return AWSLOGSRC_E_INVALID;
    awslogsrc_credentials_request *request = notice->request;
    notice->request = NULL;
    als_custom_refused(request, status, message == NULL ? als_error_text(status) : message);
    return 0;
}
