#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 100 };

void output_init(struct output *output, int fd)
{
    struct stat about;
    bool is_file = fd != OUTPUT_MEMORY && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    *output = (struct output){.fd = fd, .piece = is_file ? SIZE_MAX : PIPE_BUF};
}

void output_clear(struct output *output)
{
    free(output->data);
    output_init(output, OUTPUT_MEMORY);
}

/* Returns whether the descriptor takes a piece. */
static bool wait_writable(struct output *output)
{
    struct pollfd descriptor = {.fd = output->fd, .events = POLLOUT};
    int waited_ms = 0;
    while (output->error == 0 && waited_ms < OUTPUT_PATIENCE_MS) {
        int ready = poll(&descriptor, 1, LOOK_MS);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            output->error = errno;
        if (ready == 0 && output->hurries != NULL && output->hurries())
            waited_ms += LOOK_MS;
    }
    if (output->error == 0)
        output->error = ETIMEDOUT;
    return false;
}

/* A pipe that is writable takes PIPE_BUF bytes without blocking (pipe(7)): nobody is stuck where
 * nobody reads. */
static void write_all(struct output *output, const char *data, size_t size)
{
    while (size > 0 && wait_writable(output)) {
        ssize_t written = write(output->fd, data, size < output->piece ? size : output->piece);
        if (written >= 0) {
            data += written;
            size -= (size_t)written;
        } else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            output->error = errno;
        }
    }
}

bool output_flush(struct output *output)
{
    if (output->fd == OUTPUT_MEMORY)
        return output->error == 0;
    write_all(output, output->data, output->used);
    output->used = 0;
    return output->error == 0;
}

void output_reset(struct output *output)
{
    output->used = 0;
    output->error = 0;
}

/* Room for so many bytes more; a descriptor's buffer does not grow. */
static bool make_room(struct output *output, size_t size)
{
    size_t capacity = output->capacity == 0 ? OUTPUT_BUFFER_SIZE : output->capacity;
    while (output->fd == OUTPUT_MEMORY && capacity - output->used < size)
        capacity *= 2;
    if (capacity > output->capacity) {
        char *data = realloc(output->data, capacity);
        if (data == NULL) {
            output->error = ENOMEM;
            return false;
        }
        output->data = data;
        output->capacity = capacity;
    }
    return size <= output->capacity - output->used;
}

void output_write(struct output *output, const char *data, size_t size)
{
    bool fits = make_room(output, size);
    if (!fits && output_flush(output) && !make_room(output, size)) {
        write_all(output, data, size);
        return;
    }
    if (output->error != 0)
        return;
    if (size > 0)
        memcpy(output->data + output->used, data, size);
    output->used += size;
}

void output_text(struct output *output, const char *text)
{
    output_write(output, text, strlen(text));
}

void output_char(struct output *output, char c)
{
    output_write(output, &c, 1);
}
