/* Batches as Arrow arrays: what pyarrow, polars, DuckDB, pandas and others take as it is. */
#ifndef AWSLOGSRC_ARROW_H
#define AWSLOGSRC_ARROW_H

#include "types.h"

AWSLOGSRC_BEGIN

/* The Arrow C data interface, as its specification fixes it:
 * https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE           2
#define ARROW_FLAG_MAP_KEYS_SORTED    4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

/* How to lay an array out, or'ed. Since 0.9. */
enum {
    AWSLOGSRC_ARROW_COPY_TEXT = 1,  /* text as utf8 ("u"), a copy, for consumers that are too old
                                       for views (Arrow columnar format before 1.4) */
    AWSLOGSRC_ARROW_NO_PAYLOAD = 2, /* leaves out the column that has to be put together */
    AWSLOGSRC_ARROW_RECORDS = 4 /* the normalized records of the events, in place of the events */
};

/* The batch as a struct array, one row an event, no nulls: region, log_group, log_stream,
 * timestamp, ingestion_time, event_id, message, payload, identifier, flags. Times are timestamps in
 * ms, UTC ("tsm:UTC"); flags are AWSLOGSRC_EVENT_* ("i"); all else is text as utf8_view ("vu"):
 * views that point into the memory of the batch, so that no text is copied but payloads with their
 * wrapper, which exist nowhere before, and what is no longer than 12 bytes, which Arrow keeps in
 * the view. Columns may be moved out and released one by one, on any thread.
 *
 * With AWSLOGSRC_ARROW_RECORDS it has one row a record (awslogsrc/record.h): an event has one, a
 * message {"Records":[...]} one for each. The columns are identifier, then all fields of a record
 * by their names, null where a record has none: text and JSON as above, integers as int64 ("l"),
 * those whose names end in _ms as timestamps ("tsm:UTC"), booleans as "b". log_event_id says which
 * event a record is of. What stands in the message as it is is not copied.
 *
 * batch: the array takes a reference of its own until all of it is released; NULL with array NULL.
 * flags: AWSLOGSRC_ARROW_*. schema, array: either may be NULL; both are written on success only,
 * and released by their release callbacks. error: optional; ref, written on failure only. Returns
 * 0, or AWSLOGSRC_E_INVALID (unknown flags; an array without batch; schema and array NULL),
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_batch_export_arrow(awslogsrc_batch *batch, int flags,
                                               struct ArrowSchema *schema, struct ArrowArray *array,
                                               awslogsrc_error **error);

AWSLOGSRC_END

#endif
