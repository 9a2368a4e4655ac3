/* The README's option table in Markdown, from the library's public table. */
#include <stdio.h>

#include "awslogsrc/options.h"

/* A '|' would end the cell. */
static void print_cell(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            (void)putchar('\\');
        (void)putchar(*text);
    }
}

int main(void)
{
    puts("| option | type | default | meaning |\n| --- | --- | --- | --- |");
    for (int i = 0; i < awslogsrc_option_count(); i++) {
        int flags = awslogsrc_option_flags(i);
        const char *standard = awslogsrc_option_default(i);
        if ((flags & AWSLOGSRC_OPTION_REQUIRED) != 0)
            standard = "(required)";
        printf("| `%s` | %s | %s | ", awslogsrc_option_name(i), awslogsrc_option_type(i), standard);
        print_cell(awslogsrc_option_help(i));
        puts(" |");
    }
    return 0;
}
