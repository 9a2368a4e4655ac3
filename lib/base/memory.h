/* Allocation: sizes are checked for overflow, secrets are wiped before they are freed. */
#ifndef ALS_BASE_MEMORY_H
#define ALS_BASE_MEMORY_H

#include <stddef.h>

/* All return NULL without memory; als_new() and als_new_array() zero, als_resize_array() refuses to
 * resize to nothing. */
void *als_new(size_t size);
void *als_new_array(size_t count, size_t size);
void *als_resize_array(void *memory, size_t count, size_t size);
char *als_copy_string(const char *string);
char *als_copy_bytes(const char *data, size_t size); /* a NUL is added */
void als_free(void *memory);

void als_wipe(void *memory, size_t size);
void als_free_secret(char *string);

#endif
