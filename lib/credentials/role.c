#include "credentials/role.h"

#include <stdio.h>

#include "aws/form.h"
#include "base/memory.h"
#include "credentials/cached.h"

enum {
    QUESTION_CEILING = 256 * 1024, /* a token of 20,000 characters, percent-encoded, and room */
    REFUSED_WAIT_MS = 30000,       /* somebody has to act first, and every call is in CloudTrail */
    THROTTLED_WAIT_MS = 5000,
    LONGEST_ORIGIN = 1024,
    LEAST_DURATION_S = 900, /* DurationSeconds of AssumeRole */
    MOST_DURATION_S = 43200
};

/* --- the target --- */

static char *copy_optional(const char *text, bool *failed)
{
    if (text == NULL || *text == '\0')
        return NULL;
    char *copy = als_copy_string(text);
    *failed = *failed || copy == NULL;
    return copy;
}

int als_role_target_init(struct als_role_target *target, const struct als_role *role,
                         const struct als_sts_config *sts, awslogsrc_error **error)
{
    bool failed = false;
    *target = (struct als_role_target){.duration_s = role->duration_s};
    if (role->arn == NULL || *role->arn == '\0')
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING, "the ARN of the role is missing");
    if (sts->region == NULL || *sts->region == '\0')
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "role %s: the region whose STS is to be asked is missing", role->arn);
    if (role->duration_s != 0 &&
        (role->duration_s < LEAST_DURATION_S || role->duration_s > MOST_DURATION_S))
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "role %s: the duration is not between %d and %d seconds", role->arn,
                             LEAST_DURATION_S, MOST_DURATION_S);
    int status = als_sts_find(sts, &target->endpoint, error);
    if (status != 0)
        return status;
    target->arn = copy_optional(role->arn, &failed);
    target->session_name = copy_optional(role->session_name, &failed);
    target->external_id = copy_optional(role->external_id, &failed);
    if (!failed)
        return 0;
    als_role_target_clear(target);
    return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
}

void als_role_target_clear(struct als_role_target *target)
{
    als_free(target->arn);
    als_free(target->session_name);
    als_free_secret(target->external_id);
    *target = (struct als_role_target){0};
}

/* --- the question --- */

static int write_question(const struct als_role_call *call,
                          const struct als_role_question *question, struct als_buffer *body)
{
    const struct als_role_target *target = call->target;
    char number[24];
    als_buffer_reserve(body, question->token.size * 3 + 8 * 1024); /* no copies of a token */
    als_sts_begin_question(body, question->action);
    als_form_add(body, "RoleArn", als_text_of(target->arn));
    if (target->session_name != NULL) {
        als_form_add(body, "RoleSessionName", als_text_of(target->session_name));
    } else {
        char name[64];
        (void)snprintf(name, sizeof name, "libawslogsrc-%lld",
                       (long long)als_sts_now_ms(&call->sts) / 1000);
        als_form_add(body, "RoleSessionName", als_text_of(name));
    }
    if (target->external_id != NULL && question->keys != NULL)
        als_form_add(body, "ExternalId", als_text_of(target->external_id));
    if (target->duration_s != 0) {
        (void)snprintf(number, sizeof number, "%lld", (long long)target->duration_s);
        als_form_add(body, "DurationSeconds", als_text_of(number));
    }
    if (question->token.size > 0)
        als_form_add(body, "WebIdentityToken", question->token);
    return body->status;
}

/* "STS (sts.eu-west-1.amazonaws.com), role arn:..." */
static void write_origin(const struct als_role_call *call, char out[LONGEST_ORIGIN])
{
    (void)snprintf(out, LONGEST_ORIGIN, "STS (%s), role %s", call->target->endpoint.host,
                   call->target->arn);
}

static void done(void *user_data, const struct als_sts_answer *answer);

void als_role_ask(struct als_role_call *call, const struct als_role_question *question)
{
    const struct als_fetcher_place *place = call->fetcher->place;
    char origin[LONGEST_ORIGIN];
    awslogsrc_error *error = NULL;
    struct als_buffer body;
    call->sts.loop = place->loop;
    call->sts.endpoint = &call->target->endpoint;
    call->sts.http_settings = place->http;
    call->sts.done = done;
    call->sts.user_data = call;
    call->sts.ahead_ms = &place->caches->sts_ahead_ms;
    als_buffer_init(&body, QUESTION_CEILING);
    int status = write_question(call, question, &body);
    if (status == 0)
        status = als_sts_send(&call->sts, als_buffer_text(&body), question->keys);
    als_buffer_wipe(&body);
    if (status == 0)
        return;
    write_origin(call, origin);
    als_error_set(&error, status, "%s: %s", origin, als_error_text(status));
    als_fetcher_fail(call->fetcher, error, 0);
}

void als_role_cancel(struct als_role_call *call)
{
    als_sts_cancel(&call->sts);
}

/* --- the answer --- */

static void fail(struct als_role_call *call, int code, awslogsrc_error *error)
{
    int64_t wait_ms = 0;
    struct als_random *random = &call->fetcher->place->loop->random;
    bool final = als_error_row(code)->retryable == 0;
    if (call->refused != NULL && !call->refused(call->fetcher, code))
        final = true;
    if (final)
        wait_ms = REFUSED_WAIT_MS + als_random_below(random, REFUSED_WAIT_MS);
    else if (code == AWSLOGSRC_E_THROTTLED)
        wait_ms = THROTTLED_WAIT_MS;
    als_fetcher_fail(call->fetcher, error, wait_ms);
}

static void done(void *user_data, const struct als_sts_answer *answer)
{
    struct als_role_call *call = user_data;
    struct als_key_document document = {0};
    awslogsrc_error *error = answer->error;
    char origin[LONGEST_ORIGIN];
    int status = answer->code;
    write_origin(call, origin);
    als_error_prefix(&error, "%s: ", origin);
    if (status == 0)
        status = als_key_document_read_xml(answer->body, origin, &document, &error);
    if (status != 0) {
        fail(call, status, error);
        return;
    }
    struct als_fetcher_find find = {
        .origin = origin, .document = &document, .server_ms = answer->server_ms};
    als_fetcher_deliver(call->fetcher, &find);
    als_key_document_clear(&document);
}
