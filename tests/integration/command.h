/* The awslogsrc command, run on a simulator. */
#ifndef COMMAND_H
#define COMMAND_H

#include "process.h"
#include "simulator.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Starts "awslogsrc collect" on the simulator's group from two hours ago on, with further arguments
 * that win. */
void command_start(struct process *process, const struct process_options *options,
                   const struct simulator *simulator, const char *const *more);

/* The same, until it has ended. Returns the exit code. */
int command_collect(const struct simulator *simulator, struct process *process,
                    const char *const *more);

/* Runs any program. Returns the exit code. */
int command_run(struct process *process, const char *const *arguments);

/* How often needle is in text. */
size_t command_count(const struct process_text *text, const char *needle);

/* text is on stderr. */
void command_assert_says(const struct process *process, const char *text);

#endif
