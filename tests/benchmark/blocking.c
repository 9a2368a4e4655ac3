/* How long the library keeps its caller: runs a source on the options given as NAME VALUE pairs and
 * prints the longest single call of each kind, in wall time and in time of this thread's processor.
 */
#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "awslogsrc/awslogsrc.h"

struct stopwatch {
    const char *what;
    double began_wall, began_cpu;
    double longest_wall, cpu_of_longest;
    unsigned long count;
};

static double clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void begin(struct stopwatch *watch)
{
    watch->began_cpu = clock_ms(CLOCK_THREAD_CPUTIME_ID);
    watch->began_wall = clock_ms(CLOCK_MONOTONIC);
}

static void end(struct stopwatch *watch)
{
    double wall = clock_ms(CLOCK_MONOTONIC) - watch->began_wall;
    watch->count++;
    if (wall > watch->longest_wall) {
        watch->longest_wall = wall;
        watch->cpu_of_longest = clock_ms(CLOCK_THREAD_CPUTIME_ID) - watch->began_cpu;
    }
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    size_t *events = user_data;
    (void)source;
    *events += awslogsrc_batch_count(batch);
    return AWSLOGSRC_ACCEPT;
}

static int give_up(const awslogsrc_error *error)
{
    (void)fprintf(stderr, "blocking: %s\n", awslogsrc_error_message(error));
    return 2;
}

int main(int argc, char **argv)
{
    struct stopwatch watches[] = {{.what = "context_new"},  {.what = "source_new"},
                                  {.what = "source_start"}, {.what = "context_process"},
                                  {.what = "source_free"},  {.what = "context_free"}};
    awslogsrc_error *error = NULL;
    awslogsrc_context *context = NULL;
    awslogsrc_options *options = NULL;
    awslogsrc_source *source = NULL;
    size_t events = 0;
    begin(&watches[0]);
    if (awslogsrc_context_new(&context, &error) != 0)
        return give_up(error);
    end(&watches[0]);
    if (awslogsrc_options_new(&options, &error) != 0)
        return give_up(error);
    for (int i = 1; i + 1 < argc; i += 2) {
        if (awslogsrc_options_set(options, argv[i], argv[i + 1], &error) != 0)
            return give_up(error);
    }
    begin(&watches[1]);
    if (awslogsrc_source_new(context, options, &source, &error) != 0)
        return give_up(error);
    end(&watches[1]);
    (void)awslogsrc_source_on_batch(source, on_batch, &events, NULL);
    begin(&watches[2]);
    if (awslogsrc_source_start(source, &error) != 0)
        return give_up(error);
    end(&watches[2]);
    while (awslogsrc_source_is_running(source)) {
        struct pollfd ready = {.fd = awslogsrc_context_fd(context), .events = POLLIN};
        (void)poll(&ready, 1, -1);
        begin(&watches[3]);
        (void)awslogsrc_context_process(context);
        end(&watches[3]);
    }
    begin(&watches[4]);
    awslogsrc_source_free(source);
    end(&watches[4]);
    begin(&watches[5]);
    awslogsrc_context_free(context);
    end(&watches[5]);
    awslogsrc_options_free(options);
    (void)printf("%zu events\n", events);
    for (size_t i = 0; i < sizeof watches / sizeof watches[0]; i++)
        (void)printf("%-16s longest %8.3f ms (processor %8.3f ms) of %lu calls\n", watches[i].what,
                     watches[i].longest_wall, watches[i].cpu_of_longest, watches[i].count);
    return 0;
}
