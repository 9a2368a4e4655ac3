#include "awslogsrc/source.h"

#include "base/memory.h"
#include "source/figure.h"
#include "source/openmetrics.h"
#include "source/stats_json.h"

static int check(const awslogsrc_source *source)
{
    return source == NULL ? AWSLOGSRC_E_INVALID : als_context_check(source->context);
}

int awslogsrc_source_new(awslogsrc_context *context, const awslogsrc_options *options,
                         awslogsrc_source **out, awslogsrc_error **error)
{
    int status = als_context_check(context);
    if (status == 0 && (options == NULL || out == NULL))
        status = AWSLOGSRC_E_INVALID;
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    return als_source_new(context, options, out, error);
}

void awslogsrc_source_free(awslogsrc_source *source)
{
    if (check(source) != 0)
        return;
    als_source_stop(source);
    als_source_unref(source);
}

/* Registering takes the user data in any case: where it fails, it is freed here. */
static int failed(int status, const struct als_callback *callback)
{
    if (status != 0 && callback->user_data_free != NULL)
        callback->user_data_free(callback->user_data);
    return status;
}

static int set_data_callback(awslogsrc_source *source, const struct als_callback *callback)
{
    int status = check(source);
    if (status == 0 && callback->fn.batch == NULL && callback->fn.event == NULL)
        status = AWSLOGSRC_E_INVALID;
    if (status == 0)
        status = als_source_set_data_callback(source, callback);
    return failed(status, callback);
}

int awslogsrc_source_on_batch(awslogsrc_source *source, awslogsrc_batch_fn fn, void *user_data,
                              awslogsrc_user_data_free user_data_free)
{
    struct als_callback callback = {{.batch = fn}, user_data, user_data_free};
    return set_data_callback(source, &callback);
}

int awslogsrc_source_on_event(awslogsrc_source *source, awslogsrc_event_fn fn, void *user_data,
                              awslogsrc_user_data_free user_data_free)
{
    struct als_callback callback = {{.event = fn}, user_data, user_data_free};
    return set_data_callback(source, &callback);
}

int awslogsrc_source_on_status(awslogsrc_source *source, awslogsrc_status_fn fn, void *user_data,
                               awslogsrc_user_data_free user_data_free)
{
    struct als_callback callback = {{.status = fn}, user_data, user_data_free};
    int status = check(source);
    if (status == 0)
        als_source_set_status_callback(source, &callback);
    return failed(status, &callback);
}

int awslogsrc_source_set_credentials(awslogsrc_source *source, awslogsrc_credentials *credentials)
{
    int status = check(source);
    if (status == 0 && credentials == NULL)
        status = AWSLOGSRC_E_INVALID;
    return status != 0 ? status : als_source_set_credentials(source, credentials);
}

int awslogsrc_source_set_store(awslogsrc_source *source, awslogsrc_store *store)
{
    int status = check(source);
    if (status == 0 && store == NULL)
        status = AWSLOGSRC_E_INVALID;
    return status != 0 ? status : als_source_set_store(source, store);
}

int awslogsrc_source_set_cursor(awslogsrc_source *source, const awslogsrc_cursor *cursor,
                                awslogsrc_error **error)
{
    int status = check(source);
    if (status == 0 && cursor == NULL)
        status = AWSLOGSRC_E_INVALID;
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    return als_source_set_cursor(source, cursor, error);
}

int awslogsrc_source_cursor(const awslogsrc_source *source, const char *region,
                            awslogsrc_cursor **out, awslogsrc_error **error)
{
    int status = check(source);
    if (status == 0 && (region == NULL || out == NULL))
        status = AWSLOGSRC_E_INVALID;
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    return als_source_cursor(source, region, out, error);
}

static int hand_over(struct als_buffer *text, int status, char **out, size_t *size,
                     awslogsrc_error **error)
{
    if (status != 0) {
        als_buffer_clear(text);
        return als_error_set(error, status, "%s", als_error_text(status));
    }
    if (size != NULL)
        *size = text->size;
    *out = als_buffer_take(text);
    return 0;
}

int awslogsrc_source_stats_json(const awslogsrc_source *source, char **out, size_t *size,
                                awslogsrc_error **error)
{
    struct als_buffer text;
    int status = check(source);
    if (status == 0 && out == NULL)
        status = AWSLOGSRC_E_INVALID;
    als_buffer_init(&text, ALS_FIGURE_CEILING);
    if (status == 0)
        status = als_stats_json_write(source, &text);
    return hand_over(&text, status, out, size, error);
}

int awslogsrc_source_stats_openmetrics(const awslogsrc_source *source, char **out, size_t *size,
                                       awslogsrc_error **error)
{
    struct als_buffer text;
    int status = check(source);
    if (status == 0 && out == NULL)
        status = AWSLOGSRC_E_INVALID;
    als_buffer_init(&text, ALS_FIGURE_CEILING);
    if (status == 0)
        status = als_openmetrics_write(source->context, source, &text);
    return hand_over(&text, status, out, size, error);
}

int awslogsrc_context_stats_openmetrics(const awslogsrc_context *context, char **out, size_t *size,
                                        awslogsrc_error **error)
{
    struct als_buffer text;
    int status = als_context_check(context);
    if (status == 0 && out == NULL)
        status = AWSLOGSRC_E_INVALID;
    als_buffer_init(&text, ALS_FIGURE_CEILING);
    if (status == 0)
        status = als_openmetrics_write(context, NULL, &text);
    return hand_over(&text, status, out, size, error);
}

void awslogsrc_source_stats_free(char *stats)
{
    als_free(stats);
}

int awslogsrc_source_is_running(const awslogsrc_source *source)
{
    return source != NULL && als_source_is_running(source);
}

int awslogsrc_source_start(awslogsrc_source *source, awslogsrc_error **error)
{
    int status = check(source);
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    return als_source_start(source, error);
}

int awslogsrc_source_stop(awslogsrc_source *source)
{
    int status = check(source);
    if (status != 0)
        return status;
    als_source_ref(source); /* the host's store, which it writes to, may free it */
    als_source_stop(source);
    als_source_unref(source);
    return 0;
}

int awslogsrc_source_pause(awslogsrc_source *source)
{
    int status = check(source);
    if (status == 0)
        als_source_pause(source);
    return status;
}

int awslogsrc_source_resume(awslogsrc_source *source)
{
    int status = check(source);
    if (status == 0)
        als_source_resume(source);
    return status;
}
