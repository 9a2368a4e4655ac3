#include "testing.h"

#include <cjson/cJSON.h>

#include "aws/profile_chain.h"

#define SUITE "data/smithy-rs/aws/rust-runtime/aws-config/test-data/assume-role-tests.json"
#define KEYS  "aws_access_key_id = AKID\naws_secret_access_key = secret\n"

enum { SUITE_CASES = 28, SUITE_CASES_SSO = 6 };

static struct als_profile_file file;
static struct als_profile_chain chain;
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

static void add_file(enum als_profile_file_kind kind, const char *text)
{
    struct als_buffer buffer;
    als_buffer_init(&buffer, strlen(text));
    assert_int_equal(als_buffer_append_string(&buffer, text), 0);
    assert_int_equal(als_profile_file_add(&file, kind, &buffer, "file", &error), 0);
}

static int resolve(const char *config, const char *profile)
{
    add_file(ALS_PROFILE_FILE_CONFIG, config);
    return als_profile_chain_resolve(&file, profile, &chain, &error);
}

static void assert_refused(const char *text, int code, const char *message)
{
    assert_int_equal(resolve(text, "a"), code);
    assert_string_equal(awslogsrc_error_message(error), message);
    assert_int_equal(awslogsrc_error_code(error), code);
}

/* The cases that the SDKs share. */

static void write_sections(struct als_buffer *text, const char *kind, const cJSON *sections)
{
    const cJSON *section = NULL, *property = NULL;
    cJSON_ArrayForEach(section, sections)
    {
        als_buffer_format(text, "[%s %s]\n", kind, section->string);
        cJSON_ArrayForEach(property, section)
            als_buffer_format(text, "%s = %s\n", property->string, property->valuestring);
    }
}

static void assert_member(const cJSON *object, const char *name, const char *value)
{
    const char *expected = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));
    assert_int_equal(expected == NULL, value == NULL);
    if (expected != NULL)
        assert_string_equal(value, expected);
}

static void assert_role(const cJSON *expected, const struct als_profile_role *role)
{
    assert_member(expected, "role_arn", role->arn);
    assert_member(expected, "role_session_name", role->session_name);
    assert_member(expected, "external_id", role->external_id);
}

static void assert_base(const cJSON *expected)
{
    const cJSON *value = expected->child;
    if (strcmp(value->string, "AccessKey") == 0) {
        assert_int_equal(chain.base, ALS_PROFILE_BASE_KEYS);
        assert_member(value, "access_key_id", chain.keys.access_key);
        assert_member(value, "secret_access_key", chain.keys.secret_key);
    } else if (strcmp(value->string, "WebIdentityToken") == 0) {
        assert_int_equal(chain.base, ALS_PROFILE_BASE_WEB_IDENTITY);
        assert_member(value, "web_identity_token_file", chain.token_file);
        assert_role(value, &chain.web_identity);
    } else {
        assert_string_equal(value->string, "NamedSource");
        assert_string_equal(value->valuestring, "Ec2InstanceMetadata");
        assert_int_equal(chain.base, ALS_PROFILE_BASE_INSTANCE);
    }
}

/* Errors are told in words of our own. */
static const char *own_words(const char *official)
{
    static const char *const words[][2] = {
        {"profile must contain `source_profile`", "role_arn needs source_profile or"},
        {"profile contained both source_profile and", "contradict each other"},
        {"profile missing aws_secret_access_key", "aws_secret_access_key is not"},
        {"profile missing aws_access_key_id", "aws_access_key_id is not"},
        {"profile `B` did not contain credential", "profile B: there are neither keys nor"},
        {"profile `A` did not contain credential", "profile A: there are neither keys nor"},
        {"could not find source profile B", "profile A: there is no source_profile B"},
        {"No profiles were defined", "profile A: there is no such profile"},
        {"profile formed an infinite loop", "leads back to itself"},
        {"`role_arn` was missing", "role_arn is not"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strncmp(official, words[i][0], strlen(words[i][0])) == 0)
            return words[i][1];
    }
    fail_msg("no words for: %s", official);
    return NULL;
}

/* Answers whether the case is about IAM Identity Center, which nobody can log in to here. */
static bool run_case(const cJSON *test)
{
    struct als_buffer text;
    const cJSON *input = cJSON_GetObjectItem(test, "input");
    const cJSON *output = cJSON_GetObjectItem(test, "output");
    const cJSON *expected = cJSON_GetObjectItem(output, "ProfileChain");
    const char *trouble = cJSON_GetStringValue(cJSON_GetObjectItem(output, "Error"));
    als_buffer_init(&text, 4096);
    write_sections(&text, "profile", cJSON_GetObjectItem(input, "profiles"));
    write_sections(&text, "sso-session", cJSON_GetObjectItem(input, "sso_sessions"));
    int status = resolve(als_buffer_string(&text),
                         cJSON_GetStringValue(cJSON_GetObjectItem(input, "selected_profile")));
    bool is_sso = strstr(als_buffer_string(&text), "sso_") != NULL;
    als_buffer_clear(&text);
    if (is_sso) {
        assert_int_equal(status, AWSLOGSRC_E_NOT_AVAILABLE);
    } else if (trouble != NULL) {
        assert_int_not_equal(status, 0);
        assert_non_null(strstr(awslogsrc_error_message(error), own_words(trouble)));
    } else {
        assert_int_equal(status, 0);
        assert_base(expected->child);
        assert_int_equal(chain.role_count, cJSON_GetArraySize(expected) - 1);
        for (size_t i = 0; i < chain.role_count; i++)
            assert_role(cJSON_GetArrayItem(expected, (int)i + 1)->child, &chain.roles[i]);
    }
    return is_sso;
}

static void test_profile_chain__shared_cases_of_the_sdks__agree(void **state)
{
    int count = 0, sso = 0;
    const char *path = test_shared_path(SUITE);
    if (path == NULL)
        skip();
    char *data = test_read_file(path, NULL);
    cJSON *suite = cJSON_Parse(data);
    const cJSON *test = NULL;
    free(data);
    cJSON_ArrayForEach(test, suite)
    {
        sso += run_case(test);
        tear_down(state);
        set_up(state);
        count++;
    }
    cJSON_Delete(suite);
    printf("assume-role-tests.json: %d of %d cases agree; %d left out: IAM Identity Center, "
           "refused with an error that says so\n",
           count - sso, count, sso);
    assert_int_equal(count, SUITE_CASES);
    assert_int_equal(sso, SUITE_CASES_SSO);
}

/* The essentials, for clones without these cases. */

static void test_profile_chain__keys__are_the_base(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\n" KEYS "aws_session_token = t\n", "a"), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_KEYS);
    assert_string_equal(chain.base_profile, "a");
    assert_string_equal(chain.keys.access_key, "AKID");
    assert_string_equal(chain.keys.secret_key, "secret");
    assert_string_equal(chain.keys.session_token, "t");
    assert_int_equal(chain.role_count, 0);
}

static void test_profile_chain__roles__are_in_the_order_of_assuming(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\nrole_arn = A\nsource_profile = b\nexternal_id = x\n"
                             "[profile b]\nrole_arn = B\nsource_profile = c\n"
                             "duration_seconds = 900\nrole_session_name = s\n"
                             "[profile c]\n" KEYS,
                             "a"),
                     0);
    assert_int_equal(chain.role_count, 2);
    assert_string_equal(chain.roles[0].arn, "B");
    assert_string_equal(chain.roles[0].session_name, "s");
    assert_null(chain.roles[0].external_id);
    assert_int_equal(chain.roles[0].duration_s, 900);
    assert_string_equal(chain.roles[1].arn, "A");
    assert_string_equal(chain.roles[1].external_id, "x");
    assert_int_equal(chain.roles[1].duration_s, 0);
    assert_string_equal(chain.base_profile, "c");
}

static void test_profile_chain__role_on_its_own_keys__is_assumed(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\nrole_arn = A\nsource_profile = a\n" KEYS, "a"), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_KEYS);
    assert_int_equal(chain.role_count, 1);
}

static void test_profile_chain__credential_sources__are_known(void **state)
{
    static const struct {
        const char *name;
        enum als_profile_base base;
    } cases[] = {{"Environment", ALS_PROFILE_BASE_ENVIRONMENT},
                 {"Ec2InstanceMetadata", ALS_PROFILE_BASE_INSTANCE},
                 {"EcsContainer", ALS_PROFILE_BASE_CONTAINER}};
    for (size_t i = 0; i < 3; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "[profile a]\nrole_arn = A\ncredential_source = %s\n",
                       cases[i].name);
        assert_int_equal(resolve(text, "a"), 0);
        assert_int_equal(chain.base, cases[i].base);
        assert_int_equal(chain.role_count, 1);
        tear_down(state);
        set_up(state);
    }
}

static void test_profile_chain__process__is_the_base(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\ncredential_process = /bin/x 'y z'\n", "a"), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_PROCESS);
    assert_string_equal(chain.process, "/bin/x 'y z'");
}

static void test_profile_chain__keys_beside_a_login__win(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\nsso_session = s\n" KEYS, "a"), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_KEYS);
}

/* The order of the AWS CLI. */
static void test_profile_chain__process__goes_before_keys_of_the_config_file(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\nrole_arn = A\nsource_profile = b\n"
                             "[profile b]\ncredential_process = x\n" KEYS,
                             "a"),
                     0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_PROCESS);
    assert_int_equal(als_profile_chain_resolve(&file, "b", &chain, &error), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_PROCESS);
}

static void test_profile_chain__keys_of_the_credentials_file__go_before_a_process(void **state)
{
    (void)state;
    add_file(ALS_PROFILE_FILE_CONFIG, "[profile a]\ncredential_process = x\n" KEYS);
    add_file(ALS_PROFILE_FILE_CREDENTIALS, "[a]\n" KEYS);
    assert_int_equal(als_profile_chain_resolve(&file, "a", &chain, &error), 0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_KEYS);
}

static void test_profile_chain__web_identity__is_the_base_of_a_role(void **state)
{
    (void)state;
    assert_int_equal(resolve("[profile a]\nrole_arn = A\nsource_profile = b\n"
                             "[profile b]\nrole_arn = B\nweb_identity_token_file = /t\n",
                             "a"),
                     0);
    assert_int_equal(chain.base, ALS_PROFILE_BASE_WEB_IDENTITY);
    assert_string_equal(chain.token_file, "/t");
    assert_string_equal(chain.web_identity.arn, "B");
    assert_int_equal(chain.role_count, 1);
}

static void test_profile_chain__nothing_configured__is_no_credentials(void **state)
{
    assert_refused("[profile b]\n" KEYS, AWSLOGSRC_E_NO_CREDENTIALS,
                   "profile a: there is no such profile");
    tear_down(state);
    set_up(state);
    assert_refused("[profile a]\nregion = us-east-1\naws_access_key_id =\n",
                   AWSLOGSRC_E_NO_CREDENTIALS,
                   "profile a: there are neither keys nor a role or process in it");
}

static void test_profile_chain__broken_profiles__are_named(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"aws_access_key_id = x\n",
         "profile a: aws_access_key_id is set but aws_secret_access_key is not"},
        {"aws_secret_access_key = x\n",
         "profile a: aws_secret_access_key is set but aws_access_key_id is not"},
        {"role_arn = A\n", "profile a: role_arn needs source_profile or credential_source"},
        {"role_arn = A\nsource_profile = b\ncredential_source = Environment\n",
         "profile a: source_profile and credential_source contradict each other"},
        {"role_arn = A\ncredential_source = environment\n",
         "profile a: credential_source is none of Environment, Ec2InstanceMetadata, EcsContainer"},
        {"role_arn = A\nsource_profile = b\n", "profile a: there is no source_profile b"},
        {"role_arn = A\nsource_profile = b\n c\n",
         "profile a: source_profile is no name of a profile"},
        {"role_arn = A\nsource_profile = b\n[profile b]\nregion = x\n",
         "profile b: there are neither keys nor a role or process in it"},
        {"role_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = a\n",
         "profile b: source_profile a leads back to itself"},
        {"role_arn = A\nsource_profile = a\nduration_seconds = 899\n" KEYS,
         "profile a: duration_seconds is not a number from 900 to 43200"},
        {"role_arn = A\nsource_profile = a\nduration_seconds = 43201\n" KEYS,
         "profile a: duration_seconds is not a number from 900 to 43200"},
        {"role_arn = A\nsource_profile = a\nmfa_serial = m\n" KEYS,
         "profile a: mfa_serial: nobody is there to type a code; use a role without multi-factor "
         "authentication"},
        {"web_identity_token_file = /t\n",
         "profile a: web_identity_token_file is set but role_arn is not"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "[profile a]\n%s", cases[i].text);
        assert_refused(text, AWSLOGSRC_E_FILE_SYNTAX, cases[i].message);
        tear_down(state);
        set_up(state);
    }
}

static void test_profile_chain__logins__are_refused_with_a_way_out(void **state)
{
    assert_refused("[profile a]\nsso_session = s\n[sso-session s]\nsso_region = us-east-1\n",
                   AWSLOGSRC_E_NOT_AVAILABLE,
                   "profile a: IAM Identity Center (sso_...) needs somebody to log in, which a "
                   "collector cannot; use a role, keys of an IAM user, or credential_process");
    tear_down(state);
    set_up(state);
    assert_refused("[profile a]\nlogin_session = arn\n", AWSLOGSRC_E_NOT_AVAILABLE,
                   "profile a: \"aws login\" (login_session) needs somebody to log in, which a "
                   "collector cannot; use a role, keys of an IAM user, or credential_process");
}

/* Profile 0 has the first role; the last one has keys. */
static int resolve_long(int roles)
{
    struct als_buffer text;
    als_buffer_init(&text, 4096);
    for (int i = 0; i < roles; i++)
        als_buffer_format(&text, "[profile %d]\nrole_arn = r\nsource_profile = %d\n", i, i + 1);
    als_buffer_format(&text, "[profile %d]\n" KEYS, roles);
    int status = resolve(als_buffer_string(&text), "0");
    als_buffer_clear(&text);
    return status;
}

static void test_profile_chain__one_less_than_the_longest__is_fine(void **state)
{
    (void)state;
    assert_int_equal(resolve_long(ALS_PROFILE_CHAIN_LONGEST - 1), 0);
    assert_int_equal(chain.role_count, ALS_PROFILE_CHAIN_LONGEST - 1);
}

static void test_profile_chain__more_profiles_than_the_longest__are_refused(void **state)
{
    (void)state;
    assert_int_equal(resolve_long(ALS_PROFILE_CHAIN_LONGEST), AWSLOGSRC_E_FILE_SYNTAX);
    assert_string_equal(awslogsrc_error_message(error),
                        "profile 15: too many profiles name one another");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_profile_chain__shared_cases_of_the_sdks__agree),
        TEST(test_profile_chain__keys__are_the_base),
        TEST(test_profile_chain__roles__are_in_the_order_of_assuming),
        TEST(test_profile_chain__role_on_its_own_keys__is_assumed),
        TEST(test_profile_chain__credential_sources__are_known),
        TEST(test_profile_chain__process__is_the_base),
        TEST(test_profile_chain__keys_beside_a_login__win),
        TEST(test_profile_chain__process__goes_before_keys_of_the_config_file),
        TEST(test_profile_chain__keys_of_the_credentials_file__go_before_a_process),
        TEST(test_profile_chain__web_identity__is_the_base_of_a_role),
        TEST(test_profile_chain__nothing_configured__is_no_credentials),
        TEST(test_profile_chain__broken_profiles__are_named),
        TEST(test_profile_chain__logins__are_refused_with_a_way_out),
        TEST(test_profile_chain__one_less_than_the_longest__is_fine),
        TEST(test_profile_chain__more_profiles_than_the_longest__are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
