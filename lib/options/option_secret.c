#include "options/option_secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"

static int copy(const char *name, struct als_text secret, char **out, awslogsrc_error **error)
{
    *out = als_copy_bytes(secret.data, secret.size);
    return *out == NULL ? als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", name)
                        : 0;
}

/* Editors and echo end a file with one line break, which is not part of the secret. */
static struct als_text without_line_break(struct als_text text)
{
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    if (text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    return text;
}

static int read_from_file(const char *name, const char *path, char **out, awslogsrc_error **error)
{
    struct als_buffer data;
    als_buffer_init(&data, ALS_OPTION_SECRET_LONGEST);
    int code = als_file_read(path, &data, error);
    if (code != 0) {
        als_error_prefix(error, "%s: ", name);
    } else {
        struct als_text secret = without_line_break(als_buffer_text(&data));
        if (secret.size == 0)
            code = als_error_set(error, AWSLOGSRC_E_FILE, "%s: %s is empty", name, path);
        else if (memchr(secret.data, '\0', secret.size) != NULL)
            code = als_error_set(error, AWSLOGSRC_E_FILE, "%s: %s holds a NUL byte", name, path);
        else
            code = copy(name, secret, out, error);
    }
    als_buffer_wipe(&data);
    return code;
}

int als_option_secret_read(const char *name, const char *value, char **out, awslogsrc_error **error)
{
    if (strncmp(value, "file:", 5) == 0)
        return read_from_file(name, value + 5, out, error);
    if (strncmp(value, "env:", 4) != 0)
        return copy(name, als_text_of(value), out, error);
    const char *variable = secure_getenv(value + 4);
    if (variable == NULL || variable[0] == '\0')
        return als_error_set(error, AWSLOGSRC_E_FILE, "%s: the environment variable %s is not set",
                             name, value + 4);
    return copy(name, als_text_of(variable), out, error);
}
