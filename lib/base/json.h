/* Small JSON documents: error answers, credentials, metadata. The only user of cJSON. Pages of
 * events go through aws/json_scanner instead. */
#ifndef ALS_BASE_JSON_H
#define ALS_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"

enum { ALS_JSON_SIZE_MAX = 1024 * 1024, ALS_JSON_DEPTH_MAX = 32 };

struct als_json; /* a value */

/* Parses a whole document. NULs and lone surrogates written as escapes read U+FFFD. Returns 0, or
 * AWSLOGSRC_E_PROTOCOL (not JSON, not UTF-8), AWSLOGSRC_E_TOO_LARGE (size or depth) or
 * AWSLOGSRC_E_NO_MEMORY, with *json NULL. */
int als_json_parse(struct als_json **json, struct als_text text);

/* Wipes all strings, which may be secrets. NULL is fine. */
void als_json_free(struct als_json *json);

/* Members of an object by exact name, the first where it comes twice. false, and *out left alone:
 * no object, no such member, or of another type; an integer that is none, or beyond 2^53. */
bool als_json_get_text(const struct als_json *json, const char *name, struct als_text *out);
bool als_json_get_int64(const struct als_json *json, const char *name, int64_t *out);
bool als_json_get_bool(const struct als_json *json, const char *name, bool *out);
/* An object or array; NULL where there is none. */
const struct als_json *als_json_get(const struct als_json *json, const char *name);
/* Element of an array; NULL behind the last, or where json is no array. */
const struct als_json *als_json_element(const struct als_json *json, size_t index);

/* Appends text as a JSON string, quotes included; the text has to be UTF-8. Returns the buffer's
 * status. */
int als_json_write_text(struct als_buffer *buffer, struct als_text text);

/* The version of cJSON that is linked at run time. Borrow, for ever. */
const char *als_json_version(void);

#endif
