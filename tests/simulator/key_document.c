#include "key_document.h"

#include <string.h>

const char *sim_key_member(const struct sim_operation *operation, const char *name,
                           const char *value)
{
    return operation->missing && strcmp(operation->missing, name) == 0 ? NULL : value;
}

bool sim_key_document(struct sim_operation *operation, const struct sim_member *members,
                      size_t count)
{
    const struct sim_json_style *style = &operation->settings->json;
    struct sim_buffer *body = operation->body;
    bool first = true;
    sim_buffer_text(body, "{");
    for (size_t i = 0; i < count; i++) {
        const struct sim_member *member = &members[style->reverse_members ? count - 1 - i : i];
        const char *value = sim_key_member(operation, member->name, member->value);
        if (!value)
            continue;
        sim_json_member(body, style, member->name, first);
        sim_json_string(body, style, value, strlen(value));
        first = false;
    }
    sim_buffer_text(body, "}");
    return true;
}

bool sim_key_document_failed(struct sim_operation *operation)
{
    char now[SIM_CALENDAR_SIZE];
    sim_calendar_iso(operation->now_ms, now);
    const struct sim_member members[] = {
        {"Code", "AssumeRoleUnauthorizedAccess"},
        {"Message", "EC2 cannot assume the role. Please see documentation at "
                    "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
                    "troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info-doc."},
        {"LastUpdated", now},
    };
    return sim_key_document(operation, members, sizeof members / sizeof *members);
}
