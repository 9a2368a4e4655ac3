#include "process.h"

#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 4096 };

static long long now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void open_pipe(int *reading, int *writing)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    *reading = ends[0];
    *writing = ends[1];
}

static void open_terminal(int *reading, int *writing)
{
    *reading = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(*reading >= 0);
    assert_int_equal(grantpt(*reading), 0);
    assert_int_equal(unlockpt(*reading), 0);
    *writing = open(ptsname(*reading), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(*writing >= 0);
}

/* In the child: plain system calls, no test framework. */
static void become(const struct process_options *options, int out, int err)
{
    static char *const nothing[] = {NULL};
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
    if (options->stdout_kind == PROCESS_STDOUT_FULL)
        out = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (options->stdout_kind == PROCESS_STDOUT_NONBLOCKING)
        (void)fcntl(out, F_SETFL, O_NONBLOCK);
    (void)signal(SIGPIPE, SIG_DFL);
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
        _exit(126);
    if (options->stdout_kind == PROCESS_STDOUT_CLOSED)
        (void)close(STDOUT_FILENO);
    char **arguments = NULL, **environment = NULL;
    memcpy(&arguments, &options->arguments, sizeof arguments); /* execve() has no const */
    memcpy(&environment, &options->environment, sizeof environment);
    (void)execve(arguments[0], arguments, environment == NULL ? nothing : environment);
    _exit(127);
}

void process_start(struct process *process, const struct process_options *options)
{
    int out = -1, err = -1;
    *process = (struct process){.deadline_ms = now_ms() + PROCESS_TIME_LIMIT_MS};
    open_pipe(&process->out.fd, &out);
    if (options->terminal)
        open_terminal(&process->err.fd, &err);
    else
        open_pipe(&process->err.fd, &err);
    process->id = fork();
    assert_true(process->id >= 0);
    if (process->id == 0)
        become(options, out, err);
    (void)close(out);
    (void)close(err);
}

/* A terminal whose other side is closed answers EIO. */
static void read_some(struct process_text *text)
{
    char *data = realloc(text->data, text->size + CHUNK + 1);
    assert_non_null(data);
    text->data = data;
    ssize_t count = read(text->fd, data + text->size, CHUNK);
    if (count > 0)
        text->size += (size_t)count;
    text->data[text->size] = '\0';
    if (count == 0 || (count < 0 && errno != EINTR)) {
        (void)close(text->fd);
        text->fd = -1;
    }
}

static void give_up(struct process *process, const char *why)
{
    (void)kill(process->id, SIGKILL);
    (void)waitpid(process->id, NULL, 0);
    fail_msg("%s; its stderr: %s", why, process->err.data == NULL ? "" : process->err.data);
}

/* Returns whether there is anything more to come. */
static bool pump(struct process *process)
{
    struct pollfd ends[] = {{.fd = process->out.fd, .events = POLLIN},
                            {.fd = process->err.fd, .events = POLLIN}};
    long long left = process->deadline_ms - now_ms();
    if (process->out.fd < 0 && process->err.fd < 0)
        return false;
    if (left <= 0 || poll(ends, 2, (int)left) == 0)
        give_up(process, "the program takes too long");
    if (ends[0].revents != 0)
        read_some(&process->out);
    if (ends[1].revents != 0)
        read_some(&process->err);
    return true;
}

static void await_in(struct process *process, const struct process_text *text, const char *wanted)
{
    while (text->data == NULL || strstr(text->data, wanted) == NULL) {
        if (!pump(process))
            give_up(process, "the program ended early");
    }
}

void process_await(struct process *process, const char *text)
{
    await_in(process, &process->out, text);
}

void process_await_error(struct process *process, const char *text)
{
    await_in(process, &process->err, text);
}

void process_await_lines(struct process *process, size_t count)
{
    for (size_t lines = 0, seen = 0;;) {
        for (; seen < process->out.size; seen++)
            lines += process->out.data[seen] == '\n';
        if (lines >= count)
            return;
        if (!pump(process))
            give_up(process, "the program ended early");
    }
}

void process_signal(const struct process *process, int number)
{
    assert_int_equal(kill(process->id, number), 0);
}

void process_close_stdout(struct process *process)
{
    (void)close(process->out.fd);
    process->out.fd = -1;
}

int process_finish(struct process *process)
{
    int status = 0;
    while (pump(process))
        continue;
    assert_int_equal(waitpid(process->id, &status, 0), process->id);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_clear(struct process *process)
{
    free(process->out.data);
    free(process->err.data);
    *process = (struct process){0};
}
