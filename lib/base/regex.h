/* Regular expressions, as Perl has them, on text that may be anything. A match takes a bounded
 * number of steps and of time, whatever pattern and text are. */
#ifndef ALS_BASE_REGEX_H
#define ALS_BASE_REGEX_H

#include "base/buffer.h"

enum {
    ALS_REGEX_PATTERN_MAX = 8192, /* bytes */
    /* For all patterns on one text. Steps come first, so that what is given up depends on pattern
     * and text alone; the time, the processor's, is for machines that take longer over them. */
    ALS_REGEX_STEPS = 24576,
    ALS_REGEX_US = 400,
    ALS_REGEX_VIEW = 64 * 1024 /* bytes behind the place where a match begins that it may look at;
                                * plain ones may look at all */
};

/* A compiled pattern; it does not change. */
struct als_regex;

/* What matching works on: a text, memory, and how many steps are left. One thread at a time. */
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

/* The text (borrow) to match from now on, with all the steps again. */
void als_regex_matcher_start(struct als_regex_matcher *matcher, struct als_text text);

enum als_regex_answer { ALS_REGEX_NO, ALS_REGEX_YES, ALS_REGEX_GAVE_UP };

/* Whether the pattern matches somewhere in the text; gave up where that takes too long to tell. */
enum als_regex_answer als_regex_match(const struct als_regex *regex,
                                      struct als_regex_matcher *matcher);

size_t als_regex_matcher_steps(const struct als_regex_matcher *matcher); /* taken on the text */

/* What a group caught in the last match, 0 being all of it; empty where it caught nothing. */
struct als_text als_regex_caught(const struct als_regex_matcher *matcher, int group);

enum { ALS_REGEX_VERSION_SIZE = 16 };
void als_regex_version(char out[ALS_REGEX_VERSION_SIZE]); /* "10.42" */
const char *als_regex_limits(void); /* what this build of it cannot do; "" for nothing */

#endif
