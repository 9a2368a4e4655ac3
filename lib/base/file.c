#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

static int refuse(awslogsrc_error **error, const char *path, const char *cause)
{
    return als_error_set(error, AWSLOGSRC_E_FILE, "%s: %s", path, cause);
}

static int refuse_errno(awslogsrc_error **error, const char *path, int number)
{
    char cause[128];
    return refuse(error, path, strerror_r(number, cause, sizeof cause));
}

static int read_all(int fd, const char *path, struct als_buffer *out, awslogsrc_error **error)
{
    for (;;) {
        /* One byte beyond the ceiling, where the buffer keeps room for its NUL, shows excess. */
        ssize_t got = read(fd, out->data + out->size, out->ceiling - out->size + 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return refuse_errno(error, path, errno);
        if ((size_t)got > out->ceiling - out->size)
            return als_error_set(error, AWSLOGSRC_E_FILE, "%s: is larger than %zu bytes", path,
                                 out->ceiling);
        out->size += (size_t)got;
        out->data[out->size] = '\0';
        if (got == 0)
            return 0;
    }
}

int als_file_read(const char *path, struct als_buffer *out, awslogsrc_error **error)
{
    struct stat status;
    if (als_buffer_reserve(out, out->ceiling) != 0)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", path);
    /* O_NONBLOCK: opening a pipe must not wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return refuse_errno(error, path, errno);
    int code = 0;
    if (fstat(fd, &status) != 0)
        code = refuse_errno(error, path, errno);
    else if (!S_ISREG(status.st_mode))
        code = refuse(error, path, "is not a regular file");
    else
        code = read_all(fd, path, out, error);
    (void)close(fd);
    return code;
}

bool als_file_is_exposed(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & S_IRWXO) != 0;
}
