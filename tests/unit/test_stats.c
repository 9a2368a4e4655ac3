#include "source_fixture.h"

#include "schema.h"

static cJSON *stats(struct fixture *fixture)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(awslogsrc_source_stats_json(fixture->source, &text, &size, NULL), 0);
    assert_int_equal(strlen(text), size);
    cJSON *json = cJSON_Parse(text);
    awslogsrc_source_stats_free(text);
    assert_non_null(json);
    return json;
}

static const cJSON *first_region(const cJSON *json)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "regions"), 0);
}

static int64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_true(cJSON_IsNumber(item));
    return (int64_t)cJSON_GetNumberValue(item);
}

/* The schema that is installed describes every member there is. */
static void expect_schema(const cJSON *json)
{
    char *text = test_read_file(SOURCE_DIR "/lib/source/stats.schema.json", NULL);
    cJSON *schema = cJSON_Parse(text);
    assert_non_null(schema);
    schema_expect(schema, schema, json, "stats");
    cJSON_Delete(schema);
    free(text);
}

/* Everything up to t is read if each piece of the map before t was read, and not earlier than its
 * own times. */
static bool is_read_up_to(const cJSON *region, int64_t t)
{
    const cJSON *piece = NULL;
    cJSON_ArrayForEach(piece, cJSON_GetObjectItemCaseSensitive(region, "map"))
    {
        const cJSON *read_at = cJSON_GetObjectItemCaseSensitive(piece, "read_at_ms");
        const cJSON *end = cJSON_GetObjectItemCaseSensitive(piece, "end_ms");
        int64_t last =
            cJSON_IsNull(end) || number_of(piece, "end_ms") > t ? t : number_of(piece, "end_ms");
        if (number_of(piece, "start_ms") < t &&
            (cJSON_IsNull(read_at) || number_of(piece, "read_at_ms") < last))
            return false;
    }
    return true;
}

static void test_stats__before_the_start__are_not_known_yet(void **state)
{
    struct fixture *fixture = *state;
    open_source(fixture);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(region, "region")),
                        "eu-west-1");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(region, "position_ms")));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(region, "map")), 0);
    expect_schema(json);
    cJSON_Delete(json);
}

static void test_stats__after_a_while__count_events_and_lateness(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    run_source(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    assert_int_equal(number_of(region, "events_delivered"), 7);
    assert_int_equal(number_of(cJSON_GetObjectItemCaseSensitive(region, "arrival"), "count"), 7);
    cJSON_Delete(json);
}

static void test_stats__after_failures__follow_the_schema_and_count_each_kind(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_THROTTLING, .after = 2, .times = 3});
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_INTERNAL_ERROR, .after = 9, .times = 1});
    put_many(fixture, 7);
    run_source(fixture, 5 * MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *errors = cJSON_GetObjectItemCaseSensitive(first_region(json), "errors");
    expect_schema(json);
    assert_int_equal(number_of(errors, "THROTTLED"), 3);
    assert_int_equal(number_of(errors, "SERVICE"), 1);
    assert_int_equal(cJSON_GetArraySize(errors), 2);
    cJSON_Delete(json);
}

static void test_stats__calls__are_those_that_the_service_saw(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    run_source(fixture, 5 * MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    assert_int_equal(number_of(region, "calls"), fixture->aws.requests);
    assert_int_equal(
        number_of(region, "calls_under_way") +
            number_of(cJSON_GetObjectItemCaseSensitive(region, "call_duration"), "count"),
        fixture->aws.requests);
    cJSON_Delete(json);
}

static void test_stats__budget__is_the_published_quota_and_the_interval_asked_for(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    assert_int_equal(number_of(region, "calls_per_minute"), 600);
    assert_int_equal(number_of(region, "poll_interval_ms"), 10 * SECOND);
    cJSON_Delete(json);
}

static void test_stats__with_a_store__tell_how_long_checkpoints_take(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_store *store = NULL;
    assert_int_equal(awslogsrc_store_memory_new(&store, NULL), 0);
    open_source(fixture);
    assert_int_equal(awslogsrc_source_set_store(fixture->source, store), 0);
    awslogsrc_store_free(store);
    put_many(fixture, 7);
    start(fixture);
    run(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *duration =
        cJSON_GetObjectItemCaseSensitive(first_region(json), "checkpoint_duration");
    expect_schema(json);
    assert_in_range(number_of(duration, "count"), 1, 60);
    cJSON_Delete(json);
}

static void test_stats__waiting__tell_when_it_goes_on(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(fixture->aws.service,
                          &(struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED});
    run_source(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    int64_t now = virtual_aws_server_ms(&fixture->aws);
    expect_schema(json);
    assert_int_equal(number_of(region, "error"), AWSLOGSRC_E_ACCESS_DENIED);
    assert_in_range(number_of(region, "retry_at_ms"), now, now + MINUTE);
    cJSON_Delete(json);
}

static void test_stats__map__tells_what_is_read(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 1);
    run_source(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    int64_t now = virtual_aws_server_ms(&fixture->aws);
    assert_true(is_read_up_to(region, now - 30 * SECOND));
    assert_true(is_read_up_to(region, number_of(region, "position_ms")));
    assert_false(is_read_up_to(region, now + 3 * HOUR));
    cJSON_Delete(json);
}

static void test_stats__null_arguments__are_refused(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, SECOND);
    char *text = NULL;
    assert_int_equal(awslogsrc_source_stats_json(NULL, &text, NULL, NULL), AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_source_stats_json(fixture->source, NULL, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
}

#define STATS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STATS(test_stats__before_the_start__are_not_known_yet),
        STATS(test_stats__after_a_while__count_events_and_lateness),
        STATS(test_stats__after_failures__follow_the_schema_and_count_each_kind),
        STATS(test_stats__calls__are_those_that_the_service_saw),
        STATS(test_stats__budget__is_the_published_quota_and_the_interval_asked_for),
        STATS(test_stats__with_a_store__tell_how_long_checkpoints_take),
        STATS(test_stats__waiting__tell_when_it_goes_on),
        STATS(test_stats__map__tells_what_is_read),
        STATS(test_stats__null_arguments__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
