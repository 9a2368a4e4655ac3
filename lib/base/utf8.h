/* UTF-8, as strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef ALS_BASE_UTF8_H
#define ALS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum {
    ALS_UTF8_LONGEST = 4,
    ALS_UTF8_REPLACEMENT = 0xfffd, /* U+FFFD */
    ALS_UTF8_REPLACEMENT_SIZE = 3
};

/* The size of the sequence that data (not empty) starts with. Where that is ill-formed, *valid is
 * false and the size is that of its maximal subpart, which one U+FFFD stands for (Unicode 15,
 * section 3.9, "U+FFFD Substitution of Maximal Subparts"). */
size_t als_utf8_measure(const char *data, size_t size, bool *valid);

/* Whether a well-formed sequence is a control character, C1 included, which terminals obey. */
bool als_utf8_is_control(const char *sequence, size_t size);

/* Writes a code point that is no surrogate; returns its size. */
size_t als_utf8_encode(uint32_t code_point, char *out);

bool als_utf8_is_valid(struct als_text text);

/* At most so many bytes of the text, cut between characters. */
struct als_text als_utf8_cut(struct als_text text, size_t most);

#endif
