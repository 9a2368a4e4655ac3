#include "base/log.h"

#include "base/buffer.h"

enum { LONGEST_LINE = 4 * 1024 };

void als_log_set(struct als_log *log, const struct als_log *to)
{
    struct als_log former = *log;
    *log = *to;
    if (former.user_data_free != NULL)
        former.user_data_free(former.user_data);
}

void als_log_write(const struct als_log *log, int level, const char *format, ...)
{
    if (log->fn == NULL || level > log->level)
        return;
    struct als_buffer line;
    va_list arguments;
    als_buffer_init(&line, LONGEST_LINE);
    va_start(arguments, format);
    als_buffer_format_va(&line, format, arguments);
    va_end(arguments);
    log->fn(log->user_data, level, als_buffer_string(&line));
    als_buffer_clear(&line);
}
