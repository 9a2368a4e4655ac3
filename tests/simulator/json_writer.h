#ifndef SIM_JSON_WRITER_H
#define SIM_JSON_WRITER_H

#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

/* Ways to say the same thing, all legal JSON; a decoder must not mind. */
struct sim_json_style {
    bool reverse_members; /* event members in the opposite order, nextToken before events */
    bool unknown_members; /* members no client knows, with nested documents */
    bool null_token;      /* "nextToken":null instead of no member (moto does this) */
    bool ascii;           /* \uXXXX for everything outside ASCII, surrogate pairs included */
    bool whitespace;      /* blanks and line ends between tokens */
};

/*
 * A quoted string from any bytes: control characters and NUL become \u00XX, a surrogate in
 * WTF-8 or CESU-8 (ED A0..BF xx) becomes \udXXX, and bytes that are no UTF-8 go out raw.
 */
void sim_json_string(struct sim_buffer *out, const struct sim_json_style *style, const char *text,
                     size_t length);

/* "name": with what the style wants around it; a comma first unless `first`. */
void sim_json_member(struct sim_buffer *out, const struct sim_json_style *style, const char *name,
                     bool first);
void sim_json_integer(struct sim_buffer *out, int64_t value);

/* Turns one byte outside strings into one that no JSON has there; `pick` chooses which. */
void sim_json_damage(char *body, size_t length, uint64_t pick);

#endif
