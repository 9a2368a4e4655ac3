/*
 * The opaque handles of libawslogsrc, and the words its comments use.
 *
 * Ownership, one of three words for every pointer that crosses the interface:
 *   borrow  the other side keeps the object; it is valid for the time the comment states
 *   take    the callee owns the object from now on, also when the call fails unless stated
 * otherwise ref     the caller gets a reference of its own and gives it back with the matching
 * _free or _unref Strings given to the library are copied. Sizes are in bytes. Times are
 * milliseconds since 1970-01-01T00:00:00Z.
 *
 * Threads: a context, and every source on it, is used by one thread at a time; contexts do not
 * share anything that can be written. A declaration whose comment says "any thread" is exempt.
 * After fork() every call on a handle of the parent answers AWSLOGSRC_E_FORKED; freeing contexts
 * and sources does nothing there, since their connections and files are the parent's.
 */
#ifndef AWSLOGSRC_TYPES_H
#define AWSLOGSRC_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "export.h"

typedef struct awslogsrc_context awslogsrc_context;
typedef struct awslogsrc_options awslogsrc_options;
typedef struct awslogsrc_source awslogsrc_source;
typedef struct awslogsrc_batch awslogsrc_batch;
typedef struct awslogsrc_event awslogsrc_event;
typedef struct awslogsrc_error awslogsrc_error;
typedef struct awslogsrc_credentials awslogsrc_credentials;
typedef struct awslogsrc_credentials_request awslogsrc_credentials_request;
typedef struct awslogsrc_cursor awslogsrc_cursor;
typedef struct awslogsrc_store awslogsrc_store;
typedef struct awslogsrc_store_load awslogsrc_store_load;
typedef struct awslogsrc_store_write awslogsrc_store_write;
typedef struct awslogsrc_trust awslogsrc_trust;
typedef struct awslogsrc_check awslogsrc_check;
typedef struct awslogsrc_step awslogsrc_step;
typedef struct awslogsrc_queue awslogsrc_queue;
typedef struct awslogsrc_notice awslogsrc_notice;
typedef struct awslogsrc_record awslogsrc_record;
typedef struct awslogsrc_encoder awslogsrc_encoder;

/* Frees what a callback was registered with. Runs exactly once: when the callback is replaced, when
 * its handle goes away, or when registering it fails. */
typedef void (*awslogsrc_user_data_free)(void *user_data);

#endif
