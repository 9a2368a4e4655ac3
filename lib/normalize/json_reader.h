/* A strict JSON reader (RFC 8259) that leaves the document alone: one pass, no memory, strings as
 * they stand until somebody wants them decoded. aws/json_scanner is its sibling for answers, which
 * may be rewritten. */
#ifndef ALS_NORMALIZE_JSON_READER_H
#define ALS_NORMALIZE_JSON_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { ALS_JSON_READER_DEPTH_MAX = 16384 }; /* of arrays and objects within one another */

struct als_json_reader {
    const char *at;
    const char *end;
    bool failed; /* sticks; where it stands does not matter then */
};

struct als_json_raw {
    struct als_text text; /* between the quotes */
    bool escaped;         /* has backslashes: decode it */
};

void als_json_reader_init(struct als_json_reader *reader, struct als_text document);

/* The first byte of what is next, behind white space; -1 at the end or after a failure. */
int als_json_reader_peek(struct als_json_reader *reader);

/* Each reads what its name says; false is a failure. */
bool als_json_reader_string(struct als_json_reader *reader, struct als_json_raw *string);
bool als_json_reader_value(struct als_json_reader *reader, struct als_text *value); /* any */
bool als_json_reader_end(struct als_json_reader *reader);

/* for (bool first = open(reader, '{'); next_member(reader, &first, &name);) { read the value }
 * and then look at failed: the loop ends at the closing bracket or with a failure. */
bool als_json_reader_open(struct als_json_reader *reader, char bracket);
bool als_json_reader_next_member(struct als_json_reader *reader, bool *first,
                                 struct als_json_raw *name);
bool als_json_reader_next_element(struct als_json_reader *reader, bool *first);

/* Decodes a string that was read into memory that has room for its text; returns the size. Lone
 * surrogates become U+FFFD. */
size_t als_json_reader_decode(const struct als_json_raw *string, char *out);

#endif
