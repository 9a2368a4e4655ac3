#include "source/region_reader.h"

#include "aws/filter_log_events.h"
#include "aws/quota.h"
#include "base/memory.h"
#include "cursor/start_point.h"
#include "source/asking.h"
#include "source/chain.h"
#include "source/probe.h"

enum {
    FIRST_PAGE_BYTES = 2 << 20, /* what a page may take, as long as none has come */
    LONGEST_SLEEP_MS = 60 * 60 * 1000,
};

static void step(void *user_data);
static bool take_turn(void *user_data, enum als_scan_kind kind);
static void wait_for_credentials(void *user_data, const awslogsrc_error *error,
                                 int64_t retry_at_ms);

static void wake_at(struct als_region_reader *reader, int64_t due_ms)
{
    int64_t latest = als_loop_now_ms(reader->loop) + LONGEST_SLEEP_MS;
    als_loop_arm(reader->loop, &reader->wake, due_ms < latest ? due_ms : latest);
}

void als_region_reader_wake(struct als_region_reader *reader)
{
    if (als_region_state_runs(&reader->state))
        wake_at(reader, als_loop_now_ms(reader->loop));
}

/* --- life --- */

int als_region_reader_find_queue(struct als_region_reader *reader)
{
    struct als_call_queue_key key = {.identity = reader->source->identity,
                                     .region = reader->region,
                                     .operation = "FilterLogEvents",
                                     .published =
                                         als_quota_filter_log_events(als_text_of(reader->region))};
    struct als_call_queue *queue =
        als_call_queue_of(&reader->source->context->call_queues, reader->loop, &key);
    if (queue == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    als_call_queue_unref(reader->caller.queue);
    reader->caller.queue = queue;
    return 0;
}

static int connect(struct als_region_reader *reader, awslogsrc_error **error)
{
    struct als_logs_client_config config = als_source_client_config(reader->source, reader->region);
    config.waits = wait_for_credentials;
    config.user_data = reader;
    return als_logs_client_init(&reader->client, &config, error);
}

int als_region_reader_new(awslogsrc_source *source, const char *region,
                          struct als_region_reader **out, awslogsrc_error **error)
{
    const struct als_settings *settings = &source->settings;
    struct als_region_reader *reader = als_new(sizeof *reader);
    if (reader == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    reader->source = source;
    reader->loop = source->context->loop;
    reader->page_limit = ALS_FILTER_LOG_EVENTS_LIMIT_MAX;
    reader->page_bytes = FIRST_PAGE_BYTES;
    reader->wake.fn = step;
    reader->wake.user_data = reader;
    reader->caller.take_turn = take_turn;
    reader->caller.user_data = reader;
    reader->caller.limit = settings->api_rate_limit;
    reader->outstanding.bytes = &source->context->inflight_bytes;
    als_delivery_init(&reader->delivery, reader);
    reader->region = als_copy_string(region);
    reader->state.source = source;
    reader->state.loop = reader->loop;
    reader->state.region = reader->region;
    reader->origin = als_origin_new(region, settings->log_group, settings->log_source_identifier,
                                    settings->extract_original_event);
    bool parses =
        reader->origin != NULL &&
        als_origin_set_parser(reader->origin, (enum als_log_source_type)settings->log_source_type,
                              settings->vpc_flow_format);
    if (reader->origin != NULL)
        reader->origin->reader = reader;
    int status = reader->region == NULL || !parses
                     ? als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory")
                     : connect(reader, error);
    if (status != 0)
        als_region_reader_free(reader);
    else
        *out = reader;
    return status;
}

void als_region_reader_forget_position(struct als_region_reader *reader)
{
    als_position_close(&reader->position);
    als_reading_clear(&reader->reading);
    als_error_free(reader->load_error);
    reader->load_error = NULL;
    reader->loaded = false; /* nor does the next life take this one's position for its own */
    reader->phase = ALS_READER_ASKING;
}

void als_region_reader_free(struct als_region_reader *reader)
{
    if (reader == NULL)
        return;
    als_region_reader_stop(reader);
    als_loop_disarm(reader->loop, &reader->wake);
    als_region_reader_forget_position(reader);
    als_cursor_exported_free(reader->given);
    als_error_free(reader->write_error);
    als_call_queue_unref(reader->caller.queue);
    if (reader->origin != NULL)
        reader->origin->reader = NULL;
    als_logs_client_clear(&reader->client);
    als_origin_unref(reader->origin);
    als_free(reader->region);
    als_free(reader);
}

void als_region_reader_remove_chain(struct als_region_reader *reader, struct als_chain *chain)
{
    struct als_chain **link = &reader->chains;
    while (*link != chain)
        link = &(*link)->next;
    *link = chain->next;
    if (chain->state == ALS_CHAIN_ASKING)
        reader->calls--;
    als_intake_forget(&reader->source->context->intake, chain);
    als_region_reader_free_reserve(chain);
    als_chain_free(chain);
}

void als_region_reader_free_reserve(struct als_chain *chain)
{
    awslogsrc_source *source = chain->reader->source;
    source->context->reserved_bytes -= chain->reserved;
    als_pacing_answered(&source->pacing, chain->expected);
    chain->reserved = 0;
    chain->expected = 0;
}

void als_region_reader_drop_chain(struct als_region_reader *reader, struct als_chain *chain,
                                  bool complete)
{
    als_reading_end_scan(&reader->reading, chain->scan, complete,
                         als_logs_client_server_ms(&reader->client));
    als_region_reader_remove_chain(reader, chain);
}

static void drop_all(struct als_region_reader *reader)
{
    als_loop_disarm(reader->loop, &reader->wake);
    als_call_queue_leave(&reader->caller);
    als_logs_call_cancel(&reader->probe);
    while (reader->chains != NULL)
        als_region_reader_drop_chain(reader, reader->chains, false);
}

/* What is under way is of no use once the region has failed for good. */
void als_region_reader_fail(struct als_region_reader *reader, const awslogsrc_error *error,
                            int64_t retry_after_ms)
{
    als_region_state_fail(&reader->state, error, retry_after_ms);
    if (reader->state.now == AWSLOGSRC_REGION_FAILED)
        drop_all(reader);
}

void als_region_reader_fail_with(struct als_region_reader *reader, int code, const char *message)
{
    als_region_state_fail_with(&reader->state, code, message);
    if (reader->state.now == AWSLOGSRC_REGION_FAILED)
        drop_all(reader);
}

static void wait_for_credentials(void *user_data, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct als_region_reader *reader = user_data;
    als_source_ref(reader->source);
    als_region_state_wait(&reader->state, error, retry_at_ms);
    if (reader->state.now == AWSLOGSRC_REGION_FAILED)
        drop_all(reader);
    als_source_unref(reader->source);
}

/* --- pages --- */

static void refuse(struct als_region_reader *reader, uint64_t batch)
{
    uint64_t scan = als_reading_refuse(&reader->reading, batch);
    for (struct als_chain *chain = reader->chains; chain != NULL; chain = chain->next) {
        if (chain->scan == scan) {
            als_region_reader_drop_chain(reader, chain, false);
            return;
        }
    }
}

/* --- where to start --- */

/* A store may answer from inside calls of the host: what follows from it waits for the loop. */
static void position_loaded(void *self, int status, const awslogsrc_error *error)
{
    struct als_region_reader *reader = self;
    als_error_free(reader->load_error);
    reader->load_error = status == 0 ? NULL : als_error_copy(error);
    reader->loaded = true;
    als_region_reader_wake(reader);
}

static void begin_reading(struct als_region_reader *reader)
{
    awslogsrc_error *error = reader->load_error;
    reader->load_error = NULL;
    reader->loaded = false;
    if (error != NULL) {
        reader->phase = ALS_READER_ASKING; /* which lets go of the position */
        als_region_reader_fail(reader, error, 0);
    } else {
        als_margin_raise(&reader->reading.cursor.margin, reader->source->settings.visibility_margin,
                         als_logs_client_server_ms(&reader->client));
        reader->phase = ALS_READER_READING;
        als_region_state_succeed(&reader->state);
    }
    als_error_free(error);
    als_region_reader_wake(reader);
}

/* Reading goes on in memory: it is the host that decides what a position that is not kept means. */
static void position_written(void *self, int status, const awslogsrc_error *error)
{
    struct als_region_reader *reader = self;
    if (status == 0)
        return;
    als_log_write(&reader->loop->log, AWSLOGSRC_LOG_ERROR, "%s", als_error_message(error));
    als_error_free(reader->write_error);
    reader->write_error = als_error_copy(error);
    als_region_reader_wake(reader);
}

static void tell_write_error(struct als_region_reader *reader)
{
    awslogsrc_error *error = reader->write_error;
    reader->write_error = NULL;
    als_source_report(reader->source, reader->region, reader->state.now, error, 0);
    als_error_free(error);
}

static int open_position(struct als_region_reader *reader, int64_t now, awslogsrc_error **error)
{
    const struct als_settings *settings = &reader->source->settings;
    struct als_start_point start = {settings, reader->region, now};
    struct als_planner_options plan = als_start_point_plan(&start);
    struct als_cursor cursor = {0};
    struct als_position_config config = {.loop = reader->loop,
                                         .store = reader->source->store,
                                         .source = settings->name,
                                         .region = reader->region,
                                         .given = als_cursor_exported_text(reader->given),
                                         .interval_ms = settings->checkpoint_interval,
                                         .owner = reader->source,
                                         .listener = {position_loaded, position_written, reader}};
    int status = als_start_point_cursor(&start, &reader->loop->random, &cursor, error);
    als_reading_init(&reader->reading, &cursor, &plan);
    reader->reading.filter = als_text_of(settings->filter_text);
    reader->phase = ALS_READER_LOADING;
    if (status == 0)
        status = als_position_open(&reader->position, &config, &reader->reading.cursor, error);
    if (status != 0)
        als_region_reader_forget_position(reader);
    return status;
}

/* What "now" means in options, by the server's clock: the first answer may be a long time coming.
 */
static int64_t start_of_life(const struct als_region_reader *reader)
{
    return reader->started_ms + reader->client.server_ahead_ms;
}

static void probe_answered(void *user_data, const struct als_logs_answer *answer)
{
    struct als_region_reader *reader = user_data;
    awslogsrc_error *error = NULL;
    als_source_ref(reader->source);
    als_asking_answered(reader, answer->code);
    if (answer->code != 0) {
        als_region_reader_fail(reader, answer->error, answer->retry_after_ms);
    } else if (!als_probe_is_genuine(answer)) {
        als_region_reader_fail_with(reader, AWSLOGSRC_E_PROTOCOL,
                                    "this is no answer of CloudWatch Logs");
    } else if (open_position(reader, start_of_life(reader), &error) != 0) {
        als_error_prefix(&error, "%s: ", reader->region);
        als_region_reader_fail(reader, error, 0);
    }
    als_error_free(error);
    als_region_reader_wake(reader);
    als_source_unref(reader->source);
}

/* --- what next --- */

/* A callback may stop the source, and start it anew: then whoever called it has nothing more to do.
 */
static bool is_life(const struct als_region_reader *reader, unsigned life)
{
    return reader->life == life && als_region_state_runs(&reader->state);
}

static void go_on(struct als_region_reader *reader)
{
    unsigned life = reader->life;
    int64_t wake = als_asking_plan(reader);
    int64_t again = als_asking_want(reader);
    int64_t now = als_logs_client_server_ms(&reader->client);
    if (reader->chains == NULL && als_reading_finished(&reader->reading, now)) {
        drop_all(reader);
        als_position_flush(&reader->position);
        if (is_life(reader, life))
            als_region_state_enter(&reader->state, AWSLOGSRC_REGION_DONE);
        return;
    }
    if (reader->chains == NULL && reader->state.now == AWSLOGSRC_REGION_READING)
        als_region_state_enter(&reader->state, AWSLOGSRC_REGION_CAUGHT_UP);
    if (wake - reader->client.server_ahead_ms < again)
        again = wake - reader->client.server_ahead_ms;
    if (is_life(reader, life))
        wake_at(reader, again);
}

static bool send_probe(struct als_region_reader *reader)
{
    if (!als_logs_call_is_idle(&reader->probe))
        return false;
    int status = als_probe_send(&reader->probe, &reader->client, &reader->source->settings,
                                probe_answered, reader);
    if (status != 0)
        als_region_reader_fail_with(reader, status, "the request could not be sent");
    return status == 0;
}

static void ask_first(struct als_region_reader *reader)
{
    int64_t until = reader->state.recovery.not_before_ms;
    bool idle = als_logs_call_is_idle(&reader->probe);
    bool may = idle && als_loop_now_ms(reader->loop) >= until;
    als_region_reader_forget_position(reader);
    als_call_queue_want(&reader->caller, may ? 1U << ALS_SCAN_LIVE : 0);
    if (!may && idle)
        wake_at(reader, until);
}

/* Its turn to call has come. */
static bool take_turn(void *user_data, enum als_scan_kind kind)
{
    struct als_region_reader *reader = user_data;
    if (!als_region_state_runs(&reader->state) || reader->source->paused)
        return false;
    awslogsrc_source *source = reader->source;
    bool sent = false;
    als_source_ref(source);
    if (reader->phase == ALS_READER_ASKING)
        sent = send_probe(reader);
    else if (reader->phase == ALS_READER_READING)
        sent = als_asking_send(reader, kind);
    if (!sent || reader->phase == ALS_READER_READING)
        als_region_reader_wake(reader);
    als_source_unref(source);
    return sent;
}

static void step(void *user_data)
{
    struct als_region_reader *reader = user_data;
    unsigned life = reader->life;
    als_source_ref(reader->source);
    als_region_state_tell(&reader->state);
    if (!is_life(reader, life) || reader->source->paused) {
        als_source_unref(reader->source);
        return;
    }
    if (reader->write_error != NULL)
        tell_write_error(reader);
    if (!is_life(reader, life))
        ; /* stopped in the callback, and perhaps started again */
    else if (reader->phase == ALS_READER_READING)
        go_on(reader);
    else if (reader->phase == ALS_READER_ASKING)
        ask_first(reader);
    else if (reader->loaded)
        begin_reading(reader);
    als_source_unref(reader->source);
}

void als_region_reader_start(struct als_region_reader *reader)
{
    struct als_planner *planner = &reader->reading.planner;
    struct als_planner_options plan = planner->options;
    reader->life++;
    reader->started_ms = als_loop_now_ms(reader->loop);
    als_call_queue_enter(&reader->caller);
    if (reader->phase == ALS_READER_READING)
        als_planner_init(planner, &plan); /* "up to now" means this start */
    als_region_state_start(&reader->state);
    als_region_reader_wake(reader);
}

void als_region_reader_stop(struct als_region_reader *reader)
{
    const struct als_receipt *offered = reader->delivery.offered;
    struct als_answered answered;
    als_region_reader_look_at_receipts(reader);
    drop_all(reader);
    als_delivery_clear(&reader->delivery);
    while (als_outstanding_take_any(&reader->outstanding, offered, &answered))
        als_reading_refuse(&reader->reading, answered.batch);
    als_region_state_stop(&reader->state);
    if (reader->state.untold)
        wake_at(reader, als_loop_now_ms(reader->loop));
    if (offered != NULL)
        return; /* stopped by its own callback: called again when that has answered */
    /* What is stored is loaded again by the next start; what could not be stored stays here, and is
     * not. */
    if (reader->source->store != NULL &&
        (als_position_flush(&reader->position) || reader->phase != ALS_READER_READING))
        als_region_reader_forget_position(reader);
}

void als_region_reader_resume(struct als_region_reader *reader)
{
    als_delivery_resume(&reader->delivery);
    als_region_reader_wake(reader);
}

static void take_answer(struct als_region_reader *reader, const struct als_answered *answered)
{
    if (answered->acknowledged) {
        als_position_acknowledge(&reader->position, answered->batch);
        als_reading_acknowledge(&reader->reading, answered->batch);
        als_position_changed(&reader->position);
    } else {
        refuse(reader, answered->batch);
    }
}

void als_region_reader_look_at_receipts(struct als_region_reader *reader)
{
    struct als_answered answered;
    bool any = false;
    while (als_outstanding_take_answered(&reader->outstanding, &answered)) {
        take_answer(reader, &answered);
        any = true;
    }
    if (any) {
        als_recovery_progress(&reader->state.recovery, als_loop_now_ms(reader->loop));
        als_region_reader_wake(reader);
    }
}

bool als_region_reader_has_ended(const struct als_region_reader *reader)
{
    return (reader->state.now == AWSLOGSRC_REGION_FAILED && reader->delivery.first == NULL) ||
           reader->state.now == AWSLOGSRC_REGION_DONE;
}
