#include "testing.h"

#include "command.h"
#include "metadata.h"

#include <signal.h>
#include <sys/stat.h>

#define DOCUMENT(secret)                                        \
    "{\"Version\": 1, \"AccessKeyId\": \"" SIMULATOR_ACCESS_KEY \
    "\", \"SecretAccessKey\": \"" secret "\"}\n"
#define KEYS                                         \
    "aws_access_key_id = " SIMULATOR_ACCESS_KEY "\n" \
    "aws_secret_access_key = " SIMULATOR_SECRET_KEY "\n"

enum { VARIABLE_SIZE = 192 };

static struct metadata aws;
static struct process command;
static char config[VARIABLE_SIZE], keys[VARIABLE_SIZE];

static int open_aws(void **state)
{
    (void)state;
    command = (struct process){0};
    metadata_open(&aws);
    (void)snprintf(config, sizeof config, "AWS_CONFIG_FILE=%s/config", aws.home);
    (void)snprintf(keys, sizeof keys, "AWS_SHARED_CREDENTIALS_FILE=%s/keys", aws.home);
    return 0;
}

static int close_aws(void **state)
{
    (void)state;
    process_clear(&command);
    metadata_close(&aws);
    return 0;
}

static void write_keys(const char *text)
{
    assert_int_equal(chmod(metadata_write(&aws, "keys", text), 0600), 0);
}

static void expect_every_event(const char *const *options, const char *const *environment)
{
    int code = metadata_collect_once(&aws, &command, options, environment);
    if (code != 0)
        fail_msg("exit code %d: %s", code, command.err.data);
    assert_int_equal(command_count(&command.out, "\n"), METADATA_EVENTS);
    assert_int_equal(command_count(&command.err, SIMULATOR_SECRET_KEY), 0);
}

static void expect_all_events(const char *const *options, const char *const *environment)
{
    metadata_start(&aws);
    expect_every_event(options, environment);
}

static void test_profiles__keys_of_a_profile__every_event(void **state)
{
    (void)state;
    write_keys("[other]\naws_access_key_id = x\naws_secret_access_key = x\n[audit]\n" KEYS);
    expect_all_events(LIST("--profile", "audit"), LIST(config, keys));
}

static void test_profiles__profile_from_the_environment__every_event(void **state)
{
    (void)state;
    write_keys("[audit]\n" KEYS);
    expect_all_events(LIST("--authentication-method", "profile"),
                      LIST(config, keys, "AWS_PROFILE=audit"));
}

static void test_profiles__process_of_a_profile__every_event(void **state)
{
    (void)state;
    char text[VARIABLE_SIZE];
    (void)snprintf(text, sizeof text, "[default]\ncredential_process = cat %s/document\n",
                   aws.home);
    (void)metadata_write(&aws, "document", DOCUMENT(SIMULATOR_SECRET_KEY));
    (void)metadata_write(&aws, "config", text);
    expect_all_events(LIST("--authentication-method", "profile"), LIST(config, keys));
}

/* The profile says where STS is: its own endpoint, in its own region. */
static void test_profiles__role_of_a_profile__every_event(void **state)
{
    (void)state;
    char text[2 * VARIABLE_SIZE];
    sim_service_add_role(aws.service,
                         &(struct sim_role){.arn = "arn:aws:iam::123456789012:role/first",
                                            .external_id = "a:b/c=d+e"});
    metadata_start(&aws);
    (void)snprintf(text, sizeof text,
                   "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/first\n"
                   "external_id = a:b/c=d+e\nsource_profile = audit\nservices = local\n"
                   "[services local]\nsts =\n  endpoint_url = %s\n",
                   aws.url);
    (void)metadata_write(&aws, "config", text);
    write_keys("[audit]\n" KEYS);
    expect_every_event(LIST("--profile", "r"), LIST(config, keys));
}

static void test_profiles__process__every_event(void **state)
{
    (void)state;
    char line[VARIABLE_SIZE];
    (void)metadata_write(&aws, "a document", DOCUMENT(SIMULATOR_SECRET_KEY));
    (void)snprintf(line, sizeof line, "cat '%s/a document'", aws.home);
    expect_all_events(LIST("--credential-process", line), LIST(config, keys));
}

static void expect_trouble(const char *const *options, const char *words)
{
    metadata_start(&aws);
    metadata_collect(&aws, &command, options, LIST(config, keys));
    process_await_error(&command, words);
    process_signal(&command, SIGTERM);
    assert_int_equal(process_finish(&command), 0);
}

static void test_profiles__failing_process__is_told_with_its_complaint(void **state)
{
    (void)state;
    expect_trouble(LIST("--credential-process", "sh -c 'echo the vault is sealed >&2; exit 4'"),
                   "process credentials: sh: it ended with exit code 4: the vault is sealed");
}

static void test_profiles__process_with_bad_output__shows_nothing_of_it(void **state)
{
    (void)state;
    expect_trouble(LIST("--credential-process", "echo top-secret"), "its output is not JSON");
    assert_int_equal(command_count(&command.err, "top-secret"), 0);
}

static void test_profiles__profile_that_is_not_there__is_told_with_the_files(void **state)
{
    (void)state;
    write_keys("[audit]\n" KEYS);
    expect_trouble(LIST("--profile", "adit"), "profile adit: it is neither in ");
}

static void test_profiles__login_profile__is_refused_with_a_way_out(void **state)
{
    (void)state;
    (void)metadata_write(&aws, "config", "[profile sso]\nsso_session = x\n");
    expect_trouble(LIST("--profile", "sso"), "needs somebody to log in");
}

static void test_profiles__keys_that_others_can_read__are_warned_of(void **state)
{
    (void)state;
    write_keys("[audit]\n" KEYS);
    assert_int_equal(chmod(metadata_write(&aws, "keys", "[audit]\n" KEYS), 0644), 0);
    expect_all_events(LIST("--profile", "audit"), LIST(config, keys));
    command_assert_says(&command, "can be read by others than its owner");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_aws, close_aws)
    const struct CMUnitTest tests[] = {
        TEST(test_profiles__keys_of_a_profile__every_event),
        TEST(test_profiles__profile_from_the_environment__every_event),
        TEST(test_profiles__process_of_a_profile__every_event),
        TEST(test_profiles__role_of_a_profile__every_event),
        TEST(test_profiles__process__every_event),
        TEST(test_profiles__failing_process__is_told_with_its_complaint),
        TEST(test_profiles__process_with_bad_output__shows_nothing_of_it),
        TEST(test_profiles__profile_that_is_not_there__is_told_with_the_files),
        TEST(test_profiles__login_profile__is_refused_with_a_way_out),
        TEST(test_profiles__keys_that_others_can_read__are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
