#include "source/identity_check.h"

#include "aws/caller_identity.h"
#include "source/authentication.h"

enum {
    QUESTION_CEILING = 256,
    ACCOUNT_CEILING = 64,
    ARN_CEILING = 2048 /* the longest that IAM has */
};

void als_identity_check_skip(awslogsrc_check *report, const char *reason)
{
    struct als_check_finding finding = {AWSLOGSRC_STEP_SKIPPED, -1, NULL};
    als_check_report_tell(report, "identity", "", &finding, "%s", reason);
}

static void skip(const struct als_identity_check *check, int64_t duration_ms, const char *reason)
{
    struct als_check_finding finding = {AWSLOGSRC_STEP_SKIPPED, duration_ms, NULL};
    als_check_report_tell(check->config.report, "identity", "", &finding, "STS (%s): %s",
                          check->endpoint.host, reason);
}

static void read_answer(const struct als_identity_check *check, const struct als_sts_answer *answer)
{
    struct als_check_finding finding = {AWSLOGSRC_STEP_OK, answer->duration_ms, NULL};
    struct als_buffer account, arn;
    als_buffer_init(&account, ACCOUNT_CEILING);
    als_buffer_init(&arn, ARN_CEILING);
    int status = als_caller_identity_read(answer->body, &account, &arn);
    if (status == 0)
        als_check_report_tell(check->config.report, "identity", "", &finding, "account %s, %s",
                              als_buffer_string(&account), als_buffer_string(&arn));
    else
        skip(check, answer->duration_ms, als_error_text(status));
    als_buffer_clear(&account);
    als_buffer_clear(&arn);
}

static void answered(void *user_data, const struct als_sts_answer *answer)
{
    struct als_identity_check *check = user_data;
    if (answer->code == 0)
        read_answer(check, answer);
    else
        skip(check, answer->duration_ms, als_error_message(answer->error));
    als_error_free(answer->error);
    check->config.done(check->config.self);
}

/* Who has sent us to a service of his own would be surprised to see the public STS asked. */
static bool is_private(const struct als_settings *settings)
{
    return *settings->endpoint_url != '\0' && *settings->sts_endpoint_url == '\0';
}

static int send(struct als_identity_check *check, const struct als_keys *keys)
{
    struct als_buffer question;
    als_buffer_init(&question, QUESTION_CEILING);
    als_sts_begin_question(&question, "GetCallerIdentity");
    int status = question.status;
    if (status == 0)
        status = als_sts_send(&check->call, als_buffer_text(&question), keys);
    als_buffer_clear(&question);
    return status;
}

bool als_identity_check_begin(struct als_identity_check *check,
                              const struct als_identity_check_config *config,
                              const struct als_keys *keys)
{
    const struct als_sts_config sts = als_authentication_sts(config->settings);
    awslogsrc_error *error = NULL;
    check->config = *config;
    check->call = (struct als_sts_call){.loop = config->caches->loop,
                                        .endpoint = &check->endpoint,
                                        .http_settings = config->http_settings,
                                        .done = answered,
                                        .user_data = check,
                                        .ahead_ms = &config->caches->sts_ahead_ms};
    if (is_private(config->settings)) {
        als_identity_check_skip(config->report, "endpoint_url is set, and sts_endpoint_url is not");
        return false;
    }
    if (als_sts_find(&sts, &check->endpoint, &error) != 0) {
        als_identity_check_skip(config->report, als_error_message(error));
        als_error_free(error);
        return false;
    }
    int status = send(check, keys);
    if (status != 0)
        skip(check, -1, als_error_text(status));
    return status == 0;
}

void als_identity_check_clear(struct als_identity_check *check)
{
    als_sts_cancel(&check->call);
}
