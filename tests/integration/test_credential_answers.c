#include "testing.h"

#include "command.h"
#include "metadata.h"

/* Bad answers from where keys come from: each a named error, none a crash. */

static struct metadata aws;
static struct process command;

static int open_aws(void **state)
{
    (void)state;
    command = (struct process){0};
    metadata_open(&aws);
    return 0;
}

static int close_aws(void **state)
{
    (void)state;
    process_clear(&command);
    metadata_close(&aws);
    return 0;
}

/* One of the texts, separated by '|', is in what was said first. */
static void expect_one_of(const char *said, const char *texts)
{
    while (*texts != '\0') {
        char text[64];
        size_t size = strcspn(texts, "|");
        (void)snprintf(text, sizeof text, "%.*s", (int)size, texts);
        if (strcasestr(said, text) != NULL)
            return;
        texts += size + (texts[size] == '|');
    }
    fail_msg("not named: %s", said);
}

static void start_with(enum sim_fault_kind kind, const char *operation)
{
    struct sim_fault fault = {.kind = kind, .operation = operation, .member = "SecretAccessKey"};
    sim_service_add_fault(aws.service, &fault);
    metadata_start(&aws);
}

static void expect_imds_trouble(enum sim_fault_kind kind, const char *operation, const char *texts)
{
    start_with(kind, operation);
    expect_one_of(metadata_first_trouble(&aws, &command,
                                         LIST("--authentication-method", "ec2_instance_role",
                                              "--ec2-metadata-endpoint", aws.url),
                                         LIST(NULL)),
                  texts);
}

static void expect_container_trouble(enum sim_fault_kind kind, const char *operation,
                                     const char *texts)
{
    char uri[128];
    start_with(kind, operation);
    (void)snprintf(uri, sizeof uri, "AWS_CONTAINER_CREDENTIALS_FULL_URI=%s/v2/credentials/1",
                   aws.url);
    expect_one_of(metadata_first_trouble(&aws, &command,
                                         LIST("--authentication-method", "container"), LIST(uri)),
                  texts);
}

static void expect_sts_trouble(enum sim_fault_kind kind, const char *operation, const char *texts)
{
    start_with(kind, operation);
    expect_one_of(metadata_first_trouble(&aws, &command,
                                         LIST("--access-key", SIMULATOR_ACCESS_KEY, "--secret-key",
                                              SIMULATOR_SECRET_KEY, "--assume-role-arn",
                                              "arn:aws:iam::123456789012:role/first",
                                              "--sts-endpoint-url", aws.url),
                                         LIST(NULL)),
                  texts);
}

/* --- imds --- */

static void test_credential_answers__imds_token_forbidden__says_403(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_FORBIDDEN, "imds.token", "403");
}

static void test_credential_answers__imds_token_internal_error__says_500(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_INTERNAL_ERROR, "imds.token", "500");
}

static void test_credential_answers__imds_empty_token__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_EMPTY_BODY, "imds.token", "token");
}

static void test_credential_answers__imds_token_of_1_mib__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_HUGE_BODY, "imds.token", "large|limit|longer|exceed|token");
}

static void test_credential_answers__imds_no_role__says_404_or_no_role(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_NOT_FOUND, "imds.roles", "404|role");
}

static void test_credential_answers__imds_empty_role_list__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_EMPTY_BODY, "imds.roles", "role");
}

static void test_credential_answers__imds_html_as_role_list__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_HTML_OK, "imds.roles", "role|html");
}

static void test_credential_answers__imds_unauthorized_again_and_again__says_401(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_UNAUTHORIZED, "imds.role", "401");
}

static void test_credential_answers__imds_unavailable__says_503(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_UNAVAILABLE, "imds.role", "503");
}

static void test_credential_answers__imds_code_other_than_success__says_the_code(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_CODE_NOT_SUCCESS, "imds.role", "AssumeRoleUnauthorizedAccess");
}

static void test_credential_answers__imds_expired_keys__says_expired(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_STALE_KEYS, "imds.role", "expired");
}

static void test_credential_answers__imds_missing_member__names_it(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_MISSING_MEMBER, "imds.role", "SecretAccessKey");
}

static void test_credential_answers__imds_document_of_1_mib__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_HUGE_BODY, "imds.role", "large|limit|longer|exceed");
}

static void test_credential_answers__imds_redirect__is_not_followed(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_REDIRECT, "imds.role", "302|redirect");
}

static void test_credential_answers__imds_html_as_document__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_HTML_OK, "imds.role", "JSON|HTML");
}

static void test_credential_answers__imds_empty_document__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_EMPTY_BODY, "imds.role", "empty|JSON");
}

static void test_credential_answers__imds_malformed_document__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_MALFORMED, "imds.role", "JSON");
}

static void test_credential_answers__imds_reset_in_the_document__is_named(void **state)
{
    (void)state;
    expect_imds_trouble(SIM_FAULT_RESET_BODY, "imds.role",
                        "reset|closed|incomplete|recv|receiv|transfer");
}

/* --- container --- */

static void test_credential_answers__container_unauthorized__says_401(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_UNAUTHORIZED, "container", "401");
}

static void test_credential_answers__container_not_found__says_404(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_NOT_FOUND, "container", "404");
}

static void test_credential_answers__container_internal_error__says_500(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_INTERNAL_ERROR, "container", "500");
}

static void test_credential_answers__container_missing_member__names_it(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_MISSING_MEMBER, "container", "SecretAccessKey");
}

static void test_credential_answers__container_code_other_than_success__is_named(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_CODE_NOT_SUCCESS, "container",
                             "AssumeRoleUnauthorizedAccess|AccessKeyId");
}

static void test_credential_answers__container_expired_keys__says_expired(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_STALE_KEYS, "container", "expired");
}

static void test_credential_answers__container_document_of_1_mib__is_named(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_HUGE_BODY, "container", "large|limit|longer|exceed");
}

static void test_credential_answers__container_redirect__is_not_followed(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_REDIRECT, "container", "302|redirect");
}

static void test_credential_answers__container_html_as_document__is_named(void **state)
{
    (void)state;
    expect_container_trouble(SIM_FAULT_HTML_OK, "container", "JSON|HTML");
}

/* --- sts --- */

static void test_credential_answers__sts_access_denied__says_so(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_ACCESS_DENIED, "sts", "AccessDenied");
}

static void test_credential_answers__sts_unknown_key__says_so(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_UNRECOGNIZED_CLIENT, "sts", "InvalidClientTokenId");
}

static void test_credential_answers__sts_expired_base__says_so(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_EXPIRED_CREDENTIALS, "sts", "ExpiredToken");
}

static void test_credential_answers__sts_internal_error__says_500(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_INTERNAL_ERROR, "sts", "500|InternalFailure");
}

static void test_credential_answers__sts_throttling__says_so(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_THROTTLING, "sts", "Throttling");
}

static void test_credential_answers__sts_missing_member__names_it(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_MISSING_MEMBER, "sts", "SecretAccessKey");
}

static void test_credential_answers__sts_expired_keys__says_expired(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_STALE_KEYS, "sts", "expired");
}

static void test_credential_answers__sts_html_as_answer__is_named(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_HTML_OK, "sts", "XML|HTML");
}

static void test_credential_answers__sts_empty_answer__is_named(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_EMPTY_BODY, "sts", "XML|empty");
}

static void test_credential_answers__sts_malformed_answer__is_named(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_MALFORMED, "sts",
                       "XML|Access|Secret|Session|Expiration|Credentials|answer");
}

static void test_credential_answers__sts_redirect__is_not_followed(void **state)
{
    (void)state;
    expect_sts_trouble(SIM_FAULT_REDIRECT, "sts", "302|redirect");
}

#define WITH_AWS(test) cmocka_unit_test_setup_teardown(test, open_aws, close_aws)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_AWS(test_credential_answers__imds_token_forbidden__says_403),
        WITH_AWS(test_credential_answers__imds_token_internal_error__says_500),
        WITH_AWS(test_credential_answers__imds_empty_token__is_named),
        WITH_AWS(test_credential_answers__imds_token_of_1_mib__is_named),
        WITH_AWS(test_credential_answers__imds_no_role__says_404_or_no_role),
        WITH_AWS(test_credential_answers__imds_empty_role_list__is_named),
        WITH_AWS(test_credential_answers__imds_html_as_role_list__is_named),
        WITH_AWS(test_credential_answers__imds_unauthorized_again_and_again__says_401),
        WITH_AWS(test_credential_answers__imds_unavailable__says_503),
        WITH_AWS(test_credential_answers__imds_code_other_than_success__says_the_code),
        WITH_AWS(test_credential_answers__imds_expired_keys__says_expired),
        WITH_AWS(test_credential_answers__imds_missing_member__names_it),
        WITH_AWS(test_credential_answers__imds_document_of_1_mib__is_named),
        WITH_AWS(test_credential_answers__imds_redirect__is_not_followed),
        WITH_AWS(test_credential_answers__imds_html_as_document__is_named),
        WITH_AWS(test_credential_answers__imds_empty_document__is_named),
        WITH_AWS(test_credential_answers__imds_malformed_document__is_named),
        WITH_AWS(test_credential_answers__imds_reset_in_the_document__is_named),
        WITH_AWS(test_credential_answers__container_unauthorized__says_401),
        WITH_AWS(test_credential_answers__container_not_found__says_404),
        WITH_AWS(test_credential_answers__container_internal_error__says_500),
        WITH_AWS(test_credential_answers__container_missing_member__names_it),
        WITH_AWS(test_credential_answers__container_code_other_than_success__is_named),
        WITH_AWS(test_credential_answers__container_expired_keys__says_expired),
        WITH_AWS(test_credential_answers__container_document_of_1_mib__is_named),
        WITH_AWS(test_credential_answers__container_redirect__is_not_followed),
        WITH_AWS(test_credential_answers__container_html_as_document__is_named),
        WITH_AWS(test_credential_answers__sts_access_denied__says_so),
        WITH_AWS(test_credential_answers__sts_unknown_key__says_so),
        WITH_AWS(test_credential_answers__sts_expired_base__says_so),
        WITH_AWS(test_credential_answers__sts_internal_error__says_500),
        WITH_AWS(test_credential_answers__sts_throttling__says_so),
        WITH_AWS(test_credential_answers__sts_missing_member__names_it),
        WITH_AWS(test_credential_answers__sts_expired_keys__says_expired),
        WITH_AWS(test_credential_answers__sts_html_as_answer__is_named),
        WITH_AWS(test_credential_answers__sts_empty_answer__is_named),
        WITH_AWS(test_credential_answers__sts_malformed_answer__is_named),
        WITH_AWS(test_credential_answers__sts_redirect__is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
