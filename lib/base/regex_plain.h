/* The plain beginning of a regular expression: what takes one look at each byte of a place in the
 * text, with nothing to repeat or to choose from, and so no way to take long. */
#ifndef ALS_BASE_REGEX_PLAIN_H
#define ALS_BASE_REGEX_PLAIN_H

#include "base/text.h"

/* So many bytes of the pattern are an expression themselves, which each match of all of it begins
 * with. 0 where the pattern begins with nothing of that kind. */
size_t als_regex_plain_size(struct als_text pattern);

/* Whether there may be something that steers the search, (*COMMIT) and the like, or that depends on
 * where it begins, \G: then it is one search, from the beginning of the text. */
bool als_regex_plain_steers(struct als_text pattern);

#endif
