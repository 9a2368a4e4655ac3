/* The Security Token Service: query protocol, AWS STS API reference. */
#include "form.h"
#include "key_document.h"
#include "random.h"
#include "xml_writer.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMESPACE "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\""

enum {
    MIN_DURATION_S = 900,
    MAX_DURATION_S = 43200,
    DEFAULT_DURATION_S = 3600,
    MAX_CHAINED_S = 3600,
    MAX_WEB_TOKEN = 20000
};

/* What was asked for; texts are owned. */
struct assumption {
    char *role_arn;
    char *session_name;
    char *external_id;
    char *duration;
    char *web_token;
    int64_t duration_s;
    const struct sim_role *role;
};

static struct assumption read_form(const struct sim_request *request)
{
    return (struct assumption){
        .role_arn = sim_form_value(request, "RoleArn"),
        .session_name = sim_form_value(request, "RoleSessionName"),
        .external_id = sim_form_value(request, "ExternalId"),
        .duration = sim_form_value(request, "DurationSeconds"),
        .web_token = sim_form_value(request, "WebIdentityToken"),
    };
}

static void clear_form(struct assumption *asked)
{
    free(asked->role_arn);
    free(asked->session_name);
    free(asked->external_id);
    free(asked->duration);
    free(asked->web_token);
}

/* ---- rules ---- */

static bool check_text(struct sim_operation *operation, const char *name, const char *value,
                       size_t least, size_t most)
{
    if (!value)
        return sim_operation_fail(operation, "ValidationError",
                                  "1 validation error detected: Value null at '%s' failed to "
                                  "satisfy constraint: Member must not be null",
                                  name);
    size_t length = strlen(value);
    if (length >= least && length <= most)
        return true;
    bool short_one = length < least;
    return sim_operation_fail(
        operation, "ValidationError",
        "1 validation error detected: Value '%.64s' at '%s' failed to satisfy constraint: Member "
        "must have length %s than or equal to %zu",
        value, name, short_one ? "greater" : "less", short_one ? least : most);
}

static bool check_letters(struct sim_operation *operation, const char *name, const char *value,
                          const char *marks)
{
    for (const char *at = value; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr(marks, *at))
            return sim_operation_fail(operation, "ValidationError",
                                      "1 validation error detected: Value '%.64s' at '%s' failed "
                                      "to satisfy constraint: Member must satisfy regular "
                                      "expression pattern: [\\w+=,.@-]*",
                                      value, name);
    return true;
}

static bool check_duration(struct sim_operation *operation, struct assumption *asked)
{
    char *rest = NULL;
    asked->duration_s = asked->duration ? strtoll(asked->duration, &rest, 10) : DEFAULT_DURATION_S;
    if (rest && (rest == asked->duration || *rest != '\0'))
        return sim_operation_fail(operation, "MalformedInput", "%s", "");
    if (asked->duration_s >= MIN_DURATION_S && asked->duration_s <= MAX_DURATION_S)
        return true;
    bool little = asked->duration_s < MIN_DURATION_S;
    return sim_operation_fail(operation, "ValidationError",
                              "1 validation error detected: Value '%" PRId64
                              "' at 'durationSeconds' failed to satisfy constraint: Member must "
                              "have value %s than or equal to %d",
                              asked->duration_s, little ? "greater" : "less",
                              little ? MIN_DURATION_S : MAX_DURATION_S);
}

static bool check_form(struct sim_operation *operation, struct assumption *asked)
{
    return check_text(operation, "roleArn", asked->role_arn, 20, 2048) &&
           check_text(operation, "roleSessionName", asked->session_name, 2, 64) &&
           check_letters(operation, "roleSessionName", asked->session_name, "_+=,.@-") &&
           (!asked->external_id ||
            (check_text(operation, "externalId", asked->external_id, 2, 1224) &&
             check_letters(operation, "externalId", asked->external_id, "_+=,.@:/-"))) &&
           check_duration(operation, asked);
}

static bool check_role_duration(struct sim_operation *operation, const struct assumption *asked)
{
    if (operation->caller && operation->caller->temporary && asked->duration_s > MAX_CHAINED_S)
        return sim_operation_fail(operation, "ValidationError",
                                  "The requested DurationSeconds exceeds the 1 hour session limit "
                                  "for roles assumed by role chaining");
    if (asked->role->max_duration_s && asked->duration_s > asked->role->max_duration_s)
        return sim_operation_fail(operation, "ValidationError",
                                  "The requested DurationSeconds exceeds the MaxSessionDuration "
                                  "set for this role.");
    return true;
}

static const char *caller_arn(const struct sim_operation *operation)
{
    return operation->caller ? operation->caller->arn : "arn:aws:iam::123456789012:user/simulated";
}

static bool check_trust(struct sim_operation *operation, struct assumption *asked)
{
    const struct sim_role *role = sim_identity_role(operation->identity, asked->role_arn);
    const struct sim_key_owner *caller = operation->caller;
    bool trusted =
        role && (!role->principal || !caller || strcmp(role->principal, caller->principal) == 0 ||
                 strcmp(role->principal, caller->arn) == 0);
    if (trusted && role->external_id)
        trusted = asked->external_id && strcmp(asked->external_id, role->external_id) == 0;
    asked->role = role;
    if (trusted)
        return true;
    sim_operation_fail(operation, "AccessDenied",
                       "User: %.200s is not authorized to perform: sts:AssumeRole on resource: "
                       "%.300s",
                       caller_arn(operation), asked->role_arn);
    operation->error.status = 403;
    return false;
}

static bool check_web_token(struct sim_operation *operation, struct assumption *asked)
{
    asked->role = sim_identity_role(operation->identity, asked->role_arn);
    if (operation->fault == SIM_FAULT_IDP_ERROR)
        return sim_operation_refuse(operation, 400, "IDPCommunicationError",
                                    "There was an error contacting the identity provider.");
    if (!check_text(operation, "webIdentityToken", asked->web_token, 4, MAX_WEB_TOKEN))
        return false;
    if (!asked->role)
        return sim_operation_refuse(operation, 403, "AccessDenied",
                                    "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    const char *token = operation->settings->web_identity_token;
    if (token && strcmp(token, asked->web_token) != 0)
        return sim_operation_refuse(operation, 400, "InvalidIdentityToken",
                                    "The web identity token provided could not be validated.");
    return true;
}

/* ---- answers ---- */

static struct sim_xml begin(struct sim_operation *operation, const char *name)
{
    struct sim_xml xml = {operation->body, sim_random_next(&operation->identity->random), 0};
    char element[64];
    snprintf(element, sizeof element, "%sResponse", name);
    sim_xml_open(&xml, element, NAMESPACE);
    snprintf(element, sizeof element, "%sResult", name);
    sim_xml_open(&xml, element, "");
    return xml;
}

static bool end(struct sim_operation *operation, struct sim_xml *xml, const char *name)
{
    char element[64];
    snprintf(element, sizeof element, "%sResult", name);
    sim_xml_close(xml, element);
    sim_xml_open(xml, "ResponseMetadata", "");
    sim_xml_text(xml, "RequestId", operation->response->request_id);
    sim_xml_close(xml, "ResponseMetadata");
    snprintf(element, sizeof element, "%sResponse", name);
    sim_xml_close(xml, element);
    sim_buffer_text(operation->body, "\n");
    return true;
}

static void write_keys(const struct sim_operation *operation, struct sim_xml *xml,
                       const struct sim_session *keys)
{
    char expiration[SIM_CALENDAR_SIZE];
    sim_calendar_iso(keys->expires_ms, expiration);
    const struct sim_xml_member members[] = {
        {"AccessKeyId", sim_key_member(operation, "AccessKeyId", keys->access_key)},
        {"SecretAccessKey", sim_key_member(operation, "SecretAccessKey", keys->secret_key)},
        {"SessionToken", sim_key_member(operation, "Token", keys->token)},
        {"Expiration", sim_key_member(operation, "Expiration", expiration)},
    };
    sim_xml_open(xml, "Credentials", "");
    sim_xml_members(xml, members, sizeof members / sizeof *members);
    sim_xml_close(xml, "Credentials");
}

static void write_user(struct sim_xml *xml, const struct assumption *asked)
{
    struct sim_buffer arn = {0};
    struct sim_buffer id = {0};
    sim_identity_session_arn(asked->role_arn, asked->session_name, &arn);
    sim_buffer_printf(&id, "AROAEXAMPLEROLEID0000:%s", asked->session_name);
    sim_buffer_add(&id, "", 1);
    const struct sim_xml_member members[] = {{"AssumedRoleId", id.data}, {"Arn", arn.data}};
    sim_xml_open(xml, "AssumedRoleUser", "");
    sim_xml_members(xml, members, sizeof members / sizeof *members);
    sim_xml_close(xml, "AssumedRoleUser");
    sim_buffer_clear(&arn);
    sim_buffer_clear(&id);
}

static bool answer(struct sim_operation *operation, const char *name,
                   const struct assumption *asked)
{
    static const struct sim_xml_member web[] = {
        {"Audience", "sts.amazonaws.com"},
        {"Provider", "https://oidc.simulated.example/id/0"},
        {"SubjectFromWebIdentityToken", "system:serviceaccount:siem:collector"}};
    const struct sim_settings *settings = operation->settings;
    int64_t lifetime = asked->duration_s * 1000;
    if (lifetime > settings->key_lifetime_ms)
        lifetime = settings->key_lifetime_ms;
    if (operation->fault == SIM_FAULT_STALE_KEYS)
        lifetime = -lifetime;
    struct sim_session keys = sim_identity_issue(operation, asked->role_arn, asked->session_name,
                                                 operation->now_ms + lifetime);
    struct sim_xml xml = begin(operation, name);
    bool user_first = xml.variant & 4;
    if (asked->web_token)
        sim_xml_members(&xml, web, sizeof web / sizeof *web);
    if (user_first)
        write_user(&xml, asked);
    write_keys(operation, &xml, &keys);
    if (!user_first)
        write_user(&xml, asked);
    return end(operation, &xml, name);
}

bool sim_sts_assume_role(struct sim_operation *operation)
{
    struct assumption asked = read_form(operation->request);
    bool good = check_form(operation, &asked) && check_trust(operation, &asked) &&
                check_role_duration(operation, &asked) && answer(operation, "AssumeRole", &asked);
    clear_form(&asked);
    return good;
}

bool sim_sts_web_identity(struct sim_operation *operation)
{
    struct assumption asked = read_form(operation->request);
    bool good = check_form(operation, &asked) && check_web_token(operation, &asked) &&
                check_role_duration(operation, &asked) &&
                answer(operation, "AssumeRoleWithWebIdentity", &asked);
    clear_form(&asked);
    return good;
}

bool sim_sts_caller_identity(struct sim_operation *operation)
{
    const struct sim_xml_member members[] = {{"Arn", caller_arn(operation)},
                                             {"UserId", "AIDAEXAMPLEUSERID0000"},
                                             {"Account", operation->world->account}};
    struct sim_xml xml = begin(operation, "GetCallerIdentity");
    sim_xml_members(&xml, members, sizeof members / sizeof *members);
    return end(operation, &xml, "GetCallerIdentity");
}
