/* The file operations of the file store as a function table, so that tests can fail every one.
 * As the system calls of the same names: -1 with errno on failure. */
#ifndef ALS_CURSOR_FILE_OPS_H
#define ALS_CURSOR_FILE_OPS_H

#include <stddef.h>
#include <sys/types.h>

struct als_file_ops {
    int (*open)(void *self, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *self, int fd, char *data, size_t size);
    ssize_t (*write)(void *self, int fd, const char *data, size_t size);
    int (*sync)(void *self, int fd);
    int (*lock)(void *self, int fd); /* exclusive, without waiting: EWOULDBLOCK */
    int (*truncate)(void *self, int fd);
    int (*close)(void *self, int fd);
    int (*rename)(void *self, const char *from, const char *to);
    int (*unlink)(void *self, const char *path);
    int (*mkdir)(void *self, const char *path, mode_t mode);
    void *self;
};

const struct als_file_ops *als_file_ops_system(void);

#endif
