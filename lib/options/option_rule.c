#include "options/option_rule.h"

#include <string.h>

#include "awslogsrc/error.h"

#include "aws/region.h"
#include "base/memory.h"
#include "credentials/command_line.h"
#include "event/identifier.h"
#include "net/proxy.h"
#include "normalize/vpc_flow_format.h"

enum { LONGEST_GROUP_NAME = 512, ACCOUNT_DIGITS = 12 };

static bool refuse(struct als_buffer *why, const char *reason)
{
    als_buffer_append_string(why, reason);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_word(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Only word characters and those of more. */
static bool consists_of(struct als_text text, const char *more)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_word(text.data[i]) && (text.data[i] == '\0' || strchr(more, text.data[i]) == NULL))
            return false;
    }
    return true;
}

static bool contains(struct als_text text, struct als_text part)
{
    return memmem(text.data, text.size, part.data, part.size) != NULL;
}

bool als_option_rule_vpc_flow_format(struct als_text value, struct als_buffer *why)
{
    return als_vpc_flow_format_check(value, why);
}

bool als_option_rule_ascii(struct als_text value, struct als_buffer *why)
{
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < 0x20 || value.data[i] > 0x7e)
            return refuse(why, "may hold printable ASCII characters only");
    }
    return true;
}

bool als_option_rule_name(struct als_text value, struct als_buffer *why)
{
    return consists_of(value, ".-") ? true
                                    : refuse(why, "may hold letters, digits, '_', '.' and '-'");
}

bool als_option_rule_key(struct als_text value, struct als_buffer *why)
{
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < 0x21 || value.data[i] > 0x7e)
            return refuse(why, "holds a blank or another character that no key has");
    }
    return true;
}

static bool is_region(struct als_text text)
{
    return als_region_check(text, NULL) == 0;
}

bool als_option_rule_region(struct als_text value, struct als_buffer *why)
{
    return is_region(value) ||
           refuse(why, "a region name has 1 to 63 of a-z, 0-9 and '-', and no '-' at its ends");
}

static bool is_account(struct als_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
    }
    return text.size == ACCOUNT_DIGITS;
}

static bool is_group_name(struct als_text text)
{
    return text.size >= 1 && text.size <= LONGEST_GROUP_NAME && consists_of(text, ".-/#");
}

/* arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME */
bool als_option_rule_split_arn(struct als_text text, struct als_log_group_arn *out)
{
    enum { ARN, PARTITION, SERVICE, REGION, ACCOUNT, KIND, FIELDS };
    struct als_text field[FIELDS];
    if (text.size > 2 && memcmp(text.data + text.size - 2, ":*", 2) == 0)
        text.size -= 2;
    struct als_text rest = text;
    for (int i = 0; i < FIELDS; i++) {
        if (!als_text_next_field(&rest, ':', &field[i]))
            return false;
    }
    if (rest.data == NULL)
        return false;
    *out = (struct als_log_group_arn){.whole = text, .region = field[REGION], .name = rest};
    return als_text_equal(field[ARN], ALS_TEXT("arn")) &&
           als_text_starts_with(field[PARTITION], ALS_TEXT("aws")) && is_region(field[PARTITION]) &&
           als_text_equal(field[SERVICE], ALS_TEXT("logs")) && is_region(field[REGION]) &&
           is_account(field[ACCOUNT]) && als_text_equal(field[KIND], ALS_TEXT("log-group")) &&
           is_group_name(rest);
}

bool als_option_rule_log_group(struct als_text value, struct als_buffer *why)
{
    struct als_log_group_arn arn;
    if (als_text_starts_with(value, ALS_TEXT("arn:")))
        return als_option_rule_split_arn(value, &arn) ||
               refuse(why, "is not a log group ARN: "
                           "arn:aws:logs:REGION:ACCOUNT:log-group:NAME, perhaps with :* behind");
    return is_group_name(value) ||
           refuse(why, "a log group name has 1 to 512 of A-Z, a-z, 0-9 and . - _ / #");
}

bool als_option_rule_log_stream(struct als_text value, struct als_buffer *why)
{
    if (memchr(value.data, ':', value.size) != NULL || memchr(value.data, '*', value.size) != NULL)
        return refuse(why, "a log stream name has no ':' and no '*'");
    return true;
}

bool als_option_rule_pattern(struct als_text value, struct als_buffer *why)
{
    int status = als_identifier_check(value, why);
    if (status == AWSLOGSRC_E_NO_MEMORY)
        als_buffer_append_string(why, "out of memory");
    return status == 0;
}

static bool has_blank(struct als_text text)
{
    return memchr(text.data, ' ', text.size) != NULL;
}

bool als_option_rule_url(struct als_text value, struct als_buffer *why)
{
    bool http = als_text_starts_with(value, ALS_TEXT("http://")) && value.size > 7;
    bool https = als_text_starts_with(value, ALS_TEXT("https://")) && value.size > 8;
    return ((http || https) && !has_blank(value)) ||
           refuse(why, "is not a URL that begins with http:// or https:// and names a host");
}

bool als_option_rule_proxy(struct als_text value, struct als_buffer *why)
{
    struct als_proxy_address address;
    const char *wrong = als_proxy_split(value, &address);
    return wrong == NULL || refuse(why, wrong);
}

/* RFC 7617, 2: a colon would end the name. */
bool als_option_rule_proxy_username(struct als_text value, struct als_buffer *why)
{
    return (!contains(value, ALS_TEXT(":")) && !als_text_has_control(value)) ||
           refuse(why, "a user name has no ':' and no control character");
}

bool als_option_rule_role_arn(struct als_text value, struct als_buffer *why)
{
    bool role = als_text_starts_with(value, ALS_TEXT("arn:aws")) &&
                contains(value, ALS_TEXT(":iam::")) && contains(value, ALS_TEXT(":role/"));
    return (role && !has_blank(value)) ||
           refuse(why, "is not a role's ARN: arn:aws:iam::ACCOUNT:role/NAME");
}

/* https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
bool als_option_rule_role_session_name(struct als_text value, struct als_buffer *why)
{
    return (value.size >= 2 && consists_of(value, "+=,.@-")) ||
           refuse(why, "has 2 to 64 of A-Z, a-z, 0-9 and _ + = , . @ -");
}

bool als_option_rule_external_id(struct als_text value, struct als_buffer *why)
{
    return (value.size >= 2 && consists_of(value, "+=,.@:/-")) ||
           refuse(why, "has 2 to 1224 of A-Z, a-z, 0-9 and _ + = , . @ : / -");
}

bool als_option_rule_command(struct als_text value, struct als_buffer *why)
{
    struct als_command_line line;
    awslogsrc_error *error = NULL;
    char *text = als_copy_bytes(value.data, value.size);
    if (text == NULL)
        return refuse(why, "out of memory");
    bool fine = als_command_line_split(text, &line, &error) == 0;
    if (!fine)
        als_buffer_append_string(why, als_error_message(error));
    als_error_free(error);
    als_command_line_clear(&line);
    als_free_secret(text);
    return fine;
}

bool als_option_rule_end_time(struct als_text value, struct als_buffer *why)
{
    return !als_text_equal(als_text_trim(value), ALS_TEXT("beginning")) ||
           refuse(why, "nothing lies before the beginning");
}
