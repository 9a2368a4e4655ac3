#include "testing.h"

#include "testbed.h"

static struct sim_testbed bed;

static int open_bed(void **state)
{
    (void)state;
    bed = sim_testbed_new();
    return 0;
}

static int close_bed(void **state)
{
    (void)state;
    sim_testbed_free(&bed);
    return 0;
}

static size_t count(const char *members)
{
    return sim_testbed_read(&bed, members, NULL);
}

static struct sim_settings *settings(void)
{
    return sim_service_settings(bed.service);
}

static void put_many(size_t many, int64_t from, int64_t step)
{
    for (size_t i = 0; i < many; i++)
        sim_testbed_put(&bed, from + (int64_t)i * step, "message");
}

/* An event that shows only one millisecond from now. */
static void put_unseen(int64_t timestamp)
{
    struct sim_event event = {.timestamp = timestamp,
                              .ingestion_time = timestamp,
                              .visible_at = SIM_TESTBED_NOW + 1,
                              .stream = "s",
                              .message = "m",
                              .message_length = 1};
    sim_group_put(bed.group, &event);
}

static size_t page_size(const char *members)
{
    cJSON *page = sim_testbed_filter(&bed, members);
    size_t size = (size_t)cJSON_GetArraySize(cJSON_GetObjectItem(page, "events"));
    cJSON_Delete(page);
    return size;
}

/* Asks for two events, lets a millisecond pass, and says how many the second page has. */
static size_t second_page_size(void)
{
    char token[256];
    char members[300];
    cJSON *page = sim_testbed_filter(&bed, ",\"limit\":2");
    sim_testbed_token(page, token, sizeof token);
    cJSON_Delete(page);
    bed.client.now_ms++;
    snprintf(members, sizeof members, ",\"nextToken\":\"%s\"", token);
    return page_size(members);
}

static void expect_error(const char *members, const char *type, const char *part)
{
    struct sim_response response;
    sim_testbed_ask(&bed, members, &response);
    assert_int_equal(response.status, 400);
    assert_string_equal(response.error_type, type);
    assert_non_null(strstr(response.body, part));
    sim_response_clear(&response);
}

static void test_simulator_paging__25000_events_of_one_millisecond__come_in_3_pages(void **state)
{
    (void)state;
    put_many(25000, 1000, 0);
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, "", &pages), 25000);
    assert_int_equal(pages, 3);
}

static void test_simulator_paging__megabyte__ends_a_page(void **state)
{
    (void)state;
    static char message[1025];
    memset(message, 'm', 1024);
    for (int i = 0; i < 1100; i++)
        sim_testbed_put(&bed, 1000 + i, message);
    assert_int_equal(page_size(""), 1048576 / (1024 + 26));
}

static void test_simulator_paging__message_of_a_megabyte__is_a_page_of_its_own(void **state)
{
    (void)state;
    static char message[1048577];
    memset(message, 'm', 1048576);
    sim_testbed_put(&bed, 1, message);
    sim_testbed_put(&bed, 2, message);
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, "", &pages), 2);
    assert_int_equal(pages, 2);
}

static void test_simulator_paging__limit__caps_a_page_only(void **state)
{
    (void)state;
    put_many(10, 1000, 1);
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, ",\"limit\":3", &pages), 10);
    assert_int_equal(pages, 4);
}

static void test_simulator_paging__limit_over_10000__is_refused(void **state)
{
    (void)state;
    expect_error(",\"limit\":10001", "InvalidParameterException",
                 "Value '10001' at 'limit' failed to satisfy constraint: Member must have value "
                 "less than or equal to 10000");
}

static void test_simulator_paging__negative_start__is_refused_as_aws_words_it(void **state)
{
    (void)state;
    expect_error(",\"startTime\":-6795364578871", "InvalidParameterException",
                 "1 validation error detected: Value '-6795364578871' at 'startTime' failed to "
                 "satisfy constraint: Member must have value greater than or equal to 0");
}

static void test_simulator_paging__names_and_prefix_together__are_refused(void **state)
{
    (void)state;
    sim_testbed_put(&bed, 1, "m");
    expect_error(",\"logStreamNames\":[\"" SIM_TESTBED_STREAM "\"],\"logStreamNamePrefix\":\"1\"",
                 "InvalidParameterException", "cannot both");
}

static void test_simulator_paging__late_event__is_sorted_in(void **state)
{
    (void)state;
    put_many(2000, 1000, 2);
    sim_testbed_put(&bed, 2001, "late");
    cJSON *page = sim_testbed_filter(&bed, ",\"startTime\":2000,\"limit\":2");
    const cJSON *second = cJSON_GetArrayItem(cJSON_GetObjectItem(page, "events"), 1);
    assert_string_equal(cJSON_GetObjectItem(second, "message")->valuestring, "late");
    cJSON_Delete(page);
}

static void test_simulator_paging__start_time__is_inclusive(void **state)
{
    (void)state;
    put_many(10, 1000, 1);
    assert_int_equal(count(",\"startTime\":1004"), 6);
}

static void test_simulator_paging__end_time__is_inclusive_by_default(void **state)
{
    (void)state;
    put_many(10, 1000, 1);
    assert_int_equal(count(",\"endTime\":1004"), 5);
}

static void test_simulator_paging__end_time_switched__is_exclusive(void **state)
{
    (void)state;
    settings()->end_time_exclusive = true;
    put_many(10, 1000, 1);
    assert_int_equal(count(",\"endTime\":1004"), 4);
}

static void test_simulator_paging__event_visible_later__is_not_there_yet(void **state)
{
    (void)state;
    put_unseen(1000);
    assert_int_equal(count(""), 0);
    bed.client.now_ms++;
    assert_int_equal(count(""), 1);
}

static void test_simulator_paging__event_visible_behind_the_chain__is_missed_by_it(void **state)
{
    (void)state;
    put_many(4, 1000, 10);
    put_unseen(1005);
    assert_int_equal(second_page_size(), 2);
    assert_int_equal(count(""), 5);
}

static void test_simulator_paging__event_visible_ahead_of_the_chain__is_read_by_it(void **state)
{
    (void)state;
    put_many(4, 1000, 10);
    put_unseen(1015);
    assert_int_equal(second_page_size(), 3);
}

static void test_simulator_paging__empty_pages__stand_before_each_other_one(void **state)
{
    (void)state;
    settings()->empty_pages = 40;
    settings()->page_events = 3;
    put_many(5, 1000, 1);
    size_t pages = 0;
    assert_int_equal(page_size(""), 0);
    assert_int_equal(sim_testbed_read(&bed, "", &pages), 5);
    assert_int_equal(pages, 82);
}

static void test_simulator_paging__every_second_page_empty__loses_nothing(void **state)
{
    (void)state;
    settings()->empty_every = 2;
    settings()->page_events = 2;
    put_many(5, 1000, 1);
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, "", &pages), 5);
    assert_int_equal(pages, 5);
}

static void test_simulator_paging__scan_limit__makes_pages_without_matches(void **state)
{
    (void)state;
    settings()->scan_events = 10;
    put_many(95, 1000, 1);
    sim_testbed_put(&bed, 5000, "needle");
    size_t pages = 0;
    assert_int_equal(sim_testbed_read(&bed, ",\"filterPattern\":\"needle\"", &pages), 1);
    assert_int_equal(pages, 10);
}

static void test_simulator_paging__stream_names__select(void **state)
{
    (void)state;
    put_many(3, 1000, 1);
    bed.client.now_ms++;
    put_unseen(1000);
    assert_int_equal(count(",\"logStreamNames\":[\"s\"]"), 1);
}

static void test_simulator_paging__stream_prefix__selects(void **state)
{
    (void)state;
    put_many(3, 1000, 1);
    bed.client.now_ms++;
    put_unseen(1000);
    assert_int_equal(count(",\"logStreamNamePrefix\":\"1234\""), 3);
}

static void test_simulator_paging__missing_stream__is_not_found(void **state)
{
    (void)state;
    expect_error(",\"logStreamNames\":[\"other\"]", "ResourceNotFoundException", "log stream");
}

static void test_simulator_paging__removed_group__is_not_found(void **state)
{
    (void)state;
    sim_world_remove_group(sim_service_world(bed.service), SIM_TESTBED_REGION, SIM_TESTBED_GROUP);
    expect_error("", "ResourceNotFoundException", "The specified log group does not exist.");
}

static void test_simulator_paging__retention__hides_what_is_older(void **state)
{
    (void)state;
    bed.group->retention_ms = 86400000;
    sim_testbed_put(&bed, SIM_TESTBED_NOW - 86400000, "old");
    sim_testbed_put(&bed, SIM_TESTBED_NOW - 86399999, "new");
    assert_int_equal(count(""), 1);
}

static void test_simulator_paging__event_ids__are_56_digits_and_unique(void **state)
{
    (void)state;
    put_many(2, 1000, 0);
    cJSON *page = sim_testbed_filter(&bed, "");
    const cJSON *events = cJSON_GetObjectItem(page, "events");
    const char *a = cJSON_GetObjectItem(cJSON_GetArrayItem(events, 0), "eventId")->valuestring;
    const char *b = cJSON_GetObjectItem(cJSON_GetArrayItem(events, 1), "eventId")->valuestring;
    assert_int_equal(strspn(a, "0123456789"), 56);
    assert_int_equal(strlen(a), 56);
    assert_string_not_equal(a, b);
    cJSON_Delete(page);
}

static void test_simulator_paging__arn__names_the_group(void **state)
{
    (void)state;
    sim_testbed_put(&bed, 1, "m");
    struct sim_response response;
    sim_client_call(&bed.client, "FilterLogEvents",
                    "{\"logGroupIdentifier\":\"arn:aws:logs:" SIM_TESTBED_REGION
                    ":123456789012:log-group:" SIM_TESTBED_GROUP "\"}",
                    &response);
    assert_int_equal(response.status, 200);
    sim_response_clear(&response);
}

static void test_simulator_paging__arn_with_star__is_refused(void **state)
{
    (void)state;
    struct sim_response response;
    sim_client_call(&bed.client, "FilterLogEvents",
                    "{\"logGroupIdentifier\":\"arn:aws:logs:" SIM_TESTBED_REGION
                    ":123456789012:log-group:" SIM_TESTBED_GROUP ":*\"}",
                    &response);
    assert_string_equal(response.error_type, "InvalidParameterException");
    sim_response_clear(&response);
}

static void test_simulator_paging__unknown_operation__is_said_to_be_so(void **state)
{
    (void)state;
    struct sim_response response;
    sim_client_call(&bed.client, "PutLogEvents", "{}", &response);
    assert_string_equal(response.error_type, "UnknownOperationException");
    sim_response_clear(&response);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_paging__25000_events_of_one_millisecond__come_in_3_pages),
        WITH_BED(test_simulator_paging__megabyte__ends_a_page),
        WITH_BED(test_simulator_paging__message_of_a_megabyte__is_a_page_of_its_own),
        WITH_BED(test_simulator_paging__limit__caps_a_page_only),
        WITH_BED(test_simulator_paging__limit_over_10000__is_refused),
        WITH_BED(test_simulator_paging__negative_start__is_refused_as_aws_words_it),
        WITH_BED(test_simulator_paging__names_and_prefix_together__are_refused),
        WITH_BED(test_simulator_paging__late_event__is_sorted_in),
        WITH_BED(test_simulator_paging__start_time__is_inclusive),
        WITH_BED(test_simulator_paging__end_time__is_inclusive_by_default),
        WITH_BED(test_simulator_paging__end_time_switched__is_exclusive),
        WITH_BED(test_simulator_paging__event_visible_later__is_not_there_yet),
        WITH_BED(test_simulator_paging__event_visible_behind_the_chain__is_missed_by_it),
        WITH_BED(test_simulator_paging__event_visible_ahead_of_the_chain__is_read_by_it),
        WITH_BED(test_simulator_paging__empty_pages__stand_before_each_other_one),
        WITH_BED(test_simulator_paging__every_second_page_empty__loses_nothing),
        WITH_BED(test_simulator_paging__scan_limit__makes_pages_without_matches),
        WITH_BED(test_simulator_paging__stream_names__select),
        WITH_BED(test_simulator_paging__stream_prefix__selects),
        WITH_BED(test_simulator_paging__missing_stream__is_not_found),
        WITH_BED(test_simulator_paging__removed_group__is_not_found),
        WITH_BED(test_simulator_paging__retention__hides_what_is_older),
        WITH_BED(test_simulator_paging__event_ids__are_56_digits_and_unique),
        WITH_BED(test_simulator_paging__arn__names_the_group),
        WITH_BED(test_simulator_paging__arn_with_star__is_refused),
        WITH_BED(test_simulator_paging__unknown_operation__is_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
