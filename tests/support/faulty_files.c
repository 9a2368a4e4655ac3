#include "faulty_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing.h"

static struct open_file *file_of(struct faulty *faulty, int fd)
{
    for (int i = 0; i < OPEN_FILES; i++) {
        if (faulty->files[i].fd == fd)
            return &faulty->files[i];
    }
    return NULL;
}

static void lose_power(struct faulty *faulty)
{
    for (int i = 0; i < OPEN_FILES; i++) {
        if (faulty->files[i].fd > 0 && faulty->files[i].written > faulty->files[i].synced)
            assert_int_equal(ftruncate(faulty->files[i].fd, faulty->files[i].synced), 0);
    }
}

static bool fails(struct faulty *faulty)
{
    errno = faulty->cause;
    if (faulty->dead)
        return true;
    if (faulty->steps++ != faulty->at || faulty->fault == NONE)
        return false;
    if (faulty->fault == CRASH)
        lose_power(faulty);
    faulty->dead = faulty->fault != ONCE;
    return true;
}

static int faulty_open(void *self, const char *path, int flags, mode_t mode)
{
    struct faulty *faulty = self;
    if (fails(faulty))
        return -1;
    int fd = open(path, flags, mode);
    if (fd >= 0)
        *file_of(faulty, 0) = (struct open_file){.fd = fd};
    return fd;
}

static ssize_t faulty_read(void *self, int fd, char *data, size_t size)
{
    return fails(self) ? -1 : read(fd, data, size);
}

static ssize_t faulty_write(void *self, int fd, const char *data, size_t size)
{
    struct faulty *faulty = self;
    bool half = faulty->fault == SHORT_WRITE && !faulty->dead && faulty->steps == faulty->at;
    if (fails(faulty) && !half)
        return -1;
    ssize_t written = write(fd, data, half ? size / 2 : size);
    if (written > 0)
        file_of(faulty, fd)->written += written;
    return written;
}

static int faulty_sync(void *self, int fd)
{
    struct faulty *faulty = self;
    if (fails(faulty))
        return -1;
    file_of(faulty, fd)->synced = file_of(faulty, fd)->written;
    return 0;
}

static int faulty_lock(void *self, int fd)
{
    return fails(self) ? -1 : als_file_ops_system()->lock(NULL, fd);
}

static int faulty_truncate(void *self, int fd)
{
    return fails(self) ? -1 : ftruncate(fd, 0);
}

static int faulty_close(void *self, int fd)
{
    file_of(self, fd)->fd = 0;
    return close(fd);
}

static int faulty_rename(void *self, const char *from, const char *to)
{
    return fails(self) ? -1 : rename(from, to);
}

static int faulty_unlink(void *self, const char *path)
{
    return fails(self) ? -1 : unlink(path);
}

static int faulty_mkdir(void *self, const char *path, mode_t mode)
{
    return fails(self) ? -1 : mkdir(path, mode);
}

void faulty_init(struct faulty *faulty, enum fault fault, long at, int cause)
{
    *faulty = (struct faulty){
        .ops = {faulty_open, faulty_read, faulty_write, faulty_sync, faulty_lock, faulty_truncate,
                faulty_close, faulty_rename, faulty_unlink, faulty_mkdir, faulty},
        .fault = fault,
        .at = at,
        .cause = cause,
    };
}
