#include "testing.h"

#include <unistd.h>

char *test_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    size_t capacity = 1 << 16, used = 0;
    char *data = malloc(capacity + 1);
    while (data != NULL && file != NULL) {
        used += fread(data + used, 1, capacity - used, file);
        data[used] = '\0';
        if (used < capacity)
            break;
        capacity *= 2;
        data = realloc(data, capacity + 1);
    }
    assert_non_null(data);
    if (file != NULL)
        (void)fclose(file);
    if (size != NULL)
        *size = used;
    return data;
}

const char *test_shared_path(const char *name)
{
    static char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", SHARED_DIR, name);
    if (access(path, R_OK) == 0)
        return path;
    printf("SKIPPED: ../shared/%s is not here\n", name);
    return NULL;
}

const char *test_fixture_path(const char *name)
{
    static char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/fixtures/%s", SOURCE_DIR, name);
    return path;
}

bool test_is_long(void)
{
    const char *value = getenv("AWSLOGSRC_LONG");
    return value != NULL && strcmp(value, "1") == 0;
}
