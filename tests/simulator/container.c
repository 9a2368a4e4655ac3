/* What the ECS and EKS agents answer: ECS Developer Guide, "Task IAM role". */
#include "key_document.h"

#include <string.h>

bool sim_container_credentials(struct sim_operation *operation)
{
    const struct sim_settings *settings = operation->settings;
    const char *token = sim_request_header(operation->request, "Authorization");
    if (strcmp(operation->request->method, "GET") != 0)
        return sim_operation_refuse(operation, 405, "MethodNotAllowed", "");
    if (settings->container_token && (!token || strcmp(token, settings->container_token) != 0))
        return sim_operation_refuse(operation, 401, "AccessDenied",
                                    "The authorization token is not valid.");
    if (!settings->role)
        return sim_operation_refuse(operation, 404, "InvalidIdInRequest",
                                    "CredentialsV2Request: Credentials not found");
    if (operation->fault == SIM_FAULT_CODE_NOT_SUCCESS)
        return sim_key_document_failed(operation);
    const struct sim_session *keys =
        sim_identity_current(operation, &operation->identity->container, settings->role);
    struct sim_buffer arn = {0};
    char expiration[SIM_CALENDAR_SIZE];
    sim_calendar_iso(keys->expires_ms, expiration);
    sim_identity_role_arn(operation, settings->role, &arn);
    const struct sim_member members[] = {
        {"RoleArn", arn.data},
        {"AccessKeyId", keys->access_key},
        {"SecretAccessKey", keys->secret_key},
        {"Token", keys->token},
        {"AccountId", operation->world->account},
        {"Expiration", expiration},
    };
    bool good = sim_key_document(operation, members, sizeof members / sizeof *members);
    sim_buffer_clear(&arn);
    return good;
}
