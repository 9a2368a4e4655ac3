#include "source_fixture.h"

/* tests/integration/metrics.py has these texts read by the parser of a Prometheus client. */
static char *exposition_of(const struct fixture *fixture)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(awslogsrc_source_stats_openmetrics(fixture->source, &text, &size, NULL), 0);
    assert_int_equal(strlen(text), size);
    return text;
}

static size_t count(const char *text, const char *needle)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++)
        found++;
    return found;
}

static void expect_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    if (at == NULL || at[strlen(line)] != '\n' || (at != text && at[-1] != '\n'))
        fail_msg("there is no line %s in\n%s", line, text);
}

#define LABELS "source=\"default\",log_group=\"group\",region=\"eu-west-1\""

static void test_openmetrics__figures__are_those_of_the_json(void **state)
{
    struct fixture *fixture = *state;
    put_many(fixture, 7);
    run_source(fixture, MINUTE);
    char *text = exposition_of(fixture);
    expect_line(text, "# TYPE awslogsrc_events_delivered counter");
    expect_line(text, "awslogsrc_events_delivered_total{" LABELS "} 7");
    expect_line(text, "awslogsrc_event_arrival_seconds_count{" LABELS "} 7");
    expect_line(text, "awslogsrc_event_arrival_seconds_bucket{" LABELS ",le=\"+Inf\"} 7");
    expect_line(text, "awslogsrc_visibility_margin_seconds{" LABELS "} 300.000");
    awslogsrc_source_stats_free(text);
}

static void test_openmetrics__state__is_one_of_all(void **state)
{
    struct fixture *fixture = *state;
    run_source(fixture, MINUTE);
    char *text = exposition_of(fixture);
    expect_line(text, "awslogsrc_region_state{" LABELS ",awslogsrc_region_state=\"caught_up\"} 1");
    expect_line(text, "awslogsrc_region_state{" LABELS ",awslogsrc_region_state=\"waiting\"} 0");
    assert_int_equal(count(text, "\nawslogsrc_region_state{"), 8);
    awslogsrc_source_stats_free(text);
}

static void test_openmetrics__failures__are_counted_by_kind(void **state)
{
    struct fixture *fixture = *state;
    sim_service_add_fault(
        fixture->aws.service,
        &(struct sim_fault){.kind = SIM_FAULT_THROTTLING, .after = 2, .times = 3});
    run_source(fixture, MINUTE);
    char *text = exposition_of(fixture);
    expect_line(text, "awslogsrc_errors_total{" LABELS ",error=\"THROTTLED\"} 3");
    awslogsrc_source_stats_free(text);
}

static void test_openmetrics__before_the_start__what_is_unknown_is_left_out(void **state)
{
    struct fixture *fixture = *state;
    open_source(fixture);
    char *text = exposition_of(fixture);
    expect_line(text, "awslogsrc_calls_total{" LABELS "} 0");
    assert_null(strstr(text, "\nawslogsrc_lag_seconds{"));
    awslogsrc_source_stats_free(text);
}

/* No option lets such a name in today. */
static void test_openmetrics__quote_backslash_and_line_feed__are_escaped(void **state)
{
    struct fixture *fixture = *state;
    char odd[] = "a \"b\" \\o/\n";
    open_source(fixture);
    char *name = fixture->source->settings.name;
    fixture->source->settings.name = odd;
    char *text = exposition_of(fixture);
    fixture->source->settings.name = name;
    assert_non_null(strstr(text, "{source=\"a \\\"b\\\" \\\\o/\\n\",log_group=\"group\","));
    awslogsrc_source_stats_free(text);
}

static void test_openmetrics__whole_context__has_each_family_once_and_numbers_namesakes(
    void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_source *second = NULL;
    char *text = NULL;
    open_source(fixture);
    assert_int_equal(awslogsrc_source_new(fixture->aws.context, fixture->options, &second, NULL),
                     0);
    assert_int_equal(awslogsrc_context_stats_openmetrics(fixture->aws.context, &text, NULL, NULL),
                     0);
    assert_int_equal(count(text, "# TYPE awslogsrc_calls counter\n"), 1);
    assert_int_equal(count(text, "\nawslogsrc_calls_total{"), 2);
    expect_line(text, "awslogsrc_calls_total{" LABELS "} 0");
    expect_line(text, "awslogsrc_calls_total{source=\"default#2\",log_group=\"group\","
                      "region=\"eu-west-1\"} 0");
    assert_int_equal(count(text, "# EOF\n"), 1);
    assert_string_equal(text + strlen(text) - strlen("# EOF\n"), "# EOF\n");
    awslogsrc_source_stats_free(text);
    awslogsrc_source_free(second);
}

static void test_openmetrics__null_arguments__are_refused(void **state)
{
    struct fixture *fixture = *state;
    char *text = NULL;
    open_source(fixture);
    assert_int_equal(awslogsrc_source_stats_openmetrics(NULL, &text, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_source_stats_openmetrics(fixture->source, NULL, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
    assert_int_equal(awslogsrc_context_stats_openmetrics(NULL, &text, NULL, NULL),
                     AWSLOGSRC_E_INVALID);
}

#define METRICS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        METRICS(test_openmetrics__figures__are_those_of_the_json),
        METRICS(test_openmetrics__state__is_one_of_all),
        METRICS(test_openmetrics__failures__are_counted_by_kind),
        METRICS(test_openmetrics__before_the_start__what_is_unknown_is_left_out),
        METRICS(test_openmetrics__quote_backslash_and_line_feed__are_escaped),
        METRICS(test_openmetrics__whole_context__has_each_family_once_and_numbers_namesakes),
        METRICS(test_openmetrics__null_arguments__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
