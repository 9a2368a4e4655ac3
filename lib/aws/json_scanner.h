/* A strict JSON reader (RFC 8259) for large documents of a known shape: a single pass, in place,
 * the caller asks for what it expects next. Strings are rewritten where they stand, which works
 * because unescaped text is never longer than its JSON form. The one exception is U+FFFD, three
 * bytes that may stand for a single invalid one: a string that outgrows its place so is moved to
 * the spill, a buffer with room for the worst case that is allocated once, by the first of them. */
#ifndef ALS_AWS_JSON_SCANNER_H
#define ALS_AWS_JSON_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { ALS_JSON_SCANNER_DEPTH_MAX = 64 }; /* arrays and objects in a skipped value */

struct als_json_scanner {
    char *begin;
    char *at;
    char *end;
    char *spill;        /* NULL until needed; the caller frees it with the document */
    char *spill_at;     /* where the next string would go */
    int status;         /* 0 or the AWSLOGSRC_E_* of the first failure, which sticks */
    const char *reason; /* of the failure; a literal */
    size_t offset;      /* of the byte it was seen at */
};

struct als_json_string {
    struct als_text text; /* in the document or the spill; a NUL follows it */
    bool replaced;        /* something in it was not valid Unicode and reads U+FFFD now */
    size_t offset;        /* of its opening quote */
};

void als_json_scanner_init(struct als_json_scanner *scanner, char *data, size_t size);

/* Records the first failure; returns false. */
bool als_json_scanner_fail(struct als_json_scanner *scanner, int status, const char *reason,
                           size_t offset);
/* Behind white space. */
size_t als_json_scanner_offset(struct als_json_scanner *scanner);

/* Each reads what its name says, behind white space; false is a failure, unless stated otherwise.
 */
bool als_json_scanner_string(struct als_json_scanner *scanner, struct als_json_string *string);
bool als_json_scanner_int64(struct als_json_scanner *scanner, int64_t *value); /* no 1.0, no 1e3 */
bool als_json_scanner_skip(struct als_json_scanner *scanner);                  /* any value */
bool als_json_scanner_end(struct als_json_scanner *scanner);
bool als_json_scanner_null(struct als_json_scanner *scanner); /* false: something else is next */

/* for (bool first = open(scanner, '{'); next_member(scanner, &first, &name);) { read the value }
 * and then look at the status: the loop ends at the closing bracket or with a failure. */
bool als_json_scanner_open(struct als_json_scanner *scanner, char bracket);
bool als_json_scanner_next_member(struct als_json_scanner *scanner, bool *first,
                                  struct als_json_string *name);
bool als_json_scanner_next_element(struct als_json_scanner *scanner, bool *first);

#endif
