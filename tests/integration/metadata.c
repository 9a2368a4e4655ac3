#include "testing.h"

#include "metadata.h"

#include "command.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

void metadata_open(struct metadata *metadata)
{
    int64_t now = sim_server_now(0);
    *metadata = (struct metadata){.service = sim_service_new(1)};
    sim_service_settings(metadata->service)->role = METADATA_ROLE;
    sim_service_add_key(metadata->service, SIMULATOR_ACCESS_KEY, SIMULATOR_SECRET_KEY, NULL);
    struct sim_group *group =
        sim_service_add_group(metadata->service, METADATA_REGION, METADATA_GROUP, now - 86400000);
    for (int64_t i = 1; i <= METADATA_EVENTS; i++) {
        int64_t at = now - i * 60000;
        struct sim_event event = {.timestamp = at,
                                  .ingestion_time = at,
                                  .visible_at = at,
                                  .stream = "stream",
                                  .message = "message",
                                  .message_length = 7};
        sim_group_put(group, &event);
    }
    const char *folder = getenv("TMPDIR");
    (void)snprintf(metadata->home, sizeof metadata->home, "%s/awslogsrc-XXXXXX",
                   folder == NULL ? "/tmp" : folder);
    assert_non_null(mkdtemp(metadata->home));
}

void metadata_start(struct metadata *metadata)
{
    metadata->server = sim_server_start(metadata->service, &(struct sim_server_options){0});
    assert_non_null(metadata->server);
    (void)snprintf(metadata->url, sizeof metadata->url, "http://127.0.0.1:%u",
                   (unsigned)sim_server_port(metadata->server));
}

static void stop(struct metadata *metadata)
{
    if (metadata->server != NULL)
        sim_server_stop(metadata->server);
    metadata->server = NULL;
}

static void remove_home(const char *folder)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (const struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;)
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    (void)closedir(entries);
    assert_int_equal(rmdir(folder), 0);
}

void metadata_close(struct metadata *metadata)
{
    stop(metadata);
    sim_service_free(metadata->service);
    remove_home(metadata->home);
}

uint64_t metadata_calls(struct metadata *metadata, enum sim_endpoint endpoint)
{
    stop(metadata);
    return sim_service_log(metadata->service)->endpoints[endpoint].counter.calls;
}

const char *metadata_write(const struct metadata *metadata, const char *name, const char *text)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", metadata->home, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static size_t append(const char **list, size_t count, const char *const *more)
{
    for (; *more != NULL; more++) {
        assert_true(count < METADATA_OPTIONS - 1);
        list[count++] = *more;
    }
    return count;
}

void metadata_collect(const struct metadata *metadata, struct process *process,
                      const char *const *options, const char *const *environment)
{
    char home[80];
    const char *const collect[] = {
        COMMAND_PATH, "collect",       "--quiet",        "--log-group", METADATA_GROUP,
        "--regions",  METADATA_REGION, "--endpoint-url", metadata->url, "--start-time",
        "-2h",        "--state-dir",   metadata->home,   NULL};
    const char *arguments[METADATA_OPTIONS] = {NULL};
    const char *variables[METADATA_OPTIONS] = {home};
    (void)snprintf(home, sizeof home, "HOME=%s", metadata->home);
    size_t count = metadata->wrapper == NULL ? 0 : append(arguments, 0, metadata->wrapper);
    count = append(arguments, count, collect);
    (void)append(arguments, count, options);
    (void)append(variables, 1, environment);
    process_start(process,
                  &(struct process_options){.arguments = arguments, .environment = variables});
}

int metadata_collect_once(const struct metadata *metadata, struct process *process,
                          const char *const *options, const char *const *environment)
{
    const char *all[METADATA_OPTIONS] = {"--once"};
    (void)append(all, 1, options);
    metadata_collect(metadata, process, all, environment);
    return process_finish(process);
}

const char *metadata_first_trouble(const struct metadata *metadata, struct process *process,
                                   const char *const *options, const char *const *environment)
{
    metadata_collect(metadata, process, options, environment);
    process_await_error(process, "\n");
    process_signal(process, SIGTERM);
    int code = process_finish(process);
    assert_int_equal(code, 0);
    return process->err.data;
}
