/* Text as pointer and length, and strict parsing of the small things that options and headers are
 * made of. */
#ifndef ALS_BASE_TEXT_H
#define ALS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct als_text {
    const char *data;
    size_t size;
};

#define ALS_TEXT(literal) ((struct als_text){(literal), sizeof(literal) - 1})

struct als_text als_text_of(const char *string); /* NULL gives the empty text */
bool als_text_equal(struct als_text a, struct als_text b);
bool als_text_equal_ignoring_case(struct als_text a, struct als_text b); /* ASCII */
bool als_text_starts_with(struct als_text text, struct als_text prefix);
bool als_text_contains(struct als_text text, struct als_text part);
struct als_text als_text_trim(struct als_text text); /* blanks, tabs, CR, LF */

/* Cuts the first field off *rest, which goes on behind the separator; false when nothing is left.
 */
bool als_text_next_field(struct als_text *rest, char separator, struct als_text *field);

/* The whole text is a decimal integer in range, or the answer is false and *out is left alone. */
bool als_text_to_int64(struct als_text text, int64_t *out);

bool als_text_has_control(struct als_text text);

#endif
