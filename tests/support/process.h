/* Another program, run with what it is given, and what it said. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PROCESS_TIME_LIMIT_MS = 60 * 1000 };

enum process_stdout {
    PROCESS_STDOUT_PIPE,
    PROCESS_STDOUT_NONBLOCKING, /* a pipe whose writing end has O_NONBLOCK */
    PROCESS_STDOUT_CLOSED,
    PROCESS_STDOUT_FULL /* a device that has no space left */
};

struct process_options {
    const char *const *arguments;   /* the program's path first; ended by NULL */
    const char *const *environment; /* NAME=VALUE, ended by NULL; NULL: an empty one */
    enum process_stdout stdout_kind;
    bool terminal; /* stderr is a terminal */
};

/* What came from a descriptor, NUL-terminated. */
struct process_text {
    int fd;
    char *data;
    size_t size;
};

struct process {
    pid_t id;
    struct process_text out;
    struct process_text err;
    long long deadline_ms;
};

/* Fails the test where the program cannot be started. */
void process_start(struct process *process, const struct process_options *options);

/* Reads stdout until text is in it; the pipe fills behind that. Fails the test where it does not
 * come. */
void process_await(struct process *process, const char *text);

/* The same for stderr, and for so many lines on stdout. */
void process_await_error(struct process *process, const char *text);
void process_await_lines(struct process *process, size_t count);

void process_signal(const struct process *process, int number);

/* Closes the reading end of stdout. */
void process_close_stdout(struct process *process);

/* Reads all that comes until the program has ended. Returns its exit code, or 128 + the signal that
 * ended it. Past the time limit it is killed, and the test fails. */
int process_finish(struct process *process);

void process_clear(struct process *process);

#endif
