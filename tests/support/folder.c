#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "testing.h"

int folder_make(void **state)
{
    char path[] = "store-XXXXXX";
    if (mkdtemp(path) == NULL)
        return -1;
    *state = strdup(path);
    return *state == NULL;
}

/* Removes the files of a folder, and the folder. */
void folder_empty(const char *folder)
{
    DIR *list = opendir(folder);
    if (list == NULL)
        return;
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (entry->d_name[0] != '.')
            (void)unlinkat(dirfd(list), entry->d_name, 0);
    }
    (void)closedir(list);
    (void)rmdir(folder);
}

int folder_remove(void **state)
{
    folder_empty(*state);
    free(*state);
    return 0;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t size = strlen(name);
    return size >= strlen(ending) && strcmp(name + size - strlen(ending), ending) == 0;
}

/* How many files in folder have names that end so; the path of one of them is in path. */
int folder_find(const char *folder, const char *ending, char path[FOLDER_PATH_SIZE])
{
    DIR *list = opendir(folder);
    int count = 0;
    assert_non_null(list);
    path[0] = '\0';
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (entry->d_name[0] == '.' || !ends_with(entry->d_name, ending))
            continue;
        (void)snprintf(path, FOLDER_PATH_SIZE, "%s/%s", folder, entry->d_name);
        count++;
    }
    (void)closedir(list);
    return count;
}

/* The single file in folder whose name ends so, in a static buffer. */
const char *folder_file(const char *folder, const char *ending)
{
    static char path[FOLDER_PATH_SIZE];
    assert_int_equal(folder_find(folder, ending, path), 1);
    return path;
}
