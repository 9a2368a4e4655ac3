/* What the command tells people, on stderr. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <awslogsrc/awslogsrc.h>

/* One line: "awslogsrc: " and the text. */
void console_say(const char *format, ...) AWSLOGSRC_PRINTF(1, 2);

/* The error, a line for each of its problems, and what to do about it. source: the source it
 * belongs to, or NULL. */
void console_error(const char *source, const awslogsrc_error *error);

#endif
