/* Sources whose keys come from somewhere else and end, on virtual time. */
#include "testing.h"

#include "awslogsrc/awslogsrc.h"
#include "call_log.h"
#include "service.h"
#include "source/source.h"
#include "virtual_aws.h"

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR,
    REGIONS = 4,
    DAYS = 7,
    EVENT_EVERY = 10 * MINUTE,
    EVENTS = DAYS * (DAY / EVENT_EVERY),
    RECOVERY_LIMIT = 10 * SECOND,
    OUTAGE_AT = 6 * HOUR + 30 * MINUTE, /* of each day */
    OUTAGE = 3 * HOUR                   /* keys of an hour end within */
};

static const int64_t noon = INT64_C(1772366400000); /* 2026-03-01T12:00:00Z */
static const char *const regions[REGIONS] = {"eu-west-1", "us-east-1", "us-west-2",
                                             "ap-southeast-2"};

struct region {
    unsigned char seen[EVENTS];
    int state, code;
    int64_t left_waiting_ms; /* server time when it last stopped waiting for keys */
    size_t waits;            /* times it began to */
};

struct fixture {
    struct virtual_aws aws;
    awslogsrc_options *options;
    awslogsrc_source *source;
    struct region regions[REGIONS];
};

static size_t index_of(const char *region)
{
    size_t i = 0;
    while (strcmp(regions[i], region) != 0)
        i++;
    return i;
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct fixture *fixture = user_data;
    (void)source;
    struct region *region = &fixture->regions[index_of(awslogsrc_batch_region(batch))];
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        size_t size = 0;
        const char *message = awslogsrc_event_message(awslogsrc_batch_event(batch, i), &size);
        char text[16] = "";
        memcpy(text, message, size < sizeof text ? size : sizeof text - 1);
        region->seen[strtoul(text, NULL, 10)]++;
    }
    return AWSLOGSRC_ACCEPT;
}

static void on_status(void *user_data, awslogsrc_source *source, const char *name, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct fixture *fixture = user_data;
    struct region *region = &fixture->regions[index_of(name)];
    (void)source;
    (void)retry_at_ms;
    bool waited = region->state == AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS;
    bool waits = state == AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS;
    region->waits += waits && !waited;
    if (waited && !waits)
        region->left_waiting_ms = virtual_aws_server_ms(&fixture->aws);
    region->state = state;
    if (error != NULL)
        region->code = awslogsrc_error_code(error);
}

static void set(struct fixture *fixture, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(fixture->options, name, value, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
}

static void put_events(struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < REGIONS; i++) {
        struct sim_group *group =
            sim_service_add_group(fixture->aws.service, regions[i], "group", noon - DAY);
        for (size_t n = 0; n < count; n++) {
            char text[16];
            int64_t at = noon + (int64_t)n * EVENT_EVERY + (int64_t)i * SECOND;
            (void)snprintf(text, sizeof text, "%zu", n);
            sim_group_put(group, &(struct sim_event){.timestamp = at,
                                                     .ingestion_time = at + SECOND,
                                                     .visible_at = at + 3 * SECOND,
                                                     .stream = "stream",
                                                     .message = text,
                                                     .message_length = strlen(text)});
        }
    }
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    virtual_aws_init(&fixture->aws, 1, noon - MINUTE);
    fixture->aws.least_latency_ms = fixture->aws.most_latency_ms = 100;
    sim_service_settings(fixture->aws.service)->role = "collector";
    assert_int_equal(awslogsrc_options_new(&fixture->options, NULL), 0);
    set(fixture, "authentication_method", "ec2_instance_role");
    set(fixture, "ec2_metadata_endpoint", "http://169.254.169.254");
    set(fixture, "regions", "eu-west-1,us-east-1,us-west-2,ap-southeast-2");
    set(fixture, "log_group", "group");
    set(fixture, "request_timeout", "10s");
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source_free(fixture->source);
    awslogsrc_options_free(fixture->options);
    virtual_aws_clear(&fixture->aws);
    free(fixture);
    return 0;
}

static void start(struct fixture *fixture)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_source_new(fixture->aws.context, fixture->options, &fixture->source, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
}

static const struct sim_endpoint_counter *endpoint(struct fixture *fixture, enum sim_endpoint which)
{
    return &sim_service_log(fixture->aws.service)->endpoints[which];
}

/* However the metadata fails: of no kind of request more than one a second, and one at a time. */
static void assert_metadata_is_spared(struct fixture *fixture)
{
    static const char *const operations[] = {"imds.token", "imds.roles", "imds.role"};
    for (size_t i = 0; i < 3; i++) {
        const struct sim_call_counter *counter =
            sim_call_log_counter(sim_service_log(fixture->aws.service), "", operations[i]);
        assert_non_null(counter);
        assert_int_equal(sim_call_counter_peak(counter, 1), 1);
    }
    assert_int_equal(endpoint(fixture, SIM_IMDS)->most_in_flight, 1);
}

static void assert_each_once(const struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < REGIONS; i++) {
        for (size_t n = 0; n < count; n++)
            if (fixture->regions[i].seen[n] != 1)
                fail_msg("%s: event %zu came %d times", regions[i], n, fixture->regions[i].seen[n]);
    }
}

/* One outage a day, each of another kind. */
static void add_outages(struct fixture *fixture, const enum sim_fault_kind *kinds, size_t count)
{
    for (size_t day = 0; day < count; day++) {
        int64_t from = noon + (int64_t)day * DAY + OUTAGE_AT;
        bool of_keys = kinds[day] == SIM_FAULT_STALE_KEYS || kinds[day] == SIM_FAULT_UNAUTHORIZED;
        struct sim_fault fault = {.kind = kinds[day],
                                  .operation = of_keys ? "imds.role" : "imds",
                                  .from_ms = from,
                                  .until_ms = from + OUTAGE};
        sim_service_add_fault(fixture->aws.service, &fault);
    }
}

static void test_source_credentials__a_week_of_bad_metadata__nothing_lost_or_repeated(void **state)
{
    static const enum sim_fault_kind kinds[] = {SIM_FAULT_STALE_KEYS,   SIM_FAULT_INTERNAL_ERROR,
                                                SIM_FAULT_UNAUTHORIZED, SIM_FAULT_FORBIDDEN,
                                                SIM_FAULT_HANG,         SIM_FAULT_HTML_OK};
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    struct fixture *fixture = *state;
    set(fixture, "poll_interval", test_is_long() ? "10s" : "1m");
    put_events(fixture, EVENTS);
    add_outages(fixture, kinds, KINDS);
    start(fixture);
    for (size_t day = 0; day < KINDS; day++) {
        int64_t outage = noon + (int64_t)day * DAY + OUTAGE_AT;
        assert_true(virtual_aws_run_until(&fixture->aws, outage + 4 * MINUTE));
        for (size_t i = 0; i < REGIONS; i++) { /* the keys live, and are used */
            assert_int_equal(fixture->regions[i].state, AWSLOGSRC_REGION_CAUGHT_UP);
            assert_int_equal(fixture->regions[i].waits, day);
        }
        assert_true(virtual_aws_run_until(&fixture->aws, outage + OUTAGE));
        for (size_t i = 0; i < REGIONS; i++)
            assert_int_equal(fixture->regions[i].state, AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS);
        assert_true(virtual_aws_run(&fixture->aws, RECOVERY_LIMIT));
        int64_t longest = 0;
        for (size_t i = 0; i < REGIONS; i++) {
            int64_t took = fixture->regions[i].left_waiting_ms - (outage + OUTAGE);
            assert_in_range(took, 0, RECOVERY_LIMIT);
            longest = took > longest ? took : longest;
        }
        printf("%s: last error %d, goes on after %.1f s\n", sim_fault_name(kinds[day]),
               fixture->regions[0].code, (double)longest / SECOND);
    }
    assert_true(virtual_aws_run_until(&fixture->aws, noon + (int64_t)DAYS * DAY + 2 * HOUR));
    assert_each_once(fixture, EVENTS);
    assert_metadata_is_spared(fixture);
    printf("%llu metadata requests, %llu calls to 4 regions, in %d days\n",
           (unsigned long long)endpoint(fixture, SIM_IMDS)->counter.calls,
           (unsigned long long)endpoint(fixture, SIM_LOGS)->counter.calls, DAYS);
}

/* --- keys of the host --- */

struct host {
    struct fixture *fixture;
    struct als_timer timer;
    awslogsrc_credentials_request *request; /* open */
    int64_t first_ends_ms;                  /* server time; then there are others */
    int fetches, freed;
    bool mute;
    bool frees; /* the source, when it is asked */
};

static void give_keys(void *user_data)
{
    struct host *host = user_data;
    int64_t now = virtual_aws_server_ms(&host->fixture->aws);
    bool first = now < host->first_ends_ms;
    assert_int_equal(awslogsrc_credentials_fetched(host->request,
                                                   first ? "AKIDFIRST" : "AKIDSECOND", "secret",
                                                   NULL, now + 8 * HOUR),
                     0);
}

static void fetch_later(void *user_data, awslogsrc_credentials_request *request)
{
    struct host *host = user_data;
    host->fetches++;
    host->request = request;
    host->timer.fn = give_keys;
    host->timer.user_data = host;
    if (host->frees) {
        awslogsrc_source_free(host->fixture->source);
        host->fixture->source = NULL;
        assert_int_equal(host->freed, 0); /* it is at work */
    } else if (!host->mute)
        als_loop_arm(&host->fixture->aws.loop, &host->timer,
                     host->fixture->aws.now_ms + 2 * SECOND);
}

static void count_free(void *user_data)
{
    ((struct host *)user_data)->freed++;
}

static void free_source(struct fixture *fixture)
{
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
}

/* A source of the host's keys; its options have none. */
static void start_with_host(struct fixture *fixture, struct host *host)
{
    awslogsrc_credentials *credentials = NULL;
    host->fixture = fixture;
    sim_service_add_key(fixture->aws.service, "AKIDFIRST", "secret", NULL);
    sim_service_add_key(fixture->aws.service, "AKIDSECOND", "secret", NULL);
    assert_int_equal(
        awslogsrc_credentials_custom_new(fetch_later, host, count_free, &credentials, NULL), 0);
    set(fixture, "authentication_method", "");
    assert_int_equal(
        awslogsrc_source_new(fixture->aws.context, fixture->options, &fixture->source, NULL), 0);
    assert_int_equal(awslogsrc_source_set_credentials(fixture->source, credentials), 0);
    awslogsrc_credentials_unref(credentials);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
}

static void test_source_credentials__keys_end_in_mid_chain__one_fetch_and_each_event_once(
    void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.first_ends_ms = noon + DAY};
    sim_service_settings(fixture->aws.service)->page_events = 3;
    set(fixture, "api_rate_limit", "2");
    put_events(fixture, EVENTS);
    assert_true(virtual_aws_run_until(&fixture->aws, noon + DAY - 10 * SECOND));
    set(fixture, "start_time", "-24h"); /* 144 events, three on a page */
    start_with_host(fixture, &host);
    sim_service_expire_key(fixture->aws.service, "AKIDFIRST", host.first_ends_ms);
    assert_true(virtual_aws_run(&fixture->aws, 2 * HOUR));
    assert_each_once(fixture, DAY / EVENT_EVERY);
    assert_int_equal(host.fetches, 2);
    for (size_t i = 0; i < REGIONS; i++)
        assert_int_equal(fixture->regions[i].code, 0); /* nobody had to know */
    free_source(fixture);
    assert_int_equal(host.freed, 1);
}

static void test_source_credentials__host_never_answers__waits_with_a_time_out(void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.mute = true};
    start_with_host(fixture, &host);
    assert_true(virtual_aws_run(&fixture->aws, 59 * SECOND));
    assert_int_equal(fixture->regions[0].state, AWSLOGSRC_REGION_STARTING);
    awslogsrc_credentials_request *late = host.request;
    assert_true(virtual_aws_run(&fixture->aws, 10 * SECOND));
    assert_int_equal(fixture->regions[0].state, AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS);
    assert_int_equal(fixture->regions[0].code, AWSLOGSRC_E_TIMEOUT);
    assert_int_equal(awslogsrc_credentials_fetched(late, "A", "s", NULL, 0), 0); /* too late */
    assert_ptr_not_equal(host.request, late);
    assert_int_equal(awslogsrc_credentials_refused(host.request, AWSLOGSRC_E_FILE, "no"), 0);
    assert_true(virtual_aws_run(&fixture->aws, 0));
    assert_int_equal(fixture->regions[0].code, AWSLOGSRC_E_FILE);
    assert_true(virtual_aws_run(&fixture->aws, 10 * SECOND));
    free_source(fixture);
    assert_int_equal(awslogsrc_credentials_refused(host.request, AWSLOGSRC_E_FILE, NULL), 0);
}

static void test_source_credentials__host_frees_the_source_when_asked__is_fine(void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.frees = true};
    start_with_host(fixture, &host);
    assert_int_equal(host.fetches, 0); /* callbacks come from the loop alone */
    assert_true(virtual_aws_run(&fixture->aws, SECOND));
    assert_int_equal(host.fetches, 1);
    assert_int_equal(host.freed, 1);
    assert_int_equal(awslogsrc_credentials_fetched(host.request, "A", "s", NULL, 0), 0);
}

static void test_source_credentials__host_gives_an_impossible_time__counts_as_expired(void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.mute = true};
    start_with_host(fixture, &host);
    assert_true(virtual_aws_run(&fixture->aws, SECOND));
    assert_int_equal(awslogsrc_credentials_fetched(host.request, "A", "s", NULL, INT64_MIN), 0);
    assert_true(virtual_aws_run(&fixture->aws, 10 * SECOND));
    assert_int_equal(fixture->regions[0].code, AWSLOGSRC_E_CREDENTIALS_EXPIRED);
    assert_int_equal(awslogsrc_credentials_fetched(host.request, "A", "s", NULL, INT64_MAX), 0);
    assert_true(virtual_aws_run(&fixture->aws, 10 * SECOND));
    assert_int_not_equal(fixture->regions[0].code, AWSLOGSRC_E_CREDENTIALS_EXPIRED);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
}

/* --- sources together --- */

static void test_source_credentials__two_sources_alike__ask_the_metadata_once(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *other = NULL;
    put_events(fixture, 6);
    start(fixture);
    other = fixture->source;
    set(fixture, "name", "other");
    start(fixture);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    assert_int_equal(endpoint(fixture, SIM_IMDS)->counter.calls, 3);
    awslogsrc_source_free(other);
}

/* One may have a way to them that the other has not. */
static void test_source_credentials__two_sources_with_different_proxies__ask_apart(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *other = NULL;
    put_events(fixture, 6);
    start(fixture);
    other = fixture->source;
    set(fixture, "name", "other");
    set(fixture, "use_proxy", "true");
    set(fixture, "proxy_server", "proxy.example");
    set(fixture, "proxy_port", "3128");
    start(fixture);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    assert_int_equal(endpoint(fixture, SIM_IMDS)->counter.calls, 6);
    awslogsrc_source_free(other);
}

/* As the header has it: not while a request is open. */
static void test_source_credentials__freed_while_the_host_is_asked__its_answer_counts(void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.first_ends_ms = noon + DAY};
    put_events(fixture, 1);
    start_with_host(fixture, &host);
    awslogsrc_source *first = fixture->source;
    awslogsrc_credentials *credentials = als_provider_ref(first->credentials);
    set(fixture, "name", "other");
    assert_int_equal(
        awslogsrc_source_new(fixture->aws.context, fixture->options, &fixture->source, NULL), 0);
    assert_int_equal(awslogsrc_source_set_credentials(fixture->source, credentials), 0);
    als_provider_unref(credentials);
    assert_int_equal(awslogsrc_source_on_batch(fixture->source, on_batch, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(fixture->source, on_status, fixture, NULL), 0);
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
    assert_true(virtual_aws_run(&fixture->aws, SECOND));
    awslogsrc_source_free(first);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    free_source(fixture);
    assert_int_equal(host.fetches, 1);
    assert_int_equal(fixture->regions[0].state, AWSLOGSRC_REGION_CAUGHT_UP);
}

static void test_source_credentials__same_host_set_again__open_request_goes_on(void **state)
{
    struct fixture *fixture = *state;
    struct host host = {.first_ends_ms = noon + DAY};
    put_events(fixture, 1);
    start_with_host(fixture, &host);
    assert_true(virtual_aws_run(&fixture->aws, SECOND));
    awslogsrc_source_stop(fixture->source);
    assert_int_equal(
        awslogsrc_source_set_credentials(fixture->source, fixture->source->credentials), 0);
    assert_int_equal(awslogsrc_source_start(fixture->source, NULL), 0);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    free_source(fixture);
    assert_int_equal(host.fetches, 1);
}

static void give_at_once(void *user_data, awslogsrc_credentials_request *request)
{
    int *requests = user_data;
    (*requests)++;
    (void)awslogsrc_credentials_fetched(request, VIRTUAL_AWS_KEY, VIRTUAL_AWS_SECRET, NULL, 0);
}

/* As the header has it: once, whoever asks. */
static void test_source_credentials__host_behind_different_proxies__is_asked_once(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *sources[2] = {NULL, NULL};
    awslogsrc_credentials *credentials = NULL;
    int requests = 0;
    put_events(fixture, 6);
    assert_int_equal(
        awslogsrc_credentials_custom_new(give_at_once, &requests, NULL, &credentials, NULL), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            awslogsrc_source_new(fixture->aws.context, fixture->options, &sources[i], NULL), 0);
        assert_int_equal(awslogsrc_source_set_credentials(sources[i], credentials), 0);
        assert_int_equal(awslogsrc_source_on_batch(sources[i], on_batch, fixture, NULL), 0);
        assert_int_equal(awslogsrc_source_start(sources[i], NULL), 0);
        set(fixture, "name", "other");
        set(fixture, "use_proxy", "true");
        set(fixture, "proxy_server", "proxy.example");
        set(fixture, "proxy_port", "3128");
    }
    awslogsrc_credentials_unref(credentials);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    assert_int_equal(requests, 1);
    awslogsrc_source_free(sources[0]);
    awslogsrc_source_free(sources[1]);
}

static void test_source_credentials__freed_while_fetching__the_other_source_gets_keys(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *other = NULL;
    put_events(fixture, 6);
    start(fixture);
    other = fixture->source;
    set(fixture, "name", "other");
    start(fixture);
    assert_true(virtual_aws_run(&fixture->aws, 150)); /* between two of the three answers */
    awslogsrc_source_free(other);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    assert_int_equal(fixture->regions[0].state, AWSLOGSRC_REGION_CAUGHT_UP);
}

/* --- to the end --- */

static void test_source_credentials__once_and_refused__fails_with_the_reason(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(fixture->aws.service, &(struct sim_fault){.kind = SIM_FAULT_FORBIDDEN,
                                                                    .operation = "imds.token"});
    put_events(fixture, 1);
    set(fixture, "once", "true");
    start(fixture);
    assert_true(virtual_aws_run(&fixture->aws, MINUTE));
    for (size_t i = 0; i < REGIONS; i++) {
        assert_int_equal(fixture->regions[i].state, AWSLOGSRC_REGION_FAILED);
        assert_int_equal(fixture->regions[i].code, AWSLOGSRC_E_NO_CREDENTIALS);
    }
    assert_false(als_source_is_running(fixture->source));
}

static void test_source_credentials__once_and_unavailable_for_a_while__completes(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_UNAVAILABLE, .operation = "imds", .until_ms = noon});
    put_events(fixture, 1);
    set(fixture, "once", "true");
    start(fixture);
    assert_true(virtual_aws_run(&fixture->aws, 2 * MINUTE));
    for (size_t i = 0; i < REGIONS; i++)
        assert_int_equal(fixture->regions[i].state, AWSLOGSRC_REGION_DONE);
}

#define CREDENTIALS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CREDENTIALS_TEST(test_source_credentials__a_week_of_bad_metadata__nothing_lost_or_repeated),
        CREDENTIALS_TEST(
            test_source_credentials__keys_end_in_mid_chain__one_fetch_and_each_event_once),
        CREDENTIALS_TEST(test_source_credentials__host_never_answers__waits_with_a_time_out),
        CREDENTIALS_TEST(test_source_credentials__host_frees_the_source_when_asked__is_fine),
        CREDENTIALS_TEST(test_source_credentials__host_gives_an_impossible_time__counts_as_expired),
        CREDENTIALS_TEST(test_source_credentials__two_sources_alike__ask_the_metadata_once),
        CREDENTIALS_TEST(test_source_credentials__two_sources_with_different_proxies__ask_apart),
        CREDENTIALS_TEST(test_source_credentials__host_behind_different_proxies__is_asked_once),
        CREDENTIALS_TEST(test_source_credentials__freed_while_fetching__the_other_source_gets_keys),
        CREDENTIALS_TEST(test_source_credentials__freed_while_the_host_is_asked__its_answer_counts),
        CREDENTIALS_TEST(test_source_credentials__same_host_set_again__open_request_goes_on),
        CREDENTIALS_TEST(test_source_credentials__once_and_refused__fails_with_the_reason),
        CREDENTIALS_TEST(test_source_credentials__once_and_unavailable_for_a_while__completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
