#include "source/check.h"

#include <stdio.h>

#include "aws/fault.h"
#include "base/calendar.h"
#include "base/memory.h"
#include "source/identity_check.h"
#include "source/region_check.h"
#include "source/region_reader.h"
#include "source/source.h"

enum {
    KEYS_LIMIT_MS = 30 * 1000
}; /* of AWSLOGSRC_CHECK_LIMIT_MS, for a provider of the host that
      never answers */

struct als_check {
    awslogsrc_source *source;
    struct als_check_callback callback;
    awslogsrc_check *report;
    struct als_cached_waiter waiter;
    bool waits;
    int64_t asked_ms;
    struct als_timer timer; /* to begin; then the limit for keys */
    int64_t deadline_ms;
    struct als_identity_check identity;
    struct als_region_check *regions;
    size_t count;   /* of regions */
    size_t pending; /* steps that take time: the identity, and each region */
};

static struct als_loop *loop_of(const struct als_check *check)
{
    return check->source->context->loop;
}

/* The source may be freed in the callback, and with it everything but what is on the stack here. */
static void finish(struct als_check *check)
{
    awslogsrc_source *source = check->source;
    struct als_check_callback callback = check->callback;
    awslogsrc_check *report = check->report;
    check->report = NULL;
    check->callback.user_data_free = NULL;
    source->check = NULL;
    als_check_free(check);
    als_source_ref(source);
    callback.fn(callback.user_data, source, report);
    if (callback.user_data_free != NULL)
        callback.user_data_free(callback.user_data);
    als_source_unref(source);
}

static void move_steps(struct als_check *check)
{
    for (size_t i = 0; i < check->count; i++)
        als_check_report_append(check->report, check->regions[i].report);
}

static void part_done(void *self)
{
    struct als_check *check = self;
    if (--check->pending > 0)
        return;
    move_steps(check);
    /* That part is still on the stack: it is freed in the loop's next turn. */
    als_loop_arm(loop_of(check), &check->timer, als_loop_now_ms(loop_of(check)));
}

static void finish_in_timer(void *user_data)
{
    finish(user_data);
}

static void skip_regions(struct als_check *check, const char *reason)
{
    const struct als_string_list *regions = &check->source->settings.regions;
    for (size_t i = 0; i < regions->count; i++)
        als_region_check_skip(check->report, regions->items[i], reason);
}

static void begin_identity(struct als_check *check, const struct als_keys *keys)
{
    awslogsrc_source *source = check->source;
    const struct als_identity_check_config config = {.caches = &source->context->caches,
                                                     .settings = &source->settings,
                                                     .http_settings = &source->connection.http,
                                                     .report = check->report,
                                                     .done = part_done,
                                                     .self = check};
    check->pending += als_identity_check_begin(&check->identity, &config, keys);
}

static void begin_region(struct als_check *check, size_t i)
{
    awslogsrc_source *source = check->source;
    struct als_region_reader *reader = source->readers[i];
    struct als_logs_client_config client = als_source_client_config(source, reader->region);
    struct als_region_check_config config = {.loop = loop_of(check),
                                             .settings = &source->settings,
                                             .client = &client,
                                             .credentials = source->cached,
                                             .origin = reader->origin,
                                             .deadline_ms = check->deadline_ms,
                                             .done = part_done,
                                             .self = check};
    awslogsrc_error *error = NULL;
    if (als_region_check_begin(&check->regions[i], &config, &error) == 0)
        check->pending++;
    else if (check->regions[i].report != NULL)
        als_region_check_skip(check->regions[i].report, reader->region, als_error_message(error));
    als_error_free(error);
}

static void begin_regions(struct als_check *check)
{
    size_t count = check->source->reader_count;
    check->regions = als_new_array(count, sizeof *check->regions);
    if (check->regions == NULL) {
        skip_regions(check, "out of memory");
        return;
    }
    check->count = count;
    for (size_t i = 0; i < count; i++)
        begin_region(check, i);
}

/* --- what was found good when the source was made: there would be none else --- */

static void tell_options(struct als_check *check)
{
    const struct als_settings *settings = &check->source->settings;
    const struct als_check_finding good = {AWSLOGSRC_STEP_OK, -1, NULL};
    const struct als_check_finding skipped = {AWSLOGSRC_STEP_SKIPPED, -1, NULL};
    size_t patterns = settings->log_source_identifier_pattern.count;
    als_check_report_tell(check->report, "options", "", &good, "log group %s in %zu region%s",
                          settings->log_group, settings->regions.count,
                          settings->regions.count == 1 ? "" : "s");
    if (check->source->identifier != NULL)
        als_check_report_tell(check->report, "identifier", "", &good, "%zu pattern%s", patterns,
                              patterns == 1 ? "" : "s");
    else
        als_check_report_tell(check->report, "identifier", "", &skipped, "%s",
                              patterns > 0 ? "use_as_gateway_log_source is not set"
                                           : "no log_source_identifier_pattern is set");
}

/* --- credentials --- */

static void tell_keys(struct als_check *check, const struct als_keys *keys)
{
    enum { SHOWN = 4 }; /* of the access key, which is no secret, but nobody's business either */
    int64_t now = als_loop_now_ms(loop_of(check));
    struct als_text key = als_text_of(keys->access_key);
    struct als_check_finding finding = {AWSLOGSRC_STEP_OK, now - check->asked_ms, NULL};
    char expiry[ALS_RFC3339_SIZE + sizeof ", until "] = "";
    size_t hidden = key.size > 2 * SHOWN ? key.size - SHOWN : key.size;
    if (keys->expires_ms != ALS_KEYS_FOREVER) {
        char time[ALS_RFC3339_SIZE];
        als_calendar_rfc3339(als_clock_wall_ms(&loop_of(check)->clock) + keys->expires_ms - now,
                             time);
        (void)snprintf(expiry, sizeof expiry, ", until %s", time);
    }
    als_check_report_tell(check->report, "credentials", "", &finding, "%s: access key ...%s%s",
                          als_cached_name(check->source->cached), key.data + hidden, expiry);
}

static void take_keys(struct als_check *check, struct als_keys *keys)
{
    als_loop_disarm(loop_of(check), &check->timer);
    check->waits = false;
    check->timer.fn = finish_in_timer;
    tell_keys(check, keys);
    begin_identity(check, keys);
    als_keys_unref(keys);
    begin_regions(check);
    if (check->pending > 0)
        return;
    move_steps(check);
    finish(check);
}

static const char *remedy_for_keys(int code)
{
    switch (code) {
    case AWSLOGSRC_E_ACCESS_DENIED:
        return "Allow these keys sts:AssumeRole on the role, and let its trust policy name them, "
               "with "
               "the external ID that it wants.";
    case AWSLOGSRC_E_NAME_LOOKUP:
    case AWSLOGSRC_E_CONNECT:
    case AWSLOGSRC_E_TIMEOUT:
    case AWSLOGSRC_E_NETWORK:
        return "Check the way to where keys come from; in a container on EC2 raise the hop limit "
               "of "
               "the instance's metadata to 2.";
    default: return als_fault_hint(code);
    }
}

static void refuse_keys(struct als_check *check, const awslogsrc_error *error)
{
    static const char no_keys[] = "there are no keys to try it with";
    struct als_check_finding finding = {AWSLOGSRC_STEP_FAILED, -1,
                                        remedy_for_keys(awslogsrc_error_code(error))};
    als_loop_disarm(loop_of(check), &check->timer);
    if (check->waits)
        als_cached_forget(check->source->cached, &check->waiter);
    check->waits = false;
    als_check_report_tell(check->report, "credentials", "", &finding, "%s",
                          als_error_message(error));
    als_identity_check_skip(check->report, no_keys);
    skip_regions(check, no_keys);
    finish(check);
}

static void keys_answered(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                          int64_t retry_at_ms)
{
    struct als_check *check = user_data;
    (void)retry_at_ms;
    if (keys != NULL)
        take_keys(check, keys);
    else
        refuse_keys(check, error);
}

static void keys_late(void *user_data)
{
    awslogsrc_error *error = NULL;
    als_error_set(&error, AWSLOGSRC_E_NO_CREDENTIALS, "no answer within %d s",
                  KEYS_LIMIT_MS / 1000);
    refuse_keys(user_data, error);
    als_error_free(error);
}

static void begin(void *user_data)
{
    struct als_check *check = user_data;
    awslogsrc_source *source = check->source;
    awslogsrc_error *error = NULL;
    check->asked_ms = als_loop_now_ms(loop_of(check));
    check->deadline_ms = check->asked_ms + AWSLOGSRC_CHECK_LIMIT_MS;
    tell_options(check);
    if (als_source_open_credentials(source, &error) != 0) {
        refuse_keys(check, error);
        als_error_free(error);
        return;
    }
    check->waiter.answer = keys_answered;
    check->waiter.user_data = check;
    check->waiter.http = &source->connection.http;
    struct als_keys *keys = als_cached_ask(source->cached, &check->waiter);
    if (keys != NULL) {
        take_keys(check, keys);
        return;
    }
    check->waits = true;
    check->timer.fn = keys_late;
    als_loop_arm(loop_of(check), &check->timer, check->asked_ms + KEYS_LIMIT_MS);
}

/* --- life --- */

int als_check_begin(awslogsrc_source *source, const struct als_check_callback *callback,
                    awslogsrc_error **error)
{
    if (source->check != NULL)
        return als_error_set(error, AWSLOGSRC_E_STATE, "a check is under way already");
    struct als_check *check = als_new(sizeof *check);
    awslogsrc_check *report = als_check_report_new();
    if (check == NULL || report == NULL) {
        als_free(check);
        als_check_report_free(report);
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    }
    check->source = source;
    check->report = report;
    check->callback = *callback;
    check->timer.fn = begin;
    check->timer.user_data = check;
    source->check = check;
    als_loop_arm(loop_of(check), &check->timer, als_loop_now_ms(loop_of(check)));
    return 0;
}

void als_check_free(struct als_check *check)
{
    if (check == NULL)
        return;
    als_loop_disarm(loop_of(check), &check->timer);
    if (check->waits)
        als_cached_forget(check->source->cached, &check->waiter);
    als_identity_check_clear(&check->identity);
    for (size_t i = 0; i < check->count; i++)
        als_region_check_clear(&check->regions[i]);
    als_free(check->regions);
    als_check_report_free(check->report);
    if (check->callback.user_data_free != NULL)
        check->callback.user_data_free(check->callback.user_data);
    als_free(check);
}
