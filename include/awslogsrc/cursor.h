/* Cursors: how far one region of a source has been read, as an immutable object or as text. */
#ifndef AWSLOGSRC_CURSOR_H
#define AWSLOGSRC_CURSOR_H

#include "types.h"

AWSLOGSRC_BEGIN

/* The cursor as printable ASCII text, lines ended by LF, the first one "awslogsrc-cursor 1.0". Keep
 * it as it is: a checksum guards it. It names the region and the log group; it holds no secret and
 * no message. Later versions read what earlier ones wrote.
 * out: take (give it back with awslogsrc_cursor_text_free()); NUL-terminated; written on success
 * only. size: optional; in bytes, without the NUL. error: optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (cursor or out is NULL), AWSLOGSRC_E_NO_MEMORY.
 * Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_cursor_to_text(const awslogsrc_cursor *cursor, char **out, size_t *size,
                                           awslogsrc_error **error);

/* Frees what awslogsrc_cursor_to_text() gave. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_cursor_text_free(char *text);

/* A cursor from text: what awslogsrc_cursor_to_text() wrote, or what a custom store was given - a
 * snapshot and the records after it, concatenated in order.
 * text: borrow, during the call. size: in bytes. out: ref; written on success only. error:
 * optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID (text or out is NULL),
 * AWSLOGSRC_E_CURSOR_DAMAGED (a byte of it is missing, added or changed),
 * AWSLOGSRC_E_CURSOR_VERSION (written by a newer major version), AWSLOGSRC_E_NO_MEMORY. Any thread.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_cursor_from_text(const char *text, size_t size, awslogsrc_cursor **out,
                                             awslogsrc_error **error);

/* Frees a cursor. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_cursor_free(awslogsrc_cursor *cursor);

/* The position: every event time before it has been read at least once, not earlier than that time
 * itself, and what was found there is acknowledged; it is the first event time for which that is
 * not so. Later times may have been read too, and earlier ones are read again for events that
 * arrive late. In ms since 1970 UTC; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_cursor_position_ms(const awslogsrc_cursor *cursor);

/* How far the position lies behind the server time at which the last scan of the region began, in
 * ms, at least 0; 0 before the first scan and for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_cursor_lag_ms(const awslogsrc_cursor *cursor);

AWSLOGSRC_END

#endif
