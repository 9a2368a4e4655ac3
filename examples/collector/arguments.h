/* The command line of "awslogsrc collect". */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "destination.h"
#include "event_writer.h"

struct setting {
    const char *name;
    const char *value;
};

struct arguments {
    const char *file; /* of -c; NULL without */
    const char *word; /* what is no option; NULL without */
    struct setting *settings;
    size_t setting_count;
    struct event_style style;
    struct destination destination;
    const char *output_ca_file; /* NULL: the system's store */
    const char *metrics;        /* HOST:PORT; NULL: not served */
    bool quiet;
    bool help;
};

/* Parses what stands behind "collect"; may change the strings of argv, and borrows them. Says on
 * stderr what is wrong, and then returns false. */
bool arguments_parse(int argc, char **argv, struct arguments *arguments);

/* The same for a command that takes a word beside options. */
bool arguments_parse_word(int argc, char **argv, struct arguments *arguments);

void arguments_clear(struct arguments *arguments);

#endif
