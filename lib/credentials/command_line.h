/* Command lines, split into words as a POSIX shell does, which is all that is done of what a shell
 * does: no variables, patterns, pipes. */
#ifndef ALS_CREDENTIALS_COMMAND_LINE_H
#define ALS_CREDENTIALS_COMMAND_LINE_H

#include "base/error.h"

enum { ALS_COMMAND_LINE_LONGEST = 8192 };

struct als_command_line {
    char *text;   /* the words, one behind the other */
    size_t size;  /* of its memory: unquoted words are shorter than they were */
    char **words; /* NULL-terminated, at least one */
};

/* Single quotes keep everything, double quotes all but \" and \\, a backslash the next character.
 * 0, AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY; errors show nothing of the line. */
int als_command_line_split(const char *line, struct als_command_line *out, awslogsrc_error **error);

/* Wipes it: there may be a password among the words. */
void als_command_line_clear(struct als_command_line *line);

#endif
