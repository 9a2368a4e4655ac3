/* Readable names: DescribeDBInstances -> Describe DB Instances. */
#ifndef ALS_NORMALIZE_TITLE_H
#define ALS_NORMALIZE_TITLE_H

#include "base/text.h"

enum { ALS_TITLE_NAME_MAX = 512 }; /* longer names are their own titles */

/* The words of an API operation's name, one after the other; false when none is left. Names that
 * are not in CamelCase are one word. */
struct als_title_words {
    struct als_text rest;
    bool single;
};

void als_title_words_init(struct als_title_words *words, struct als_text name);
bool als_title_next_word(struct als_title_words *words, struct als_text *word);

/* Writes the title; out has room for twice the name. Returns its size. */
size_t als_title_write(struct als_text name, char *out);

#endif
