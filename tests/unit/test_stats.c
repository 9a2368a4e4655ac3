#include "source_fixture.h"

#include <cjson/cJSON.h>

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

/* Everything up to t is read if each piece of the map before t was read, and not earlier than its
 * own times. */
static bool is_read_up_to(const cJSON *region, int64_t t)
{
    const cJSON *piece = NULL;
    cJSON_ArrayForEach(piece, cJSON_GetObjectItemCaseSensitive(region, "map"))
    {
        const cJSON *read_at = cJSON_GetObjectItemCaseSensitive(piece, "read_at");
        const cJSON *end = cJSON_GetObjectItemCaseSensitive(piece, "end");
        int64_t last =
            cJSON_IsNull(end) || number_of(piece, "end") > t ? t : number_of(piece, "end");
        if (number_of(piece, "start") < t &&
            (cJSON_IsNull(read_at) || number_of(piece, "read_at") < last))
            return false;
    }
    return true;
}

static void test_stats__before_the_start__name_the_region_alone(void **state)
{
    struct fixture *fixture = *state;
    open_source(fixture);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(region, "region")),
                        "eu-west-1");
    assert_null(cJSON_GetObjectItemCaseSensitive(region, "map"));
    cJSON_Delete(json);
}

static void test_stats__after_a_while__count_events_and_lateness(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    run_source(fixture, MINUTE);
    cJSON *json = stats(fixture);
    const cJSON *region = first_region(json);
    const cJSON *lateness = cJSON_GetObjectItemCaseSensitive(region, "lateness");
    assert_int_equal(number_of(region, "events_delivered"), 7);
    assert_int_equal(number_of(cJSON_GetObjectItemCaseSensitive(lateness, "arrival"), "count"), 7);
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
        STATS(test_stats__before_the_start__name_the_region_alone),
        STATS(test_stats__after_a_while__count_events_and_lateness),
        STATS(test_stats__map__tells_what_is_read),
        STATS(test_stats__null_arguments__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
