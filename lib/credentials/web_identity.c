#include "credentials/web_identity.h"

#include "base/file.h"
#include "base/memory.h"

enum { LONGEST_TOKEN = 20000 }; /* WebIdentityToken */

struct als_web_identity {
    awslogsrc_credentials head;
    char *token_file;
    struct als_role_target target;
};

struct web_identity_fetcher {
    struct als_fetcher head;
    struct als_role_call call;
};

static void ask(struct web_identity_fetcher *fetcher, const struct als_buffer *file)
{
    const struct als_web_identity *identity =
        (const struct als_web_identity *)fetcher->head.provider;
    awslogsrc_error *error = NULL;
    /* A line break at the end is the editor's, not the token's. */
    struct als_text token = als_text_trim(als_buffer_text(file));
    if (token.size == 0 || als_text_has_control(token)) {
        als_error_set(&error, AWSLOGSRC_E_FILE, "web identity: %s %s", identity->token_file,
                      token.size == 0 ? "is empty" : "holds no token");
        als_fetcher_fail(&fetcher->head, error, 0);
        return;
    }
    struct als_role_question question = {.action = "AssumeRoleWithWebIdentity", .token = token};
    als_role_ask(&fetcher->call, &question);
}

static void fetch(struct als_fetcher *head)
{
    struct web_identity_fetcher *fetcher = (struct web_identity_fetcher *)head;
    const struct als_web_identity *identity = (const struct als_web_identity *)head->provider;
    awslogsrc_error *error = NULL;
    struct als_buffer file;
    fetcher->call.fetcher = head;
    fetcher->call.target = &identity->target;
    als_buffer_init(&file, LONGEST_TOKEN);
    if (als_file_read(identity->token_file, &file, &error) == 0) {
        ask(fetcher, &file);
    } else {
        als_error_prefix(&error, "web identity: ");
        als_fetcher_fail(head, error, 0);
    }
    als_buffer_wipe(&file);
}

static void cancel(struct als_fetcher *head)
{
    als_role_cancel(&((struct web_identity_fetcher *)head)->call);
}

static void free_web_identity(awslogsrc_credentials *provider)
{
    struct als_web_identity *identity = (struct als_web_identity *)provider;
    als_free(identity->token_file);
    als_role_target_clear(&identity->target);
    als_free(identity);
}

static const struct als_provider_type web_identity_type = {.name = "web_identity",
                                                           .fetcher_size =
                                                               sizeof(struct web_identity_fetcher),
                                                           .fetch = fetch,
                                                           .cancel = cancel,
                                                           .free = free_web_identity};

int als_web_identity_new(const char *token_file, const struct als_role *role,
                         const struct als_sts_config *sts, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    if (token_file == NULL || *token_file == '\0')
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    struct als_web_identity *own = als_new(sizeof *own);
    if (own == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_role_target_init(&own->target, role, sts, error);
    if (status != 0) {
        als_free(own);
        als_error_prefix(error, "web identity: ");
        return status;
    }
    als_provider_init(&own->head, &web_identity_type);
    own->token_file = als_copy_string(token_file);
    if (own->token_file == NULL) {
        als_provider_unref(&own->head);
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    }
    *out = &own->head;
    return 0;
}

int als_web_identity_new_from_environment(const struct als_sts_config *sts, als_getenv *getenv,
                                          awslogsrc_credentials **out, awslogsrc_error **error)
{
    const char *arn = als_environment_get(getenv, "AWS_ROLE_ARN");
    struct als_role role = {.arn = arn,
                            .session_name = als_environment_get(getenv, "AWS_ROLE_SESSION_NAME")};
    if (arn == NULL)
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "web identity: AWS_ROLE_ARN is not set");
    return als_web_identity_new(getenv("AWS_WEB_IDENTITY_TOKEN_FILE"), &role, sts, out, error);
}
