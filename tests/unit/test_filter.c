/* filter_pattern, from the option to the events that come. */
#include "source_fixture.h"

#include <cjson/cJSON.h>

static void put_some(struct fixture *fixture)
{
    put(fixture, noon - 3 * MINUTE, "a \"b\\c");
    put(fixture, noon - 2 * MINUTE, "a\tb");
    put(fixture, noon - MINUTE, "A \"B\\C");
    put(fixture, noon - MINUTE, "a b");
}

static cJSON *stats(const struct fixture *fixture)
{
    char *text = NULL;
    assert_int_equal(awslogsrc_source_stats_json(fixture->source, &text, NULL, NULL), 0);
    cJSON *json = cJSON_Parse(text);
    awslogsrc_source_stats_free(text);
    return json;
}

/* least: an event counts each time it is read. */
static void assert_filtered(const struct fixture *fixture, const char *by, int least)
{
    cJSON *json = stats(fixture);
    const cJSON *region = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "regions"), 0);
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(region, "events_filtered");
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "filtered_by")),
                        by);
    assert_true(least == 0 ? cJSON_GetNumberValue(count) == 0
                           : cJSON_GetNumberValue(count) >= least);
    cJSON_Delete(json);
}

static void test_filter__exact_text__is_asked_of_the_service(void **state)
{
    struct fixture *fixture = *state;
    put_some(fixture);
    set(fixture, "filter_pattern", "a \"b\\c");
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 1);
    assert_string_equal(fixture->messages[0], "a \"b\\c");
    assert_filtered(fixture, "service", 0);
}

static void note_log(void *user_data, int level, const char *message)
{
    char *told = user_data;
    if (level == AWSLOGSRC_LOG_WARNING)
        (void)snprintf(told, 256, "%s", message);
}

static void test_filter__text_that_aws_does_not_take__is_filtered_here_and_told(void **state)
{
    struct fixture *fixture = *state;
    char told[256] = "";
    put_some(fixture);
    awslogsrc_context_set_log(fixture->aws.context, AWSLOGSRC_LOG_WARNING, note_log, told, NULL);
    set(fixture, "filter_pattern", "a\tb");
    set(fixture, "once", "true");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 1);
    assert_string_equal(fixture->messages[0], "a\tb");
    assert_filtered(fixture, "library", 3);
    assert_non_null(strstr(told, "filter_pattern: AWS takes no such pattern"));
    assert_false(als_source_is_running(fixture->source));
}

static void test_filter__long_text__finds_what_contains_it(void **state)
{
    struct fixture *fixture = *state;
    char text[3000] = "", message[3100] = "";
    memset(text, 'x', sizeof text - 1);
    (void)snprintf(message, sizeof message, "before %s behind", text);
    put_some(fixture);
    put(fixture, noon - MINUTE, message);
    set(fixture, "filter_pattern", text);
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 1);
    assert_filtered(fixture, "library", 4);
}

/* What is left out is read all the same: a scan that goes on behind it is not held up, and nothing
 * of it is remembered. */
static void test_filter__all_is_left_out__reading_goes_on(void **state)
{
    struct fixture *fixture = *state;
    sim_service_settings(fixture->aws.service)->page_events = 2;
    put_many(fixture, 20);
    put(fixture, noon - MINUTE, "a\tb");
    set(fixture, "filter_pattern", "a\tb");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 1);
    cJSON *json = stats(fixture);
    const cJSON *region = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "regions"), 0);
    assert_true(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(region, "recent_ids")) <= 1);
    assert_int_equal(last_state(fixture, "eu-west-1"), AWSLOGSRC_REGION_CAUGHT_UP);
    cJSON_Delete(json);
}

static void test_filter__aws_syntax__is_left_to_the_service(void **state)
{
    struct fixture *fixture = *state;
    put_some(fixture);
    set(fixture, "filter_pattern", "a b");
    set(fixture, "filter_syntax", "aws");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 3); /* both words, anywhere */
    assert_filtered(fixture, "service", 0);
}

static void test_filter__cursor_of_another_text__is_refused(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_cursor *cursor = NULL;
    set(fixture, "filter_pattern", "a\tb");
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_cursor(fixture->source, "eu-west-1", &cursor, NULL), 0);
    awslogsrc_source_free(fixture->source);
    set(fixture, "filter_pattern", "a\tc");
    open_source(fixture);
    int given = awslogsrc_source_set_cursor(fixture->source, cursor, NULL);
    awslogsrc_cursor_free(cursor);
    start(fixture);
    run(fixture, MINUTE);
    assert_true(given == AWSLOGSRC_E_CURSOR_FOREIGN ||
                was_in(fixture, AWSLOGSRC_REGION_WAITING, AWSLOGSRC_E_CURSOR_FOREIGN) ||
                was_in(fixture, AWSLOGSRC_REGION_FAILED, AWSLOGSRC_E_CURSOR_FOREIGN));
}

#define FILTER(test) cmocka_unit_test_setup_teardown(test_filter__##test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILTER(exact_text__is_asked_of_the_service),
        FILTER(text_that_aws_does_not_take__is_filtered_here_and_told),
        FILTER(long_text__finds_what_contains_it),
        FILTER(all_is_left_out__reading_goes_on),
        FILTER(aws_syntax__is_left_to_the_service),
        FILTER(cursor_of_another_text__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
