/* Regular expressions, as Perl has them, on text that may be anything. The time of a match is
 * bounded whatever pattern and text are. */
#ifndef ALS_BASE_REGEX_H
#define ALS_BASE_REGEX_H

#include "base/buffer.h"

enum {
    ALS_REGEX_PATTERN_MAX = 8192, /* bytes */
    ALS_REGEX_TEXT_US = 700       /* processor time for all patterns on one text; 1 ms with what a
                                   * single step may take on top */
};

/* A compiled pattern; it does not change. */
struct als_regex;

/* What matching works on: a text, memory, and how much time is left. One thread at a time. */
struct als_regex_matcher;

/* fast: compiled to machine code where the machine allows it. Returns 0, AWSLOGSRC_E_OPTION_VALUE
 * with the reason and where it is in why, or AWSLOGSRC_E_NO_MEMORY. */
int als_regex_new(struct als_text pattern, bool fast, struct als_regex **out,
                  struct als_buffer *why);
void als_regex_free(struct als_regex *regex); /* NULL is fine */

int als_regex_group_count(const struct als_regex *regex);
int als_regex_group_named(const struct als_regex *regex, struct als_text name); /* -1: none */

struct als_regex_matcher *als_regex_matcher_new(int most_groups); /* NULL without memory */
void als_regex_matcher_free(struct als_regex_matcher *matcher);   /* NULL is fine */

/* The text (borrow) to match from now on, with all the time again. */
void als_regex_matcher_start(struct als_regex_matcher *matcher, struct als_text text);

enum als_regex_answer { ALS_REGEX_NO, ALS_REGEX_YES, ALS_REGEX_GAVE_UP };

/* Whether the pattern matches somewhere in the text; gave up where that takes too long to tell. */
enum als_regex_answer als_regex_match(const struct als_regex *regex,
                                      struct als_regex_matcher *matcher);

/* What a group caught in the last match, 0 being all of it; empty where it caught nothing. */
struct als_text als_regex_caught(const struct als_regex_matcher *matcher, int group);

enum { ALS_REGEX_VERSION_SIZE = 16 };
void als_regex_version(char out[ALS_REGEX_VERSION_SIZE]); /* "10.42" */
const char *als_regex_limits(void); /* what this build of it cannot do; "" for nothing */

#endif
