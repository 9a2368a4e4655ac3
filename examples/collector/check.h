/* "awslogsrc check": what a source needs, step by step, and what to do where something is wrong. */
#ifndef CHECK_H
#define CHECK_H

#include "configuration.h"

enum check_format { CHECK_FORMAT_TABLE, CHECK_FORMAT_JSON };

/* Takes --format out of the arguments, which are those of collect but for it. Says on stderr what
 * is wrong, and then returns false. */
bool check_take_format(int *argc, char **argv, enum check_format *format);

/* Checks every source, all at the same time, and prints the reports. Returns an exit code: that of
 * a failure where a step failed. */
int check_run(const struct configuration *configuration, enum check_format format);

#endif
