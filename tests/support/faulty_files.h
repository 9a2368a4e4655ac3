/* File operations that fail at a given step. Syncs are not done but remembered: a crash cuts off
 * what was written since. */
#ifndef FAULTY_FILES_H
#define FAULTY_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "cursor/file_ops.h"

enum { OPEN_FILES = 8 };

enum fault { NONE, ONCE, FROM_ON, SHORT_WRITE, CRASH };

struct open_file {
    int fd;
    off_t written;
    off_t synced;
};

struct faulty {
    struct als_file_ops ops;
    enum fault fault;
    long at;
    int cause;
    long steps;
    bool dead;
    struct open_file files[OPEN_FILES];
};

void faulty_init(struct faulty *faulty, enum fault fault, long at, int cause);

#endif
