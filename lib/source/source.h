/* A source: options made into credentials, connections and one reader for each region. */
#ifndef ALS_SOURCE_SOURCE_H
#define ALS_SOURCE_SOURCE_H

#include "awslogsrc/source.h"
#include "credentials/provider.h"
#include "cursor/store.h"
#include "options/options.h"
#include "source/connection.h"
#include "source/context.h"
#include "source/logs_client.h"
#include "source/pacing.h"

struct als_identifier;
struct als_region_reader;

struct als_callback {
    struct {
        awslogsrc_batch_fn batch;
        awslogsrc_event_fn event;
        awslogsrc_status_fn status;
    } fn; /* one of them */
    void *user_data;
    awslogsrc_user_data_free user_data_free;
};

struct awslogsrc_source {
    awslogsrc_context *context;
    awslogsrc_source *next, *previous; /* of the same context */
    int references;
    unsigned namesake; /* 0 where no source of the context had its name before */
    enum { ALS_SOURCE_IDLE, ALS_SOURCE_RUNNING, ALS_SOURCE_STOPPED } state;
    bool stopping; /* its regions end, one after the other */
    bool paused;
    struct als_settings settings;
    struct als_pacing pacing; /* of events */
    struct als_connection connection;
    char *identity; /* of the credentials: sources of one identity share an account's quotas */
    awslogsrc_credentials *credentials; /* NULL: not set, nor made from the options yet */
    bool describes_credentials;         /* they are made from the options */
    struct als_cached *cached;          /* their keys, once it was started */
    awslogsrc_store *store;             /* NULL: positions live in memory only */
    struct als_identifier *identifier;  /* of a gateway with patterns, else NULL */
    struct als_region_reader **readers;
    size_t reader_count;
    struct als_check *check;     /* under way; or NULL */
    struct als_callback on_data; /* on_batch or on_event */
    struct als_callback on_status;
};

int als_source_new(awslogsrc_context *context, const awslogsrc_options *options,
                   awslogsrc_source **out, awslogsrc_error **error);
void als_source_ref(awslogsrc_source *source);
void als_source_unref(awslogsrc_source *source);

int als_source_set_store(awslogsrc_source *source, awslogsrc_store *store);
int als_source_set_cursor(awslogsrc_source *source, const awslogsrc_cursor *cursor,
                          awslogsrc_error **error);
int als_source_cursor(const awslogsrc_source *source, const char *region, awslogsrc_cursor **out,
                      awslogsrc_error **error);

int als_source_start(awslogsrc_source *source, awslogsrc_error **error);
void als_source_stop(awslogsrc_source *source);
void als_source_pause(awslogsrc_source *source);
void als_source_resume(awslogsrc_source *source);
/* Both take the user data, on success only. 0 or AWSLOGSRC_E_STATE. */
int als_source_set_data_callback(awslogsrc_source *source, const struct als_callback *callback);
void als_source_set_status_callback(awslogsrc_source *source, const struct als_callback *callback);
int als_source_set_credentials(awslogsrc_source *source, awslogsrc_credentials *credentials);

/* How to reach a region, but for waits and user_data. Borrows source and region. */
struct als_logs_client_config als_source_client_config(const awslogsrc_source *source,
                                                       const char *region);

/* Where keys come from: what was set, or else what the options say. Does nothing the second time.
 */
int als_source_open_credentials(awslogsrc_source *source, awslogsrc_error **error);

bool als_source_is_running(
    const awslogsrc_source *source); /* started, and some region has work left */
bool als_source_delivers(const awslogsrc_source *source); /* started and not paused */
void als_source_look_at_receipts(awslogsrc_source *source);

/* Tells the host; runs its callback. */
void als_source_report(awslogsrc_source *source, const char *region, int state,
                       const awslogsrc_error *error, int64_t retry_at_ms);

#endif
