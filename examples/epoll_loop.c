/* A context in a loop that belongs to somebody else, beside a timer of the host's own: counts the
 * events of a log group, and says every second how many there were. epoll_loop REGIONS LOG_GROUP */
#include <awslogsrc/awslogsrc.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int count(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    size_t *events = user_data;
    (void)source;
    *events += awslogsrc_batch_count(batch);
    return AWSLOGSRC_ACCEPT;
}

static awslogsrc_source *start(awslogsrc_context *context, char **argv, size_t *events)
{
    awslogsrc_options *options = NULL;
    awslogsrc_source *source = NULL;
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_new(&options, &error) == 0 &&
        awslogsrc_options_set(options, "regions", argv[1], &error) == 0 &&
        awslogsrc_options_set(options, "log_group", argv[2], &error) == 0 &&
        awslogsrc_source_new(context, options, &source, &error) == 0 &&
        awslogsrc_source_on_batch(source, count, events, NULL) == 0)
        awslogsrc_source_start(source, &error);
    if (error != NULL)
        fprintf(stderr, "%s\n", awslogsrc_error_message(error));
    awslogsrc_error_free(error);
    awslogsrc_options_free(options);
    return source;
}

static void watch(int loop, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv)
{
    const struct itimerspec second = {{1, 0}, {1, 0}};
    size_t events = 0;
    uint64_t ticks = 0;
    awslogsrc_context *context = NULL;
    if (argc != 3 || awslogsrc_context_new(&context, NULL) != 0)
        return 2;
    awslogsrc_source *source = start(context, argv, &events);
    int loop = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    timerfd_settime(timer, 0, &second, NULL);
    watch(loop, timer);
    watch(loop, awslogsrc_context_fd(context));

    struct epoll_event ready;
    while (source != NULL && epoll_wait(loop, &ready, 1, -1) >= 0) {
        if (ready.data.fd != timer)
            awslogsrc_context_process(context); /* never blocks, calls back from here */
        else if (read(timer, &ticks, sizeof ticks) > 0 && printf("%zu events\n", events) > 0)
            fflush(stdout);
    }
    awslogsrc_source_free(source);
    awslogsrc_context_free(context);
    return 1;
}
