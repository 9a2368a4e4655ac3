/* A source on virtual time, and everything it told. Included by the tests of sources. */
#ifndef SOURCE_FIXTURE_H
#define SOURCE_FIXTURE_H

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
    int64_t retry_at_ms; /* told last, as the next two */
    int class;
    const char *hint;
    int freed;
    size_t most_reserved; /* for pages under way */
};

/* --- the fixture --- */

static inline void set(struct fixture *fixture, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(fixture->options, name, value, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
}

static inline int setup(void **state)
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

static inline int teardown(void **state)
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

static inline void put_visible(struct fixture *fixture, int64_t timestamp, const char *message,
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

static inline void put(struct fixture *fixture, int64_t timestamp, const char *message)
{
    put_visible(fixture, timestamp, message, timestamp < noon ? timestamp : noon);
}

/* Events "0", "1", ... one second apart, ten minutes old. */
static inline void put_many(struct fixture *fixture, int count)
{
    for (int i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        put(fixture, noon - 10 * MINUTE + i * SECOND, text);
    }
}

static inline void note(struct fixture *fixture, const awslogsrc_event *event)
{
    size_t size = 0;
    const char *message = awslogsrc_event_message(event, &size);
    assert_true(fixture->count < MOST);
    size = size < sizeof fixture->messages[0] ? size : sizeof fixture->messages[0] - 1;
    memcpy(fixture->messages[fixture->count], message, size);
    fixture->messages[fixture->count++][size] = '\0';
}

static inline int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
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

static inline void on_status(void *user_data, awslogsrc_source *source, const char *region,
                             int state, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    (void)source;
    size_t i = fixture->state_count++;
    assert_true(i < MOST);
    fixture->states[i] = state;
    fixture->codes[i] = awslogsrc_error_code(error);
    fixture->retry_at_ms = retry_at_ms;
    fixture->class = awslogsrc_error_class(error);
    if (error != NULL)
        fixture->hint = awslogsrc_error_hint(error);
    (void)snprintf(fixture->regions[i], sizeof fixture->regions[i], "%s", region);
}

static inline void open_source(struct fixture *fixture)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_source_new(fixture->aws.context, fixture->options, &fixture->source, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
}

static inline void start(struct fixture *fixture)
{
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
}

static inline void run(struct fixture *fixture, int64_t ms)
{
    assert_true(virtual_aws_run(&fixture->aws, ms));
}

static inline void run_source(struct fixture *fixture, int64_t ms)
{
    open_source(fixture);
    start(fixture);
    run(fixture, ms);
}

static inline size_t times(const struct fixture *fixture, const char *message)
{
    size_t count = 0;
    for (size_t i = 0; i < fixture->count; i++)
        count += strcmp(fixture->messages[i], message) == 0;
    return count;
}

static inline void assert_each_once(const struct fixture *fixture, int count)
{
    for (int i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        assert_int_equal(times(fixture, text), 1);
    }
    assert_int_equal(fixture->count, count);
}

static inline int last_state(const struct fixture *fixture, const char *region)
{
    for (size_t i = fixture->state_count; i > 0; i--) {
        if (strcmp(fixture->regions[i - 1], region) == 0)
            return fixture->states[i - 1];
    }
    return -1;
}

static inline bool was_in(const struct fixture *fixture, int state, int code)
{
    for (size_t i = 0; i < fixture->state_count; i++) {
        if (fixture->states[i] == state && fixture->codes[i] == code)
            return true;
    }
    return false;
}

static inline size_t refused_calls(const struct fixture *fixture)
{
    const struct sim_call_log *log = sim_service_log(fixture->aws.service);
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++)
        count += log->calls[i].status != 200;
    return count;
}

static inline int hold(struct fixture *fixture, awslogsrc_batch *batch)
{
    fixture->held[fixture->held_count++] = batch;
    return AWSLOGSRC_HOLD;
}

#endif
