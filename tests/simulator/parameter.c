#include "parameter.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct sim_text_rule sim_rule_group_name = {1, 512, ".-_/#", NULL, "[\\.\\-_/#A-Za-z0-9]+"};
const struct sim_text_rule sim_rule_group_identifier = {1, 2048, "_#+=/:,.@-", NULL,
                                                        "[\\w#+=/:,.@-]*"};
const struct sim_text_rule sim_rule_stream_name = {1, 512, NULL, ":*", "[^:*]*"};
const struct sim_text_rule sim_rule_filter_pattern = {0, 1024, NULL, NULL, NULL};
const struct sim_text_rule sim_rule_token = {1, SIZE_MAX, NULL, NULL, NULL};

bool sim_operation_fail(struct sim_operation *operation, const char *type, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    operation->error.status = 400;
    operation->error.type = type;
    vsnprintf(operation->error.message, sizeof operation->error.message, format, arguments);
    va_end(arguments);
    return false;
}

bool sim_operation_refuse(struct sim_operation *operation, int status, const char *type,
                          const char *message)
{
    sim_operation_fail(operation, type, "%s", message);
    operation->error.status = status;
    return false;
}

static bool violates(struct sim_operation *operation, const char *value, const char *name,
                     const char *constraint)
{
    return sim_operation_fail(operation, "InvalidParameterException",
                              "1 validation error detected: Value '%.256s' at '%s' failed to "
                              "satisfy constraint: Member must %s",
                              value, name, constraint);
}

static const cJSON *member(const struct sim_operation *operation, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(operation->input, name);
    return cJSON_IsNull(item) ? NULL : item;
}

static bool wrong_type(struct sim_operation *operation, const char *wanted)
{
    return sim_operation_fail(operation, "SerializationException",
                              "Start of structure or unexpected value found where %s expected.",
                              wanted);
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static bool fits(const struct sim_text_rule *rule, const char *text)
{
    if (rule->forbidden && strpbrk(text, rule->forbidden))
        return false;
    for (; rule->allowed && *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr(rule->allowed, *text))
            return false;
    return true;
}

static bool check_text(struct sim_operation *operation, const char *name,
                       const struct sim_text_rule *rule, const char *text)
{
    char constraint[96];
    size_t count = characters(text);
    if (count < rule->least || count > rule->most) {
        bool less = count > rule->most;
        snprintf(constraint, sizeof constraint, "have length %s than or equal to %zu",
                 less ? "less" : "greater", less ? rule->most : rule->least);
        return violates(operation, text, name, constraint);
    }
    if (!fits(rule, text)) {
        snprintf(constraint, sizeof constraint, "satisfy regular expression pattern: %s",
                 rule->expression);
        return violates(operation, text, name, constraint);
    }
    return true;
}

bool sim_parameter_text(struct sim_operation *operation, const char *name,
                        const struct sim_text_rule *rule, const char **out)
{
    const cJSON *item = member(operation, name);
    if (!item)
        return true;
    if (!cJSON_IsString(item))
        return wrong_type(operation, "a string");
    *out = item->valuestring;
    return check_text(operation, name, rule, item->valuestring);
}

bool sim_parameter_integer(struct sim_operation *operation, const char *name, int64_t least,
                           int64_t most, int64_t *out)
{
    const cJSON *item = member(operation, name);
    if (!item)
        return true;
    if (!cJSON_IsNumber(item) || !(item->valuedouble > -0x1p63 && item->valuedouble < 0x1p63))
        return wrong_type(operation, "an integer");
    *out = (int64_t)item->valuedouble;
    if (*out >= least && *out <= most)
        return true;
    char value[24];
    char constraint[80];
    bool less = *out > most;
    snprintf(value, sizeof value, "%lld", (long long)*out);
    snprintf(constraint, sizeof constraint, "have value %s than or equal to %lld",
             less ? "less" : "greater", (long long)(less ? most : least));
    return violates(operation, value, name, constraint);
}

bool sim_parameter_flag(struct sim_operation *operation, const char *name, bool *out)
{
    const cJSON *item = member(operation, name);
    if (item && !cJSON_IsBool(item))
        return wrong_type(operation, "a boolean");
    if (item)
        *out = cJSON_IsTrue(item);
    return true;
}

bool sim_parameter_list(struct sim_operation *operation, const char *name, int most,
                        const struct sim_text_rule *rule, const cJSON **out)
{
    const cJSON *list = member(operation, name);
    if (!list)
        return true;
    if (!cJSON_IsArray(list))
        return wrong_type(operation, "a list");
    int count = cJSON_GetArraySize(list);
    if (count < 1 || count > most)
        return violates(operation, "[...]", name,
                        count < 1 ? "have length greater than or equal to 1"
                                  : "have length less than or equal to the list's limit");
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return wrong_type(operation, "a string");
        if (!check_text(operation, name, rule, item->valuestring))
            return false;
    }
    *out = list;
    return true;
}

/* The name in "arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME", NULL for another region's. */
static const char *name_in_arn(const struct sim_operation *operation, const char *arn)
{
    char tail[160];
    snprintf(tail, sizeof tail, ":logs:%s:%s:log-group:", operation->region->name,
             operation->world->account);
    const char *at = strchr(arn + 4, ':');
    return at && strncmp(at, tail, strlen(tail)) == 0 ? at + strlen(tail) : NULL;
}

bool sim_parameter_group(struct sim_operation *operation, const struct sim_group **out)
{
    const char *name = NULL;
    const char *identifier = NULL;
    if (!sim_parameter_text(operation, "logGroupName", &sim_rule_group_name, &name) ||
        !sim_parameter_text(operation, "logGroupIdentifier", &sim_rule_group_identifier,
                            &identifier))
        return false;
    if (!name == !identifier)
        return sim_operation_fail(operation, "InvalidParameterException",
                                  "Exactly one of logGroupName and logGroupIdentifier is needed.");
    if (identifier)
        name =
            strncmp(identifier, "arn:", 4) == 0 ? name_in_arn(operation, identifier) : identifier;
    operation->call->group = sim_duplicate(name ? name : identifier);
    *out = name ? sim_region_group(operation->region, name) : NULL;
    if (!*out)
        return sim_operation_fail(operation, "ResourceNotFoundException",
                                  "The specified log group does not exist.");
    return true;
}
