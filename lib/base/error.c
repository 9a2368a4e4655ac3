#include "base/error.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { LONGEST_MESSAGE = 16 * 1024 };

struct awslogsrc_error {
    int code;
    int http_status;
    char *message;
    char *aws_code;
    char *request_id;
};

static const struct row {
    int code;
    int class;
    int retryable;
    int fatal;
    const char *text;
} table[] = {
#define ROW(name, number, class, retryable, fatal, text) \
    {AWSLOGSRC_E_##name, AWSLOGSRC_CLASS_##class, retryable, fatal, text},
    AWSLOGSRC_ERROR_MAP(ROW)
#undef ROW
};

/* Reporting that memory is out must not need memory. Never written: every writer compares first. */
static struct awslogsrc_error no_memory = {.code = AWSLOGSRC_E_NO_MEMORY};

static const struct row *find(int code)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].code == code)
            return &table[i];
    }
    return NULL;
}

static void release(struct awslogsrc_error *error)
{
    als_free(error->message);
    als_free(error->aws_code);
    als_free(error->request_id);
    als_free(error);
}

int als_error_set_origin(awslogsrc_error **error, int code, const struct als_error_origin *origin,
                         const char *message)
{
    if (error == NULL)
        return code;
    *error = &no_memory;
    struct awslogsrc_error *new = als_new(sizeof *new);
    if (new == NULL)
        return code;
    new->code = code;
    new->http_status = origin->http_status;
    new->message = als_copy_string(message);
    new->aws_code = als_copy_string(origin->aws_code == NULL ? "" : origin->aws_code);
    new->request_id = als_copy_string(origin->request_id == NULL ? "" : origin->request_id);
    if (new->message == NULL || new->aws_code == NULL || new->request_id == NULL)
        release(new);
    else
        *error = new;
    return code;
}

int als_error_set(awslogsrc_error **error, int code, const char *format, ...)
{
    if (error == NULL)
        return code;
    struct als_buffer message;
    va_list arguments;
    als_buffer_init(&message, LONGEST_MESSAGE);
    va_start(arguments, format);
    als_buffer_format_va(&message, format, arguments);
    va_end(arguments);
    als_error_set_origin(error, code, &(struct als_error_origin){0}, als_buffer_string(&message));
    als_buffer_clear(&message);
    return code;
}

void als_error_prefix(awslogsrc_error **error, const char *format, ...)
{
    if (error == NULL || *error == NULL || *error == &no_memory)
        return;
    struct als_buffer message;
    va_list arguments;
    als_buffer_init(&message, LONGEST_MESSAGE);
    va_start(arguments, format);
    als_buffer_format_va(&message, format, arguments);
    va_end(arguments);
    als_buffer_append_string(&message, (*error)->message);
    char *text = als_buffer_take(&message);
    if (text == NULL)
        return;
    als_free((*error)->message);
    (*error)->message = text;
}

awslogsrc_error *als_error_copy(const awslogsrc_error *error)
{
    if (error == NULL || error == &no_memory)
        return error == NULL ? NULL : &no_memory;
    awslogsrc_error *copy = NULL;
    als_error_set_origin(
        &copy, error->code,
        &(struct als_error_origin){error->aws_code, error->request_id, error->http_status},
        error->message);
    return copy;
}

const char *awslogsrc_strerror(int code)
{
    const struct row *row = find(code);
    if (code == AWSLOGSRC_OK)
        return "no error";
    return row == NULL ? "unknown error" : row->text;
}

int awslogsrc_error_code(const awslogsrc_error *error)
{
    return error == NULL ? AWSLOGSRC_OK : error->code;
}

int awslogsrc_error_class(const awslogsrc_error *error)
{
    const struct row *row = find(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->class;
}

int awslogsrc_error_is_retryable(const awslogsrc_error *error)
{
    const struct row *row = find(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->retryable;
}

int awslogsrc_error_is_fatal(const awslogsrc_error *error)
{
    const struct row *row = find(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->fatal;
}

const char *awslogsrc_error_message(const awslogsrc_error *error)
{
    if (error == NULL)
        return "";
    return error->message == NULL ? awslogsrc_strerror(error->code) : error->message;
}

const char *awslogsrc_error_aws_code(const awslogsrc_error *error)
{
    return error == NULL || error->aws_code == NULL ? "" : error->aws_code;
}

const char *awslogsrc_error_request_id(const awslogsrc_error *error)
{
    return error == NULL || error->request_id == NULL ? "" : error->request_id;
}

int awslogsrc_error_http_status(const awslogsrc_error *error)
{
    return error == NULL ? 0 : error->http_status;
}

void awslogsrc_error_free(awslogsrc_error *error)
{
    if (error != NULL && error != &no_memory)
        release(error);
}
