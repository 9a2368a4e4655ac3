/* Collects from every configured source to the output. */
#ifndef COLLECTOR_H
#define COLLECTOR_H

#include "configuration.h"

enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1, /* the output failed, or with once a region */
    EXIT_USAGE = 2   /* arguments or options; nothing is on stdout then */
};

/* Returns the exit code. */
int collector_run(const struct arguments *arguments, const struct configuration *configuration);

#endif
