/* What the options of a source come to: one typed field for every option. */
#ifndef ALS_OPTIONS_SETTINGS_H
#define ALS_OPTIONS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/filter_log_events.h"
#include "base/text.h"
#include "normalize/log_source_type.h"
#include "options/problems.h"

enum als_authentication {
    ALS_AUTHENTICATION_DEFAULT_CHAIN,
    ALS_AUTHENTICATION_ACCESS_KEY,
    ALS_AUTHENTICATION_EC2_INSTANCE_ROLE,
    ALS_AUTHENTICATION_ENVIRONMENT,
    ALS_AUTHENTICATION_PROFILE,
    ALS_AUTHENTICATION_PROCESS,
    ALS_AUTHENTICATION_CONTAINER,
    ALS_AUTHENTICATION_WEB_IDENTITY
};

enum als_filter_syntax { ALS_FILTER_EXACT, ALS_FILTER_AWS };
enum als_tls_version { ALS_TLS_1_2, ALS_TLS_1_3 };

/* Points in time that depend on the server's clock are resolved by the source, once it knows it. */
enum als_time_kind {
    ALS_TIME_UNSET,
    ALS_TIME_NOW,
    ALS_TIME_BEGINNING,
    ALS_TIME_ABSOLUTE,  /* ms: since 1970 */
    ALS_TIME_BEFORE_NOW /* ms: how long before now */
};

struct als_time_setting {
    enum als_time_kind kind;
    int64_t ms;
};

struct als_string_list {
    char **items;
    size_t count;
};

/* Strings are never NULL after als_options_resolve(); "" means not set. Enums are kept as int, so
 * that the option table can write them by offset. Durations are milliseconds, sizes bytes. */
struct als_settings {
    int authentication_method; /* enum als_authentication; ACCESS_KEY where access_key is set */
    char *access_key;
    char *secret_key;
    char *session_token;
    char *name;
    char *profile;
    char *credential_process; /* a command line */
    char *assume_role_arn;
    char *assume_role_session_name;
    char *assume_role_external_id;
    int64_t assume_role_duration; /* 0: not set */

    struct als_string_list regions; /* all of them: other_regions and the environment are in */
    struct als_string_list other_regions;
    int log_source_type; /* enum als_log_source_type */
    int protocol_configuration;
    int aws_service;
    char *log_group; /* a name, or an ARN without ":*" (als_settings_log_group_is_arn) */
    char *log_stream;
    char *log_stream_prefix;
    char *filter_pattern; /* as AWS wants it: quoted where the syntax is exact; "" where there is
                           * none, or none that AWS takes */
    char *filter_text;    /* no option: what an event must contain; "": anything will do */
    int filter_syntax;    /* enum als_filter_syntax */
    bool extract_original_event;
    bool use_as_gateway_log_source;
    bool once;
    struct als_string_list log_source_identifier_pattern; /* lines key=regex, in order */
    char *log_source_identifier;                          /* the log group's name where not set */
    char *vpc_flow_format;

    bool use_proxy;
    bool proxy_by_environment; /* use_proxy was not set */
    char *proxy_server;
    int64_t proxy_port; /* 0: not set */
    char *proxy_username;
    char *proxy_password;
    char *no_proxy;

    int64_t eps_throttle;   /* 0: no limit */
    int64_t api_rate_limit; /* calls per second; 0: the published quota */
    int64_t backfill_parallelism;
    int64_t max_inflight;

    struct als_time_setting start_time;
    struct als_time_setting end_time;
    int64_t poll_interval;
    int64_t late_arrival_horizon;
    int64_t visibility_margin;
    int64_t max_recent_ids;
    int64_t checkpoint_interval;
    char *state_dir;

    int64_t connect_timeout;
    int64_t request_timeout;
    char *ca_file;
    char *ca_path;
    char *trust_store;
    bool automatically_acquire_server_certificates;
    int tls_minimum; /* enum als_tls_version */
    char *endpoint_url;
    char *sts_endpoint_url;
    char *ec2_metadata_endpoint;
    bool use_fips_endpoint;
    bool use_dualstack_endpoint;
    char *user_agent_suffix;
};

/* Frees every field and wipes the secrets; the settings are zero afterwards. */
void als_settings_clear(struct als_settings *settings);

/* Checks options against one another and fills in what follows from others. Every string must be
 * there. */
void als_settings_complete(struct als_settings *settings, struct als_problems *problems);

/* AWS cannot be asked for filter_text: everything is read, and filtered here. */
bool als_settings_filter_is_ours(const struct als_settings *settings);

/* Of that, what concerns the way to servers. */
void als_settings_complete_connection(const struct als_settings *settings,
                                      struct als_problems *problems);

/* Group, streams and filter as they are asked for; the rest is the caller's. */
struct als_filter_log_events_request als_settings_request(const struct als_settings *settings);

bool als_settings_log_group_is_arn(const struct als_settings *settings);
struct als_text als_settings_log_group_name(
    const struct als_settings *settings); /* from an ARN too */

#endif
