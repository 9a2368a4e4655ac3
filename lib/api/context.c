#include "awslogsrc/context.h"

#include "source/context.h"

int awslogsrc_context_new(awslogsrc_context **out, awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    return als_context_new(out, error);
}

void awslogsrc_context_free(awslogsrc_context *context)
{
    if (als_context_check(context) == 0)
        als_context_unref(context);
}

int awslogsrc_context_fd(const awslogsrc_context *context)
{
    int status = als_context_check(context);
    return status != 0 ? status : context->reactor->epoll_fd;
}

int awslogsrc_context_process(awslogsrc_context *context)
{
    int status = als_context_check(context);
    return status != 0 ? status : als_context_process(context);
}

int awslogsrc_context_poll(awslogsrc_context *context, int timeout_ms)
{
    int status = als_context_check(context);
    return status != 0 ? status : als_context_poll(context, timeout_ms);
}

int awslogsrc_context_run(awslogsrc_context *context)
{
    int status = als_context_check(context);
    return status != 0 ? status : als_context_run(context);
}

int awslogsrc_context_wakeup(awslogsrc_context *context)
{
    int status = als_context_check(context);
    if (status == 0)
        als_waker_signal(context->loop->waker);
    return status;
}

int awslogsrc_context_stop(awslogsrc_context *context)
{
    int status = als_context_check(context);
    if (status != 0)
        return status;
    atomic_store(&context->stopped, true);
    als_waker_signal(context->loop->waker);
    return 0;
}

int awslogsrc_context_set_log(awslogsrc_context *context, int level, awslogsrc_log_fn fn,
                              void *user_data, awslogsrc_user_data_free user_data_free)
{
    int status = als_context_check(context);
    struct als_log log = {fn, user_data, user_data_free, level};
    if (status == 0 && (level < AWSLOGSRC_LOG_ERROR || level > AWSLOGSRC_LOG_DEBUG))
        status = AWSLOGSRC_E_INVALID;
    if (status != 0) {
        if (user_data_free != NULL)
            user_data_free(user_data);
        return status;
    }
    als_log_set(&context->loop->log, &log);
    return 0;
}
