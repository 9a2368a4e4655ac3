#include "options/option_table.h"

#include <string.h>

#include "base/memory.h"
#include "credentials/command_line.h"
#include "options/option_value.h"
#include "options/options.h"

#define SECOND (1000LL)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define KIB    (1024LL)
#define MIB    (1024 * KIB)
#define GIB    (1024 * MIB)

enum { SECRET = AWSLOGSRC_OPTION_SECRET };

enum {
    LONGEST_PATH = 4095,
    LONGEST_STRING = 1024,
    LONGEST_FILTER_TEXT = 16 * 1024,
    LONGEST_SECRET = 64 * 1024, /* session tokens have no documented limit */
    LONGEST_NAME = 64,
    MOST_ITEMS = 100,
    MOST_LINES = 1000
};

/* In the order of the enums in settings.h. */
static const char *const authentication_methods[] = {
    "default_chain", "access_key", "ec2_instance_role", "environment", "profile",
    "process",       "container",  "web_identity",      NULL};
static const char *const log_source_types[] = {"auto", "aws_cloudtrail", "vpc_flow", NULL};
static const char *const protocols[] = {"amazon_web_services", NULL};
static const char *const services[] = {"cloudwatch_logs", NULL};
static const char *const filter_syntaxes[] = {"exact", "aws", NULL};
static const char *const tls_versions[] = {"1.2", "1.3", NULL};

/* The name of an option is the name of its field. */
#define OPTION(option, kind) \
    .name = #option, .type = ALS_OPTION_##kind, .offset = offsetof(struct als_settings, option)

static const struct als_option table[] = {
    /* The parameters of the log source, in the order of its page. */
    {OPTION(authentication_method, CHOICE), .standard = "default_chain",
     .choices = authentication_methods,
     .help =
         "Where keys come from: access_key, ec2_instance_role, environment, profile, process, "
         "container, web_identity, or default_chain (access_key where set, else the first of "
         "environment, profile, web_identity, container, ec2_instance_role that is configured)"},
    {OPTION(access_key, STRING), .max = 128, .rule = als_option_rule_key, .help = "Access key ID"},
    {OPTION(secret_key, SECRET), .max = LONGEST_SECRET, .flags = SECRET,
     .rule = als_option_rule_key, .help = "Secret access key; or file:PATH, env:NAME"},
    {OPTION(session_token, SECRET), .max = LONGEST_SECRET, .flags = SECRET,
     .rule = als_option_rule_key,
     .help = "Session token of temporary keys; or file:PATH, env:NAME"},
    {OPTION(regions, LIST), .max = MOST_ITEMS, .rule = als_option_rule_region,
     .variables = {"AWS_REGION", "AWS_DEFAULT_REGION"}, .setting = "region",
     .help = "Regions to read from, comma-separated"},
    {OPTION(other_regions, LIST), .max = MOST_ITEMS, .rule = als_option_rule_region,
     .help = "Further regions, comma-separated; united with regions"},
    {OPTION(log_source_type, CHOICE), .standard = "auto", .choices = log_source_types,
     .help = "Which parser normalises: aws_cloudtrail, vpc_flow, or auto: what each message looks "
             "like"},
    {OPTION(protocol_configuration, CHOICE), .standard = "amazon_web_services",
     .choices = protocols, .help = "The protocol: amazon_web_services is the only one"},
    {OPTION(aws_service, CHOICE), .standard = "cloudwatch_logs", .choices = services,
     .help = "The service: cloudwatch_logs is the only one"},
    {OPTION(log_group, STRING), .max = 2048, .flags = AWSLOGSRC_OPTION_REQUIRED,
     .rule = als_option_rule_log_group, .help = "Log group to read: its name or ARN"},
    {OPTION(log_stream, STRING), .max = 512, .rule = als_option_rule_log_stream,
     .help = "Read this log stream only"},
    {OPTION(filter_pattern, STRING), .max = LONGEST_FILTER_TEXT, .any_character = true,
     .help = "Collect only events that contain exactly this text; see filter_syntax"},
    {OPTION(extract_original_event, BOOLEAN), .standard = "false",
     .help = "Deliver the message alone as payload, without the wrapper"},
    {OPTION(use_as_gateway_log_source, BOOLEAN), .standard = "false",
     .help = "Compute the log source identifier for each event"},
    {OPTION(log_source_identifier_pattern, LINES), .max = MOST_LINES,
     .flags = AWSLOGSRC_OPTION_APPENDS | AWSLOGSRC_OPTION_MULTILINE,
     .rule = als_option_rule_pattern,
     .help = "Lines key=regex, tried in order on the payload, the first match wins; the key may "
             "hold $0 to $9, ${name} and $$"},
    {OPTION(log_source_identifier, STRING), .max = LONGEST_STRING,
     .help = "Identifier where no pattern applies; the log group's name where not set"},
    {OPTION(use_proxy, BOOLEAN), .standard = "false",
     .help =
         "Reach AWS through proxy_server; where not set, through HTTPS_PROXY and its kin of the "
         "environment; false: through none"},
    {OPTION(proxy_server, STRING), .max = LONGEST_STRING, .rule = als_option_rule_proxy,
     .help = "The proxy's host name, perhaps with a scheme: http, https, socks5h"},
    {OPTION(proxy_port, INTEGER), .min = 1, .max = 65535, .help = "The proxy's port"},
    {OPTION(proxy_username, STRING), .max = LONGEST_STRING, .rule = als_option_rule_proxy_username,
     .help = "User name for the proxy, which may ask for it by Basic or Digest"},
    {OPTION(proxy_password, SECRET), .max = LONGEST_SECRET, .flags = SECRET,
     .help = "Password for the proxy; or file:PATH, env:NAME"},
    {OPTION(automatically_acquire_server_certificates, BOOLEAN), .standard = "false",
     .help = "Fetch the server's certificates on first use, keep them in "
             "trust_store and trust them from then on"},
    {OPTION(eps_throttle, INTEGER), .standard = "5000", .min = 0, .max = 10000000,
     .empty_is_value = true,
     .help = "Most events per second; empty or 0: no limit, as for a gateway where not set"},

    /* Beyond the page. */
    {OPTION(name, STRING), .standard = "default", .max = LONGEST_NAME, .rule = als_option_rule_name,
     .help = "Name of the source: names its positions in state_dir; in a file, the section's"},
    {OPTION(assume_role_arn, STRING), .max = 2048, .rule = als_option_rule_role_arn,
     .help = "Role to assume with the keys, at the first region's STS"},
    {OPTION(assume_role_session_name, STRING), .max = 64, .rule = als_option_rule_role_session_name,
     .help = "Session name for the assumed role"},
    {OPTION(assume_role_external_id, STRING), .max = 1224, .rule = als_option_rule_external_id,
     .help = "External ID that the role's owner asks for"},
    {OPTION(assume_role_duration, DURATION), .min = 15 * MINUTE, .max = 12 * HOUR,
     .help = "How long keys of the assumed role are to live; an hour where not set"},
    {OPTION(profile, STRING), .max = LONGEST_STRING,
     .variables = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"},
     .help = "Profile of the shared AWS configuration files; implies its method"},
    {OPTION(credential_process, STRING), .max = ALS_COMMAND_LINE_LONGEST,
     .rule = als_option_rule_command,
     .help = "Program that prints keys, with arguments, run without a shell; implies process"},
    {OPTION(start_time, TIME), .standard = "now",
     .help = "Oldest event to read: now, beginning, RFC 3339, or a time back such as -24h"},
    {OPTION(end_time, TIME), .rule = als_option_rule_end_time,
     .help = "Read events before this time, then end: now, RFC 3339, or a time back"},
    {OPTION(once, BOOLEAN), .standard = "false",
     .help = "Read everything up to now, then end, instead of following"},
    {OPTION(poll_interval, DURATION), .standard = "10s", .min = 100, .max = DAY,
     .help = "How often to look for new events"},
    {OPTION(late_arrival_horizon, DURATION), .standard = "1h", .min = 10 * SECOND, .max = 14 * DAY,
     .help = "How long after its timestamp an event may become visible"},
    {OPTION(visibility_margin, DURATION), .standard = "5m", .min = SECOND, .max = DAY,
     .help = "How long after its ingestion an event may become visible"},
    {OPTION(max_recent_ids, INTEGER), .standard = "2000000", .min = 1000, .max = 1000000000,
     .help = "Event ids to remember before older times are read first"},
    {OPTION(api_rate_limit, INTEGER), .min = 1, .max = 1000,
     .help = "Most API calls per second in a region; where not set, the published quota"},
    {OPTION(backfill_parallelism, INTEGER), .standard = "4", .min = 1, .max = 64,
     .help = "Slices of old time to read at once"},
    {OPTION(checkpoint_interval, DURATION), .standard = "1s", .min = 100, .max = HOUR,
     .help = "How often positions are saved"},
    {OPTION(state_dir, PATH), .max = LONGEST_PATH,
     .help = "Folder where positions are kept; in memory only where not set"},
    {OPTION(max_inflight, SIZE), .standard = "32MiB", .min = MIB, .max = 64 * GIB,
     .help = "Most memory for events on their way, shared by the sources of a context"},
    {OPTION(connect_timeout, DURATION), .standard = "5s", .min = 100, .max = 10 * MINUTE,
     .help = "Longest time to connect, TLS included"},
    {OPTION(request_timeout, DURATION), .standard = "60s", .min = SECOND, .max = HOUR,
     .help = "Longest time for a request and its answer"},
    {OPTION(ca_file, PATH), .max = LONGEST_PATH, .variables = {"AWS_CA_BUNDLE"},
     .setting = "ca_bundle", .help = "File of trusted certificates (PEM) in place of the system's"},
    {OPTION(ca_path, PATH), .max = LONGEST_PATH,
     .help = "Folder of trusted certificates, hashed by openssl rehash"},
    {OPTION(trust_store, PATH), .max = LONGEST_PATH,
     .help = "File where acquired server certificates are kept"},
    {OPTION(tls_minimum, CHOICE), .standard = "1.2", .choices = tls_versions,
     .help = "Least TLS version: 1.2 or 1.3"},
    {OPTION(endpoint_url, STRING), .max = 2048, .rule = als_option_rule_url,
     .variables = {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL"},
     .service = "cloudwatch_logs", .help = "URL of CloudWatch Logs in place of the region's own"},
    {OPTION(sts_endpoint_url, STRING), .max = 2048, .rule = als_option_rule_url, .service = "sts",
     .variables = {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"},
     .help = "URL of the Security Token Service in place of the region's own"},
    {OPTION(ec2_metadata_endpoint, STRING), .max = 2048, .rule = als_option_rule_url,
     .help = "URL of the EC2 instance metadata service"},
    {OPTION(use_fips_endpoint, BOOLEAN), .standard = "false",
     .variables = {"AWS_USE_FIPS_ENDPOINT"}, .setting = "use_fips_endpoint",
     .help = "Use the region's FIPS endpoint"},
    {OPTION(use_dualstack_endpoint, BOOLEAN), .standard = "false",
     .variables = {"AWS_USE_DUALSTACK_ENDPOINT"}, .setting = "use_dualstack_endpoint",
     .help = "Use the region's endpoint for IPv4 and IPv6"},
    {OPTION(filter_syntax, CHOICE), .standard = "exact", .choices = filter_syntaxes,
     .help = "exact: filter_pattern is the text itself; aws: it is an AWS filter pattern"},
    {OPTION(log_stream_prefix, STRING), .max = 512, .rule = als_option_rule_log_stream,
     .help = "Read the log streams whose names begin so"},
    {OPTION(vpc_flow_format, STRING), .max = 4096, .rule = als_option_rule_vpc_flow_format,
     .help = "Format of a VPC flow log that is not the default one, as AWS writes it"},
    {OPTION(no_proxy, STRING), .max = 4096,
     .help = "Hosts to reach without the proxy, comma-separated: names with all below them, "
             "addresses, ranges, or *"},
    {OPTION(user_agent_suffix, STRING), .max = 256, .rule = als_option_rule_ascii,
     .help = "Appended to the User-Agent header"},
};

_Static_assert(sizeof table / sizeof table[0] == ALS_OPTION_COUNT, "one value for every option");

int als_option_table_count(void)
{
    return ALS_OPTION_COUNT;
}

const struct als_option *als_option_table_row(int index)
{
    return index < 0 || index >= ALS_OPTION_COUNT ? NULL : &table[index];
}

const char *als_option_table_type_name(enum als_option_type type)
{
    static const char *const names[] = {"string",   "secret", "boolean", "integer",
                                        "duration", "size",   "list",    "choice",
                                        "time",     "path",   "lines"};
    return names[type];
}

static bool same_name(const char *a, const char *b)
{
    while (*a != '\0' && (*a == '-' ? '_' : *a) == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

int als_option_table_find(const char *name)
{
    for (int i = 0; i < ALS_OPTION_COUNT; i++) {
        if (same_name(name, table[i].name))
            return i;
    }
    return -1;
}

static char fold(char c)
{
    if (c == '-')
        return '_';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Levenshtein's distance, with one row of the matrix. */
static size_t distance(const char *typed, size_t typed_size, const char *name)
{
    size_t row[LONGEST_NAME + 1];
    size_t size = strlen(name);
    for (size_t j = 0; j <= size; j++)
        row[j] = j;
    for (size_t i = 1; i <= typed_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t best = diagonal + (fold(typed[i - 1]) != name[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[size];
}

int als_option_table_nearest(const char *name)
{
    size_t size = strlen(name);
    size_t least = 2 + size / 4;
    int nearest = -1;
    if (size > LONGEST_NAME)
        return -1;
    for (int i = 0; i < ALS_OPTION_COUNT; i++) {
        size_t edits = distance(name, size, table[i].name);
        if (edits < least) {
            least = edits;
            nearest = i;
        }
    }
    return nearest;
}

static void *field_of(const struct als_option *option, struct als_settings *settings)
{
    return (char *)settings + option->offset;
}

static bool in_range(const struct als_option *option, struct als_text text, int64_t number,
                     struct als_buffer *why)
{
    if (number >= option->min && number <= option->max)
        return true;
    bool below = number < option->min;
    int64_t limit = below ? option->min : option->max;
    als_option_value_quote(why, als_text_trim(text));
    als_buffer_append_string(why, below ? " is below the least value, "
                                        : " is above the greatest value, ");
    if (option->type == ALS_OPTION_DURATION)
        als_option_value_format_duration(why, limit);
    else if (option->type == ALS_OPTION_SIZE)
        als_option_value_format_size(why, limit);
    else
        als_buffer_append_int(why, limit);
    return false;
}

static bool read_number(const struct als_option *option, struct als_text text, int64_t *number,
                        struct als_buffer *why)
{
    bool read = option->type == ALS_OPTION_DURATION ? als_option_value_duration(text, number, why)
                : option->type == ALS_OPTION_SIZE   ? als_option_value_size(text, number, why)
                                                    : als_option_value_integer(text, number, why);
    return read && in_range(option, text, *number, why);
}

static bool read_choice(const struct als_option *option, struct als_text text, int *number,
                        struct als_buffer *why)
{
    text = als_text_trim(text);
    for (int i = 0; option->choices[i] != NULL; i++) {
        if (als_text_equal(text, als_text_of(option->choices[i]))) {
            *number = i;
            return true;
        }
    }
    als_option_value_quote(why, text);
    als_buffer_append_string(why, " is none of ");
    for (int i = 0; option->choices[i] != NULL; i++)
        als_buffer_format(why, "%s%s", i == 0 ? "" : ", ", option->choices[i]);
    return false;
}

static bool is_fine_string(const struct als_option *option, struct als_text text,
                           struct als_buffer *why)
{
    /* Names of files are bytes; everything else ends in JSON or in a header. */
    int64_t size =
        option->type == ALS_OPTION_PATH ? (int64_t)text.size : als_option_value_characters(text);
    if (size < 0)
        als_buffer_append_string(why, "is not valid UTF-8");
    else if (!option->any_character && als_text_has_control(text))
        als_buffer_append_string(why, "holds a control character or a line break");
    else if (size > option->max)
        als_buffer_format(why, "has %lld characters, %lld more than allowed", (long long)size,
                          (long long)(size - option->max));
    else
        return text.size == 0 || option->rule == NULL || option->rule(text, why);
    return false;
}

static int read_string(const struct als_option *option, struct als_text text, char **out,
                       struct als_buffer *why)
{
    if (!is_fine_string(option, text, why))
        return AWSLOGSRC_E_OPTION_VALUE;
    *out = als_copy_bytes(text.data, text.size);
    return *out == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
}

static int read_list(const struct als_option *option, struct als_text text,
                     struct als_string_list *out, struct als_buffer *why)
{
    char separator = option->type == ALS_OPTION_LINES ? '\n' : ',';
    int code = als_option_value_list(text, separator, (size_t)option->max, out, why);
    for (size_t i = 0; code == 0 && i < out->count; i++) {
        struct als_text item = als_text_of(out->items[i]);
        bool fine = als_option_value_characters(item) >= 0 && !als_text_has_control(item);
        als_buffer_format(why, "%s %zu: ", separator == '\n' ? "line" : "item", i + 1);
        if (!fine)
            als_buffer_append_string(why, "is not valid UTF-8 or holds a control character");
        if (!fine || !option->rule(item, why))
            return AWSLOGSRC_E_OPTION_VALUE;
        als_buffer_reset(why);
    }
    return code;
}

static bool read_time(const struct als_option *option, struct als_text text,
                      struct als_time_setting *out, struct als_buffer *why)
{
    return als_option_value_time(text, out, why) &&
           (option->rule == NULL || option->rule(text, why));
}

int als_option_table_read(const struct als_option *option, struct als_text text,
                          struct als_settings *settings, struct als_buffer *why)
{
    void *field = field_of(option, settings);
    bool is_string = option->type == ALS_OPTION_STRING || option->type == ALS_OPTION_SECRET ||
                     option->type == ALS_OPTION_PATH;
    bool read = false;
    if (is_string)
        return read_string(option, text, field, why);
    if (als_text_trim(text).size == 0)
        return 0;
    switch (option->type) {
    case ALS_OPTION_BOOLEAN: read = als_option_value_boolean(text, field, why); break;
    case ALS_OPTION_CHOICE: read = read_choice(option, text, field, why); break;
    case ALS_OPTION_TIME: read = read_time(option, text, field, why); break;
    case ALS_OPTION_LIST:
    case ALS_OPTION_LINES: return read_list(option, text, field, why);
    default: read = read_number(option, text, field, why);
    }
    return read ? 0 : AWSLOGSRC_E_OPTION_VALUE;
}
