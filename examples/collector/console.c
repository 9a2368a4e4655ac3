#include "console.h"

#include <stdarg.h>
#include <stdbool.h>
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
    const char *line = awslogsrc_error_message(error), *hint = awslogsrc_error_hint(error);
    if (strstr(line, hint) != NULL)
        hint = "";
    for (bool last = false; !last;) {
        size_t size = strcspn(line, "\n");
        last = line[size] == '\0' || line[size + 1] == '\0';
        console_say("%s%s%s%.*s%s%s", source == NULL ? "" : "source ", source == NULL ? "" : source,
                    source == NULL ? "" : ": ", (int)size, line, last && *hint != '\0' ? ". " : "",
                    last ? hint : "");
        line += size + 1;
    }
}
