#include "output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *output, int fd)
{
    *output = (struct output){.fd = fd};
}

void output_clear(struct output *output)
{
    free(output->data);
    output_init(output, OUTPUT_MEMORY);
}

/* Somebody else may have made the descriptor non-blocking: it is shared. */
static int wait_writable(int fd)
{
    struct pollfd descriptor = {.fd = fd, .events = POLLOUT};
    return poll(&descriptor, 1, -1) < 0 && errno != EINTR ? errno : 0;
}

static void write_all(struct output *output, const char *data, size_t size)
{
    while (size > 0 && output->error == 0) {
        ssize_t written = write(output->fd, data, size);
        if (written >= 0) {
            data += written;
            size -= (size_t)written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            output->error = wait_writable(output->fd);
        } else if (errno != EINTR) {
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
