/* The README's error table in Markdown, from AWSLOGSRC_ERROR_MAP. */
#include <stdio.h>

#include "awslogsrc/error.h"

#define PRINT_ROW(name, number, class, retryable, fatal, text)                         \
    printf("| `AWSLOGSRC_E_%s` | %d | %s | %s | %s | %s |\n", #name, (number), #class, \
           (retryable) != 0 ? "yes" : "", (fatal) != 0 ? "yes" : "", (text));

int main(void)
{
    puts("| error | number | class | may pass by itself | ends the handle | meaning |\n"
         "| --- | --- | --- | --- | --- | --- |");
    AWSLOGSRC_ERROR_MAP(PRINT_ROW)
    return 0;
}
