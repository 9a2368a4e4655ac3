#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"

enum { LONGEST_MESSAGE = 16 * 1024 }; /* what is longer is cut */

static const struct als_error_row table[] = {
#define ROW(name, number, class, retryable, fatal, text) \
    {AWSLOGSRC_E_##name, #name, AWSLOGSRC_CLASS_##class, retryable, fatal, text},
    AWSLOGSRC_ERROR_MAP(ROW)
#undef ROW
};

/* Reporting that memory is out must not need memory. Never written: every writer compares first. */
static struct awslogsrc_error no_memory = {.code = AWSLOGSRC_E_NO_MEMORY};

const struct als_error_row *als_error_row(int code)
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
    char message[LONGEST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return als_error_set_origin(error, code, &(struct als_error_origin){0}, message);
}

void als_error_prefix(awslogsrc_error **error, const char *format, ...)
{
    if (error == NULL || *error == NULL || *error == &no_memory)
        return;
    char message[LONGEST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (size >= 0 && (size_t)size < sizeof message)
        (void)snprintf(message + size, sizeof message - (size_t)size, "%s", (*error)->message);
    char *text = als_copy_string(message);
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

const char *als_error_text(int code)
{
    const struct als_error_row *row = als_error_row(code);
    if (code == AWSLOGSRC_OK)
        return "no error";
    return row == NULL ? "unknown error" : row->text;
}

const char *als_error_name(int code)
{
    const struct als_error_row *row = als_error_row(code);
    return row == NULL ? "" : row->name;
}

const char *als_error_message(const awslogsrc_error *error)
{
    if (error == NULL)
        return "";
    return error->message == NULL ? als_error_text(error->code) : error->message;
}

void als_error_free(awslogsrc_error *error)
{
    if (error != NULL && error != &no_memory)
        release(error);
}
