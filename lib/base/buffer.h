/* A growing buffer with a mandatory ceiling. The first failure sticks, so that a writer checks once
 * at the end. */
#ifndef ALS_BASE_BUFFER_H
#define ALS_BASE_BUFFER_H

#include <stdarg.h>
#include <stddef.h>

#include "base/text.h"

struct als_buffer {
    char *data; /* NUL-terminated once anything was written; NULL before */
    size_t size;
    size_t capacity;
    size_t ceiling; /* the most bytes it may hold */
    int status;     /* 0, AWSLOGSRC_E_TOO_LARGE or AWSLOGSRC_E_NO_MEMORY */
};

void als_buffer_init(struct als_buffer *buffer, size_t ceiling);
void als_buffer_clear(struct als_buffer *buffer); /* frees; usable again */
void als_buffer_wipe(struct als_buffer *buffer);  /* for secrets: overwrites, then frees */
void als_buffer_reset(
    struct als_buffer *buffer); /* empties, keeps the memory and forgets the failure */

/* All return the buffer's status. */
int als_buffer_reserve(struct als_buffer *buffer, size_t more);
int als_buffer_append(struct als_buffer *buffer, const char *data, size_t size);
int als_buffer_append_text(struct als_buffer *buffer, struct als_text text);
int als_buffer_append_string(struct als_buffer *buffer, const char *string);
int als_buffer_append_char(struct als_buffer *buffer, char c);
int als_buffer_append_int(struct als_buffer *buffer, int64_t value);
int als_buffer_append_hex(struct als_buffer *buffer, const unsigned char *bytes, size_t size);
int als_buffer_format(struct als_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int als_buffer_format_va(struct als_buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

struct als_text als_buffer_text(const struct als_buffer *buffer);
const char *als_buffer_string(const struct als_buffer *buffer); /* never NULL */
char *als_buffer_take(struct als_buffer *buffer); /* the caller frees; NULL where empty or failed */

#endif
