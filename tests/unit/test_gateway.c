#include "source_fixture.h"

#include <cjson/cJSON.h>

#include "event/batch.h"

/* Notes the identifiers in place of the messages. */
static int note_identifiers(struct fixture *fixture, awslogsrc_batch *batch)
{
    fixture->count -= awslogsrc_batch_count(batch);
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        const awslogsrc_event *event = awslogsrc_batch_event(batch, i);
        size_t size = 0;
        const char *identifier = awslogsrc_event_identifier(event, &size);
        (void)snprintf(fixture->messages[fixture->count++], sizeof fixture->messages[0], "%.*s",
                       (int)size, identifier);
    }
    return AWSLOGSRC_ACCEPT;
}

static void set_patterns(struct fixture *fixture, const char *patterns)
{
    set(fixture, "use_as_gateway_log_source", "true");
    set(fixture, "log_source_identifier_pattern", patterns);
    fixture->answer = note_identifiers;
}

static void test_gateway__events__have_identifiers_of_their_own(void **state)
{
    struct fixture *fixture = *state;
    set_patterns(fixture, "VPC=\\sREJECT\\sFAILURE\n$1=\\s(REJECT)\\sOK\n"
                          "VPC-$1-$2=\\s(ACCEPT)\\s(OK)");
    put(fixture, noon - 3 * MINUTE, "ACCEPT OK");
    put(fixture, noon - 2 * MINUTE, "REJECT OK");
    put(fixture, noon - 1 * MINUTE, "SKIPDATA");
    run_source(fixture, MINUTE);
    assert_int_equal(fixture->count, 3);
    assert_int_equal(times(fixture, "VPC-ACCEPT-OK"), 1);
    assert_int_equal(times(fixture, "REJECT"), 1);
    assert_int_equal(times(fixture, group_name), 1);
}

static void test_gateway__patterns__see_the_payload(void **state)
{
    struct fixture *fixture = *state;
    set_patterns(fixture, "$1=LogStreamName: (\\w+)");
    put(fixture, noon - MINUTE, "x");
    run_source(fixture, MINUTE);
    assert_string_equal(fixture->messages[0], "stream");
}

static void test_gateway__original_event__is_the_payload(void **state)
{
    struct fixture *fixture = *state;
    set(fixture, "extract_original_event", "true");
    set(fixture, "log_source_identifier", "other");
    set_patterns(fixture, "wrapped=LogStreamName\n[$1]=^(x+)$");
    put(fixture, noon - 2 * MINUTE, "xx");
    put(fixture, noon - MINUTE, "y");
    run_source(fixture, MINUTE);
    assert_int_equal(times(fixture, "[xx]"), 1);
    assert_int_equal(times(fixture, "other"), 1);
}

static void test_gateway__not_asked_for__patterns_do_nothing(void **state)
{
    struct fixture *fixture = *state;
    set_patterns(fixture, "a=.");
    set(fixture, "use_as_gateway_log_source", "false");
    put(fixture, noon - MINUTE, "x");
    run_source(fixture, MINUTE);
    assert_string_equal(fixture->messages[0], group_name);
}

static void test_gateway__held_batch__keeps_its_identifiers(void **state)
{
    struct fixture *fixture = *state;
    set_patterns(fixture, "id-$1=Message: (\\d+)");
    fixture->answer = hold;
    put_many(fixture, 20);
    run_source(fixture, MINUTE);
    awslogsrc_source_free(fixture->source);
    fixture->source = NULL;
    assert_int_equal(fixture->held_count, 1);
    for (size_t i = 0; i < 20; i++) {
        char expected[16];
        size_t size = 0;
        const char *identifier =
            awslogsrc_event_identifier(awslogsrc_batch_event(fixture->held[0], i), &size);
        assert_int_equal(snprintf(expected, sizeof expected, "id-%zu", i), size);
        assert_memory_equal(identifier, expected, size);
    }
}

static void test_gateway__identifiers__count_as_memory_in_flight(void **state)
{
    struct fixture *fixture = *state;
    set_patterns(fixture, "$0=.*");
    fixture->answer = hold;
    put_many(fixture, 20);
    run_source(fixture, MINUTE);
    const awslogsrc_batch *batch = fixture->held[0];
    assert_true(batch->identifiers.capacity > 0);
    assert_int_equal(fixture->aws.context->inflight_bytes,
                     batch->bytes + batch->identifiers.capacity);
    assert_int_equal(awslogsrc_batch_ack(fixture->held[--fixture->held_count]), 0);
    run(fixture, SECOND);
    assert_int_equal(fixture->aws.context->inflight_bytes, 0);
}

static double count_of(const cJSON *stats, const char *name)
{
    const cJSON *regions = cJSON_GetObjectItemCaseSensitive(stats, "regions");
    return cJSON_GetNumberValue(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(regions, 0), name));
}

static void test_gateway__statistics__count_what_the_patterns_did(void **state)
{
    struct fixture *fixture = *state;
    char *text = NULL;
    set_patterns(fixture, "x=Message: (a+)+,IngestionTime: $\nfound=x");
    put(fixture, noon - 3 * MINUTE, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax");
    put(fixture, noon - 2 * MINUTE, "x");
    put(fixture, noon - 1 * MINUTE, "y");
    run_source(fixture, MINUTE);
    assert_int_equal(awslogsrc_source_stats_json(fixture->source, &text, NULL, NULL), 0);
    cJSON *stats = cJSON_Parse(text);
    awslogsrc_source_stats_free(text);
    assert_int_equal(count_of(stats, "identifiers_found"), 1);
    assert_int_equal(count_of(stats, "identifiers_none"), 1);
    assert_int_equal(count_of(stats, "identifiers_given_up"), 1);
    cJSON_Delete(stats);
    assert_int_equal(times(fixture, group_name), 2);
}

#define GATEWAY(test) cmocka_unit_test_setup_teardown(test_gateway__##test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATEWAY(events__have_identifiers_of_their_own),
        GATEWAY(patterns__see_the_payload),
        GATEWAY(original_event__is_the_payload),
        GATEWAY(not_asked_for__patterns_do_nothing),
        GATEWAY(held_batch__keeps_its_identifiers),
        GATEWAY(identifiers__count_as_memory_in_flight),
        GATEWAY(statistics__count_what_the_patterns_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
