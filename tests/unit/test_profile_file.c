#include "testing.h"

#include <cjson/cJSON.h>

#include "aws/profile_file.h"

#define SUITE "data/smithy-rs/aws/rust-runtime/aws-runtime/test-data/"

enum { SUITE_CASES = 65, LOCATION_CASES = 9, LOCATION_CASES_WINDOWS = 5 };

static struct als_profile_file file;
static awslogsrc_error *error;

static int set_up(void **state)
{
    (void)state;
    file = (struct als_profile_file){0};
    error = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    als_profile_file_clear(&file);
    awslogsrc_error_free(error);
    return 0;
}

static int add_bytes(enum als_profile_file_kind kind, const char *data, size_t size)
{
    struct als_buffer buffer;
    als_buffer_init(&buffer, size);
    assert_int_equal(als_buffer_append(&buffer, data, size), 0);
    int status = als_profile_file_add(
        &file, kind, &buffer, kind == ALS_PROFILE_FILE_CONFIG ? "config" : "credentials", &error);
    als_buffer_clear(&buffer);
    return status;
}

static int add(enum als_profile_file_kind kind, const char *text)
{
    return add_bytes(kind, text, strlen(text));
}

static const char *get(const char *profile, const char *name)
{
    return als_profile_file_get(&file, ALS_PROFILE_SECTION_PROFILE, profile, name);
}

static void assert_value(const char *profile, const char *name, const char *value)
{
    assert_non_null(get(profile, name));
    assert_string_equal(get(profile, name), value);
}

/* The cases that the SDKs share. */

/* Errors are told in words of our own. */
static const char *own_words(const char *official)
{
    static const char *const words[][2] = {
        {"Profile definition must end with ']'", "a section's line ends with ']'"},
        {"Expected a profile definition", "a property before the first section"},
        {"Property did not have a name", "a property without a name"},
        {"Expected an '=' sign defining a property", "no '=' behind the property's name"},
        {"Expected a property definition", "an indented line continues a property, but"},
        {"Expected an '=' sign defining a sub-property", "no '=' behind the nested property's"},
        {"Sub-property did not have a name", "a nested property without a name"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(official, words[i][0], strlen(words[i][0])) == 0)
            return words[i][1];
    }
    fail_msg("no words for: %s", official);
    return NULL;
}

/* Every section and property that is expected is there. Returns how many they are. */
static size_t assert_sections(const cJSON *sections, enum als_profile_section kind)
{
    size_t count = 0;
    const cJSON *section = NULL, *property = NULL;
    cJSON_ArrayForEach(section, sections)
    {
        assert_true(als_profile_file_has(&file, kind, section->string));
        cJSON_ArrayForEach(property, section)
        {
            const char *value =
                als_profile_file_get(&file, kind, section->string, property->string);
            assert_non_null(value);
            assert_string_equal(value, property->valuestring);
            count++;
        }
    }
    return count;
}

/* How many properties there are, each counted where it is found. */
static size_t count_properties(void)
{
    size_t count = 0;
    for (size_t i = 0; i < file.count; i++) {
        const struct als_profile_line *line = &file.lines[i];
        count += line->name != NULL && als_profile_file_get(&file, line->section, line->profile,
                                                            line->name) == line->value;
    }
    return count;
}

static void assert_no_other_sections(const cJSON *profiles, const cJSON *sessions)
{
    for (size_t i = 0; i < file.count; i++) {
        const struct als_profile_line *line = &file.lines[i];
        if (!als_profile_file_has(&file, line->section, line->profile))
            continue;
        assert_non_null(cJSON_GetObjectItemCaseSensitive(
            line->section == ALS_PROFILE_SECTION_PROFILE ? profiles : sessions, line->profile));
    }
}

static void run_case(const cJSON *test)
{
    const cJSON *input = cJSON_GetObjectItem(test, "input");
    const cJSON *output = cJSON_GetObjectItem(test, "output");
    const cJSON *expected = cJSON_GetObjectItem(output, "config");
    const cJSON *trouble = cJSON_GetObjectItem(output, "errorContaining");
    const char *config = cJSON_GetStringValue(cJSON_GetObjectItem(input, "configFile"));
    const char *credentials = cJSON_GetStringValue(cJSON_GetObjectItem(input, "credentialsFile"));
    int status = config == NULL ? 0 : add(ALS_PROFILE_FILE_CONFIG, config);
    if (status == 0 && credentials != NULL)
        status = add(ALS_PROFILE_FILE_CREDENTIALS, credentials);
    assert_int_equal(status, trouble == NULL ? 0 : AWSLOGSRC_E_FILE_SYNTAX);
    if (trouble != NULL) {
        assert_non_null(strstr(awslogsrc_error_message(error), own_words(trouble->valuestring)));
        return;
    }
    const cJSON *profiles = cJSON_GetObjectItem(expected, "profiles");
    const cJSON *sessions = cJSON_GetObjectItem(expected, "sso_sessions");
    size_t count = assert_sections(profiles, ALS_PROFILE_SECTION_PROFILE) +
                   assert_sections(sessions, ALS_PROFILE_SECTION_SSO_SESSION);
    assert_int_equal(count_properties(), count);
    assert_no_other_sections(profiles, sessions);
}

static cJSON *read_suite(const char *name)
{
    const char *path = test_shared_path(name);
    if (path == NULL)
        return NULL;
    char *data = test_read_file(path, NULL);
    cJSON *suite = cJSON_Parse(data);
    free(data);
    assert_non_null(suite);
    return suite;
}

static void test_profile_file__shared_cases_of_the_sdks__agree(void **state)
{
    int count = 0;
    cJSON *suite = read_suite(SUITE "profile-parser-tests.json");
    if (suite == NULL)
        skip();
    const cJSON *test = NULL;
    cJSON_ArrayForEach(test, cJSON_GetObjectItem(suite, "tests"))
    {
        run_case(test);
        tear_down(state);
        set_up(state);
        count++;
    }
    cJSON_Delete(suite);
    printf("profile-parser-tests.json: %d of %d cases agree\n", count, (int)SUITE_CASES);
    assert_int_equal(count, SUITE_CASES);
}

static const cJSON *environment;

static char *fake_getenv(const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(environment, name));
}

static void assert_path(enum als_profile_file_kind kind, const char *expected)
{
    struct als_buffer path;
    als_buffer_init(&path, 1024);
    assert_int_equal(als_profile_file_path(kind, fake_getenv, &path), 0);
    assert_string_equal(als_buffer_string(&path), expected);
    als_buffer_clear(&path);
}

static void test_profile_file__shared_locations_of_the_sdks__agree(void **state)
{
    (void)state;
    int count = 0, windows = 0;
    cJSON *suite = read_suite(SUITE "file-location-tests.json");
    if (suite == NULL)
        skip();
    const cJSON *test = NULL;
    cJSON_ArrayForEach(test, cJSON_GetObjectItem(suite, "tests"))
    {
        const char *platform = cJSON_GetStringValue(cJSON_GetObjectItem(test, "platform"));
        environment = cJSON_GetObjectItem(test, "environment");
        count++;
        if (strcmp(platform, "linux") != 0) {
            windows++;
            continue;
        }
        assert_path(ALS_PROFILE_FILE_CONFIG,
                    cJSON_GetStringValue(cJSON_GetObjectItem(test, "configLocation")));
        assert_path(ALS_PROFILE_FILE_CREDENTIALS,
                    cJSON_GetStringValue(cJSON_GetObjectItem(test, "credentialsLocation")));
    }
    cJSON_Delete(suite);
    printf("file-location-tests.json: %d of %d cases agree; %d left out: Windows\n",
           count - windows, count, windows);
    assert_int_equal(count, LOCATION_CASES);
    assert_int_equal(windows, LOCATION_CASES_WINDOWS);
}

/* The essentials, for clones without these cases. */

static void test_profile_file__both_kinds_of_file__merge_and_credentials_win(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG, "[default]\nregion = eu-west-1\n[profile a]\n"
                                                  "region=us-east-1\naws_access_key_id = old\n"),
                     0);
    assert_int_equal(add(ALS_PROFILE_FILE_CREDENTIALS, "[a]\r\naws_access_key_id = new # ours\r\n"),
                     0);
    assert_value("default", "region", "eu-west-1");
    assert_value("a", "region", "us-east-1");
    assert_value("a", "aws_access_key_id", "new");
}

static void test_profile_file__other_sections__are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG, "[plugins]\na = b\n c\n[profile in valid]\na=b\n"
                                                  "[profile x]\nin valid = 1\nvalid = 2\n"),
                     0);
    assert_int_equal(file.count, 2);
    assert_value("x", "valid", "2");
}

static void test_profile_file__prefixed_default__replaces_the_bare_one(void **state)
{
    (void)state;
    assert_int_equal(
        add(ALS_PROFILE_FILE_CONFIG, "[default]\na = 1\nb = 2\n[profile default]\na = 3\n"), 0);
    assert_value("default", "a", "3");
    assert_null(get("default", "b"));
}

static void test_profile_file__continued_lines__are_joined(void **state)
{
    (void)state;
    assert_int_equal(
        add(ALS_PROFILE_FILE_CONFIG, "[default]\na = 1 # no\n\n\t two # yes \n  three\nb = 4"), 0);
    assert_value("default", "a", "1\ntwo # yes\nthree");
    assert_value("default", "b", "4");
}

/* What comments on an indented line are to botocore; the SDKs' own cases say nothing of it. */
static void test_profile_file__indented_comments__are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG, "  # first\n[default]\n\t; second\na = 1\n"
                                                  "  # aws_secret_access_key = x\n\tb\n"),
                     0);
    assert_value("default", "a", "1\nb");
}

static void test_profile_file__quoted_name__is_the_name(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG,
                         "[profile 'prod admin']\na = 1\n[profile \"dev\"]\na = 2\n"
                         "[profile \"x']\na = 3\n[profile \"default\"]\na = 4\n"),
                     0);
    assert_value("prod admin", "a", "1");
    assert_value("dev", "a", "2");
    assert_value("default", "a", "4");
    assert_int_equal(file.count, 6);
}

static void test_profile_file__nested_property__is_found(void **state)
{
    struct als_text value;
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG,
                         "[services s]\nlogs =\n  # why\n  Endpoint_URL = http://a=b # c\n  x =\n"
                         "y = endpoint_url = z\n"),
                     0);
    const char *logs = als_profile_file_get(&file, ALS_PROFILE_SECTION_SERVICES, "s", "logs");
    const char *other = als_profile_file_get(&file, ALS_PROFILE_SECTION_SERVICES, "s", "y");
    assert_true(als_profile_file_get_nested(logs, "endpoint_url", &value));
    assert_true(als_text_equal(value, ALS_TEXT("http://a=b")));
    assert_true(als_profile_file_get_nested(logs, "x", &value));
    assert_int_equal(value.size, 0);
    assert_false(als_profile_file_get_nested(logs, "endpoint", &value));
    assert_false(als_profile_file_get_nested(other, "endpoint_url", &value));
}

static void test_profile_file__byte_order_mark__is_fine(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CREDENTIALS, "\xef\xbb\xbf[default]\na=b"), 0);
    assert_value("default", "a", "b");
}

static void test_profile_file__nothing__has_no_profile(void **state)
{
    (void)state;
    assert_int_equal(add(ALS_PROFILE_FILE_CONFIG, ""), 0);
    assert_false(als_profile_file_has(&file, ALS_PROFILE_SECTION_PROFILE, "default"));
    assert_null(get("default", "region"));
}

static void test_profile_file__bad_lines__are_named_and_not_shown(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"[default", "config:1: a section's line ends with ']'"},
        {"\n[default] x", "config:2: behind ']' only a comment may follow"},
        {"# c\nsecret = value", "config:2: a property before the first section"},
        {" secret", "config:1: a property before the first section"},
        {"[a]\nsecret", "config:2: no '=' behind the property's name"},
        {"[profile a]\n=secret", "config:2: a property without a name"},
        {"[profile a]\n secret",
         "config:2: an indented line continues a property, but there is none above"},
        {"[profile a]\nx = y\n[profile b]\n secret",
         "config:4: an indented line continues a property, but there is none above"},
        {"[services a]\nx =\n secret", "config:3: no '=' behind the nested property's name"},
        {"[services a]\nx =\n = secret", "config:3: a nested property without a name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(add(ALS_PROFILE_FILE_CONFIG, cases[i].text), AWSLOGSRC_E_FILE_SYNTAX);
        assert_string_equal(awslogsrc_error_message(error), cases[i].message);
        tear_down(state);
        set_up(state);
    }
}

static void test_profile_file__nul_byte__is_refused(void **state)
{
    static const char text[] = "[default]\na = b\0c\n";
    (void)state;
    assert_int_equal(add_bytes(ALS_PROFILE_FILE_CONFIG, text, sizeof text - 1),
                     AWSLOGSRC_E_FILE_SYNTAX);
    assert_string_equal(awslogsrc_error_message(error), "config:2: a NUL byte");
}

static int add_lines(int count)
{
    struct als_buffer text;
    als_buffer_init(&text, ALS_PROFILE_FILE_LARGEST);
    als_buffer_append_string(&text, "[default]\n");
    for (int i = 1; i < count; i++)
        als_buffer_append_string(&text, "a=b\n");
    return als_profile_file_add(&file, ALS_PROFILE_FILE_CONFIG, &text, "config", &error);
}

static void test_profile_file__most_lines__are_read(void **state)
{
    (void)state;
    assert_int_equal(add_lines(ALS_PROFILE_FILE_MOST_LINES), 0);
    assert_value("default", "a", "b");
}

static void test_profile_file__one_line_more__is_refused(void **state)
{
    (void)state;
    assert_int_equal(add_lines(ALS_PROFILE_FILE_MOST_LINES + 1), AWSLOGSRC_E_FILE_SYNTAX);
    assert_string_equal(awslogsrc_error_message(error),
                        "config:50001: too many sections and properties");
}

static void assert_path_for(const char *variables, const char *config, const char *credentials)
{
    cJSON *object = cJSON_Parse(variables);
    assert_non_null(object);
    environment = object;
    assert_path(ALS_PROFILE_FILE_CONFIG, config);
    assert_path(ALS_PROFILE_FILE_CREDENTIALS, credentials);
    cJSON_Delete(object);
}

static void test_profile_file__path__comes_from_the_environment(void **state)
{
    (void)state;
    assert_path_for("{\"HOME\": \"/h\"}", "/h/.aws/config", "/h/.aws/credentials");
    assert_path_for("{}", "", "");
    assert_path_for("{\"HOME\": \"/h\", \"AWS_CONFIG_FILE\": \"~/c\"}", "/h/c",
                    "/h/.aws/credentials");
    assert_path_for("{\"AWS_CONFIG_FILE\": \"c\", \"AWS_SHARED_CREDENTIALS_FILE\": \"/d\"}", "c",
                    "/d");
    assert_path_for("{\"HOME\": \"\", \"AWS_CONFIG_FILE\": \"\"}", "", "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_profile_file__shared_cases_of_the_sdks__agree),
        TEST(test_profile_file__shared_locations_of_the_sdks__agree),
        TEST(test_profile_file__both_kinds_of_file__merge_and_credentials_win),
        TEST(test_profile_file__other_sections__are_passed_over),
        TEST(test_profile_file__prefixed_default__replaces_the_bare_one),
        TEST(test_profile_file__continued_lines__are_joined),
        TEST(test_profile_file__indented_comments__are_passed_over),
        TEST(test_profile_file__quoted_name__is_the_name),
        TEST(test_profile_file__nested_property__is_found),
        TEST(test_profile_file__byte_order_mark__is_fine),
        TEST(test_profile_file__nothing__has_no_profile),
        TEST(test_profile_file__bad_lines__are_named_and_not_shown),
        TEST(test_profile_file__nul_byte__is_refused),
        TEST(test_profile_file__most_lines__are_read),
        TEST(test_profile_file__one_line_more__is_refused),
        TEST(test_profile_file__path__comes_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
