/* Reads the text that cursor_text writes. Pure. */
#ifndef ALS_SOURCE_CURSOR_PARSER_H
#define ALS_SOURCE_CURSOR_PARSER_H

#include <stddef.h>

#include "source/cursor.h"

/* Reads a snapshot and the records behind it. *cursor is overwritten; clear it after success.
 * kept: optional: how much of the text counts: the rest is a torn or damaged record, dropped with
 * all behind it. NULL: a text with such a rest is refused.
 * 0, or AWSLOGSRC_E_CURSOR_DAMAGED, AWSLOGSRC_E_CURSOR_VERSION, AWSLOGSRC_E_NO_MEMORY. */
int als_cursor_parser_run(struct als_text text, struct als_cursor *cursor, size_t *kept,
                          awslogsrc_error **error);

#endif
