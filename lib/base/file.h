/* Small files, read whole. */
#ifndef ALS_BASE_FILE_H
#define ALS_BASE_FILE_H

#include <stdbool.h>

#include "awslogsrc/error.h"
#include "base/buffer.h"

/* Appends the file to an empty buffer, whose ceiling is the most it may hold and is reserved at
 * once, so that no copy stays behind a secret. Answers 0, AWSLOGSRC_E_FILE (cannot be read, not a
 * regular file, or larger: the message names file and cause), or AWSLOGSRC_E_NO_MEMORY. */
int als_file_read(const char *path, struct als_buffer *out, awslogsrc_error **error);

/* Everybody on this machine may read or write it. */
bool als_file_is_exposed(const char *path);

#endif
