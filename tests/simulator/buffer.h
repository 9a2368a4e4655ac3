#ifndef SIM_BUFFER_H
#define SIM_BUFFER_H

#include <stddef.h>

/* Bytes that grow. Out of memory ends the program: this is a test double. */
struct sim_buffer {
    char *data;
    size_t length;
    size_t capacity;
};

/* Room for `extra` more bytes; returns where they go. The caller adds to `length`. */
char *sim_buffer_reserve(struct sim_buffer *buffer, size_t extra);
void sim_buffer_add(struct sim_buffer *buffer, const void *data, size_t length);
void sim_buffer_text(struct sim_buffer *buffer, const char *text);
void sim_buffer_printf(struct sim_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void sim_buffer_clear(struct sim_buffer *buffer);

/* The allocators of the model; they do not return without memory. */
void *sim_allocate(size_t size);
void *sim_reallocate(void *memory, size_t size);
char *sim_duplicate(const char *text);

#endif
