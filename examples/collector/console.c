#include "console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void console_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("awslogsrc: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
}

void console_error(const char *source, const awslogsrc_error *error)
{
    const char *line = awslogsrc_error_message(error);
    for (;;) {
        size_t size = strcspn(line, "\n");
        if (source == NULL)
            console_say("%.*s", (int)size, line);
        else
            console_say("source %s: %.*s", source, (int)size, line);
        if (line[size] == '\0' || line[size + 1] == '\0')
            return;
        line += size + 1;
    }
}
