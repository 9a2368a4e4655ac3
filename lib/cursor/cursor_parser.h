/* Reads the text that cursor_text writes: a snapshot and the records behind it. Pure. */
#ifndef ALS_CURSOR_CURSOR_PARSER_H
#define ALS_CURSOR_CURSOR_PARSER_H

#include <stddef.h>

#include "cursor/cursor.h"

struct als_cursor_parser;

/* text: borrow, until free. *cursor is overwritten; the caller clears it, after failures too.
 * NULL without memory. */
struct als_cursor_parser *als_cursor_parser_new(struct als_text text, struct als_cursor *cursor);
void als_cursor_parser_free(struct als_cursor_parser *parser); /* NULL is fine */

/* Reads one block: of a snapshot that is one in 64 of its ids. Returns 1 where there is more, 0
 * where all is read, or AWSLOGSRC_E_CURSOR_DAMAGED, AWSLOGSRC_E_CURSOR_VERSION,
 * AWSLOGSRC_E_NO_MEMORY. */
int als_cursor_parser_step(struct als_cursor_parser *parser, awslogsrc_error **error);

/* How much of the text counts, once all is read: the rest is a torn or damaged record, dropped with
 * all behind it. */
size_t als_cursor_parser_kept(const struct als_cursor_parser *parser);

/* All steps at once; a text with such a rest is refused. *cursor: clear it after success. */
int als_cursor_parser_run(struct als_text text, struct als_cursor *cursor, awslogsrc_error **error);

#endif
