#include "options/policy.h"

#include "aws/region.h"
#include "base/json.h"
#include "base/memory.h"
#include "options/option_rule.h"

/* The resources of one statement, each once. They are collected as lines. */
static void add_resource(struct als_buffer *resources, struct als_text resource)
{
    struct als_text rest = als_buffer_text(resources), line;
    while (rest.size > 0 && als_text_next_field(&rest, '\n', &line)) {
        if (als_text_equal(line, resource))
            return;
    }
    als_buffer_append_text(resources, resource);
    als_buffer_append_char(resources, '\n');
}

/* FilterLogEvents is granted on the log group with ":*" behind it:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
static void add_log_group(struct als_buffer *resources, const struct als_settings *settings,
                          const char *region)
{
    struct als_log_group_arn arn;
    struct als_text group = als_text_of(settings->log_group);
    struct als_buffer resource;
    als_buffer_init(&resource, ALS_POLICY_LIMIT);
    if (als_option_rule_split_arn(group, &arn))
        als_buffer_append_text(&resource, arn.whole);
    else
        als_buffer_format(&resource, "arn:%s:logs:%s:*:log-group:%s",
                          als_region_partition(als_text_of(region))->name, region,
                          settings->log_group);
    als_buffer_append_string(&resource, ":*");
    if (resource.status == 0)
        add_resource(resources, als_buffer_text(&resource));
    else
        resources->status = resource.status;
    als_buffer_clear(&resource);
}

static void write_statement(struct als_buffer *out, const char *sid, const char *action,
                            const struct als_buffer *resources)
{
    struct als_text rest = als_buffer_text(resources), line;
    bool first = true;
    als_buffer_format(out,
                      "    {\n      \"Sid\": \"%s\",\n      \"Effect\": \"Allow\",\n"
                      "      \"Action\": \"%s\",\n      \"Resource\": [",
                      sid, action);
    while (als_text_next_field(&rest, '\n', &line) && line.size > 0) {
        als_buffer_append_string(out, first ? "\n        " : ",\n        ");
        als_json_write_text(out, line);
        first = false;
    }
    als_buffer_append_string(out, "\n      ]\n    }");
}

int als_policy_write(const struct als_settings *settings, size_t count, struct als_buffer *out)
{
    struct als_buffer groups, roles;
    als_buffer_init(&groups, ALS_POLICY_LIMIT);
    als_buffer_init(&roles, ALS_POLICY_LIMIT);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < settings[i].regions.count; k++)
            add_log_group(&groups, &settings[i], settings[i].regions.items[k]);
        if (*settings[i].assume_role_arn != '\0')
            add_resource(&roles, als_text_of(settings[i].assume_role_arn));
    }
    als_buffer_append_string(out, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n");
    write_statement(out, "ReadLogEvents", "logs:FilterLogEvents", &groups);
    if (roles.size > 0) {
        als_buffer_append_string(out, ",\n");
        write_statement(out, "AssumeRole", "sts:AssumeRole", &roles);
    }
    als_buffer_append_string(out, "\n  ]\n}\n");
    if (groups.status != 0 || roles.status != 0)
        out->status = groups.status != 0 ? groups.status : roles.status;
    als_buffer_clear(&groups);
    als_buffer_clear(&roles);
    return out->status;
}

int als_policy_of(const awslogsrc_options *const *options, size_t count, char **out, size_t *size,
                  awslogsrc_error **error)
{
    struct als_settings *settings = als_new_array(count, sizeof *settings);
    struct als_buffer text;
    int status = 0;
    if (settings == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    for (size_t i = 0; status == 0 && i < count; i++)
        status = als_options_resolve(options[i], NULL, &settings[i], error);
    als_buffer_init(&text, ALS_POLICY_LIMIT);
    if (status == 0 && als_policy_write(settings, count, &text) != 0)
        status = als_error_set(error, text.status, "the policy: %s", als_error_text(text.status));
    if (status == 0) {
        *size = text.size;
        *out = als_buffer_take(&text);
    }
    als_buffer_clear(&text);
    for (size_t i = 0; i < count; i++)
        als_settings_clear(&settings[i]);
    als_free(settings);
    return status;
}
