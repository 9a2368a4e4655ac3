/* A descriptor to write to, through a buffer. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

enum { OUTPUT_BUFFER_SIZE = 64 * 1024 };

struct output {
    int fd;
    int error; /* errno of the first failure; nothing is written after it */
    size_t used;
    char buffer[OUTPUT_BUFFER_SIZE];
};

void output_init(struct output *output, int fd);

/* Buffers the bytes; blocks while the other side is slow. Failures show in output_flush(). */
void output_write(struct output *output, const char *data, size_t size);

void output_text(struct output *output, const char *text);

void output_char(struct output *output, char c);

/* Writes what is buffered. Returns whether everything so far has been written. */
bool output_flush(struct output *output);

#endif
