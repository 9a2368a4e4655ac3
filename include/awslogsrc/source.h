/* A source: one log group, one filter, any number of regions, delivered to a callback. */
#ifndef AWSLOGSRC_SOURCE_H
#define AWSLOGSRC_SOURCE_H

#include "types.h"

AWSLOGSRC_BEGIN

/* What a callback answers. Since 0.9. */
enum {
    AWSLOGSRC_ACCEPT = 0, /* done: the batch is acknowledged */
    AWSLOGSRC_HOLD = 1,   /* mine now: the host calls awslogsrc_batch_ack() or _nack() later */
    AWSLOGSRC_LATER = 2   /* not now: the same batch comes again after a pause */
};

/* Receives a batch. batch: borrow, during the call; with AWSLOGSRC_HOLD the library's reference
 * passes to the host. Returns AWSLOGSRC_ACCEPT, AWSLOGSRC_HOLD or AWSLOGSRC_LATER; anything else
 * counts as AWSLOGSRC_LATER, with a line in the log. */
typedef int (*awslogsrc_batch_fn)(void *user_data, awslogsrc_source *source,
                                  awslogsrc_batch *batch);

/* Receives one event. event: borrow, during the call. Returns AWSLOGSRC_ACCEPT or AWSLOGSRC_LATER
 * (this event and those behind it come again after a pause). The batch is acknowledged when its
 * last event was accepted. */
typedef int (*awslogsrc_event_fn)(void *user_data, awslogsrc_source *source,
                                  const awslogsrc_event *event);

/* States of a region. Since 0.9. */
enum {
    AWSLOGSRC_REGION_STARTING = 0,
    AWSLOGSRC_REGION_READING = 1,
    AWSLOGSRC_REGION_CAUGHT_UP = 2, /* everything up to now is read */
    AWSLOGSRC_REGION_WAITING = 3,   /* a retry is due later; the error says why: by its code
                                       throttled, denied, missing, ..., by its class network, ... */
    AWSLOGSRC_REGION_FAILED = 4,    /* with once: given up; the error says why */
    AWSLOGSRC_REGION_DONE = 5,      /* with once or end_time: all is read and acknowledged */
    AWSLOGSRC_REGION_STOPPED = 6,
    AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS = 7 /* no keys to sign with; the error says why */
};

/* Receives a change of a region's state, or of what it waits for. region: borrow, during the call.
 * error: borrow, during the call; NULL where there is none; awslogsrc_error_hint() says what to do.
 * retry_at_ms: wall time of the next attempt, 0 where none is planned. */
typedef void (*awslogsrc_status_fn)(void *user_data, awslogsrc_source *source, const char *region,
                                    int state, const awslogsrc_error *error, int64_t retry_at_ms);

/* Creates a source from a copy of the options. It does nothing before awslogsrc_source_start().
 * context: ref (the source keeps the context alive). options: borrow, during the call. out: ref.
 * error: optional; has one line for every problem.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_OPTION_MISSING, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE (ca_file),
 * AWSLOGSRC_E_FILE_SYNTAX (~/.aws/config). Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_new(awslogsrc_context *context, const awslogsrc_options *options,
                                       awslogsrc_source **out, awslogsrc_error **error);

/* Stops and frees a source; batches that the host holds stay valid, but acknowledging them has no
 * effect any more. Inside a callback the source is stopped at once and freed when the callback has
 * returned. NULL is fine. Never blocks. Since 0.9. */
AWSLOGSRC_API void awslogsrc_source_free(awslogsrc_source *source);

/* Where batches go; replaces on_event. user_data: take.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (already started). Since
 * 0.9. */
AWSLOGSRC_API int awslogsrc_source_on_batch(awslogsrc_source *source, awslogsrc_batch_fn fn,
                                            void *user_data,
                                            awslogsrc_user_data_free user_data_free);

/* Where events go, one by one; replaces on_batch. user_data: take.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (already started). Since
 * 0.9. */
AWSLOGSRC_API int awslogsrc_source_on_event(awslogsrc_source *source, awslogsrc_event_fn fn,
                                            void *user_data,
                                            awslogsrc_user_data_free user_data_free);

/* Where changes of a region's state go. user_data: take.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_on_status(awslogsrc_source *source, awslogsrc_status_fn fn,
                                             void *user_data,
                                             awslogsrc_user_data_free user_data_free);

/* Replaces the credentials that the options describe. credentials: ref (the source takes one of its
 * own). Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (already started,
 * or a check is under way), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_set_credentials(awslogsrc_source *source,
                                                   awslogsrc_credentials *credentials);

/* Where positions are kept; replaces the one of option state_dir. store: ref (the source takes one
 * of its own). Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (already
 * started, or inside the callback of a batch). Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_set_store(awslogsrc_source *source, awslogsrc_store *store);

/* Where one region goes on, in place of start_time; call it once for each region. Where a store
 * holds a position too, the store's counts. cursor: borrow, during the call. error: optional; ref,
 * written on failure only. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE
 * (already started), AWSLOGSRC_E_CURSOR_FOREIGN (made for another region, log group, stream or
 * filter), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_set_cursor(awslogsrc_source *source,
                                              const awslogsrc_cursor *cursor,
                                              awslogsrc_error **error);

/* The position of a region as of now: what is acknowledged, and nothing else. out: ref, to be freed
 * with awslogsrc_cursor_free(); written on success only. error: optional; ref, written on failure
 * only. Returns 0, or AWSLOGSRC_E_INVALID (also: the source does not read that region),
 * AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (nothing has been read of it yet), AWSLOGSRC_E_TOO_LARGE,
 * AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_cursor(const awslogsrc_source *source, const char *region,
                                          awslogsrc_cursor **out, awslogsrc_error **error);

/* Begins to read; callbacks come from awslogsrc_context_process(), never from here. A stopped
 * source starts again where it was. Where awslogsrc_source_set_credentials() was not called, the
 * options say where keys come from; keys that have to be fetched first are waited for. Returns 0,
 * or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_STATE (already started, no callback
 * registered, or inside the store's write of a stop), AWSLOGSRC_E_NO_CREDENTIALS (none are
 * configured), AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING (what is configured makes no
 * sense), AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_start(awslogsrc_source *source, awslogsrc_error **error);

/* Whether it was started, and some region of it has work left: without once and end_time that is
 * until awslogsrc_source_stop(). Returns 1 or 0; 0 for NULL. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_is_running(const awslogsrc_source *source);

/* What the source has done and knows, as a JSON document. stats.schema.json, installed beside the
 * library, describes it for programs. Durations are in ms, times in ms since 1970 UTC; what is not
 * known, as most is not before reading has begun, is null. Counters begin at 0 when the source is
 * made, those of events when reading begins.
 * - version, source, log_group; inflight_bytes: of all sources of the context
 * - filtered_by, who applies filter_pattern: "nobody" (there is none), "service", or "library" (AWS
 *   takes no such pattern: every event is read)
 * - regions: a list. Of each:
 * - region; state: "starting" "reading" "caught_up" "waiting" "failed" "done" "stopped"
 *   "waiting_for_credentials"
 * - error (AWSLOGSRC_E_* of the last status; 0: none), failures_in_a_row, retry_at_ms (when a
 *   waiting region calls next, by this machine's clock)
 * - calls, calls_under_way, bytes_received, pages, events_read
 * - call_delay_ms: how long a call for new events waits for its turn, lately; calls_per_minute:
 * what all readers of the account and region are allowed together; poll_interval_ms: how often new
 *   events are looked for, which is longer than the option where calls are scarce
 * - events_delivered, events_known (read again and left out), events_filtered (read, and left
 *   out as they do not contain filter_pattern), events_ahead (dated after their delivery),
 *   events_beyond_horizon (ingested later than late_arrival_horizon, found by chance)
 * - of a gateway with patterns: identifiers_found, identifiers_none (events that no line matches),
 *   identifiers_given_up (events on which a line takes too long)
 * - position_ms, lag_ms: as awslogsrc_cursor_position_ms() and awslogsrc_cursor_lag_ms()
 * - settled_before_ms: event times before it are never read again
 * - visibility_margin_ms: the current one; longest_invisible_ms: the longest delay proven
 * - map_pieces, recent_ids, recent_ids_bytes: what is remembered
 * - errors: how often each error came, by its name: {"THROTTLED": 3}
 * - found_at_age: new events by how often their time had been due before
 * - call_duration, checkpoint_duration (fsync included), arrival (ingestion less timestamp),
 *   delivery (delivered less ingestion): each with count, sum_ms, max_ms, p50_ms, p99_ms and
 *   buckets (number i counts values above 2^(i-1) ms and up to 2^i ms)
 * - map: event times from start_ms to before end_ms (null: open), and when the last acknowledged
 *   read of them began (read_at_ms; null: not read). A time is read once read_at_ms is not before
 *   it.
 *
 * Later versions add members. out: take (give it back with awslogsrc_source_stats_free());
 * NUL-terminated; written on success only. size: optional; in bytes, without the NUL. error:
 * optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_TOO_LARGE. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_stats_json(const awslogsrc_source *source, char **out,
                                              size_t *size, awslogsrc_error **error);

/* The same figures as OpenMetrics text 1.0.0, as Prometheus reads it: a whole exposition, "# EOF"
 * included, to be served as "application/openmetrics-text; version=1.0.0; charset=utf-8". The
 * labels source, log_group and region tell regions apart; sources of one name and context are
 * numbered: "trail", "trail#2". For several sources see awslogsrc_context_stats_openmetrics(): two
 * expositions joined are none. Parameters as for awslogsrc_source_stats_json().
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED, AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_TOO_LARGE. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_stats_openmetrics(const awslogsrc_source *source, char **out,
                                                     size_t *size, awslogsrc_error **error);

/* Frees what awslogsrc_source_stats_json(), awslogsrc_source_stats_openmetrics() or
 * awslogsrc_context_stats_openmetrics() gave. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_source_stats_free(char *stats);

/* Stops at once: requests are given up and nothing is delivered any more; what was not acknowledged
 * is read again after the next start. on_status hears of it from the next
 * awslogsrc_context_process(). Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since
 * 0.9. */
AWSLOGSRC_API int awslogsrc_source_stop(awslogsrc_source *source);

/* Pauses delivery and further requests, until awslogsrc_source_resume(). What is on its way arrives
 * and waits. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_pause(awslogsrc_source *source);

/* Ends a pause. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_resume(awslogsrc_source *source);

AWSLOGSRC_END

#endif
