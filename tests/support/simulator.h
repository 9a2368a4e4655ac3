/* awslogsrc-simulator with TLS on a free port, for the time of a test. */
#ifndef SIMULATOR_H
#define SIMULATOR_H

#include "process.h"

#define SIMULATOR_ACCESS_KEY "AKIDEXAMPLE"
#define SIMULATOR_SECRET_KEY "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

enum { SIMULATOR_PATH_SIZE = 128 };

struct simulator {
    struct process process;
    char folder[SIMULATOR_PATH_SIZE]; /* a temporary one; files of the test may go there too */
    char url[SIMULATOR_PATH_SIZE];
    char ca_file[SIMULATOR_PATH_SIZE];
    char expectation[SIMULATOR_PATH_SIZE]; /* what --expect-out wrote */
};

/* arguments: further ones, ended by NULL. text: of the --from file; NULL: without one. */
void simulator_start(struct simulator *simulator, const char *const *arguments, const char *text);

/* Also removes the folder. */
void simulator_stop(struct simulator *simulator);

/* Writes a file into the simulator's folder. Returns its path, in a static buffer. */
const char *simulator_write_file(const struct simulator *simulator, const char *name,
                                 const char *text);

#endif
