#include "cursor/file_ops.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int ops_open(void *self, const char *path, int flags, mode_t mode)
{
    (void)self;
    return open(path, flags, mode);
}

static ssize_t ops_read(void *self, int fd, char *data, size_t size)
{
    (void)self;
    return read(fd, data, size);
}

static ssize_t ops_write(void *self, int fd, const char *data, size_t size)
{
    (void)self;
    return write(fd, data, size);
}

static int ops_sync(void *self, int fd)
{
    (void)self;
    return fsync(fd);
}

static int ops_lock(void *self, int fd)
{
    (void)self;
    return flock(fd, LOCK_EX | LOCK_NB);
}

static int ops_truncate(void *self, int fd)
{
    (void)self;
    return ftruncate(fd, 0);
}

static int ops_close(void *self, int fd)
{
    (void)self;
    return close(fd);
}

static int ops_rename(void *self, const char *from, const char *to)
{
    (void)self;
    return rename(from, to);
}

static int ops_unlink(void *self, const char *path)
{
    (void)self;
    return unlink(path);
}

static int ops_mkdir(void *self, const char *path, mode_t mode)
{
    (void)self;
    return mkdir(path, mode);
}

const struct als_file_ops *als_file_ops_system(void)
{
    static const struct als_file_ops system = {
        .open = ops_open,
        .read = ops_read,
        .write = ops_write,
        .sync = ops_sync,
        .lock = ops_lock,
        .truncate = ops_truncate,
        .close = ops_close,
        .rename = ops_rename,
        .unlink = ops_unlink,
        .mkdir = ops_mkdir,
    };
    return &system;
}
