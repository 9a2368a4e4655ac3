#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"

enum { LONGEST_LINE = 4 * 1024 }; /* bytes; what is longer is cut */

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
    char line[LONGEST_LINE + 2]; /* one byte more shows where to cut */
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    line[als_utf8_cut(als_text_of(line), LONGEST_LINE).size] = '\0';
    log->fn(log->user_data, level, line);
}
