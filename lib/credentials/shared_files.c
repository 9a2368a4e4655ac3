#include "credentials/shared_files.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

enum { LONGEST_PATH = 4096 };

static int find_path(struct als_shared_files *files, enum als_profile_file_kind kind,
                     als_getenv *getenv)
{
    struct als_buffer path;
    als_buffer_init(&path, LONGEST_PATH);
    als_buffer_append_string(&path, "");
    als_profile_file_path(kind, getenv, &path);
    files->paths[kind] = als_buffer_take(&path);
    return files->paths[kind] == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
}

int als_shared_files_find(struct als_shared_files *files, const char *profile, als_getenv *getenv,
                          awslogsrc_error **error)
{
    *files = (struct als_shared_files){0};
    if (profile == NULL || *profile == '\0')
        profile = als_environment_get(getenv, "AWS_PROFILE");
    if (profile == NULL)
        profile = als_environment_get(getenv, "AWS_DEFAULT_PROFILE");
    files->is_chosen = profile != NULL;
    files->profile = als_copy_string(files->is_chosen ? profile : "default");
    int status = files->profile == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
    if (status == 0)
        status = find_path(files, ALS_PROFILE_FILE_CONFIG, getenv);
    if (status == 0)
        status = find_path(files, ALS_PROFILE_FILE_CREDENTIALS, getenv);
    if (status == 0)
        return 0;
    als_shared_files_clear(files);
    return als_error_set(error, status, "out of memory");
}

void als_shared_files_clear(struct als_shared_files *files)
{
    als_free(files->paths[0]);
    als_free(files->paths[1]);
    als_free(files->profile);
    *files = (struct als_shared_files){0};
}

/* What is no file is none, /dev/null say, as the SDKs have it. */
static bool is_there(const char *path, mode_t *mode)
{
    struct stat status;
    if (*path == '\0' || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    *mode = status.st_mode;
    return true;
}

static int read_one(const struct als_shared_files *files, enum als_profile_file_kind kind,
                    struct als_profile_file *out, awslogsrc_error **error)
{
    const char *path = files->paths[kind];
    struct als_buffer text;
    mode_t mode = 0;
    if (!is_there(path, &mode))
        return 0;
    als_buffer_init(&text, ALS_PROFILE_FILE_LARGEST);
    int status = als_file_read(path, &text, error);
    if (status == 0)
        status = als_profile_file_add(out, kind, &text, path, error);
    als_buffer_wipe(&text);
    return status;
}

int als_shared_files_read(const struct als_shared_files *files, struct als_profile_file *out,
                          awslogsrc_error **error)
{
    *out = (struct als_profile_file){0};
    int status = read_one(files, ALS_PROFILE_FILE_CONFIG, out, error);
    if (status == 0)
        status = read_one(files, ALS_PROFILE_FILE_CREDENTIALS, out, error);
    if (status == 0 && files->is_chosen &&
        !als_profile_file_has(out, ALS_PROFILE_SECTION_PROFILE, files->profile))
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "profile %s: it is neither in %s nor in %s", files->profile,
                             files->paths[ALS_PROFILE_FILE_CONFIG],
                             files->paths[ALS_PROFILE_FILE_CREDENTIALS]);
    return status;
}

bool als_shared_files_are_exposed(const struct als_shared_files *files)
{
    mode_t mode = 0;
    return is_there(files->paths[ALS_PROFILE_FILE_CREDENTIALS], &mode) &&
           (mode & (S_IRWXG | S_IRWXO)) != 0;
}
