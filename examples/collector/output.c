#include "output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *output, int fd)
{
    output->fd = fd;
    output->error = 0;
    output->used = 0;
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
    write_all(output, output->buffer, output->used);
    output->used = 0;
    return output->error == 0;
}

void output_write(struct output *output, const char *data, size_t size)
{
    if (size > sizeof output->buffer - output->used)
        output_flush(output);
    if (size > sizeof output->buffer) {
        write_all(output, data, size);
        return;
    }
    if (size > 0)
        memcpy(output->buffer + output->used, data, size);
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
