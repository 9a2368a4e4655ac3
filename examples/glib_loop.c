/* A context in a GLib main loop, beside a timer of the host's own: counts the events of a log
 * group, and says every second how many there were. glib_loop REGIONS LOG_GROUP */
#include <awslogsrc/awslogsrc.h>
#include <glib-unix.h>
#include <stdio.h>

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

static gboolean ready(gint fd, GIOCondition condition, gpointer context)
{
    (void)fd, (void)condition;
    awslogsrc_context_process(context); /* never blocks, calls back from here */
    return G_SOURCE_CONTINUE;
}

static gboolean tick(gpointer user_data)
{
    const size_t *events = user_data;
    printf("%zu events\n", *events);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
    size_t events = 0;
    awslogsrc_context *context = NULL;
    if (argc != 3 || awslogsrc_context_new(&context, NULL) != 0)
        return 2;
    awslogsrc_source *source = start(context, argv, &events);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_unix_fd_add(awslogsrc_context_fd(context), G_IO_IN, ready, context);
    g_timeout_add_seconds(1, tick, &events);
    if (source != NULL)
        g_main_loop_run(loop);
    g_main_loop_unref(loop);
    awslogsrc_source_free(source);
    awslogsrc_context_free(context);
    return 1;
}
