#include "testing.h"

#include "command.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <signal.h>
#include <time.h>

#define REGIONS "us-east-1,eu-central-1,ap-southeast-2"

enum { EVENTS = 40, REGION_COUNT = 3, MANY_EVENTS = 20000 };

/* Three regions with EVENTS events each, for every test that needs no other world. */
static struct simulator aws;

static int start_aws(void **state)
{
    (void)state;
    simulator_start(&aws,
                    LIST("--region", "us-east-1", "--region", "eu-central-1", "--region",
                         "ap-southeast-2", "--events", "40", "--start", "-1h"),
                    NULL);
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

/* --- every event, once, as it was --- */

struct tally {
    uint64_t events;
    uint64_t hash;
};

static void digest_field(EVP_MD_CTX *digest, const cJSON *event, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(event, name);
    char number[32];
    const char *text = cJSON_GetStringValue(item);
    assert_non_null(item);
    if (text == NULL) {
        (void)snprintf(number, sizeof number, "%" PRId64, (int64_t)cJSON_GetNumberValue(item));
        text = number;
    }
    bool last = strcmp(name, "message") == 0;
    assert_int_equal(EVP_DigestUpdate(digest, text, strlen(text) + (last ? 0 : 1)), 1);
}

static void add_to_tally(const cJSON *event, struct tally *tally)
{
    static const char *const fields[] = {"region",         "log_stream", "timestamp",
                                         "ingestion_time", "event_id",   "message"};
    unsigned char bytes[EVP_MAX_MD_SIZE];
    uint64_t head = 0;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex(digest, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        digest_field(digest, event, fields[i]);
    assert_int_equal(EVP_DigestFinal_ex(digest, bytes, NULL), 1);
    EVP_MD_CTX_free(digest);
    for (int i = 0; i < 8; i++)
        head = head << 8 | bytes[i];
    tally->events++;
    tally->hash += head;
}

static struct tally tally_of(const struct process_text *lines, const char *region)
{
    struct tally tally = {0};
    const char *end = NULL;
    for (const char *line = lines->data; line < lines->data + lines->size; line = end) {
        cJSON *event = cJSON_ParseWithOpts(line, &end, false);
        if (event == NULL)
            fail_msg("not JSON: %.200s", line);
        const char *from = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, "region"));
        assert_non_null(from);
        if (strcmp(from, region) == 0)
            add_to_tally(event, &tally);
        cJSON_Delete(event);
        assert_int_equal(*end, '\n');
        end++;
    }
    return tally;
}

static void assert_tally(const struct simulator *simulator, const struct process_text *lines,
                         const char *region)
{
    char hash[32];
    char *text = test_read_file(simulator->expectation, NULL);
    cJSON *json = cJSON_Parse(text);
    const cJSON *expected =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(json, "regions"), region);
    assert_non_null(expected);
    struct tally tally = tally_of(lines, region);
    (void)snprintf(hash, sizeof hash, "%016" PRIx64, tally.hash);
    assert_int_equal(tally.events, (uint64_t)cJSON_GetNumberValue(
                                       cJSON_GetObjectItemCaseSensitive(expected, "events")));
    assert_string_equal(hash,
                        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(expected, "hash")));
    cJSON_Delete(json);
    free(text);
}

static void test_command__three_regions_once__every_event_once(void **state)
{
    struct process process;
    (void)state;
    assert_int_equal(collect(&process, LIST("--regions", REGIONS, "--once")), 0);
    assert_int_equal(command_count(&process.out, "\n"), REGION_COUNT * EVENTS);
    assert_tally(&aws, &process.out, "us-east-1");
    assert_tally(&aws, &process.out, "eu-central-1");
    assert_tally(&aws, &process.out, "ap-southeast-2");
    command_assert_says(&process, "awslogsrc: 120 events from 3 regions in ");
    process_clear(&process);
}

static void test_command__json__has_exactly_the_documented_members(void **state)
{
    static const char *const names[] = {"source",    "region",         "log_group", "log_stream",
                                        "timestamp", "ingestion_time", "event_id",  "message",
                                        "payload",   "identifier",     "flags",     NULL};
    struct process process;
    (void)state;
    assert_int_equal(collect(&process, LIST("--regions=us-east-1", "--once=true")), 0);
    cJSON *event = cJSON_ParseWithOpts(process.out.data, NULL, false);
    const cJSON *member = event->child;
    for (size_t i = 0; names[i] != NULL; i++, member = member->next)
        assert_string_equal(member->string, names[i]);
    assert_null(member);
    assert_true(cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(event, "flags")));
    cJSON_Delete(event);
    process_clear(&process);
}

static void test_command__quiet__says_nothing(void **state)
{
    struct process process;
    (void)state;
    assert_int_equal(collect(&process, LIST("--regions", "us-east-1", "--once", "--quiet")), 0);
    assert_int_equal(process.err.size, 0);
    process_clear(&process);
}

/* One event: "a", NUL, "b\", LF, "c". */
static int64_t start_bytes(struct simulator *simulator)
{
    char text[256];
    int64_t timestamp = ((int64_t)time(NULL) - 60) * 1000;
    (void)snprintf(text, sizeof text,
                   "{\"timestamp\":%" PRId64 ",\"message_base64\":\"YQBiXApj\",\"stream\":\"s\"}\n",
                   timestamp);
    simulator_start(simulator, LIST("--region", "us-east-1"), text);
    return timestamp;
}

static void test_command__original_with_nul__bytes_are_exact(void **state)
{
    static const char expected[] = "a\0b\\\nc"; /* and its own NUL is the delimiter */
    struct simulator simulator;
    struct process process;
    (void)state;
    start_bytes(&simulator);
    assert_int_equal(command_collect(&simulator, &process,
                                     LIST("--regions", "us-east-1", "--once", "--format", "payload",
                                          "--delimiter", "nul", "--extract-original-event")),
                     0);
    assert_int_equal(process.out.size, sizeof expected);
    assert_memory_equal(process.out.data, expected, sizeof expected);
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__wrapper_with_nul__bytes_are_exact(void **state)
{
    char expected[256];
    struct simulator simulator;
    struct process process;
    (void)state;
    int64_t timestamp = start_bytes(&simulator);
    size_t size = (size_t)snprintf(expected, sizeof expected,
                                   "{LogStreamName: s,Timestamp: %" PRId64
                                   ",Message: a%cb\\\nc,IngestionTime: %" PRId64 ",EventId: ",
                                   timestamp, 0, timestamp);
    assert_int_equal(command_collect(&simulator, &process,
                                     LIST("--regions", "us-east-1", "--once", "--format", "payload",
                                          "--delimiter", "nul")),
                     0);
    assert_memory_equal(process.out.data, expected, size);
    size_t digits = strspn(process.out.data + size, "0123456789");
    assert_true(digits > 0);
    assert_int_equal(process.out.size, size + digits + 2);
    assert_memory_equal(process.out.data + size + digits, "}", 2);
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__payload_with_line_feed__is_one_line(void **state)
{
    static const char expected[] = {'a', '\0', 'b', '\\', '\\', 'n', 'c', '\n'};
    struct simulator simulator;
    struct process process;
    (void)state;
    start_bytes(&simulator);
    assert_int_equal(command_collect(&simulator, &process,
                                     LIST("--regions", "us-east-1", "--once", "--format", "payload",
                                          "--extract-original-event", "yes")),
                     0);
    assert_int_equal(process.out.size, sizeof expected);
    assert_memory_equal(process.out.data, expected, sizeof expected);
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__json_with_nul__is_escaped(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    start_bytes(&simulator);
    assert_int_equal(
        command_collect(&simulator, &process, LIST("--regions", "us-east-1", "--once")), 0);
    assert_int_equal(command_count(&process.out, ",\"message\":\"a\\u0000b\\\\\\nc\",\"payload\":"),
                     1);
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__file_with_two_sections__both_are_read(void **state)
{
    struct process process;
    const char *file = simulator_write_file(&aws, "two.ini",
                                            "[source one]\nregions = us-east-1\n"
                                            "once = false\n"
                                            "[source two]\nregions = eu-central-1\n");
    (void)state;
    assert_int_equal(collect(&process, LIST("-c", file, "--once")), 0);
    assert_int_equal(command_count(&process.out, "{\"source\":\"one\",\"region\":\"us-east-1\""),
                     EVENTS);
    assert_int_equal(command_count(&process.out, "{\"source\":\"two\",\"region\":\"eu-central-1\""),
                     EVENTS);
    process_clear(&process);
}

/* Events carry the name that positions are kept under. */
static void test_command__named_source__is_called_so(void **state)
{
    struct process process;
    (void)state;
    assert_int_equal(
        collect(&process, LIST("--regions", "us-east-1", "--once=YES", "--name", "trail")), 0);
    assert_int_equal(command_count(&process.out, "{\"source\":\"trail\","), EVENTS);
    assert_int_equal(command_count(&process.err, "state_dir"), 0); /* which following would need */
    process_clear(&process);
}

/* --- failures with once --- */

/* Exit code 1, and exactly one line on stderr, with the text in it. */
static void assert_one_trouble(struct process *process, int code, const char *text)
{
    command_assert_says(process, text);
    assert_int_equal(code, 1);
    assert_int_equal(process->out.size, 0);
    assert_int_equal(command_count(&process->err, "\n"), 1);
}

static void test_command__unknown_host__is_named_once(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--once", "--quiet",
                                      "--endpoint-url", "https://logs.invalid"));
    assert_one_trouble(&process, code, "awslogsrc: source default: us-east-1: host name not found");
    process_clear(&process);
}

static void test_command__refused_port__is_named_once(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--once", "--quiet",
                                      "--endpoint-url", "https://127.0.0.1:1"));
    assert_one_trouble(&process, code, "awslogsrc: source default: us-east-1: connection refused");
    process_clear(&process);
}

static void test_command__wrong_secret__is_one_line_with_all_that_helps(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--once", "--quiet", "--secret-key",
                                      "not-the-secret"));
    assert_one_trouble(&process, code, "awslogsrc: source default: us-east-1: ");
    command_assert_says(&process, "InvalidSignatureException");
    command_assert_says(&process, "request id ");
    command_assert_says(&process, "Check the access key and its secret");
    assert_int_equal(command_count(&process.err, "not-the-secret"), 0);
    process_clear(&process);
}

static void test_command__log_group_that_is_not_there__is_told(void **state)
{
    struct process process;
    (void)state;
    int code = collect(&process, LIST("--regions", "us-east-1", "--once", "--quiet", "--log-group",
                                      "no/such/group"));
    assert_one_trouble(&process, code, "ResourceNotFoundException");
    process_clear(&process);
}

static void test_command__session_token__is_needed_and_sent(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    simulator_start(&simulator, LIST("--session-token", "TOKEN", "--events", "5", "--start", "-1h"),
                    NULL);
    int code =
        command_collect(&simulator, &process, LIST("--regions", "us-east-1", "--once", "--quiet"));
    assert_one_trouble(&process, code, "UnrecognizedClientException");
    process_clear(&process);
    code = command_collect(&simulator, &process,
                           LIST("--regions", "us-east-1", "--once", "--session-token", "TOKEN"));
    assert_int_equal(code, 0);
    assert_int_equal(command_count(&process.out, "\n"), 5);
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__one_region_denied__others_finish(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    simulator_start(&simulator,
                    LIST("--region", "us-east-1", "--region", "eu-central-1", "--events", "40",
                         "--start", "-1h", "--fault", "access-denied=1@us-east-1"),
                    NULL);
    int code = command_collect(&simulator, &process,
                               LIST("--regions", "us-east-1,eu-central-1", "--once"));
    assert_int_equal(code, 1);
    assert_int_equal(command_count(&process.out, "\n"), EVENTS);
    assert_tally(&simulator, &process.out, "eu-central-1");
    command_assert_says(&process, "us-east-1: AccessDeniedException");
    command_assert_says(&process, "2 regions");
    command_assert_says(&process, "; 1 failed\n");
    process_clear(&process);
    simulator_stop(&simulator);
}

/* --- stdout, signals, the terminal --- */

static void start_many(struct simulator *simulator)
{
    simulator_start(simulator, LIST("--events", "20000", "--kind", "text", "--start", "-1h"), NULL);
}

static void test_command__stdout_closed_at_start__exits_with_1(void **state)
{
    struct process process;
    (void)state;
    command_start(&process, &(struct process_options){.stdout_kind = PROCESS_STDOUT_CLOSED}, &aws,
                  LIST("--regions", "us-east-1", "--once"));
    assert_int_equal(process_finish(&process), 1);
    command_assert_says(&process, "awslogsrc: standard output: is closed\n");
    process_clear(&process);
}

static void test_command__stdout_closed_in_the_middle__exits_with_1(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    start_many(&simulator);
    command_start(&process, &(struct process_options){0}, &simulator,
                  LIST("--regions", "us-east-1"));
    process_await(&process, "\n");
    process_close_stdout(&process);
    assert_int_equal(process_finish(&process), 1);
    command_assert_says(&process, "awslogsrc: standard output: Broken pipe\n");
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__no_space_left__exits_with_1(void **state)
{
    struct process process;
    (void)state;
    command_start(&process, &(struct process_options){.stdout_kind = PROCESS_STDOUT_FULL}, &aws,
                  LIST("--regions", "us-east-1"));
    assert_int_equal(process_finish(&process), 1);
    command_assert_says(&process, "awslogsrc: standard output: No space left on device\n");
    process_clear(&process);
}

static void test_command__nonblocking_stdout__nothing_is_lost(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    start_many(&simulator);
    command_start(&process, &(struct process_options){.stdout_kind = PROCESS_STDOUT_NONBLOCKING},
                  &simulator, LIST("--regions", "us-east-1", "--once"));
    assert_int_equal(process_finish(&process), 0);
    assert_int_equal(command_count(&process.out, "]}\n"), MANY_EVENTS);
    process_clear(&process);
    simulator_stop(&simulator);
}

/* The first page is larger than the pipe: the command is writing it when the signal comes. */
static void test_command__sigterm_in_the_middle__whole_lines_and_exit_0(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    start_many(&simulator);
    command_start(&process, &(struct process_options){0}, &simulator,
                  LIST("--regions", "us-east-1"));
    process_await(&process, "\n");
    process_signal(&process, SIGTERM);
    assert_int_equal(process_finish(&process), 0);
    struct tally tally = tally_of(&process.out, "us-east-1");
    assert_true(tally.events > 0 && tally.events < MANY_EVENTS);
    assert_int_equal(tally.events, command_count(&process.out, "\n"));
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__second_signal__exits_at_once(void **state)
{
    struct simulator simulator;
    struct process process;
    (void)state;
    start_many(&simulator);
    command_start(&process, &(struct process_options){0}, &simulator,
                  LIST("--regions", "us-east-1"));
    process_await(&process, "\n");
    process_signal(&process, SIGTERM);
    process_signal(&process, SIGINT);
    int code = process_finish(&process);
    assert_true(code == 128 + SIGTERM || code == 128 + SIGINT); /* either may come first */
    process_clear(&process);
    simulator_stop(&simulator);
}

static void test_command__following_without_state_dir__says_so(void **state)
{
    struct process process;
    (void)state;
    command_start(&process, &(struct process_options){0}, &aws, LIST("--regions", "us-east-1"));
    process_await(&process, "\n");
    process_signal(&process, SIGTERM);
    assert_int_equal(process_finish(&process), 0);
    command_assert_says(&process, "awslogsrc: source default: state_dir is not set");
    process_clear(&process);
}

static void test_command__terminal__progress_line_is_drawn_and_erased(void **state)
{
    struct process process;
    (void)state;
    command_start(&process, &(struct process_options){.terminal = true}, &aws,
                  LIST("--regions", "us-east-1", "--once"));
    assert_int_equal(process_finish(&process), 0);
    command_assert_says(&process, "\r0 events, 0/s\033[K");
    command_assert_says(&process, "\r\033[Kawslogsrc: 40 events from 1 region in ");
    process_clear(&process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command__three_regions_once__every_event_once),
        cmocka_unit_test(test_command__json__has_exactly_the_documented_members),
        cmocka_unit_test(test_command__quiet__says_nothing),
        cmocka_unit_test(test_command__original_with_nul__bytes_are_exact),
        cmocka_unit_test(test_command__wrapper_with_nul__bytes_are_exact),
        cmocka_unit_test(test_command__payload_with_line_feed__is_one_line),
        cmocka_unit_test(test_command__json_with_nul__is_escaped),
        cmocka_unit_test(test_command__file_with_two_sections__both_are_read),
        cmocka_unit_test(test_command__named_source__is_called_so),
        cmocka_unit_test(test_command__unknown_host__is_named_once),
        cmocka_unit_test(test_command__refused_port__is_named_once),
        cmocka_unit_test(test_command__wrong_secret__is_one_line_with_all_that_helps),
        cmocka_unit_test(test_command__log_group_that_is_not_there__is_told),
        cmocka_unit_test(test_command__session_token__is_needed_and_sent),
        cmocka_unit_test(test_command__one_region_denied__others_finish),
        cmocka_unit_test(test_command__stdout_closed_at_start__exits_with_1),
        cmocka_unit_test(test_command__stdout_closed_in_the_middle__exits_with_1),
        cmocka_unit_test(test_command__no_space_left__exits_with_1),
        cmocka_unit_test(test_command__nonblocking_stdout__nothing_is_lost),
        cmocka_unit_test(test_command__sigterm_in_the_middle__whole_lines_and_exit_0),
        cmocka_unit_test(test_command__second_signal__exits_at_once),
        cmocka_unit_test(test_command__following_without_state_dir__says_so),
        cmocka_unit_test(test_command__terminal__progress_line_is_drawn_and_erased)};
    return cmocka_run_group_tests(tests, start_aws, stop_aws);
}
