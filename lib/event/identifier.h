/* The log source identifier of an event: a gateway's patterns, tried in order on the payload. */
#ifndef ALS_EVENT_IDENTIFIER_H
#define ALS_EVENT_IDENTIFIER_H

#include "base/buffer.h"

enum { ALS_IDENTIFIER_SIZE_MAX = 1024 }; /* bytes; what is longer is cut between characters */

/* Lines key=regex, ready to match. One thread at a time. */
struct als_identifier;

/* Whether the line can be used. 0, AWSLOGSRC_E_OPTION_VALUE with what is wrong in why, or
 * AWSLOGSRC_E_NO_MEMORY. */
int als_identifier_check(struct als_text line, struct als_buffer *why);

/* Returns 0, or as als_identifier_check(). */
int als_identifier_new(char *const *lines, size_t count, struct als_identifier **out,
                       struct als_buffer *why);
void als_identifier_free(struct als_identifier *identifier); /* NULL is fine */

enum { ALS_IDENTIFIER_ANSWERS = 3 };

enum als_identifier_answer {
    ALS_IDENTIFIER_NONE,   /* no line matches and makes more than an empty identifier */
    ALS_IDENTIFIER_FOUND,  /* it was appended to out */
    ALS_IDENTIFIER_GAVE_UP /* a line takes too long: those behind it are not tried */
};

/* Out has room for ALS_IDENTIFIER_SIZE_MAX bytes more, or its failure sticks. */
enum als_identifier_answer als_identifier_find(struct als_identifier *identifier,
                                               struct als_text payload, struct als_buffer *out);
#endif
