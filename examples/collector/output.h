/* Where text goes: a descriptor, through a buffer, or memory that grows. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

enum { OUTPUT_BUFFER_SIZE = 64 * 1024, OUTPUT_MEMORY = -1, OUTPUT_PATIENCE_MS = 3000 };

struct output {
    int fd;                /* or OUTPUT_MEMORY */
    int error;             /* errno of the first failure; nothing is written after it */
    bool (*hurries)(void); /* NULL, or: whether to wait no longer than OUTPUT_PATIENCE_MS, after
                              which error is ETIMEDOUT */
    size_t piece;          /* most bytes of one write */
    size_t used, capacity;
    char *data;
};

void output_init(struct output *output, int fd);
void output_clear(struct output *output); /* the descriptor stays open */

/* Buffers the bytes; blocks while the other side is slow. Failures show in output_flush(). */
void output_write(struct output *output, const char *data, size_t size);

void output_text(struct output *output, const char *text);

void output_char(struct output *output, char c);

/* Writes what is buffered; what is kept in memory stays there. Returns whether everything so far
 * has been written. */
bool output_flush(struct output *output);

/* Forgets what was kept in memory, but for the memory. */
void output_reset(struct output *output);

#endif
