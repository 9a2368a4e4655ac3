/* Everything that is wrong, one line each, for one error in the end. */
#ifndef ALS_OPTIONS_PROBLEMS_H
#define ALS_OPTIONS_PROBLEMS_H

#include "awslogsrc/error.h"
#include "base/buffer.h"

struct als_problems {
    struct als_buffer lines;
    int code; /* the first problem's; 0 where there is none */
};

void als_problems_init(struct als_problems *problems);
void als_problems_add(struct als_problems *problems, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Frees the problems; answers their code and sets the error, or 0. */
int als_problems_finish(struct als_problems *problems, awslogsrc_error **error);

#endif
