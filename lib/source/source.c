#include "source/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cursor/store_file.h"
#include "event/identifier.h"
#include "options/option_table.h"
#include "source/authentication.h"
#include "source/check.h"
#include "source/region_cursor.h"
#include "source/region_reader.h"

enum { IDENTITY_LIMIT = 64 * 1024 };

/* What is configured alike reaches AWS as the same account; a handle of the host is one of its own.
 */
static int identify(awslogsrc_source *source, const awslogsrc_credentials *handle)
{
    const struct als_settings *settings = &source->settings;
    struct als_buffer identity;
    als_buffer_init(&identity, IDENTITY_LIMIT);
    if (handle != NULL)
        als_buffer_format(&identity, "%p", (const void *)handle);
    else
        als_buffer_format(&identity, "%d %s %s %s %s", settings->authentication_method,
                          settings->access_key, settings->profile, settings->credential_process,
                          settings->assume_role_arn);
    if (identity.status != 0) {
        als_buffer_clear(&identity);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    als_free(source->identity);
    source->identity = als_buffer_take(&identity);
    return 0;
}

/* Sources whose options say the same share one provider, and so its cache. */
static int find_credentials(awslogsrc_source *source, awslogsrc_error **error)
{
    for (const awslogsrc_source *other = source->context->sources; other != NULL;
         other = other->next) {
        if (other != source && other->cached != NULL && other->describes_credentials &&
            als_authentication_is_same(&other->settings, &source->settings)) {
            source->credentials = als_provider_ref(other->credentials);
            return 0;
        }
    }
    return als_authentication_new(&source->settings, secure_getenv, &source->credentials, error);
}

static int find_store(awslogsrc_source *source, awslogsrc_error **error)
{
    const char *folder = source->settings.state_dir;
    if (*folder == '\0')
        return 0;
    int status = als_store_file_new(folder, als_file_ops_system(), &source->store);
    return status == 0 ? 0 : als_error_set(error, status, "state_dir: out of memory");
}

static int make_identifier(awslogsrc_source *source, awslogsrc_error **error)
{
    const struct als_string_list *lines = &source->settings.log_source_identifier_pattern;
    struct als_buffer why;
    if (!source->settings.use_as_gateway_log_source || lines->count == 0)
        return 0;
    als_buffer_init(&why, 0); /* the options were checked: nothing but memory can be wrong */
    int status = als_identifier_new(lines->items, lines->count, &source->identifier, &why);
    als_buffer_clear(&why);
    return status == 0 ? 0
                       : als_error_set(error, status, "log_source_identifier_pattern: %s",
                                       als_error_text(status));
}

static int make_readers(awslogsrc_source *source, awslogsrc_error **error)
{
    const struct als_string_list *regions = &source->settings.regions;
    source->readers = als_new_array(regions->count, sizeof *source->readers);
    if (source->readers == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < regions->count; i++) {
        int status = als_region_reader_new(source, regions->items[i], &source->readers[i], error);
        if (status != 0)
            return status;
        source->reader_count++;
    }
    return 0;
}

struct als_logs_client_config als_source_client_config(const awslogsrc_source *source,
                                                       const char *region)
{
    const struct als_settings *settings = &source->settings;
    return (struct als_logs_client_config){
        .loop = source->context->loop,
        .http_settings = &source->connection.http,
        .region = region,
        .endpoint = {.service = ALS_TEXT("logs"),
                     .region = als_text_of(region),
                     .use_fips = settings->use_fips_endpoint,
                     .use_dualstack = settings->use_dualstack_endpoint,
                     .override_url = als_text_of(settings->endpoint_url)}};
}

static unsigned next_namesake(const awslogsrc_source *source)
{
    unsigned next = 0;
    for (const awslogsrc_source *other = source->context->sources; other != NULL;
         other = other->next) {
        if (strcmp(other->settings.name, source->settings.name) == 0 && other->namesake >= next)
            next = other->namesake + 1;
    }
    return next;
}

static void warn_of_exposed_files(const struct als_log *log, const awslogsrc_options *options)
{
    for (int i = 0; i < ALS_OPTION_COUNT; i++) {
        const char *path = options->exposed[i];
        if (path != NULL)
            als_log_write(log, AWSLOGSRC_LOG_WARNING,
                          "%s: everybody on this machine can read %s: chmod o= %s",
                          als_option_table_row(i)->name, path, path);
    }
}

int als_source_new(awslogsrc_context *context, const awslogsrc_options *options,
                   awslogsrc_source **out, awslogsrc_error **error)
{
    awslogsrc_source *source = als_new(sizeof *source);
    if (source == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_options_resolve(options, NULL, &source->settings, error);
    if (status != 0) {
        als_free(source);
        return status;
    }
    warn_of_exposed_files(&context->loop->log, options);
    source->references = 1;
    als_pacing_init(&source->pacing, source->settings.eps_throttle);
    source->context = context;
    als_context_ref(context);
    source->namesake = next_namesake(source);
    source->next = context->sources;
    if (source->next != NULL)
        source->next->previous = source;
    context->sources = source;
    status = als_connection_init(&source->connection, &source->settings, NULL, error);
    if (status == 0)
        status = find_store(source, error);
    if (status == 0)
        status = make_identifier(source, error);
    if (status == 0)
        status = make_readers(source, error);
    if (status != 0)
        als_source_unref(source);
    else
        *out = source;
    return status;
}

void als_source_ref(awslogsrc_source *source)
{
    source->references++;
}

static void set_callback(struct als_callback *callback, const struct als_callback *to)
{
    struct als_callback former = *callback;
    *callback = *to;
    if (former.user_data_free != NULL)
        former.user_data_free(former.user_data);
}

void als_source_unref(awslogsrc_source *source)
{
    static const struct als_callback none = {0};
    if (source->references == 1)
        als_source_stop(source); /* in which the host's store may still use it */
    if (--source->references > 0)
        return;
    als_check_free(source->check);
    for (size_t i = 0; i < source->reader_count; i++)
        als_region_reader_free(source->readers[i]);
    als_free(source->readers);
    if (source->previous != NULL)
        source->previous->next = source->next;
    else
        source->context->sources = source->next;
    if (source->next != NULL)
        source->next->previous = source->previous;
    als_cached_leave(&source->context->caches, &source->connection.http);
    als_cached_close(source->cached);
    als_provider_unref(source->credentials);
    als_store_unref(source->store);
    als_identifier_free(source->identifier);
    als_connection_clear(&source->connection);
    als_settings_clear(&source->settings);
    als_free(source->identity);
    set_callback(&source->on_data, &none);
    set_callback(&source->on_status, &none);
    als_context_unref(source->context);
    als_free(source);
}

int als_source_set_data_callback(awslogsrc_source *source, const struct als_callback *callback)
{
    if (source->state == ALS_SOURCE_RUNNING)
        return AWSLOGSRC_E_STATE;
    set_callback(&source->on_data, callback);
    return 0;
}

void als_source_set_status_callback(awslogsrc_source *source, const struct als_callback *callback)
{
    set_callback(&source->on_status, callback);
}

int als_source_set_credentials(awslogsrc_source *source, awslogsrc_credentials *credentials)
{
    if (source->state == ALS_SOURCE_RUNNING || source->check != NULL)
        return AWSLOGSRC_E_STATE;
    if (credentials == source->credentials)
        return 0;
    int status = identify(source, credentials);
    if (status != 0)
        return status;
    als_provider_ref(credentials);
    als_provider_unref(source->credentials);
    source->credentials = credentials;
    source->describes_credentials = false;
    als_cached_close(source->cached);
    source->cached = NULL;
    return 0;
}

static bool is_offering(const awslogsrc_source *source)
{
    for (size_t i = 0; i < source->reader_count; i++) {
        if (source->readers[i]->delivery.offered != NULL)
            return true;
    }
    return false;
}

int als_source_set_store(awslogsrc_source *source, awslogsrc_store *store)
{
    if (source->state == ALS_SOURCE_RUNNING || is_offering(source))
        return AWSLOGSRC_E_STATE;
    for (size_t i = 0; i < source->reader_count; i++) {
        int status = als_region_cursor_carry_over(source->readers[i]);
        if (status != 0)
            return status;
    }
    awslogsrc_store *former = source->store;
    als_store_ref(store);
    source->store = store;
    als_store_unref(former); /* which tells its owner */
    return 0;
}

static struct als_region_reader *find_reader(const awslogsrc_source *source, struct als_text region)
{
    for (size_t i = 0; i < source->reader_count; i++) {
        if (als_text_equal(als_text_of(source->readers[i]->region), region))
            return source->readers[i];
    }
    return NULL;
}

int als_source_set_cursor(awslogsrc_source *source, const awslogsrc_cursor *cursor,
                          awslogsrc_error **error)
{
    if (source->state == ALS_SOURCE_RUNNING)
        return als_error_set(error, AWSLOGSRC_E_STATE, "the source has been started already");
    struct als_text region = als_cursor_exported_region(cursor);
    struct als_region_reader *reader = find_reader(source, region);
    if (reader == NULL)
        return als_error_set(error, AWSLOGSRC_E_CURSOR_FOREIGN,
                             "the cursor belongs to region %.*s, which the source does not read",
                             (int)region.size, region.data);
    return als_region_cursor_give(reader, cursor, error);
}

int als_source_cursor(const awslogsrc_source *source, const char *region, awslogsrc_cursor **out,
                      awslogsrc_error **error)
{
    const struct als_region_reader *reader = find_reader(source, als_text_of(region));
    if (reader == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "the source does not read region %s",
                             region);
    int status = als_region_cursor_export(reader, 0, out);
    return status == 0 ? 0 : als_error_set(error, status, "%s: %s", region, als_error_text(status));
}

int als_source_open_credentials(awslogsrc_source *source, awslogsrc_error **error)
{
    int status = 0;
    if (source->credentials == NULL) {
        status = find_credentials(source, error);
        source->describes_credentials = status == 0;
    }
    if (status == 0 && source->cached == NULL) {
        status = als_cached_open(&source->context->caches, source->credentials,
                                 &source->connection.http, &source->cached);
        if (status != 0)
            return als_error_set(error, status, "out of memory");
    }
    return status;
}

static int find_queues(awslogsrc_source *source, awslogsrc_error **error)
{
    int status = source->identity != NULL ? 0 : identify(source, NULL);
    for (size_t i = 0; status == 0 && i < source->reader_count; i++)
        status = als_region_reader_find_queue(source->readers[i]);
    return status == 0 ? 0 : als_error_set(error, status, "out of memory");
}

int als_source_start(awslogsrc_source *source, awslogsrc_error **error)
{
    if (source->state == ALS_SOURCE_RUNNING)
        return als_error_set(error, AWSLOGSRC_E_STATE, "the source has been started already");
    if (source->stopping) /* its store is being written to: not all of its regions have ended */
        return als_error_set(error, AWSLOGSRC_E_STATE, "the source is being stopped");
    if (source->on_data.fn.batch == NULL && source->on_data.fn.event == NULL)
        return als_error_set(error, AWSLOGSRC_E_STATE,
                             "the source has no callback: call awslogsrc_source_on_batch() first");
    int status = als_source_open_credentials(source, error);
    if (status == 0)
        status = find_queues(source, error);
    if (status != 0)
        return status;
    if (als_settings_filter_is_ours(&source->settings))
        als_log_write(&source->context->loop->log, AWSLOGSRC_LOG_WARNING,
                      "source %s: filter_pattern: AWS takes no such pattern (too long, or with "
                      "control characters): every event is read, and filtered here",
                      source->settings.name);
    source->state = ALS_SOURCE_RUNNING;
    for (size_t i = 0; i < source->reader_count; i++) {
        als_logs_client_use(&source->readers[i]->client, source->cached);
        als_region_reader_start(source->readers[i]);
    }
    return 0;
}

void als_source_stop(awslogsrc_source *source)
{
    if (source->state != ALS_SOURCE_RUNNING)
        return;
    source->state = ALS_SOURCE_STOPPED;
    source->stopping = true;
    for (size_t i = 0; i < source->reader_count; i++)
        als_region_reader_stop(source->readers[i]);
    source->stopping = false;
}

void als_source_pause(awslogsrc_source *source)
{
    source->paused = true;
}

void als_source_resume(awslogsrc_source *source)
{
    if (!source->paused)
        return;
    source->paused = false;
    for (size_t i = 0; source->state == ALS_SOURCE_RUNNING && i < source->reader_count; i++)
        als_region_reader_resume(source->readers[i]);
}

bool als_source_is_running(const awslogsrc_source *source)
{
    if (source->state != ALS_SOURCE_RUNNING)
        return false;
    for (size_t i = 0; i < source->reader_count; i++) {
        if (!als_region_reader_has_ended(source->readers[i]))
            return true;
    }
    return false;
}

bool als_source_delivers(const awslogsrc_source *source)
{
    return source->state == ALS_SOURCE_RUNNING && !source->paused;
}

void als_source_look_at_receipts(awslogsrc_source *source)
{
    for (size_t i = 0; i < source->reader_count; i++) {
        if (source->state == ALS_SOURCE_RUNNING)
            als_region_reader_look_at_receipts(source->readers[i]);
        else if (source->state == ALS_SOURCE_STOPPED)
            als_region_reader_stop(source->readers[i]); /* what a callback left open by stopping */
    }
}

void als_source_report(awslogsrc_source *source, const char *region, int state,
                       const awslogsrc_error *error, int64_t retry_at_ms)
{
    if (source->on_status.fn.status != NULL)
        source->on_status.fn.status(source->on_status.user_data, source, region, state, error,
                                    retry_at_ms);
}
