#include "net/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"

enum {
    FIRST_LOOK_MS = 1, /* whether it has ended; each pause is twice as long as the one before */
    LONGEST_PAUSE_MS = 100,
    BURIAL_STEPS = 30,      /* to wait for what was killed; the loop waits for what takes longer: */
    BURIAL_STEP_NS = 100000 /* much memory to give back, or a file system that does not answer */
};

struct als_child_process {
    struct als_loop *loop;
    als_child_process_done *done;
    void *user_data;
    pid_t pid; /* 0: it has ended, and the number may be another's */
    int code;
    int exit_status;
    int signal;
    struct als_watch output_watch; /* fd is -1 behind the end */
    struct als_watch complaint_watch;
    struct als_buffer output;
    struct als_buffer complaint;
    struct als_timer timer; /* looks whether it has ended: the host's SIGCHLD is not ours */
    int64_t pause_ms;
    int64_t deadline_ms;
    struct als_child_process *next; /* of those that are killed, and not gone yet */
};

/* --- beginning --- */

struct pipe {
    int read_fd;
    int write_fd;
};

static void close_pipe(struct pipe *pipe)
{
    if (pipe->read_fd >= 0)
        (void)close(pipe->read_fd);
    if (pipe->write_fd >= 0)
        (void)close(pipe->write_fd);
    *pipe = (struct pipe){-1, -1};
}

/* In a host without standard streams a pipe may get their numbers, which the child's would then
 * overwrite. */
static bool raise_fd(int *fd)
{
    if (*fd > STDERR_FILENO)
        return true;
    int higher = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (higher < 0)
        return false;
    (void)close(*fd);
    *fd = higher;
    return true;
}

static bool open_pipe(struct pipe *out)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    *out = (struct pipe){fds[0], fds[1]};
    return raise_fd(&out->read_fd) && raise_fd(&out->write_fd) &&
           fcntl(out->read_fd, F_SETFL, O_NONBLOCK) == 0;
}

/* The child gets its three streams and nothing else, and signals as a login shell has them. Its own
 * session: no terminal on which a password could be asked for in vain, and one number by which all
 * of it can be killed. */
static int spawn(const char *const *arguments, const struct pipe *output,
                 const struct pipe *complaint, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int status = posix_spawn_file_actions_init(&actions);
    if (status != 0)
        return status;
    status = posix_spawnattr_init(&attributes);
    if (status != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return status;
    }
    status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, output->write_fd, STDOUT_FILENO);
    if (status == 0)
        status = posix_spawn_file_actions_adddup2(&actions, complaint->write_fd, STDERR_FILENO);
    if (status == 0)
        status = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (status == 0)
        status = posix_spawnattr_setsigmask(&attributes, &none);
    if (status == 0)
        status = posix_spawnattr_setsigdefault(&attributes, &all);
    if (status == 0)
        status = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    if (status == 0) /* the strings are copied with the address space, and not written */
        status = posix_spawnp(pid, arguments[0], &actions, &attributes,
                              (char *const *)(uintptr_t)arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* --- end --- */

/* Whether it has ended; waits for nothing but this one process. */
static bool has_ended(struct als_child_process *process)
{
    int status = 0;
    if (process->pid == 0)
        return true;
    pid_t ended = waitpid(process->pid, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR))
        return false;
    process->pid = 0;
    if (ended < 0) /* the host ignores SIGCHLD, or waits for all its children itself */
        process->exit_status = -1;
    else if (WIFSIGNALED(status))
        process->signal = WTERMSIG(status);
    else
        process->exit_status = WEXITSTATUS(status);
    return true;
}

static void kill_it(struct als_child_process *process)
{
    static const struct timespec pause = {.tv_nsec = BURIAL_STEP_NS};
    if (has_ended(process))
        return;
    (void)kill(-process->pid, SIGKILL);
    for (int i = 0; i < BURIAL_STEPS && !has_ended(process); i++)
        (void)nanosleep(&pause, NULL);
}

static void close_watch(struct als_child_process *process, struct als_watch *watch)
{
    if (watch->fd < 0)
        return;
    als_loop_unwatch(process->loop, watch);
    (void)close(watch->fd);
    watch->fd = -1;
}

/* From here on it does nothing any more, and the loop knows nothing of it. */
static void stop(struct als_child_process *process)
{
    kill_it(process);
    als_loop_disarm(process->loop, &process->timer);
    close_watch(process, &process->output_watch);
    close_watch(process, &process->complaint_watch);
}

static void release(struct als_child_process *process)
{
    als_buffer_wipe(&process->output);
    als_buffer_wipe(&process->complaint);
    als_free(process);
}

static void look_again(struct als_child_process *process)
{
    int64_t next = als_loop_now_ms(process->loop) + process->pause_ms;
    process->pause_ms *= 2;
    if (process->pause_ms > LONGEST_PAUSE_MS)
        process->pause_ms = LONGEST_PAUSE_MS;
    als_loop_arm(process->loop, &process->timer,
                 next < process->deadline_ms ? next : process->deadline_ms);
}

static void bury(void *user_data)
{
    struct als_child_process *process = user_data;
    struct als_child_process **link = &process->loop->unburied;
    if (!has_ended(process)) {
        look_again(process);
        return;
    }
    while (*link != process)
        link = &(*link)->next;
    *link = process->next;
    release(process);
}

/* What is killed and not gone yet would stay a zombie for as long as the host lives. */
static void dispose(struct als_child_process *process)
{
    if (process->pid == 0) {
        release(process);
        return;
    }
    als_buffer_wipe(&process->output);
    als_buffer_wipe(&process->complaint);
    process->next = process->loop->unburied;
    process->loop->unburied = process;
    process->timer.fn = bury;
    process->pause_ms = FIRST_LOOK_MS;
    process->deadline_ms = INT64_MAX;
    look_again(process);
}

static void finish(struct als_child_process *process)
{
    stop(process);
    struct als_child_process_result result = {.code = process->code,
                                              .exit_status = process->exit_status,
                                              .signal = process->signal,
                                              .output = als_buffer_text(&process->output),
                                              .complaint = als_buffer_text(&process->complaint)};
    process->done(process->user_data, &result);
    dispose(process);
}

/* --- in between --- */

/* Reads what is there; what goes past the ceiling is dropped, and *excess says so. False: nothing
 * is left at the moment. */
static bool read_some(struct als_child_process *process, struct als_watch *watch,
                      struct als_buffer *into, bool *excess)
{
    char chunk[4096];
    if (watch->fd < 0)
        return false;
    ssize_t got = read(watch->fd, chunk, sizeof chunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return errno == EINTR;
    if (got < 0)
        process->code = AWSLOGSRC_E_SYSTEM;
    if (got <= 0) {
        close_watch(process, watch);
        return false;
    }
    size_t room = into->ceiling - into->size;
    *excess = (size_t)got > room;
    als_buffer_append(into, chunk, *excess ? room : (size_t)got);
    als_wipe(chunk, (size_t)got);
    return true;
}

static void read_output(struct als_child_process *process)
{
    bool excess = false;
    while (process->code == 0 &&
           read_some(process, &process->output_watch, &process->output, &excess)) {
        if (excess)
            process->code = AWSLOGSRC_E_TOO_LARGE;
    }
}

static void look(void *user_data)
{
    struct als_child_process *process = user_data;
    bool excess = false;
    bool ended = has_ended(process);
    /* Descendants that live on may keep the pipe open: what it has printed itself is in there. */
    read_output(process);
    if (!ended && process->code == 0 && als_loop_now_ms(process->loop) >= process->deadline_ms)
        process->code = AWSLOGSRC_E_TIMEOUT;
    if (ended && process->code == 0)
        (void)read_some(process, &process->complaint_watch, &process->complaint, &excess);
    if (ended || process->code != 0) {
        finish(process);
        return;
    }
    look_again(process);
}

static void output_ready(void *user_data)
{
    struct als_child_process *process = user_data;
    process->pause_ms = FIRST_LOOK_MS; /* the end is near */
    look(process);
}

static void complaint_ready(void *user_data)
{
    struct als_child_process *process = user_data;
    bool excess = false;
    (void)read_some(process, &process->complaint_watch, &process->complaint, &excess);
    if (process->code != 0)
        finish(process);
}

static int watch(struct als_child_process *process, struct als_watch *watch, struct pipe *pipe,
                 void (*ready)(void *user_data))
{
    *watch = (struct als_watch){.fd = pipe->read_fd, .fn = ready, .user_data = process};
    int status = als_loop_watch(process->loop, watch);
    if (status != 0)
        watch->fd = -1;
    else
        pipe->read_fd = -1;
    return status;
}

static struct als_child_process *new_process(struct als_loop *loop,
                                             const struct als_child_process_request *request)
{
    struct als_child_process *process = als_new(sizeof *process);
    if (process == NULL)
        return NULL;
    process->loop = loop;
    process->output_watch.fd = process->complaint_watch.fd = -1;
    process->pause_ms = FIRST_LOOK_MS;
    process->deadline_ms = als_loop_now_ms(loop) + request->time_limit_ms;
    process->timer.fn = look;
    process->timer.user_data = process;
    als_buffer_init(&process->output, request->output_limit);
    als_buffer_init(&process->complaint, ALS_CHILD_PROCESS_COMPLAINT);
    /* At once, so that no copy stays behind a secret. */
    if (als_buffer_reserve(&process->output, request->output_limit) != 0 ||
        als_buffer_reserve(&process->complaint, ALS_CHILD_PROCESS_COMPLAINT) != 0) {
        release(process);
        return NULL;
    }
    return process;
}

static int begin(struct als_child_process *process, const char *const *arguments,
                 awslogsrc_error **error)
{
    struct pipe output = {-1, -1}, complaint = {-1, -1};
    int status = AWSLOGSRC_E_SYSTEM;
    int cause = open_pipe(&output) && open_pipe(&complaint) ? 0 : errno;
    if (cause == 0) {
        status = watch(process, &process->output_watch, &output, output_ready);
        if (status == 0)
            status = watch(process, &process->complaint_watch, &complaint, complaint_ready);
        cause = status == 0 ? 0 : errno;
    }
    if (cause == 0)
        cause = spawn(arguments, &output, &complaint, &process->pid);
    close_pipe(&output);
    close_pipe(&complaint);
    if (cause == 0)
        return 0;
    process->pid = 0;
    if (cause == ENOENT || cause == EACCES || cause == ENOTDIR || cause == ENOEXEC)
        status = AWSLOGSRC_E_FILE;
    else
        status = cause == ENOMEM ? AWSLOGSRC_E_NO_MEMORY : AWSLOGSRC_E_SYSTEM;
    return als_error_set(error, status, "%s cannot be run: %s", arguments[0],
                         strerrordesc_np(cause));
}

int als_child_process_start(struct als_loop *loop, const struct als_child_process_request *request,
                            als_child_process_done *done, void *user_data,
                            struct als_child_process **out, awslogsrc_error **error)
{
    struct als_child_process *process = new_process(loop, request);
    if (process == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s cannot be run: out of memory",
                             request->arguments[0]);
    process->done = done;
    process->user_data = user_data;
    int status = begin(process, request->arguments, error);
    if (status != 0) {
        stop(process);
        release(process);
        return status;
    }
    als_loop_arm(loop, &process->timer, als_loop_now_ms(loop) + process->pause_ms);
    *out = process;
    return 0;
}

void als_child_process_cancel(struct als_child_process *process)
{
    stop(process);
    dispose(process);
}

void als_child_process_forget(struct als_loop *loop)
{
    while (loop->unburied != NULL) {
        struct als_child_process *process = loop->unburied;
        loop->unburied = process->next;
        stop(process);
        release(process);
    }
}
