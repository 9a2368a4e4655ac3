#include "source/region_check.h"

#include "aws/fault.h"
#include "aws/filter_log_events.h"
#include "aws/page.h"
#include "base/error.h"
#include "event/batch.h"
#include "net/proxy.h"

enum {
    REQUEST_CEILING = ALS_PAGE_TOKEN_SIZE_MAX * 2 + 32 * 1024,
    MOST_ATTEMPTS = 3,    /* while the service is throttled or out of order */
    PAUSE_MS = 1000,      /* between them */
    MOST_PAGES = 10,      /* that are empty */
    CLOCK_LIMIT_S = 300,  /* how far AWS lets the date of a signature be off */
    LAST_MOMENT_MS = 1000 /* before the deadline: for requests, whose own end says more */
};

static const int64_t SAMPLE_AGE_MS = INT64_C(24) * 3600 * 1000;

/* In the order in which a call gets on; one that fails is where it stopped. */
enum stage {
    LOOKUP,
    CONNECTION,
    PROXY,
    TLS,
    ANSWER,
    CLOCK,
    KEYS,
    PERMISSION,
    FILTER,
    GROUP,
    SAMPLE,
    STAGES
};

static const char *const names[STAGES] = {
    [LOOKUP] = "name lookup",  [CONNECTION] = "connection",
    [PROXY] = "proxy",         [TLS] = "tls",
    [ANSWER] = "answer",       [CLOCK] = "clock",
    [KEYS] = "keys",           [PERMISSION] = "permission",
    [FILTER] = "filter",       [GROUP] = "log group",
    [SAMPLE] = "sample event",
};

static bool uses_tls(const struct als_region_check *check)
{
    return als_text_equal(als_text_of(check->client.endpoint.scheme), ALS_TEXT("https"));
}

/* The proxy that the endpoint is reached through; NULL: none. */
static const struct als_proxy_route *route(const struct als_region_check *check)
{
    struct als_text host = als_text_of(check->client.endpoint.host), name = host;
    bool bracketed = host.data[0] == '[';
    if (bracketed)
        name = (struct als_text){host.data + 1, host.size - 1};
    (void)als_text_next_field(&(struct als_text){name.data, name.size}, bracketed ? ']' : ':',
                              &name);
    return als_proxy_for(check->client.http_settings->proxy, uses_tls(check), name);
}

/* A timeout or a broken connection stops in whatever had not been reached. */
static enum stage stage_reached(const struct als_region_check *check)
{
    if (check->timing.looked_up_ms < 0)
        return LOOKUP;
    if (check->timing.connected_ms < 0)
        return CONNECTION;
    return uses_tls(check) && check->timing.secured_ms < 0 ? TLS : ANSWER;
}

static enum stage stage_of_code(const struct als_region_check *check, int code)
{
    switch (code) {
    case AWSLOGSRC_E_NAME_LOOKUP: return LOOKUP;
    case AWSLOGSRC_E_CONNECT: return CONNECTION;
    case AWSLOGSRC_E_PROXY: return PROXY;
    case AWSLOGSRC_E_TLS: return TLS;
    case AWSLOGSRC_E_TIMEOUT:
    case AWSLOGSRC_E_NETWORK: return stage_reached(check);
    case AWSLOGSRC_E_CLOCK_SKEW: return CLOCK;
    case AWSLOGSRC_E_NO_CREDENTIALS:
    case AWSLOGSRC_E_CREDENTIALS_REJECTED:
    case AWSLOGSRC_E_CREDENTIALS_EXPIRED: return KEYS;
    case AWSLOGSRC_E_ACCESS_DENIED: return PERMISSION;
    case AWSLOGSRC_E_BAD_REQUEST: return FILTER;
    case AWSLOGSRC_E_NOT_FOUND: return GROUP;
    default: return ANSWER;
    }
}

/* Behind a proxy, names and connections are its business. */
static enum stage stage_of(const struct als_region_check *check, int code)
{
    enum stage stage = stage_of_code(check, code);
    return stage < PROXY && route(check) != NULL ? PROXY : stage;
}

/* --- what is told of a stage that was passed --- */

static void tell(struct als_region_check *check, enum stage stage, int result, const char *text)
{
    struct als_check_finding finding = {result, -1, NULL};
    als_check_report_tell(check->report, names[stage], check->client.region, &finding, "%s", text);
}

static void tell_connection(struct als_region_check *check, enum stage stage)
{
    const struct als_http_timing *timing = &check->timing;
    int64_t ready_ms = timing->secured_ms > 0 ? timing->secured_ms : timing->connected_ms;
    struct als_check_finding finding = {.result = AWSLOGSRC_STEP_OK};
    if (stage < PROXY && route(check) != NULL) {
        tell(check, stage, AWSLOGSRC_STEP_SKIPPED, "left to the proxy");
        return;
    }
    switch (stage) {
    case LOOKUP: finding.duration_ms = timing->looked_up_ms; break;
    case CONNECTION: finding.duration_ms = timing->connected_ms - timing->looked_up_ms; break;
    case TLS: finding.duration_ms = timing->secured_ms - timing->connected_ms; break;
    default: finding.duration_ms = timing->answered_ms - ready_ms; break;
    }
    if (finding.duration_ms < 0)
        finding.duration_ms = -1;
    als_check_report_tell(check->report, names[stage], check->client.region, &finding, "%s",
                          check->client.endpoint.host);
}

/* Requests are signed with the service's time, so that a wrong clock here does no harm to them;
 * what else runs on this machine will not be as lucky. */
static void tell_clock(struct als_region_check *check)
{
    int64_t here = als_clock_wall_ms(&check->config.loop->clock);
    int64_t behind_s = (als_logs_client_server_ms(&check->client) - here) / 1000;
    int64_t off_s = behind_s < 0 ? -behind_s : behind_s;
    struct als_check_finding finding = {.duration_ms = -1};
    if (off_s > CLOCK_LIMIT_S) {
        finding.result = AWSLOGSRC_STEP_FAILED;
        finding.remedy = als_fault_hint(AWSLOGSRC_E_CLOCK_SKEW);
    }
    als_check_report_tell(check->report, names[CLOCK], check->client.region, &finding,
                          "this machine's clock is %lld s %s AWS's", (long long)off_s,
                          behind_s < 0 ? "ahead of" : "behind");
}

static void tell_passed(struct als_region_check *check, enum stage stage)
{
    const struct als_settings *settings = check->config.settings;
    switch (stage) {
    case PROXY:
        if (route(check) == NULL)
            tell(check, stage, AWSLOGSRC_STEP_SKIPPED, "none is in the way");
        else
            tell(check, stage, AWSLOGSRC_STEP_OK, route(check)->url);
        break;
    case TLS:
        if (uses_tls(check))
            tell_connection(check, stage);
        else
            tell(check, stage, AWSLOGSRC_STEP_SKIPPED, "the endpoint is plain http");
        break;
    case CLOCK: tell_clock(check); break;
    case KEYS: tell(check, stage, AWSLOGSRC_STEP_OK, "accepted"); break;
    case PERMISSION: tell(check, stage, AWSLOGSRC_STEP_OK, "logs:FilterLogEvents"); break;
    case FILTER:
        if (als_settings_filter_is_ours(settings))
            tell(check, stage, AWSLOGSRC_STEP_OK, "AWS cannot be asked for it: applied here alone");
        else if (*settings->filter_pattern == '\0')
            tell(check, stage, AWSLOGSRC_STEP_SKIPPED, "no filter_pattern is set");
        else
            tell(check, stage, AWSLOGSRC_STEP_OK, settings->filter_pattern);
        break;
    case GROUP: tell(check, stage, AWSLOGSRC_STEP_OK, settings->log_group); break;
    default: tell_connection(check, stage); break;
    }
}

/* --- ends --- */

static void finish(struct als_region_check *check)
{
    als_loop_disarm(check->config.loop, &check->again);
    als_loop_disarm(check->config.loop, &check->limit);
    check->config.done(check->config.self);
}

static void fail(struct als_region_check *check, int code, const awslogsrc_error *error)
{
    enum stage failed = stage_of(check, code);
    struct als_check_finding finding = {AWSLOGSRC_STEP_FAILED, -1, als_fault_hint(code)};
    for (enum stage stage = 0; stage < failed; stage++)
        tell_passed(check, stage);
    als_check_report_tell(check->report, names[failed], check->client.region, &finding, "%s",
                          als_error_message(error));
    for (enum stage stage = failed + 1; stage < STAGES; stage++)
        tell(check, stage, AWSLOGSRC_STEP_SKIPPED, "an earlier step failed");
    finish(check);
}

static void tell_sample(struct als_region_check *check, const awslogsrc_event *event)
{
    struct awslogsrc_step *step =
        als_check_report_add(check->report, names[SAMPLE], check->client.region, AWSLOGSRC_STEP_OK);
    size_t size = 0;
    const char *identifier = awslogsrc_event_identifier(event, &size);
    if (step == NULL)
        return;
    als_buffer_append_string(&step->detail, "identifier ");
    als_buffer_append_text(&step->detail, (struct als_text){identifier, size});
    als_buffer_append_string(&step->detail, ", payload ");
    als_buffer_append_text(&step->detail, als_batch_payload(event));
}

static void succeed(struct als_region_check *check, struct als_buffer *body, struct als_page *page)
{
    for (enum stage stage = 0; stage < SAMPLE; stage++)
        tell_passed(check, stage);
    struct als_receipt *receipt = als_receipt_new(check->config.loop->waker);
    awslogsrc_batch *batch = NULL;
    if (page->count > 0 && receipt != NULL)
        batch = als_batch_new(check->config.origin, receipt, 0, body, page);
    if (batch != NULL)
        tell_sample(check, &batch->events[0]);
    else
        tell(check, SAMPLE, AWSLOGSRC_STEP_SKIPPED,
             page->count > 0 ? "out of memory" : "no event of the last day was found");
    als_batch_unref(batch);
    als_receipt_unref(receipt);
    finish(check);
}

/* --- calls --- */

static void ask(struct als_region_check *check);

static void try_again(void *user_data)
{
    ask(user_data);
}

static int64_t time_left_ms(const struct als_region_check *check)
{
    return check->config.deadline_ms - LAST_MOMENT_MS - als_loop_now_ms(check->config.loop);
}

/* An empty page says nothing: there may be events behind it. */
static bool goes_on(struct als_region_check *check, const struct als_page *page)
{
    if (page->count > 0 || page->next_token.size == 0 || ++check->pages == MOST_PAGES ||
        time_left_ms(check) <= 0)
        return false;
    als_buffer_reset(&check->token);
    return als_buffer_append_text(&check->token, page->next_token) == 0;
}

static void read_page(struct als_region_check *check, struct als_buffer *body)
{
    struct als_page page;
    awslogsrc_error *error = NULL;
    als_page_init(&page);
    int status = als_page_decode(&page, body->data, body->size);
    if (status != 0) {
        als_error_set(&error, status, "this is no answer of CloudWatch Logs: byte %zu: %s",
                      page.error_offset, page.error_reason);
        fail(check, status, error);
    } else if (goes_on(check, &page)) {
        ask(check);
    } else {
        succeed(check, body, &page);
    }
    als_error_free(error);
    als_page_clear(&page);
}

/* A wrong clock here is known by now: the next call is signed with the service's time. */
static bool may_pass(const struct als_region_check *check, int code)
{
    return time_left_ms(check) > PAUSE_MS &&
           (code == AWSLOGSRC_E_THROTTLED || code == AWSLOGSRC_E_SERVICE ||
            code == AWSLOGSRC_E_CLOCK_SKEW);
}

static void answered(void *user_data, const struct als_logs_answer *answer)
{
    struct als_region_check *check = user_data;
    if (check->pages == 0)
        check->timing = answer->timing;
    if (may_pass(check, answer->code) && ++check->attempts < MOST_ATTEMPTS) {
        struct als_loop *loop = check->config.loop;
        als_loop_arm(loop, &check->again, als_loop_now_ms(loop) + PAUSE_MS);
    } else if (answer->code != 0) {
        fail(check, answer->code, answer->error);
    } else {
        struct als_buffer body = *answer->body;
        als_buffer_init(answer->body, answer->body->ceiling);
        read_page(check, &body);
        als_buffer_clear(&body);
    }
}

static void no_keys(void *user_data, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct als_region_check *check = user_data;
    (void)retry_at_ms;
    als_logs_call_cancel(&check->call);
    fail(check, AWSLOGSRC_E_NO_CREDENTIALS, error);
}

static void out_of_time(void *user_data)
{
    struct als_region_check *check = user_data;
    awslogsrc_error *error = NULL;
    bool waits = check->call.state == ALS_LOGS_CALL_WAITS;
    int code = waits ? AWSLOGSRC_E_NO_CREDENTIALS : AWSLOGSRC_E_TIMEOUT;
    als_logs_call_cancel(&check->call);
    als_error_set(&error, code, "%s within %d s",
                  waits ? "the keys have expired, and no others came" : "no answer",
                  AWSLOGSRC_CHECK_LIMIT_MS / 1000);
    fail(check, code, error);
    als_error_free(error);
}

/* What is left, so that a request ends of its own, which tells how far it came. */
static void limit_request(struct als_region_check *check)
{
    int64_t left_ms = time_left_ms(check);
    check->settings = *check->client.http_settings;
    if (left_ms < check->settings.request_timeout_ms)
        check->settings.request_timeout_ms = left_ms > 0 ? left_ms : 1;
    check->call.settings = &check->settings;
}

static int send(struct als_region_check *check)
{
    struct als_buffer body;
    struct als_filter_log_events_request request = als_settings_request(check->config.settings);
    request.next_token = als_buffer_text(&check->token);
    request.start_ms = check->start_ms;
    request.end_ms = INT64_MAX;
    request.limit = 1;
    als_buffer_init(&body, REQUEST_CEILING);
    int status = als_filter_log_events_write(&request, &body);
    check->call.fresh = check->pages == 0;
    limit_request(check);
    if (status == 0)
        status =
            als_logs_call_send(&check->call, &check->client, ALS_TEXT(ALS_FILTER_LOG_EVENTS_TARGET),
                               als_buffer_text(&body), answered, check);
    als_buffer_clear(&body);
    return status;
}

static void ask(struct als_region_check *check)
{
    awslogsrc_error *error = NULL;
    int status = send(check);
    if (status == 0)
        return;
    als_error_set(&error, status, "%s", als_error_text(status));
    fail(check, status, error);
    als_error_free(error);
}

int als_region_check_begin(struct als_region_check *check,
                           const struct als_region_check_config *config, awslogsrc_error **error)
{
    struct als_logs_client_config client = *config->client;
    check->config = *config;
    check->timing = (struct als_http_timing){-1, -1, -1, -1};
    check->again.fn = try_again;
    check->again.user_data = check;
    check->limit.fn = out_of_time;
    check->limit.user_data = check;
    als_buffer_init(&check->token, ALS_PAGE_TOKEN_SIZE_MAX);
    check->report = als_check_report_new();
    if (check->report == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    client.waits = no_keys;
    client.user_data = check;
    int status = als_logs_client_init(&check->client, &client, error);
    if (status != 0)
        return status;
    check->config.client = NULL;
    check->began = true;
    als_logs_client_use(&check->client, config->credentials);
    check->start_ms = als_logs_client_server_ms(&check->client) - SAMPLE_AGE_MS;
    als_loop_arm(config->loop, &check->again, als_loop_now_ms(config->loop));
    als_loop_arm(config->loop, &check->limit, config->deadline_ms);
    return 0;
}

void als_region_check_skip(awslogsrc_check *report, const char *region, const char *reason)
{
    struct als_check_finding finding = {AWSLOGSRC_STEP_SKIPPED, -1, NULL};
    for (enum stage stage = 0; stage < STAGES; stage++)
        als_check_report_tell(report, names[stage], region, &finding, "%s", reason);
}

void als_region_check_clear(struct als_region_check *check)
{
    if (check->began) {
        als_loop_disarm(check->config.loop, &check->again);
        als_loop_disarm(check->config.loop, &check->limit);
        als_logs_call_cancel(&check->call);
        als_logs_client_clear(&check->client);
    }
    als_buffer_clear(&check->token);
    als_check_report_free(check->report);
    *check = (struct als_region_check){0};
}
