#include "testing.h"

#include "awslogsrc/version.h"
#include "command.h"

/* Nothing of it is ever asked for. */
static struct simulator aws;

static int start_aws(void **state)
{
    (void)state;
    simulator_start(&aws, LIST("--events", "1"), NULL);
    return 0;
}

static int stop_aws(void **state)
{
    (void)state;
    simulator_stop(&aws);
    return 0;
}

static int collect(struct process *process, const char *const *more)
{
    return command_collect(&aws, process, more);
}

/* Exit code 2, the text on stderr, and nothing on stdout. */
static void assert_usage_error(struct process *process, int code, const char *text)
{
    command_assert_says(process, text);
    assert_int_equal(code, 2);
    assert_int_equal(process->out.size, 0);
    process_clear(process);
}

static void test_command_usage__unknown_option__suggests_the_nearest(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regoins", "us-east-1"));
    assert_usage_error(&process, code, "\"regoins\" is not an option; did you mean regions?");
}

static void test_command_usage__unknown_option_in_file__names_file_and_line(void **state)
{
    struct process process;
    const char *file =
        simulator_write_file(&aws, "bad.ini", "[source s]\nregions = us-east-1\nonec = yes\n");
    (void)state;
    int code = collect(&process, LIST("-c", file));
    assert_usage_error(&process, code, "bad.ini:3:");
}

static void test_command_usage__bad_region_name__is_refused(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "US_EAST", "--once"));
    assert_usage_error(&process, code, "awslogsrc: regions: ");
}

static void test_command_usage__missing_log_group__is_named(void **state)
{
    struct process process;
    (void)state;
    int code = command_run(&process, LIST(COMMAND_PATH, "collect", "--regions", "us-east-1"));
    assert_usage_error(&process, code, "awslogsrc: source default: log_group: ");
}

static void test_command_usage__negative_time__is_refused(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--start-time", "-5"));
    assert_usage_error(&process, code, "awslogsrc: start_time: ");
}

static void test_command_usage__missing_file__is_named(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("-c", "/nowhere/at-all.ini"));
    assert_usage_error(&process, code, "awslogsrc: /nowhere/at-all.ini: ");
}

static void test_command_usage__file_without_sections__is_refused(void **state)
{
    struct process process;
    const char *file = simulator_write_file(&aws, "empty.ini", "# nothing\n");
    (void)state;
    int code = collect(&process, LIST("-c", file));
    assert_usage_error(&process, code, "empty.ini: has no section [source NAME]");
}

static void test_command_usage__no_credentials__says_where_they_go(void **state)
{
    struct process process;
    struct process_options options = {
        .arguments = LIST(COMMAND_PATH, "collect", "--regions", "us-east-1", "--log-group", "g"),
        .environment = LIST("AWS_EC2_METADATA_DISABLED=true")};
    (void)state;
    process_start(&process, &options);
    int code = process_finish(&process);
    assert_usage_error(&process, code, "AWS_ACCESS_KEY_ID");
}

static void test_command_usage__metrics_without_a_port__are_refused(void **state)
{
    static const char *const addresses[] = {
        "127.0.0.1", ":9100",  "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:9100/metrics",
        "::1:9100",  "[]:9100"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct process process;
        int code =
            collect(&process, LIST("--regions", "us-east-1", "--metrics-listen", addresses[i]));
        assert_usage_error(&process, code, "\" is none of HOST:PORT, [HOST]:PORT");
    }
}

static void test_command_usage__metrics_where_nobody_may_listen__fails(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--metrics-listen", "192.0.2.1:1"));
    command_assert_says(&process, "--metrics-listen: cannot listen on 192.0.2.1:1");
    assert_int_equal(code, 1);
    process_clear(&process);
}

static void test_command_usage__policy__names_the_log_group(void **state)
{
    struct process process;
    (void)state;
    int code = command_run(&process, LIST(COMMAND_PATH, "policy", "--regions", "us-gov-west-1",
                                          "--log-group", "CloudTrail/logs"));
    assert_int_equal(code, 0);
    assert_non_null(strstr(process.out.data,
                           "\"arn:aws-us-gov:logs:us-gov-west-1:*:log-group:CloudTrail/logs:*\""));
    process_clear(&process);
}

static void test_command_usage__policy_without_a_log_group__exits_with_2(void **state)
{
    struct process process;
    (void)state;
    int code = command_run(&process, LIST(COMMAND_PATH, "policy", "--regions", "us-east-1"));
    assert_usage_error(&process, code, "log_group: missing");
}

/* One that no datagram holds would be tried again for ever. */
static void test_command_usage__message_larger_than_a_datagram__is_refused(void **state)
{
    static const char *const sizes[] = {"0", "65508", "64k"};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct process process;
        int code = collect(&process, LIST("--regions", "us-east-1", "--once", "--output",
                                          "syslog://127.0.0.1:514", "--max-message", sizes[i]));
        assert_usage_error(&process, code, "is no number from 1 to 65507, which a datagram holds");
    }
}

static void test_command_usage__several_mistakes_in_a_file__are_all_named(void **state)
{
    struct process process;
    const char *file = simulator_write_file(
        &aws, "worse.ini", "[source s]\npoll_interval = 10\nonec = yes\nmax_inflight = 3q\n");
    (void)state;
    int code = collect(&process, LIST("-c", file));
    command_assert_says(&process, "worse.ini:2: poll_interval: ");
    command_assert_says(&process, "worse.ini:3: ");
    assert_usage_error(&process, code, "worse.ini:4: max_inflight: ");
}

static void test_command_usage__two_sources_of_one_name__are_refused(void **state)
{
    struct process process;
    const char *file = simulator_write_file(
        &aws, "same.ini",
        "[source a]\nregions = us-east-1\nname = z\n[source b]\nregions = us-east-1\nname = z\n");
    (void)state;
    int code = collect(&process, LIST("-c", file, "--once"));
    assert_usage_error(&process, code, "name: two sources are called \"z\"");
}

/* More than a pipe holds. */
static void test_command_usage__nobody_reads_the_records__exits_with_1(void **state)
{
    enum { LINES = 10000 };
    static char lines[3 * LINES + 1];
    struct process process;
    (void)state;
    for (size_t i = 0; i < LINES; i++)
        memcpy(lines + 3 * i, "hi\n", 3);
    const char *file = simulator_write_file(&aws, "lines", lines);
    process_start(&process,
                  &(struct process_options){.arguments = LIST(COMMAND_PATH, "normalize", file)});
    process_close_stdout(&process);
    assert_int_equal(process_finish(&process), 1);
    command_assert_says(&process, "awslogsrc: standard output: Broken pipe");
    process_clear(&process);
}

static void test_command_usage__wrong_usage__exits_with_2(void **state)
{
    static const char *const commands[][4] = {{NULL},
                                              {"colect"},
                                              {"version", "now"},
                                              {"collect", "loose"},
                                              {"collect", "-c"},
                                              {"collect", "--format"},
                                              {"collect", "--format", "xml"},
                                              {"collect", "--output", "x"},
                                              {"collect", "--output", "file:"},
                                              {"collect", "--output", "syslog://host"},
                                              {"collect", "--output", "syslog+tcp://host:x"},
                                              {"collect", "--framing", "lf"},
                                              {"collect", "--output-ca-file", "x"},
                                              {"collect", "--output=syslog://h:1", "--framing=lf"},
                                              {"collect", "--delimiter", "nul"},
                                              {"collect", "--delimiter", "tab"},
                                              {"options", "--help", "now"},
                                              {"collect", "--quiet=yes"}};
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct process process;
        const char *const *words = commands[i];
        int code = command_run(&process, LIST(COMMAND_PATH, words[0], words[1], words[2]));
        assert_usage_error(&process, code, "awslogsrc: ");
    }
}

static void test_command_usage__questions_about_itself__are_answered_on_stdout(void **state)
{
    static const char *const questions[][4] = {{"help", NULL, "collect [-c FILE]"},
                                               {"--help", NULL, "collect [-c FILE]"},
                                               {"collect", "--help", "--delimiter nul"},
                                               {"check", "--help", "[--format table|json]"},
                                               {"policy", "--help", "IAM policy"},
                                               {"trust", "--help", "HOST[:PORT]"},
                                               {"version", "--help", "collect [-c FILE]"},
                                               {"options", NULL, "log_group (string, required)"},
                                               {"version", NULL, AWSLOGSRC_VERSION}};
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        struct process process;
        const char *const *words = questions[i];
        assert_int_equal(command_run(&process, LIST(COMMAND_PATH, words[0], words[1])), 0);
        assert_int_equal(command_count(&process.out, words[2]), 1);
        assert_int_equal(process.err.size, 0);
        process_clear(&process);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command_usage__unknown_option__suggests_the_nearest),
        cmocka_unit_test(test_command_usage__unknown_option_in_file__names_file_and_line),
        cmocka_unit_test(test_command_usage__bad_region_name__is_refused),
        cmocka_unit_test(test_command_usage__missing_log_group__is_named),
        cmocka_unit_test(test_command_usage__negative_time__is_refused),
        cmocka_unit_test(test_command_usage__missing_file__is_named),
        cmocka_unit_test(test_command_usage__file_without_sections__is_refused),
        cmocka_unit_test(test_command_usage__no_credentials__says_where_they_go),
        cmocka_unit_test(test_command_usage__metrics_without_a_port__are_refused),
        cmocka_unit_test(test_command_usage__metrics_where_nobody_may_listen__fails),
        cmocka_unit_test(test_command_usage__policy__names_the_log_group),
        cmocka_unit_test(test_command_usage__policy_without_a_log_group__exits_with_2),
        cmocka_unit_test(test_command_usage__message_larger_than_a_datagram__is_refused),
        cmocka_unit_test(test_command_usage__several_mistakes_in_a_file__are_all_named),
        cmocka_unit_test(test_command_usage__two_sources_of_one_name__are_refused),
        cmocka_unit_test(test_command_usage__nobody_reads_the_records__exits_with_1),
        cmocka_unit_test(test_command_usage__wrong_usage__exits_with_2),
        cmocka_unit_test(test_command_usage__questions_about_itself__are_answered_on_stdout)};
    return cmocka_run_group_tests(tests, start_aws, stop_aws);
}
