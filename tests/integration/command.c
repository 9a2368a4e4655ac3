#include "command.h"

#include "testing.h"

enum { MOST_ARGUMENTS = 64 };

void command_start(struct process *process, const struct process_options *options,
                   const struct simulator *simulator, const char *const *more)
{
    const char *all[MOST_ARGUMENTS] = {COMMAND_PATH,     "collect",
                                       "--log-group",    "CloudTrail/logs",
                                       "--access-key",   SIMULATOR_ACCESS_KEY,
                                       "--secret-key",   SIMULATOR_SECRET_KEY,
                                       "--endpoint-url", simulator->url,
                                       "--ca-file",      simulator->ca_file,
                                       "--start-time",   "-2h"};
    struct process_options filled = *options;
    size_t count = 14;
    for (; *more != NULL; more++)
        all[count++] = *more;
    filled.arguments = all;
    process_start(process, &filled);
}

int command_collect(const struct simulator *simulator, struct process *process,
                    const char *const *more)
{
    command_start(process, &(struct process_options){0}, simulator, more);
    return process_finish(process);
}

int command_run(struct process *process, const char *const *arguments)
{
    process_start(process, &(struct process_options){.arguments = arguments});
    return process_finish(process);
}

size_t command_count(const struct process_text *text, const char *needle)
{
    size_t count = 0;
    const char *at = text->data, *end = text->data + text->size;
    while (text->size > 0 &&
           (at = memmem(at, (size_t)(end - at), needle, strlen(needle))) != NULL) {
        at += strlen(needle);
        count++;
    }
    return count;
}

void command_assert_says(const struct process *process, const char *text)
{
    if (process->err.data == NULL || strstr(process->err.data, text) == NULL)
        fail_msg("\"%s\" is not in: %s", text, process->err.data);
}
