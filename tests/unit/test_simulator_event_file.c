#include "testing.h"

#include "event_file.h"
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

static void load(const char *text)
{
    struct sim_event_file file = {"file", 1000, 2000};
    sim_event_file_put(&file, text, strlen(text), bed.group);
}

static struct sim_event first(void)
{
    struct sim_cursor cursor;
    struct sim_event event;
    sim_cursor_seek(&cursor, bed.group, SIM_TESTBED_NOW, NULL);
    assert_true(sim_cursor_next(&cursor, &event));
    return event;
}

static void test_simulator_event_file__event_line__is_the_event(void **state)
{
    (void)state;
    load("{\"timestamp\":5,\"ingestion_time\":6,\"visible_at\":7,\"stream\":\"s\",\"message\":"
         "\"m\"}\n");
    struct sim_event event = first();
    assert_int_equal(event.timestamp, 5);
    assert_int_equal(event.ingestion_time, 6);
    assert_int_equal(event.visible_at, 7);
    assert_string_equal(event.stream, "s");
    assert_string_equal(event.message, "m");
}

static void test_simulator_event_file__base64__carries_any_bytes(void **state)
{
    (void)state;
    load("{\"timestamp\":5,\"message_base64\":\"AP8=\"}");
    struct sim_event event = first();
    assert_int_equal(event.message_length, 2);
    assert_memory_equal(event.message, "\0\xff", 2);
}

static void test_simulator_event_file__plain_lines__are_spread_and_verbatim(void **state)
{
    (void)state;
    load("{\"eventName\":\"A\"}\nsecond\r\n");
    struct sim_event event = first();
    assert_int_equal(event.timestamp, 1000);
    assert_string_equal(event.message, "{\"eventName\":\"A\"}");
    assert_int_equal(bed.group->store.count, 2);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_event_file__event_line__is_the_event),
        WITH_BED(test_simulator_event_file__base64__carries_any_bytes),
        WITH_BED(test_simulator_event_file__plain_lines__are_spread_and_verbatim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
