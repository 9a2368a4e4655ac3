/* A context in a libuv loop, beside a timer of the host's own: counts the events of a log group,
 * and says every second how many there were. libuv_loop REGIONS LOG_GROUP */
#include <awslogsrc/awslogsrc.h>
#include <stdio.h>
#include <uv.h>

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

static void ready(uv_poll_t *watcher, int status, int ready_for)
{
    (void)status, (void)ready_for;
    awslogsrc_context_process(watcher->data); /* never blocks, calls back from here */
}

static void tick(uv_timer_t *timer)
{
    const size_t *events = timer->data;
    printf("%zu events\n", *events);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    size_t events = 0;
    awslogsrc_context *context = NULL;
    if (argc != 3 || awslogsrc_context_new(&context, NULL) != 0)
        return 2;
    awslogsrc_source *source = start(context, argv, &events);
    uv_poll_t watcher = {.data = context};
    uv_timer_t timer = {.data = &events};
    uv_poll_init(uv_default_loop(), &watcher, awslogsrc_context_fd(context));
    uv_timer_init(uv_default_loop(), &timer);
    uv_poll_start(&watcher, UV_READABLE, ready);
    uv_timer_start(&timer, tick, 1000, 1000);
    if (source != NULL)
        uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    awslogsrc_source_free(source);
    awslogsrc_context_free(context);
    return 1;
}
