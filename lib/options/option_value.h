/* Single option values from text, and back. All parsers take the whole text, blanks around it
 * aside; on failure they append to why what is wrong and how it should look. */
#ifndef ALS_OPTIONS_OPTION_VALUE_H
#define ALS_OPTIONS_OPTION_VALUE_H

#include "base/buffer.h"
#include "options/settings.h"

/* true false yes no, in any case */
bool als_option_value_boolean(struct als_text text, bool *out, struct als_buffer *why);
bool als_option_value_integer(struct als_text text, int64_t *out, struct als_buffer *why);
/* 250ms 10s 5m 2h 14d: the unit is required */
bool als_option_value_duration(struct als_text text, int64_t *ms, struct als_buffer *why);
/* 1048576 512KiB 32MiB 1GiB, 500KB 64MB 1GB */
bool als_option_value_size(struct als_text text, int64_t *bytes, struct als_buffer *why);
/* now, beginning, RFC 3339 from 1970 on, -24h */
bool als_option_value_time(struct als_text text, struct als_time_setting *out,
                           struct als_buffer *why);

/* Fields between separators, trimmed; empty and repeated ones are left out. Answers 0,
 * AWSLOGSRC_E_OPTION_VALUE where none or more than most are left, or AWSLOGSRC_E_NO_MEMORY; the
 * caller clears. */
int als_option_value_list(struct als_text text, char separator, size_t most,
                          struct als_string_list *out, struct als_buffer *why);
void als_option_value_clear_list(struct als_string_list *list);

/* With the largest unit that fits without a remainder. */
void als_option_value_format_duration(struct als_buffer *out, int64_t ms);
void als_option_value_format_size(struct als_buffer *out, int64_t bytes);

/* In quotes, cut to a bearable length, control characters replaced: for messages. */
void als_option_value_quote(struct als_buffer *out, struct als_text text);

/* The number of Unicode characters, or -1 where the text is not valid UTF-8. */
int64_t als_option_value_characters(struct als_text text);

#endif
