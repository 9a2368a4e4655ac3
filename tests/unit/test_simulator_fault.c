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

static void add(struct sim_fault fault)
{
    sim_service_add_fault(bed.service, &fault);
}

static struct sim_response ask(void)
{
    struct sim_response response;
    sim_testbed_ask(&bed, "", &response);
    return response;
}

static int status(void)
{
    struct sim_response response = ask();
    int result = response.status;
    sim_response_clear(&response);
    return result;
}

/* One letter a request: '.' answered, 'x' not. */
static void expect_statuses(const char *pattern)
{
    for (; *pattern; pattern++)
        assert_int_equal(status() == 200, *pattern == '.');
}

static void expect_transport(enum sim_fault_kind kind, enum sim_transport transport)
{
    add((struct sim_fault){.kind = kind, .cut_at = 7});
    struct sim_response response = ask();
    assert_int_equal(response.transport, transport);
    assert_int_equal(response.cut_at, 7);
    sim_response_clear(&response);
}

static uint64_t throttled_of_1000(void)
{
    add((struct sim_fault){.kind = SIM_FAULT_THROTTLING, .probability = 0.3});
    for (int i = 0; i < 1000; i++)
        status();
    return sim_service_injected(bed.service, SIM_FAULT_THROTTLING);
}

static void test_simulator_fault__third_request__only_that_one_fails(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_UNAVAILABLE, .after = 2, .times = 1});
    expect_statuses("..x...");
}

static void test_simulator_fault__interval__fails_within_it(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_UNAVAILABLE,
                           .from_ms = SIM_TESTBED_NOW + 1000,
                           .until_ms = SIM_TESTBED_NOW + 2000});
    expect_statuses(".");
    bed.client.now_ms += 1000;
    expect_statuses("xx");
    bed.client.now_ms += 1000;
    expect_statuses(".");
}

static void test_simulator_fault__probability__fails_about_so_often(void **state)
{
    (void)state;
    assert_in_range(throttled_of_1000(), 250, 350);
}

static void test_simulator_fault__same_seed__fails_the_same_requests(void **state)
{
    (void)state;
    uint64_t first = throttled_of_1000();
    sim_testbed_free(&bed);
    bed = sim_testbed_new();
    assert_int_equal(throttled_of_1000(), first);
}

static void test_simulator_fault__other_region__is_not_hit(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_UNAVAILABLE, .region = "us-east-1"});
    expect_statuses("..");
}

static void test_simulator_fault__throttling__is_http_400_rate_exceeded(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_THROTTLING});
    struct sim_response response = ask();
    assert_int_equal(response.status, 400);
    assert_string_equal(response.body,
                        "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}");
    sim_response_clear(&response);
}

static void test_simulator_fault__access_denied__says_message_with_a_capital(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_ACCESS_DENIED});
    struct sim_response response = ask();
    assert_non_null(strstr(response.body, "\"Message\":\"User: "));
    sim_response_clear(&response);
}

static void test_simulator_fault__reset__is_for_the_transport(void **state)
{
    (void)state;
    expect_transport(SIM_FAULT_RESET, SIM_RESET);
}

static void test_simulator_fault__reset_in_the_body__is_for_the_transport(void **state)
{
    (void)state;
    expect_transport(SIM_FAULT_RESET_BODY, SIM_RESET_BODY);
}

static void test_simulator_fault__truncation__is_for_the_transport(void **state)
{
    (void)state;
    expect_transport(SIM_FAULT_TRUNCATE, SIM_TRUNCATED);
}

static void test_simulator_fault__chunked_truncation__is_for_the_transport(void **state)
{
    (void)state;
    expect_transport(SIM_FAULT_TRUNCATE_CHUNKED, SIM_TRUNCATED_CHUNKED);
}

static void test_simulator_fault__hang__is_for_the_transport(void **state)
{
    (void)state;
    expect_transport(SIM_FAULT_HANG, SIM_HANG);
}

static void test_simulator_fault__malformed__is_never_json(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_MALFORMED});
    sim_testbed_put(&bed, 1, "a {\"b\":[1]} message, with: marks");
    for (int i = 0; i < 100; i++)
        assert_null(sim_testbed_filter(&bed, ""));
}

static void test_simulator_fault__slow__adds_a_delay_and_answers(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_SLOW, .delay_ms = 2500});
    struct sim_response response = ask();
    assert_int_equal(response.delay_ms, 2500);
    assert_int_equal(response.status, 200);
    sim_response_clear(&response);
}

static void test_simulator_fault__clock_skew__moves_the_date(void **state)
{
    (void)state;
    add((struct sim_fault){.kind = SIM_FAULT_CLOCK_SKEW, .skew_ms = 1000});
    struct sim_response response = ask();
    assert_string_equal(response.date, "Sun, 01 Feb 2026 00:00:00 GMT");
    sim_response_clear(&response);
}

static void test_simulator_fault__quota__throttles_what_is_too_much(void **state)
{
    (void)state;
    sim_service_set_quota(bed.service, NULL, "FilterLogEvents", 2);
    expect_statuses("..x");
    bed.client.now_ms += 500;
    expect_statuses(".x");
}

static void test_simulator_fault__counters__know_region_operation_and_peak(void **state)
{
    (void)state;
    expect_statuses("...");
    bed.client.now_ms += 1000;
    expect_statuses(".");
    const struct sim_call_counter *counter =
        sim_call_log_counter(sim_service_log(bed.service), SIM_TESTBED_REGION, "FilterLogEvents");
    assert_int_equal(counter->calls, 4);
    assert_int_equal(sim_call_counter_peak(counter, 1), 3);
    assert_int_equal(sim_call_counter_peak(counter, 2), 4);
}

static void test_simulator_fault__call_log__keeps_what_was_asked(void **state)
{
    (void)state;
    sim_service_log(bed.service)->keep = true;
    struct sim_response response;
    sim_testbed_ask(&bed, ",\"startTime\":5,\"endTime\":9", &response);
    sim_response_clear(&response);
    const struct sim_call *call = &sim_service_log(bed.service)->calls[0];
    assert_int_equal(call->start_time, 5);
    assert_int_equal(call->end_time, 9);
    assert_string_equal(call->group, SIM_TESTBED_GROUP);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_fault__third_request__only_that_one_fails),
        WITH_BED(test_simulator_fault__interval__fails_within_it),
        WITH_BED(test_simulator_fault__probability__fails_about_so_often),
        WITH_BED(test_simulator_fault__same_seed__fails_the_same_requests),
        WITH_BED(test_simulator_fault__other_region__is_not_hit),
        WITH_BED(test_simulator_fault__throttling__is_http_400_rate_exceeded),
        WITH_BED(test_simulator_fault__access_denied__says_message_with_a_capital),
        WITH_BED(test_simulator_fault__reset__is_for_the_transport),
        WITH_BED(test_simulator_fault__reset_in_the_body__is_for_the_transport),
        WITH_BED(test_simulator_fault__truncation__is_for_the_transport),
        WITH_BED(test_simulator_fault__chunked_truncation__is_for_the_transport),
        WITH_BED(test_simulator_fault__hang__is_for_the_transport),
        WITH_BED(test_simulator_fault__malformed__is_never_json),
        WITH_BED(test_simulator_fault__slow__adds_a_delay_and_answers),
        WITH_BED(test_simulator_fault__clock_skew__moves_the_date),
        WITH_BED(test_simulator_fault__quota__throttles_what_is_too_much),
        WITH_BED(test_simulator_fault__counters__know_region_operation_and_peak),
        WITH_BED(test_simulator_fault__call_log__keeps_what_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
