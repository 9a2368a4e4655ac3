/* The options of every source, from the file and the command line. */
#ifndef CONFIGURATION_H
#define CONFIGURATION_H

#include "arguments.h"

struct configured_source {
    char *name;
    awslogsrc_options *options;
};

struct configuration {
    struct configured_source *sources;
    size_t count;
};

/* Says on stderr what is wrong, all of it, and then returns false. */
bool configuration_load(const struct arguments *arguments, struct configuration *configuration);

void configuration_clear(struct configuration *configuration);

#endif
