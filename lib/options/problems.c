#include "options/problems.h"

#include "base/error.h"

enum { LONGEST_REPORT = 12 * 1024 };

void als_problems_init(struct als_problems *problems)
{
    *problems = (struct als_problems){0};
    als_buffer_init(&problems->lines, LONGEST_REPORT);
}

void als_problems_add(struct als_problems *problems, int code, const char *format, ...)
{
    va_list arguments;
    if (problems->code == 0 || code == AWSLOGSRC_E_NO_MEMORY)
        problems->code = code;
    if (problems->lines.size > 0)
        als_buffer_append_char(&problems->lines, '\n');
    va_start(arguments, format);
    als_buffer_format_va(&problems->lines, format, arguments);
    va_end(arguments);
}

int als_problems_finish(struct als_problems *problems, awslogsrc_error **error)
{
    int code = problems->code;
    if (code != 0)
        als_error_set(error, code, "%s%s", als_buffer_string(&problems->lines),
                      problems->lines.status != 0 ? "\nand more" : "");
    als_buffer_clear(&problems->lines);
    return code;
}
