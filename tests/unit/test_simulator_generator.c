#include "testing.h"

#include "oracle.h"
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

static struct sim_series series(enum sim_generator_kind kind)
{
    return (struct sim_series){
        .generator = {kind, 42, "123456789012", "eu-west-1"},
        .start_ms = 1000000,
        .per_second = 3,
        .count = 1000,
        .streams = 3,
    };
}

/* Two series in each other's way, with several events a millisecond, and events put among them. */
static void put_everything(void)
{
    struct sim_series all = series(SIM_TEXT);
    all.per_second = 5000;
    all.ingestion_delay_ms = 700;
    all.visible_delay_ms = 3000;
    sim_group_put_series(bed.group, &all);
    all.generator.seed++;
    sim_group_put_series(bed.group, &all);
    for (int i = 0; i < 100; i++)
        sim_testbed_put(&bed, 1000000 + i * 2, "put");
}

static struct sim_buffer message(enum sim_generator_kind kind, uint64_t index)
{
    struct sim_buffer out = {0};
    struct sim_series all = series(kind);
    sim_generator_message(&all.generator, index, SIM_TESTBED_NOW, &out);
    sim_buffer_add(&out, "", 1);
    return out;
}

static bool same_message(uint64_t one, uint64_t other)
{
    struct sim_buffer a = message(SIM_CLOUDTRAIL, one);
    struct sim_buffer b = message(SIM_CLOUDTRAIL, other);
    bool same = strcmp(a.data, b.data) == 0;
    sim_buffer_clear(&a);
    sim_buffer_clear(&b);
    return same;
}

static void test_simulator_generator__same_index__has_the_same_message(void **state)
{
    (void)state;
    assert_true(same_message(77, 77));
}

static void test_simulator_generator__other_index__has_another_message(void **state)
{
    (void)state;
    assert_false(same_message(77, 78));
}

static void test_simulator_generator__cloudtrail__is_json_of_real_size(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        struct sim_buffer text = message(SIM_CLOUDTRAIL, i);
        cJSON *event = cJSON_ParseWithOpts(text.data, NULL, true);
        assert_non_null(event);
        assert_true(cJSON_IsString(cJSON_GetObjectItem(event, "eventName")));
        assert_in_range(text.length, 650, 1600);
        cJSON_Delete(event);
        sim_buffer_clear(&text);
    }
}

static void test_simulator_generator__vpc_flow__has_14_fields(void **state)
{
    (void)state;
    struct sim_buffer text = message(SIM_VPC_FLOW, 5);
    size_t blanks = 0;
    for (const char *at = text.data; *at; at++)
        blanks += *at == ' ';
    assert_int_equal(blanks, 13);
    sim_buffer_clear(&text);
}

static void test_simulator_generator__series_and_events__come_in_key_order(void **state)
{
    (void)state;
    struct sim_cursor cursor;
    struct sim_event event;
    struct sim_key last = {0};
    size_t count = 0;
    put_everything();
    sim_cursor_seek(&cursor, bed.group, SIM_TESTBED_NOW, NULL);
    for (; sim_cursor_next(&cursor, &event); count++) {
        struct sim_key key = {event.timestamp, event.ingestion_time, event.sequence};
        assert_true(sim_key_compare(&last, &key) < 0);
        last = key;
    }
    assert_int_equal(count, 2100);
}

static void test_simulator_generator__cursor__resumes_behind_any_event(void **state)
{
    (void)state;
    struct sim_cursor whole;
    struct sim_event expected;
    struct sim_key after = {INT64_MIN, INT64_MIN, 0};
    put_everything();
    sim_cursor_seek(&whole, bed.group, SIM_TESTBED_NOW, NULL);
    while (sim_cursor_next(&whole, &expected)) {
        struct sim_cursor resumed;
        struct sim_event event;
        sim_cursor_seek(&resumed, bed.group, SIM_TESTBED_NOW, &after);
        assert_true(sim_cursor_next(&resumed, &event));
        assert_int_equal(event.sequence, expected.sequence);
        after = (struct sim_key){event.timestamp, event.ingestion_time, event.sequence};
    }
}

static void test_simulator_generator__endless_series__grows_with_the_clock(void **state)
{
    (void)state;
    struct sim_series live = series(SIM_TEXT);
    live.start_ms = SIM_TESTBED_NOW;
    live.count = 0;
    live.per_second = 10;
    sim_group_put_series(bed.group, &live);
    assert_int_equal(sim_testbed_read(&bed, "", NULL), 1);
    bed.client.now_ms += 10000;
    assert_int_equal(sim_testbed_read(&bed, "", NULL), 101);
}

static void test_simulator_generator__fortnight_at_20_a_second__is_read_at_any_place(void **state)
{
    (void)state;
    struct sim_series fortnight = series(SIM_CLOUDTRAIL);
    fortnight.start_ms = SIM_TESTBED_NOW - 14LL * 86400000;
    fortnight.per_second = 20;
    fortnight.count = UINT64_C(14) * 86400 * 20;
    sim_group_put_series(bed.group, &fortnight);
    assert_int_equal(
        sim_testbed_read(&bed, ",\"startTime\":1769900000000,\"endTime\":1769900000999", NULL), 20);
}

static void test_simulator_generator__oracle__depends_on_every_byte(void **state)
{
    (void)state;
    struct sim_testbed other = sim_testbed_new();
    struct sim_event a = {.timestamp = 1, .stream = "s", .message = "a\0b", .message_length = 3};
    struct sim_event c = {.timestamp = 1, .stream = "s", .message = "a\0c", .message_length = 3};
    sim_group_put(bed.group, &a);
    sim_group_put(other.group, &c);
    assert_true(sim_oracle_of(bed.group, "r", 5).hash != sim_oracle_of(other.group, "r", 5).hash);
    sim_testbed_free(&other);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, open_bed, close_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BED(test_simulator_generator__same_index__has_the_same_message),
        WITH_BED(test_simulator_generator__other_index__has_another_message),
        WITH_BED(test_simulator_generator__cloudtrail__is_json_of_real_size),
        WITH_BED(test_simulator_generator__vpc_flow__has_14_fields),
        WITH_BED(test_simulator_generator__series_and_events__come_in_key_order),
        WITH_BED(test_simulator_generator__cursor__resumes_behind_any_event),
        WITH_BED(test_simulator_generator__endless_series__grows_with_the_clock),
        WITH_BED(test_simulator_generator__fortnight_at_20_a_second__is_read_at_any_place),
        WITH_BED(test_simulator_generator__oracle__depends_on_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
