#include "simulator.h"

#include "testing.h"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 64 };

static void compose(char *path, const char *folder, const char *name)
{
    int size = snprintf(path, SIMULATOR_PATH_SIZE, "%s/%s", folder, name);
    assert_true(size > 0 && size < SIMULATOR_PATH_SIZE);
}

const char *simulator_write_file(const struct simulator *simulator, const char *name,
                                 const char *text)
{
    static char path[SIMULATOR_PATH_SIZE];
    compose(path, simulator->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void read_url(struct simulator *simulator)
{
    static const char announcement[] = "listening on ";
    process_await(&simulator->process, "\n");
    const char *url = simulator->process.out.data;
    assert_memory_equal(url, announcement, sizeof announcement - 1);
    url += sizeof announcement - 1;
    size_t size = strcspn(url, "\n");
    assert_true(size < sizeof simulator->url);
    memcpy(simulator->url, url, size);
    simulator->url[size] = '\0';
}

void simulator_start(struct simulator *simulator, const char *const *arguments, const char *text)
{
    const char *all[MOST_ARGUMENTS] = {SIMULATOR_PATH, "--tls",
                                       "--ca-out",     simulator->ca_file,
                                       "--expect-out", simulator->expectation,
                                       "--secret-key", SIMULATOR_SECRET_KEY,
                                       "--access-key", SIMULATOR_ACCESS_KEY};
    size_t count = 10;
    const char *folder = getenv("TMPDIR");
    *simulator = (struct simulator){0};
    compose(simulator->folder, folder == NULL ? "/tmp" : folder, "awslogsrc-XXXXXX");
    assert_non_null(mkdtemp(simulator->folder));
    compose(simulator->ca_file, simulator->folder, "ca.pem");
    compose(simulator->expectation, simulator->folder, "expected.json");
    if (text != NULL) {
        all[count++] = "--from";
        all[count++] = simulator_write_file(simulator, "events", text);
    }
    for (; *arguments != NULL; arguments++) {
        assert_true(count < MOST_ARGUMENTS - 1);
        all[count++] = *arguments;
    }
    process_start(&simulator->process, &(struct process_options){.arguments = all});
    read_url(simulator);
}

static void remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (const struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;)
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    (void)closedir(entries);
    assert_int_equal(rmdir(folder), 0);
}

void simulator_stop(struct simulator *simulator)
{
    process_signal(&simulator->process, SIGTERM);
    assert_int_equal(process_finish(&simulator->process), 0);
    process_clear(&simulator->process);
    remove_folder(simulator->folder);
}
