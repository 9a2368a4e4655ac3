/* Stores: where cursors are kept between runs. */
#ifndef AWSLOGSRC_STORE_H
#define AWSLOGSRC_STORE_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Cursors in files, one for each source and region, in the folder path (made with mode 0700 where
 * it is missing; its parent must exist). A second process that opens the same cursor is refused
 * with AWSLOGSRC_E_LOCKED. To forget a position, remove both NAME.cursor and NAME.cursor.previous.
 * path: borrow, during the call. out: ref; written on success only. error: optional; ref, written
 * on failure only. The folder is not touched before a source that uses the store starts. Returns 0,
 * or AWSLOGSRC_E_INVALID (out is NULL; path is NULL or empty), AWSLOGSRC_E_NO_MEMORY. Any thread.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_store_file_new(const char *path, awslogsrc_store **out,
                                           awslogsrc_error **error);

/* Cursors in memory: they live as long as the store.
 * out: ref; written on success only. error: optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_store_memory_new(awslogsrc_store **out, awslogsrc_error **error);

/* The kinds of write. Since 0.9. */
enum {
    AWSLOGSRC_STORE_SNAPSHOT = 1, /* replaces all that was stored under the key */
    AWSLOGSRC_STORE_RECORD = 2    /* is appended to that */
};

/* Reads what is stored under a key: the last snapshot and the records written after it,
 * concatenated in order. It answers with awslogsrc_store_loaded(), once, during the call or later.
 * key: "SOURCE/REGION" (a source's name may hold slashes too); borrow, during the call. load: take
 * (awslogsrc_store_loaded() ends it). */
typedef void (*awslogsrc_store_load_fn)(void *user_data, const char *key,
                                        awslogsrc_store_load *load);

/* Stores a snapshot or a record; nothing of it may be stored where it fails half-way, except at the
 * end of what is stored. It answers with awslogsrc_store_written(), once, during the call or later;
 * until then no further write under this key begins. After a failure the next write is
 * a snapshot. key: as above. kind: AWSLOGSRC_STORE_SNAPSHOT or
 * AWSLOGSRC_STORE_RECORD. data: borrow, until awslogsrc_store_written(); size in bytes. write: take
 * (awslogsrc_store_written() ends it). */
typedef void (*awslogsrc_store_write_fn)(void *user_data, const char *key, int kind,
                                         const char *data, size_t size,
                                         awslogsrc_store_write *write);

/* Cursors where the host keeps them. The callbacks run only inside calls on the context of the
 * source that uses the store. user_data: take. out: ref; written on success only. error: optional;
 * ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (load, write or out is NULL), AWSLOGSRC_E_NO_MEMORY.
 * Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_store_custom_new(awslogsrc_store_load_fn load,
                                             awslogsrc_store_write_fn write, void *user_data,
                                             awslogsrc_user_data_free user_data_free,
                                             awslogsrc_store **out, awslogsrc_error **error);

/* Answers a load. load: take. status: 0, or any AWSLOGSRC_E_* (the region waits, and the status
 * tells why). data: borrow, during the call; NULL or size 0 where nothing is stored. Fine after the
 * source or the store was freed. On the context's thread.
 * Returns 0 or AWSLOGSRC_E_INVALID (load is NULL, or data is NULL and size is not 0: nothing is
 * taken). Since 0.9. */
AWSLOGSRC_API int awslogsrc_store_loaded(awslogsrc_store_load *load, int status, const char *data,
                                         size_t size);

/* Answers a write. write: take. status: 0 where data is stored durably, or any AWSLOGSRC_E_*. Fine
 * after the source or the store was freed. On the context's thread.
 * Returns 0 or AWSLOGSRC_E_INVALID (write is NULL). Since 0.9. */
AWSLOGSRC_API int awslogsrc_store_written(awslogsrc_store_write *write, int status);

/* Gives the caller's reference back; sources that use the store keep it alive. NULL is fine. On the
 * context's thread, once a source uses it. Since 0.9. */
AWSLOGSRC_API void awslogsrc_store_free(awslogsrc_store *store);

AWSLOGSRC_END

#endif
