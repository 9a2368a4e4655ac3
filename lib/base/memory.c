#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *als_new(size_t size)
{
    return calloc(1, size);
}

void *als_new_array(size_t count, size_t size)
{
    return calloc(count, size);
}

void *als_resize_array(void *memory, size_t count, size_t size)
{
    if (count == 0 || size == 0 || count > SIZE_MAX / size)
        return NULL;
    return realloc(memory, count * size);
}

char *als_copy_string(const char *string)
{
    return als_copy_bytes(string, strlen(string));
}

char *als_copy_bytes(const char *data, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return NULL;
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

void als_free(void *memory)
{
    free(memory);
}

void als_wipe(void *memory, size_t size)
{
    if (size > 0)
        explicit_bzero(memory, size);
}

void als_free_secret(char *string)
{
    if (string != NULL)
        als_wipe(string, strlen(string));
    free(string);
}
