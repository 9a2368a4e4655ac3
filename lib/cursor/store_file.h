/* Cursors in files, for each source and region:
 *   NAME.cursor           a snapshot, and the records appended since
 *   NAME.cursor.previous  the generation before
 *   NAME.cursor.new       a snapshot being written
 *   NAME.lock             held while the slot is open, with the process id in it
 * Crash at any point: the state after the last write or the one before it. */
#ifndef ALS_CURSOR_STORE_FILE_H
#define ALS_CURSOR_STORE_FILE_H

#include "cursor/file_ops.h"
#include "cursor/store.h"

/* path: a folder, made (0700) where it is missing. files: borrow, as long as the store lives.
 * 0, or AWSLOGSRC_E_NO_MEMORY. Nothing is touched before a slot is opened. */
int als_store_file_new(const char *path, const struct als_file_ops *files,
                       struct awslogsrc_store **out);

#endif
