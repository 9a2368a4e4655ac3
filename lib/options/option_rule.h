/* What the text of particular options must look like. Each rule sees one item of a list, one line
 * of lines, or else the whole value, and appends to why what is wrong. None shows the value, which
 * may be a secret in the wrong place. */
#ifndef ALS_OPTIONS_OPTION_RULE_H
#define ALS_OPTIONS_OPTION_RULE_H

#include "base/buffer.h"

typedef bool (*als_option_rule)(struct als_text value, struct als_buffer *why);

bool als_option_rule_name(struct als_text value, struct als_buffer *why); /* of a source */
bool als_option_rule_key(struct als_text value, struct als_buffer *why);
bool als_option_rule_region(struct als_text value, struct als_buffer *why);
bool als_option_rule_log_group(struct als_text value, struct als_buffer *why); /* name or ARN */
bool als_option_rule_log_stream(struct als_text value, struct als_buffer *why);
bool als_option_rule_pattern(struct als_text value, struct als_buffer *why); /* key=regex */
bool als_option_rule_url(struct als_text value, struct als_buffer *why);
bool als_option_rule_proxy(struct als_text value, struct als_buffer *why);
bool als_option_rule_proxy_username(struct als_text value, struct als_buffer *why);
bool als_option_rule_role_arn(struct als_text value, struct als_buffer *why);
bool als_option_rule_role_session_name(struct als_text value, struct als_buffer *why);
bool als_option_rule_external_id(struct als_text value, struct als_buffer *why);
bool als_option_rule_command(struct als_text value, struct als_buffer *why);
bool als_option_rule_end_time(struct als_text value, struct als_buffer *why);
bool als_option_rule_vpc_flow_format(struct als_text value, struct als_buffer *why);
bool als_option_rule_ascii(struct als_text value, struct als_buffer *why);

/* The parts of a log group ARN; false where the text is none. A trailing ":*" is cut. */
struct als_log_group_arn {
    struct als_text whole;
    struct als_text region;
    struct als_text name;
};

bool als_option_rule_split_arn(struct als_text text, struct als_log_group_arn *out);

#endif
