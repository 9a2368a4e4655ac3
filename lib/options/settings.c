#include "options/settings.h"

#include "base/memory.h"
#include "net/proxy.h"
#include "options/option_table.h"
#include "options/option_value.h"
#include "options/problems.h"

enum { LONGEST_FILTER = 1024 }; /* characters, FilterLogEvents */

/* All strings are wiped: a secret may stand in the wrong field. */
void als_settings_clear(struct als_settings *settings)
{
    const struct als_option *option = NULL;
    for (int i = 0; (option = als_option_table_row(i)) != NULL; i++) {
        void *field = (char *)settings + option->offset;
        switch (option->type) {
        case ALS_OPTION_STRING:
        case ALS_OPTION_SECRET:
        case ALS_OPTION_PATH: als_free_secret(*(char **)field); break;
        case ALS_OPTION_LIST:
        case ALS_OPTION_LINES: als_option_value_clear_list(field); break;
        default: break;
        }
    }
    als_free_secret(settings->filter_text);
    *settings = (struct als_settings){0};
}

static bool is_set(const char *string)
{
    return string[0] != '\0';
}

struct als_filter_log_events_request als_settings_request(const struct als_settings *settings)
{
    return (struct als_filter_log_events_request){
        .log_group = als_text_of(settings->log_group),
        .log_stream = als_text_of(settings->log_stream),
        .log_stream_prefix = als_text_of(settings->log_stream_prefix),
        .filter_pattern = als_text_of(settings->filter_pattern)};
}

bool als_settings_log_group_is_arn(const struct als_settings *settings)
{
    struct als_log_group_arn arn;
    return als_option_rule_split_arn(als_text_of(settings->log_group), &arn);
}

struct als_text als_settings_log_group_name(const struct als_settings *settings)
{
    struct als_log_group_arn arn;
    struct als_text group = als_text_of(settings->log_group);
    return als_option_rule_split_arn(group, &arn) ? arn.name : group;
}

static void replace(char **string, struct als_text text, struct als_problems *problems)
{
    char *copy = als_copy_bytes(text.data, text.size);
    if (copy == NULL) {
        als_problems_add(problems, AWSLOGSRC_E_NO_MEMORY, "out of memory");
        return;
    }
    als_free_secret(*string);
    *string = copy;
}

static bool has_region(const struct als_string_list *list, struct als_text region)
{
    for (size_t i = 0; i < list->count; i++) {
        if (als_text_equal(als_text_of(list->items[i]), region))
            return true;
    }
    return false;
}

/* Afterwards regions holds both lists, each region once. */
static void unite_regions(struct als_settings *settings, struct als_problems *problems)
{
    struct als_string_list *all = &settings->regions;
    const struct als_string_list *other = &settings->other_regions;
    char **items = als_resize_array(all->items, all->count + other->count + 1, sizeof *items);
    if (items == NULL) {
        als_problems_add(problems, AWSLOGSRC_E_NO_MEMORY, "out of memory");
        return;
    }
    all->items = items;
    for (size_t i = 0; i < other->count; i++) {
        if (has_region(all, als_text_of(other->items[i])))
            continue;
        items[all->count] = als_copy_string(other->items[i]);
        if (items[all->count] == NULL) {
            als_problems_add(problems, AWSLOGSRC_E_NO_MEMORY, "out of memory");
            return;
        }
        all->count++;
    }
    if (all->count == 0)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "regions: missing; set regions or other_regions, or AWS_REGION in the "
                         "environment");
}

static void complete_log_group(struct als_settings *settings, struct als_problems *problems)
{
    struct als_log_group_arn arn;
    if (als_option_rule_split_arn(als_text_of(settings->log_group), &arn)) {
        if (settings->regions.count > 0 && !has_region(&settings->regions, arn.region))
            als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                             "log_group: the ARN's region %.*s is not among the regions",
                             (int)arn.region.size, arn.region.data);
        replace(&settings->log_group, arn.whole, problems);
    }
    if (!is_set(settings->log_source_identifier))
        replace(&settings->log_source_identifier, als_settings_log_group_name(settings), problems);
    if (is_set(settings->log_stream) && is_set(settings->log_stream_prefix))
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "log_stream: cannot be combined with log_stream_prefix");
}

/* A quoted term matches exactly its own characters:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * Where AWS takes no such term, the pattern is empty: everything is read, and filtered here. */
static void quote_filter(struct als_settings *settings, struct als_problems *problems)
{
    struct als_text value = als_text_of(settings->filter_text);
    struct als_buffer quoted;
    als_buffer_init(&quoted, 2 * value.size + 2);
    als_buffer_append_char(&quoted, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            als_buffer_append_char(&quoted, '\\');
        als_buffer_append_char(&quoted, value.data[i]);
    }
    als_buffer_append_char(&quoted, '"');
    bool taken = !als_text_has_control(value) &&
                 als_option_value_characters(als_buffer_text(&quoted)) <= LONGEST_FILTER;
    replace(&settings->filter_pattern, taken ? als_buffer_text(&quoted) : ALS_TEXT(""), problems);
    als_buffer_clear(&quoted);
}

static void complete_filter(struct als_settings *settings, struct als_problems *problems)
{
    struct als_text value = als_text_of(settings->filter_pattern);
    bool exact = settings->filter_syntax == ALS_FILTER_EXACT;
    replace(&settings->filter_text, exact ? value : ALS_TEXT(""), problems);
    if (value.size == 0 || settings->filter_text == NULL)
        return;
    if (als_text_trim(value).size == 0)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE,
                         "filter_pattern: blanks alone match every event");
    else if (exact)
        quote_filter(settings, problems);
    else if (als_option_value_characters(value) > LONGEST_FILTER)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE,
                         "filter_pattern: AWS takes %d characters", LONGEST_FILTER);
    else if (als_text_has_control(value))
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE,
                         "filter_pattern: holds a control character or a line break");
}

bool als_settings_filter_is_ours(const struct als_settings *settings)
{
    return is_set(settings->filter_text) && !is_set(settings->filter_pattern);
}

static void complete_credentials(struct als_settings *settings, struct als_problems *problems)
{
    bool key = is_set(settings->access_key);
    bool secret = is_set(settings->secret_key);
    int *method = &settings->authentication_method;
    if (key != secret)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING, "%s: missing, but %s is set",
                         key ? "secret_key" : "access_key", key ? "access_key" : "secret_key");
    if (is_set(settings->session_token) && !key && !secret)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "access_key: missing, but session_token is set");
    if (*method == ALS_AUTHENTICATION_ACCESS_KEY && !key && !secret)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "access_key: missing, but authentication_method is access_key");
    if (*method == ALS_AUTHENTICATION_DEFAULT_CHAIN && key)
        *method = ALS_AUTHENTICATION_ACCESS_KEY;
    bool process = is_set(settings->credential_process);
    if (*method == ALS_AUTHENTICATION_DEFAULT_CHAIN && process)
        *method = ALS_AUTHENTICATION_PROCESS;
    if (*method != ALS_AUTHENTICATION_ACCESS_KEY && key)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "access_key: cannot be combined with this authentication_method");
    if (*method == ALS_AUTHENTICATION_PROCESS && !process)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "credential_process: missing, but authentication_method is process");
    if (*method != ALS_AUTHENTICATION_PROCESS && process)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "credential_process: cannot be combined with %s",
                         key ? "access_key" : "this authentication_method");
    if (!is_set(settings->assume_role_arn) &&
        (is_set(settings->assume_role_session_name) || is_set(settings->assume_role_external_id) ||
         settings->assume_role_duration != 0))
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "assume_role_arn: missing, but another assume_role option is set");
}

static void check_connection(const struct als_settings *settings, struct als_problems *problems)
{
    if (is_set(settings->endpoint_url) &&
        (settings->use_fips_endpoint || settings->use_dualstack_endpoint))
        als_problems_add(
            problems, AWSLOGSRC_E_OPTION_MISSING, "endpoint_url: cannot be combined with %s",
            settings->use_fips_endpoint ? "use_fips_endpoint" : "use_dualstack_endpoint");
    if (settings->automatically_acquire_server_certificates && !is_set(settings->trust_store))
        als_problems_add(
            problems, AWSLOGSRC_E_OPTION_MISSING,
            "trust_store: missing, but automatically_acquire_server_certificates is true");
}

void als_settings_complete_connection(const struct als_settings *settings,
                                      struct als_problems *problems)
{
    struct als_proxy_address address = {0};
    if (settings->proxy_by_environment && is_set(settings->proxy_server))
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "use_proxy: missing, but proxy_server is set: true or false?");
    if (!settings->use_proxy)
        return;
    if (!is_set(settings->proxy_server)) {
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "proxy_server: missing, but use_proxy is true");
        return;
    }
    (void)als_proxy_split(als_text_of(settings->proxy_server), &address);
    if (address.port == 0 && settings->proxy_port == 0)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "proxy_port: missing, but use_proxy is true");
    if (address.port != 0 && settings->proxy_port != 0 && address.port != settings->proxy_port)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "proxy_port: is not the port in proxy_server");
    if (is_set(settings->proxy_password) && !is_set(settings->proxy_username))
        als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING,
                         "proxy_username: missing, but proxy_password is set");
}

static void check_times(const struct als_settings *settings, struct als_problems *problems)
{
    const struct als_time_setting *start = &settings->start_time;
    const struct als_time_setting *end = &settings->end_time;
    if (start->kind == ALS_TIME_ABSOLUTE && end->kind == ALS_TIME_ABSOLUTE && end->ms <= start->ms)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE, "end_time: is not after start_time");
    if (start->kind == ALS_TIME_BEFORE_NOW && end->kind == ALS_TIME_BEFORE_NOW &&
        end->ms >= start->ms)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE, "end_time: is not after start_time");
    if (settings->late_arrival_horizon < settings->visibility_margin)
        als_problems_add(problems, AWSLOGSRC_E_OPTION_VALUE,
                         "late_arrival_horizon: is shorter than visibility_margin");
}

void als_settings_complete(struct als_settings *settings, struct als_problems *problems)
{
    unite_regions(settings, problems);
    complete_log_group(settings, problems);
    complete_filter(settings, problems);
    complete_credentials(settings, problems);
    check_connection(settings, problems);
    als_settings_complete_connection(settings, problems);
    check_times(settings, problems);
}
