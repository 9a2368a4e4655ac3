#include "testing.h"

#include "awslogsrc/awslogsrc.h"
#include "service.h"
#include "source/source.h"
#include "virtual_aws.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, MOST = 512 };

static const int64_t noon = INT64_C(1772366400000); /* 2026-03-01T12:00:00Z */
static const char *const group_name = "group";

struct fixture;
typedef int answer_fn(struct fixture *fixture, awslogsrc_batch *batch);

/* A source on virtual time, and everything it told. */
struct fixture {
    struct virtual_aws aws;
    struct sim_group *group; /* in eu-west-1 */
    awslogsrc_options *options;
    awslogsrc_source *source;
    answer_fn *answer; /* NULL: accept */
    int laters;        /* so many times LATER at first */
    char messages[MOST][16];
    size_t count; /* delivered, not postponed */
    size_t offers, batches;
    awslogsrc_batch *held[MOST];
    size_t held_count;
    int states[MOST];
    int codes[MOST];
    char regions[MOST][16];
    size_t state_count;
    int freed;
};

/* --- the fixture --- */

static void set(struct fixture *fixture, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(fixture->options, name, value, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    virtual_aws_init(&fixture->aws, 1, noon);
    sim_service_log(fixture->aws.service)->keep = true;
    fixture->group = sim_service_add_group(fixture->aws.service, "eu-west-1", group_name, noon);
    assert_int_equal(awslogsrc_options_new(&fixture->options, NULL), 0);
    set(fixture, "access_key", VIRTUAL_AWS_KEY);
    set(fixture, "secret_key", VIRTUAL_AWS_SECRET);
    set(fixture, "regions", "eu-west-1");
    set(fixture, "log_group", group_name);
    set(fixture, "start_time", "-1h");
    set(fixture, "request_timeout", "10s");
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source_free(fixture->source);
    for (size_t i = 0; i < fixture->held_count; i++)
        awslogsrc_batch_unref(fixture->held[i]);
    awslogsrc_options_free(fixture->options);
    virtual_aws_clear(&fixture->aws);
    free(fixture);
    return 0;
}

static void put_visible(struct fixture *fixture, int64_t timestamp, const char *message,
                        int64_t visible_at)
{
    sim_group_put(fixture->group,
                  &(struct sim_event){.timestamp = timestamp,
                                      .ingestion_time = timestamp < noon ? timestamp : noon,
                                      .visible_at = visible_at,
                                      .stream = "stream",
                                      .message = message,
                                      .message_length = strlen(message)});
}

static void put(struct fixture *fixture, int64_t timestamp, const char *message)
{
    put_visible(fixture, timestamp, message, timestamp < noon ? timestamp : noon);
}

/* Events "0", "1", ... one second apart, ten minutes old. */
static void put_many(struct fixture *fixture, int count)
{
    for (int i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        put(fixture, noon - 10 * MINUTE + i * SECOND, text);
    }
}

static void note(struct fixture *fixture, const awslogsrc_event *event)
{
    size_t size = 0;
    const char *message = awslogsrc_event_message(event, &size);
    assert_true(fixture->count < MOST);
    size = size < sizeof fixture->messages[0] ? size : sizeof fixture->messages[0] - 1;
    memcpy(fixture->messages[fixture->count], message, size);
    fixture->messages[fixture->count++][size] = '\0';
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct fixture *fixture = user_data;
    (void)source;
    fixture->offers++;
    if (fixture->laters > 0) {
        fixture->laters--;
        return AWSLOGSRC_LATER;
    }
    fixture->batches++;
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++)
        note(fixture, awslogsrc_batch_event(batch, i));
    return fixture->answer == NULL ? AWSLOGSRC_ACCEPT : fixture->answer(fixture, batch);
}

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)source, (void)retry_at_ms;
    size_t i = fixture->state_count++;
    assert_true(i < MOST);
    fixture->states[i] = state;
    fixture->codes[i] = awslogsrc_error_code(error);
    (void)snprintf(fixture->regions[i], sizeof fixture->regions[i], "%s", region);
}

static void open_source(struct fixture *fixture)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_source_new(fixture->aws.context, fixture->options, &fixture->source, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
}

static void start(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
}

static void run(struct fixture *fixture, int64_t ms)
{
    assert_true(virtual_aws_run(&fixture->aws, ms));
}

static void run_source(struct fixture *fixture, int64_t ms)
{
    open_source(fixture);
    start(fixture);
    run(fixture, ms);
}

static size_t times(const struct fixture *fixture, const char *message)
{
    size_t count = 0;
    for (size_t i = 0; i < fixture->count; i++)
        count += strcmp(fixture->messages[i], message) == 0;
    return count;
}

static void assert_each_once(const struct fixture *fixture, int count)
{
    for (int i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        assert_int_equal(times(fixture, text), 1);
    }
    assert_int_equal(fixture->count, count);
}

static int last_state(const struct fixture *fixture, const char *region)
{
    for (size_t i = fixture->state_count; i > 0; i--) {
        if (strcmp(fixture->regions[i - 1], region) == 0)
            return fixture->states[i - 1];
    }
    return -1;
}

static bool was_in(const struct fixture *fixture, int state, int code)
{
    for (size_t i = 0; i < fixture->state_count; i++) {
        if (fixture->states[i] == state && fixture->codes[i] == code)
            return true;
    }
    return false;
}

static size_t refused_calls(const struct fixture *fixture)
{
    const struct sim_call_log *log = sim_service_log(fixture->aws.service);
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++)
        count += log->calls[i].status != 200;
    return count;
}

static int hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    fixture->held[fixture->held_count++] = batch;
    return AWSLOGSRC_HOLD;
}

/* --- once --- */

static void test_source__once__delivers_each_event_once_and_ends(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_each_once(fixture, 7);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__once__tells_reading_then_done(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->state_count, 2);
    assert_int_equal(fixture->states[0], AWSLOGSRC_REGION_READING);
    assert_int_equal(fixture->states[1], AWSLOGSRC_REGION_DONE);
}

static void test_source__once_with_held_batch__ends_after_ack(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    set(fixture, "once", "true");
    fixture->answer = hold;
    run_source(fixture, HOUR);
    assert_true(als_source_is_running(fixture->source));
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, MINUTE);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__following__tells_reading_then_caught_up(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->states[0], AWSLOGSRC_REGION_READING);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
}

/* --- what fails is asked again --- */

static void fail_with(struct fixture *fixture, enum sim_fault_kind kind)
{
    sim_service_settings(fixture->aws.service)->page_events = 2;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = kind, .after = 2, .times = 3});
    put_many(fixture, 20);
    run_source(fixture, 2 * HOUR);
    assert_true(sim_service_injected(fixture->aws.service, kind) >= 3);
    assert_each_once(fixture, 20);
}

#define FAILURE_TEST(name, kind)                                     \
    static void test_source__##name##__each_event_once(void **state) \
    {                                                                \
        fail_with(*state, SIM_FAULT_##kind);                         \
    }
#define FAILURES(X)                             \
    X(throttled, THROTTLING)                    \
    X(internal_error, INTERNAL_ERROR)           \
    X(unavailable, UNAVAILABLE)                 \
    X(html_error, HTML_ERROR)                   \
    X(reset, RESET)                             \
    X(reset_in_body, RESET_BODY)                \
    X(truncated, TRUNCATE)                      \
    X(truncated_chunked, TRUNCATE_CHUNKED)      \
    X(malformed_page, MALFORMED)                \
    X(hanging, HANG)                            \
    X(html_in_200, HTML_OK)                     \
    X(empty_body, EMPTY_BODY)                   \
    X(expired_page_token, EXPIRED_PAGE_TOKEN)   \
    X(repeated_page_token, REPEATED_PAGE_TOKEN) \
    X(expired_credentials, EXPIRED_CREDENTIALS)
FAILURES(FAILURE_TEST)

static void test_source__malformed_page__delivers_none_of_it(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = SIM_FAULT_MALFORMED, .after = 1});
    put_many(fixture, 200);
    run_source(fixture, HOUR);
    assert_true(was_in(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_PROTOCOL));
    assert_int_equal(fixture->offers, 0);
}

static void test_source__many_empty_pages__follows_the_chain(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->empty_pages = 40;
    put_many(fixture, 5);
    set(fixture, "once", "true");
    run_source(fixture, 10 * MINUTE);
    assert_each_once(fixture, 5);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
}

/* --- regions on their own --- */

static void add_denied_region(struct fixture *fixture, int64_t until)
{
    sim_service_add_group(fixture->aws.service, "us-west-2", group_name, noon);
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED,
                                                                    .region = "us-west-2",
                                                                    .until_ms = until});
    set(fixture, "regions", "us-west-2,eu-west-1");
    put_many(fixture, 3);
}

static void test_source__once_and_one_region_denied__the_other_completes(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, 0);
    set(fixture, "once", "true");
    run_source(fixture, 5 * MINUTE);
    assert_each_once(fixture, 3);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_FAILED);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
    assert_false(als_source_is_running(fixture->source));
}

static void test_source__denied__asks_again_about_every_minute(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, 0);
    run_source(fixture, HOUR);
    const struct sim_call_counter *counter =
        sim_call_log_counter(sim_service_log(fixture->aws.service), "us-west-2", "FilterLogEvents");
    assert_non_null(counter);
    assert_in_range(counter->calls, 60, 120);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_WAITING);
}

static void test_source__permission_comes__recovers(void **state)
{
    struct fixture *fixture = *state;
    add_denied_region(fixture, noon + HOUR);
    run_source(fixture, HOUR + 2 * MINUTE);
    assert_int_equal(last_state(fixture, "us-west-2"), AWSLOGSRC_REGION_CAUGHT_UP);
}

/* --- clocks --- */

static void test_source__local_clock_20_minutes_ahead__one_call_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->aws.wall_ahead_ms = 20 * MINUTE;
    put_many(fixture, 3);
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_each_once(fixture, 3);
    assert_int_equal(refused_calls(fixture), 1);
}

static void test_source__local_clock_jumps__nothing_is_refused(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, HOUR);
    fixture->aws.wall_ahead_ms = -(int64_t)HOUR;
    run(fixture, HOUR);
    assert_int_equal(refused_calls(fixture), 0);
}

/* --- LATER --- */

static void test_source__later__the_same_batch_comes_again_and_counts_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 4);
    fixture->laters = 5;
    run_source(fixture, 2 * HOUR);
    assert_int_equal(fixture->offers, 6);
    assert_each_once(fixture, 4);
}

static int on_event(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct fixture *fixture = user_data;
    (void)source;
    note(fixture, event);
    bool postpone = fixture->count == 3 || fixture->count == 4;
    return postpone ? AWSLOGSRC_LATER : AWSLOGSRC_ACCEPT;
}

static void test_source__later_in_mid_batch__goes_on_at_that_event(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 4);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_event(fixture->source, on_event, fixture, NULL), 0);
    start(fixture);
    run(fixture, 2 * HOUR);
    assert_int_equal(fixture->count, 6);
    assert_int_equal(times(fixture, "2"), 3);
    assert_string_equal(fixture->messages[5], "3");
}

/* --- HOLD --- */

static void test_source__held_for_hours_then_acked__is_not_repeated(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    fixture->answer = hold;
    run_source(fixture, 5 * HOUR);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 3);
}

static int hold_first(struct fixture *fixture, awslogsrc_batch *batch)
{
    return fixture->batches == 1 ? hold(fixture, batch) : AWSLOGSRC_ACCEPT;
}

static void test_source__nacked__comes_again_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_batch_nack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__dropped__comes_again_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    awslogsrc_batch_unref(fixture->held[--fixture->held_count]);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__acked_in_reverse__nothing_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 12);
    fixture->answer = hold;
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->held_count, 4);
    while (fixture->held_count > 0) {
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
        run(fixture, MINUTE);
    }
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 12);
}

/* Acknowledges what came before, from inside the callback. */
static int ack_former(struct fixture *fixture, awslogsrc_batch *batch)
{
    if (fixture->held_count > 0)
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    return hold(fixture, batch);
}

static void test_source__acked_inside_a_callback__nothing_is_repeated(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 3;
    put_many(fixture, 12);
    fixture->answer = ack_former;
    run_source(fixture, 5 * HOUR);
    assert_each_once(fixture, 12);
}

/* --- stop, start, pause --- */

static int hold_second(struct fixture *fixture, awslogsrc_batch *batch)
{
    return fixture->batches == 2 ? hold(fixture, batch) : AWSLOGSRC_ACCEPT;
}

static void test_source__started_again__repeats_only_what_was_not_acknowledged(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 2;
    put_many(fixture, 6);
    fixture->answer = hold_second;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    run(fixture, HOUR);
    start(fixture);
    run(fixture, 5 * HOUR);
    assert_int_equal(fixture->count, 8);
    assert_int_equal(times(fixture, "2"), 2);
    assert_int_equal(times(fixture, "3"), 2);
}

static void test_source__acked_after_stop__has_no_effect(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = hold_first;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->count, 2);
}

static void test_source__stopped__asks_nothing(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stop(fixture->source), 0);
    uint64_t requests = fixture->aws.requests;
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
    assert_int_equal(fixture->aws.in_flight, 0);
}

static void test_source__paused__asks_and_delivers_nothing(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_pause(fixture->source), 0);
    run(fixture, MINUTE);
    put_many(fixture, 3);
    uint64_t requests = fixture->aws.requests;
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
    assert_int_equal(fixture->count, 0);
}

static void test_source__resumed__delivers_what_came_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_pause(fixture->source), 0);
    run(fixture, HOUR);
    put(fixture, noon + 30 * MINUTE, "0");
    assert_int_equal(awslogsrc_source_resume(fixture->source), 0);
    run(fixture, MINUTE);
    assert_each_once(fixture, 1);
}

/* --- inside callbacks --- */

static int stop_and_accept(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    (void)awslogsrc_source_stop(fixture->source);
    return AWSLOGSRC_ACCEPT;
}

static void test_source__stopped_and_accepted_in_callback__is_not_repeated(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 2);
    fixture->answer = stop_and_accept;
    run_source(fixture, MINUTE);
    fixture->answer = NULL;
    start(fixture);
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 2);
}

static int stop_and_hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)awslogsrc_source_stop(fixture->source);
    return hold(fixture, batch);
}

static void test_source__stopped_and_held_in_callback__the_host_has_its_reference(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = stop_and_hold;
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->held_count, 1);
    assert_int_equal(awslogsrc_batch_count(fixture->held[0]), 1);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
}

static int free_source(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)batch;
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    return AWSLOGSRC_ACCEPT;
}

static void test_source__freed_in_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 1;
    put_many(fixture, 3);
    fixture->answer = free_source;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->count, 1);
}

static int free_and_hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    (void)free_source(fixture, batch);
    return hold(fixture, batch);
}

static void test_source__freed_and_held_in_callback__the_host_has_its_reference(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = free_and_hold;
    run_source(fixture, HOUR);
    assert_int_equal(fixture->held_count, 1);
    assert_int_equal(awslogsrc_batch_count(fixture->held[0]), 1);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
}

static int free_in_event(void *user_data, awslogsrc_source *source, const awslogsrc_event *event)
{
    struct fixture *fixture = user_data;
    note(fixture, event);
    awslogsrc_source_free(source);
    fixture->source = NULL;
    return AWSLOGSRC_ACCEPT;
}

static void test_source__freed_in_event_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_event(fixture->source, free_in_event, fixture, NULL), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->count, 1);
}

static void free_in_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                           const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)region, (void)state, (void)error, (void)retry_at_ms;
    fixture->state_count++;
    awslogsrc_source_free(source);
    fixture->source = NULL;
}

static void test_source__freed_in_status_callback__nothing_more_comes(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 3);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, free_in_status, fixture, NULL), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->state_count, 1);
    assert_int_equal(fixture->count, 0);
}

static void count_free(void *user_data)
{
    struct fixture *fixture = user_data;
    fixture->freed++;
}

static void test_source__freed_in_callback__user_data_is_freed_once(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    fixture->answer = free_source;
    open_source(fixture);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, count_free), 0);
    start(fixture);
    run(fixture, HOUR);
    assert_int_equal(fixture->freed, 1);
}

static void test_source__context_freed_first__source_can_still_be_freed(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    awslogsrc_context_free(fixture->aws.context);
    fixture->aws.context = NULL;
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    assert_int_equal(fixture->aws.in_flight, 0);
}

/* --- back-pressure --- */

static void put_large(struct fixture *fixture, int count)
{
    static char large[100 * 1024];
    memset(large, 'x', sizeof large - 1);
    for (int i = 0; i < count; i++)
        put(fixture, noon - 10 * MINUTE + i * SECOND, large);
}

static void test_source__host_holds_max_inflight__asks_nothing(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60);
    set(fixture, "max_inflight", "3MiB");
    fixture->answer = hold;
    run_source(fixture, 5 * MINUTE);
    uint64_t requests = fixture->aws.requests;
    assert_in_range(fixture->count, 10, 40);
    run(fixture, HOUR);
    assert_int_equal(fixture->aws.requests, requests);
}

static void test_source__room_again__goes_on(void **state)
{
    struct fixture *fixture = *state;
    put_large(fixture, 60);
    set(fixture, "max_inflight", "3MiB");
    fixture->answer = hold;
    run_source(fixture, 5 * MINUTE);
    fixture->answer = NULL;
    while (fixture->held_count > 0)
        assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, 5 * MINUTE);
    assert_int_equal(fixture->count, 60);
}

/* --- times --- */

static void expect_from(struct fixture *fixture, const char *start_time, size_t expected)
{
    put(fixture, noon - 3 * HOUR, "old");
    put(fixture, noon - 30 * MINUTE, "edge");
    put(fixture, noon - 10 * MINUTE, "young");
    set(fixture, "start_time", start_time);
    run_source(fixture, 2 * HOUR);
    assert_int_equal(fixture->count, expected);
}

static void test_source__start_time_beginning__reads_everything(void **state)
{
    expect_from(*state, "beginning", 3);
}

static void test_source__start_time_absolute__is_inclusive(void **state)
{
    expect_from(*state, "2026-03-01T11:30:00Z", 2);
}

static void test_source__start_time_back__reads_from_there(void **state)
{
    expect_from(*state, "-20m", 1);
}

static void test_source__start_time_now__reads_nothing_older(void **state)
{
    expect_from(*state, "now", 0);
}

static void expect_before(struct fixture *fixture, const char *end_time)
{
    put(fixture, noon - 30 * MINUTE - 5 * SECOND, "before");
    put(fixture, noon - 30 * MINUTE + 5 * SECOND, "after");
    put(fixture, noon + 5 * MINUTE, "ahead");
    set(fixture, "end_time", end_time);
    run_source(fixture, 3 * HOUR);
    assert_int_equal(times(fixture, "before"), 1);
    assert_int_equal(fixture->count, 1);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_DONE);
}

static void test_source__end_time_absolute__reads_up_to_there_and_ends(void **state)
{
    expect_before(*state, "2026-03-01T11:30:00Z");
}

static void test_source__end_time_back__reads_up_to_there_and_ends(void **state)
{
    expect_before(*state, "-30m");
}

static void test_source__end_time__is_exclusive(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon - 30 * MINUTE - 1, "before");
    put(fixture, noon - 30 * MINUTE, "at");
    set(fixture, "end_time", "2026-03-01T11:30:00Z");
    run_source(fixture, 3 * HOUR);
    assert_int_equal(times(fixture, "before"), 1);
    assert_int_equal(fixture->count, 1);
}

static void test_source__dated_an_hour_ahead__is_delivered_at_once(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon + HOUR, "0");
    run_source(fixture, 2 * MINUTE);
    assert_each_once(fixture, 1);
}

static void test_source__dated_ahead__hides_nothing(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, noon + HOUR, "1");
    run_source(fixture, 2 * MINUTE);
    put(fixture, noon + MINUTE, "0");
    run(fixture, 5 * HOUR);
    assert_each_once(fixture, 2);
}

static void test_source__visible_late__is_delivered(void **state)
{
    struct fixture *fixture = *state;
    put_visible(fixture, noon + MINUTE, "0", noon + 5 * MINUTE);
    run_source(fixture, 2 * HOUR);
    assert_each_once(fixture, 1);
}

/* --- */

#define TEST(name)        cmocka_unit_test_setup_teardown(test_source__##name, setup, teardown)
#define FAILURE_ROW(n, k) TEST(n##__each_event_once),

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(once__delivers_each_event_once_and_ends),
        TEST(once__tells_reading_then_done),
        TEST(once_with_held_batch__ends_after_ack),
        TEST(following__tells_reading_then_caught_up),
        FAILURES(FAILURE_ROW) TEST(malformed_page__delivers_none_of_it),
        TEST(many_empty_pages__follows_the_chain),
        TEST(once_and_one_region_denied__the_other_completes),
        TEST(denied__asks_again_about_every_minute),
        TEST(permission_comes__recovers),
        TEST(local_clock_20_minutes_ahead__one_call_is_refused),
        TEST(local_clock_jumps__nothing_is_refused),
        TEST(later__the_same_batch_comes_again_and_counts_once),
        TEST(later_in_mid_batch__goes_on_at_that_event),
        TEST(held_for_hours_then_acked__is_not_repeated),
        TEST(nacked__comes_again_once),
        TEST(dropped__comes_again_once),
        TEST(acked_in_reverse__nothing_is_repeated),
        TEST(acked_inside_a_callback__nothing_is_repeated),
        TEST(started_again__repeats_only_what_was_not_acknowledged),
        TEST(acked_after_stop__has_no_effect),
        TEST(stopped__asks_nothing),
        TEST(paused__asks_and_delivers_nothing),
        TEST(resumed__delivers_what_came_meanwhile),
        TEST(stopped_and_accepted_in_callback__is_not_repeated),
        TEST(stopped_and_held_in_callback__the_host_has_its_reference),
        TEST(freed_in_callback__nothing_more_comes),
        TEST(freed_and_held_in_callback__the_host_has_its_reference),
        TEST(freed_in_event_callback__nothing_more_comes),
        TEST(freed_in_status_callback__nothing_more_comes),
        TEST(freed_in_callback__user_data_is_freed_once),
        TEST(context_freed_first__source_can_still_be_freed),
        TEST(host_holds_max_inflight__asks_nothing),
        TEST(room_again__goes_on),
        TEST(start_time_beginning__reads_everything),
        TEST(start_time_absolute__is_inclusive),
        TEST(start_time_back__reads_from_there),
        TEST(start_time_now__reads_nothing_older),
        TEST(end_time_absolute__reads_up_to_there_and_ends),
        TEST(end_time_back__reads_up_to_there_and_ends),
        TEST(end_time__is_exclusive),
        TEST(dated_an_hour_ahead__is_delivered_at_once),
        TEST(dated_ahead__hides_nothing),
        TEST(visible_late__is_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
