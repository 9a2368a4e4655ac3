/* Follows a log group and prints its messages: tail REGIONS LOG_GROUP */
#include <awslogsrc/awslogsrc.h>
#include <stdio.h>

static int print(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    size_t size = 0;
    const char *message = awslogsrc_event_message(event, &size);
    (void)user_data, (void)source;
    fwrite(message, 1, size, stdout);
    putchar('\n');
    return fflush(stdout) == 0 ? AWSLOGSRC_ACCEPT : AWSLOGSRC_LATER;
}

static void tell(void *user_data, awslogsrc_source *source, const char *region, int state,
                 const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)user_data, (void)source, (void)region, (void)state, (void)retry_at_ms;
    if (error != NULL)
        fprintf(stderr, "%s\n", awslogsrc_error_message(error));
}

int main(int argc, char **argv)
{
    awslogsrc_context *context = NULL;
    awslogsrc_options *options = NULL;
    awslogsrc_source *source = NULL;
    awslogsrc_error *error = NULL;
    if (argc == 3 && awslogsrc_context_new(&context, &error) == 0 &&
        awslogsrc_options_new(&options, &error) == 0 &&
        awslogsrc_options_set(options, "regions", argv[1], &error) == 0 &&
        awslogsrc_options_set(options, "log_group", argv[2], &error) == 0 &&
        awslogsrc_source_new(context, options, &source, &error) == 0 &&
        awslogsrc_source_on_event(source, print, NULL, NULL) == 0 &&
        awslogsrc_source_on_status(source, tell, NULL, NULL) == 0 &&
        awslogsrc_source_start(source, &error) == 0)
        awslogsrc_context_run(context); /* for ever, unless something breaks */
    fprintf(stderr, "%s\n", error ? awslogsrc_error_message(error) : "usage: tail REGIONS GROUP");
    awslogsrc_error_free(error);
    awslogsrc_source_free(source);
    awslogsrc_options_free(options);
    awslogsrc_context_free(context);
    return 1;
}
