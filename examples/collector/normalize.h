/* "awslogsrc normalize": messages from files or standard input onto standard output, as records. */
#ifndef NORMALIZE_H
#define NORMALIZE_H

/* Arguments stand behind "normalize". Returns the exit code. */
int normalize_run(int argc, char **argv);

#endif
