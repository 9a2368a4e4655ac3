#include "event/identifier.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/regex.h"
#include "base/utf8.h"

/* A key is parts: text, or what a group caught. */
struct part {
    struct als_text text; /* in the rule's line */
    int group;            /* -1: the text */
};

struct rule {
    char *line;
    struct als_regex *regex;
    struct part *parts;
    size_t part_count;
};

struct als_identifier {
    struct rule *rules;
    size_t count;
    struct als_regex_matcher *matcher;
};

/* --- keys --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool refuse(struct als_buffer *why, const char *reason, struct als_text reference)
{
    als_buffer_format(why, "the key: %.*s %s", (int)reference.size, reference.data, reason);
    return false;
}

/* ${name} or ${12}; number is -1 where the regex has no such group. */
static bool read_braces(const struct als_regex *regex, struct als_text *rest,
                        struct als_text *inside, int *group)
{
    int64_t number = -1;
    const char *end = memchr(rest->data, '}', rest->size);
    if (end == NULL)
        return false;
    *inside = (struct als_text){rest->data + 2, (size_t)(end - rest->data) - 2};
    *rest = (struct als_text){end + 1, rest->size - (size_t)(end + 1 - rest->data)};
    if (inside->size > 0 && is_digit(inside->data[0]) && als_text_to_int64(*inside, &number))
        *group = number <= als_regex_group_count(regex) ? (int)number : -1;
    else
        *group = als_regex_group_named(regex, *inside);
    return true;
}

/* What follows a '$', which rest begins with. */
static bool read_reference(const struct als_regex *regex, struct als_text *rest, struct part *part,
                           struct als_buffer *why)
{
    struct als_text whole = *rest;
    char kind = rest->size > 1 ? rest->data[1] : '\0';
    if (kind == '$') {
        *part = (struct part){{rest->data, 1}, -1};
        *rest = (struct als_text){rest->data + 2, rest->size - 2};
        return true;
    }
    if (is_digit(kind)) {
        part->group = kind - '0' <= als_regex_group_count(regex) ? kind - '0' : -1;
        *rest = (struct als_text){rest->data + 2, rest->size - 2};
    } else if (kind != '{') {
        return refuse(why, "is followed by none of 0 to 9, {name} and $",
                      (struct als_text){"$", 1});
    } else if (!read_braces(regex, rest, &part->text, &part->group)) {
        return refuse(why, "has no }", whole);
    }
    whole.size -= rest->size;
    return part->group >= 0 || refuse(why, "is no group of the regex", whole);
}

static bool read_key(struct rule *rule, struct als_text key, struct als_buffer *why)
{
    while (key.size > 0) {
        struct part *part = &rule->parts[rule->part_count++];
        const char *dollar = memchr(key.data, '$', key.size);
        size_t size = dollar == NULL ? key.size : (size_t)(dollar - key.data);
        if (size == 0) {
            if (!read_reference(rule->regex, &key, part, why))
                return false;
            continue;
        }
        *part = (struct part){{key.data, size}, -1};
        key = (struct als_text){key.data + size, key.size - size};
    }
    return true;
}

/* --- rules --- */

static void clear_rule(struct rule *rule)
{
    als_regex_free(rule->regex);
    als_free(rule->parts);
    als_free(rule->line);
    *rule = (struct rule){0};
}

/* The first '=' ends the key. */
static bool split(struct als_text line, struct als_text *key, struct als_text *regex,
                  struct als_buffer *why)
{
    const char *equals = memchr(line.data, '=', line.size);
    const char *wrong = NULL;
    if (equals == NULL)
        wrong = "there is no '=' between key and regex";
    else if (equals == line.data)
        wrong = "there is no key before the '='";
    else if (equals == line.data + line.size - 1)
        wrong = "there is no regex behind the '='";
    if (wrong != NULL) {
        als_buffer_append_string(why, wrong);
        return false;
    }
    *key = (struct als_text){line.data, (size_t)(equals - line.data)};
    *regex = (struct als_text){equals + 1, line.size - key->size - 1};
    return true;
}

/* The rule is to be cleared in any case. */
static int read_rule(struct rule *rule, struct als_text line, bool fast, struct als_buffer *why)
{
    struct als_text key, regex;
    rule->line = als_copy_bytes(line.data, line.size);
    if (rule->line == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    if (!split((struct als_text){rule->line, line.size}, &key, &regex, why))
        return AWSLOGSRC_E_OPTION_VALUE;
    int status = als_regex_new(regex, fast, &rule->regex, why);
    if (status != 0)
        return status;
    rule->parts = als_new_array(key.size, sizeof *rule->parts); /* each has a byte of the key */
    if (rule->parts == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    return read_key(rule, key, why) ? 0 : AWSLOGSRC_E_OPTION_VALUE;
}

int als_identifier_check(struct als_text line, struct als_buffer *why)
{
    struct rule rule = {0};
    int status = read_rule(&rule, line, false, why);
    clear_rule(&rule);
    return status;
}

static int most_groups(const struct als_identifier *identifier)
{
    int most = 0;
    for (size_t i = 0; i < identifier->count; i++) {
        int groups = als_regex_group_count(identifier->rules[i].regex);
        most = groups > most ? groups : most;
    }
    return most;
}

static int read_rules(struct als_identifier *identifier, char *const *lines, size_t count,
                      struct als_buffer *why)
{
    int status = 0;
    identifier->rules = als_new_array(count + 1, sizeof *identifier->rules);
    if (identifier->rules == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    while (status == 0 && identifier->count < count) {
        struct als_text line = als_text_of(lines[identifier->count]);
        status = read_rule(&identifier->rules[identifier->count++], line, true, why);
    }
    return status;
}

int als_identifier_new(char *const *lines, size_t count, struct als_identifier **out,
                       struct als_buffer *why)
{
    struct als_identifier *identifier = als_new(sizeof *identifier);
    if (identifier == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = read_rules(identifier, lines, count, why);
    if (status == 0) {
        identifier->matcher = als_regex_matcher_new(most_groups(identifier));
        status = identifier->matcher == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
    }
    if (status != 0)
        als_identifier_free(identifier);
    else
        *out = identifier;
    return status;
}

void als_identifier_free(struct als_identifier *identifier)
{
    if (identifier == NULL)
        return;
    for (size_t i = 0; identifier->rules != NULL && i < identifier->count; i++)
        clear_rule(&identifier->rules[i]);
    als_free(identifier->rules);
    als_regex_matcher_free(identifier->matcher);
    als_free(identifier);
}

/* --- matching --- */

/* Returns how many bytes it made. */
static size_t write_key(const struct rule *rule, const struct als_regex_matcher *matcher,
                        struct als_buffer *out)
{
    size_t made = 0;
    for (size_t i = 0; i < rule->part_count; i++) {
        const struct part *part = &rule->parts[i];
        struct als_text whole =
            part->group < 0 ? part->text : als_regex_caught(matcher, part->group);
        struct als_text text = als_utf8_cut(whole, ALS_IDENTIFIER_SIZE_MAX - made);
        als_buffer_append_text(out, text);
        made += text.size;
        if (text.size < whole.size)
            break;
    }
    return made;
}

enum als_identifier_answer als_identifier_find(struct als_identifier *identifier,
                                               struct als_text payload, struct als_buffer *out)
{
    enum als_identifier_answer answer = ALS_IDENTIFIER_NONE;
    als_regex_matcher_start(identifier->matcher, payload);
    for (size_t i = 0; i < identifier->count && answer == ALS_IDENTIFIER_NONE; i++) {
        const struct rule *rule = &identifier->rules[i];
        enum als_regex_answer matched = als_regex_match(rule->regex, identifier->matcher);
        if (matched == ALS_REGEX_GAVE_UP)
            answer = ALS_IDENTIFIER_GAVE_UP;
        else if (matched == ALS_REGEX_YES && write_key(rule, identifier->matcher, out) > 0)
            answer = ALS_IDENTIFIER_FOUND;
    }
    return answer;
}
