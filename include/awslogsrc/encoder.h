/* Encoders: records as a SIEM takes them, with a syslog header and framing where wanted. */
#ifndef AWSLOGSRC_ENCODER_H
#define AWSLOGSRC_ENCODER_H

#include "types.h"

AWSLOGSRC_BEGIN

/* A new encoder, with the defaults of awslogsrc_encoder_set(). out: ref, to be freed with
 * awslogsrc_encoder_free(). error: optional; ref, written on failure only. Returns 0, or
 * AWSLOGSRC_E_INVALID, AWSLOGSRC_E_NO_MEMORY. Any thread, one at a time for an encoder.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_encoder_new(awslogsrc_encoder **out, awslogsrc_error **error);

/* Sets one of these; '-' and '_' in names and values are the same, defaults in brackets:
 *   format         json (the fields by their names), ecs, ocsf (1.5), leef (2.0), cef (0),
 *                  original (the message) [json]
 *   original       false, true: json, ecs and ocsf hold the whole message as well [false]
 *   syslog_header  none, rfc5424, rfc3164, short (priority, version, time, host: for LEEF) [none]
 *   framing        none, lf, octet (the size in front, RFC 6587) [none]
 *   max_message    the most bytes of header and message, without framing; 0: no limit [0]
 *   oversize       what becomes of more: refuse (AWSLOGSRC_E_TOO_LARGE), truncate (values of more
 *                  than 64 bytes are cut, the longest first, "[truncated]" ending them, and of
 *                  resources the first 4 are kept; where that is not enough, as a rule below 4 KB,
 *                  members or attributes go, the last first, and one tells: "truncated":true,
 *                  truncated=true in leef, flexString1=true with the label truncated in cef; texts
 *                  and original are cut at their end; what is left is well-formed, and refused
 *                  where nothing is, which takes less than 600 bytes), drop_to_leef (LEEF instead,
 *                  cut where that is too long as well) [refuse]
 *   facility       of the header, 0 to 23 [13, log audit]
 *   host           of the header []
 *   application    of the header; not for leef and cef behind rfc3164 [awslogsrc]
 * value: copied. error: optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID
 * (NULL), AWSLOGSRC_E_OPTION_UNKNOWN, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_NO_MEMORY. Any thread,
 * one at a time for an encoder. Since 0.9. */
AWSLOGSRC_API int awslogsrc_encoder_set(awslogsrc_encoder *encoder, const char *name,
                                        const char *value, awslogsrc_error **error);

/* Encodes a record. data, size: borrow, until the encoder is used again or freed; size in bytes, a
 * NUL follows. error: optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID,
 * AWSLOGSRC_E_TOO_LARGE (more than max_message, or than 64 MiB), AWSLOGSRC_E_NO_MEMORY. Any thread,
 * one at a time for an encoder. Since 0.9. */
AWSLOGSRC_API int awslogsrc_encode(awslogsrc_encoder *encoder, const awslogsrc_record *record,
                                   const char **data, size_t *size, awslogsrc_error **error);

/* Puts header and framing around a text of the caller's instead, as if format had made it; for
 * framing lf a line feed in it becomes \n. time_ms: for the header, in ms since 1970 UTC; negative:
 * none. What is too large for drop_to_leef is refused here. Returns and data, size as
 * awslogsrc_encode(). Since 0.9. */
AWSLOGSRC_API int awslogsrc_encode_text(awslogsrc_encoder *encoder, int64_t time_ms,
                                        const char *text, size_t text_size, const char **data,
                                        size_t *size);

/* Frees an encoder. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_encoder_free(awslogsrc_encoder *encoder);

AWSLOGSRC_END

#endif
