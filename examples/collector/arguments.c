#include "arguments.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "console.h"
#include "metrics.h"

/* What an IPv4 datagram holds (RFC 768, RFC 791). */
#define LARGEST_DATAGRAM "65507"

struct parser {
    char **next; /* what is still to be read, ended by NULL */
    struct arguments *arguments;
    const char *delimiter;
    bool takes_word; /* beside options */
    bool good;
};

static bool same_name(const char *a, const char *b)
{
    while (*a != '\0' && (*a == '-' ? '_' : *a) == (*b == '-' ? '_' : *b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_one_of(const char *text, const char *const *names)
{
    while (*names != NULL && !same_name(text, *names))
        names++;
    return *names != NULL;
}

static bool is_boolean_option(const char *name)
{
    for (int i = 0; i < awslogsrc_option_count(); i++) {
        if (same_name(name, awslogsrc_option_name(i)))
            return strcmp(awslogsrc_option_type(i), "boolean") == 0;
    }
    return false;
}

static void refuse_value(struct parser *parser, const char *name, const char *value,
                         const char *expected)
{
    console_say("--%s: \"%s\" is none of %s", name, value, expected);
    parser->good = false;
}

/* "record" is what the library calls json: the fields by their names. */
static void read_format(struct parser *parser, const char *value)
{
    static const char *const records[] = {"record", "ecs", "ocsf", "leef", "cef", NULL};
    struct event_style *style = &parser->arguments->style;
    if (strcmp(value, "json") == 0) {
        style->format = EVENT_FORMAT_JSON;
    } else if (strcmp(value, "payload") == 0) {
        style->format = EVENT_FORMAT_PAYLOAD;
    } else if (is_one_of(value, records)) {
        style->format = EVENT_FORMAT_RECORD;
        style->record = strcmp(value, "record") == 0 ? "json" : value;
    } else {
        refuse_value(parser, "format", value, "json, payload, record, ecs, ocsf, leef, cef");
    }
}

static void read_output(struct parser *parser, const char *value)
{
    if (!destination_parse(value, &parser->arguments->destination))
        refuse_value(parser, "output", value, DESTINATION_FORMS);
}

static void read_delimiter(struct parser *parser, const char *value)
{
    parser->delimiter = value;
    if (strcmp(value, "nul") != 0 && strcmp(value, "lf") != 0)
        refuse_value(parser, "delimiter", value, "lf, nul");
}

static void read_metrics(struct parser *parser, const char *value)
{
    parser->arguments->metrics = value;
    if (!metrics_is_address(value))
        refuse_value(parser, "metrics-listen", value, "HOST:PORT, [HOST]:PORT");
}

/* What goes with syslog outputs alone; awslogsrc_encoder_set() judges the values. */
static const char **syslog_field(struct arguments *arguments, const char *name)
{
    const struct {
        const char *name;
        const char **field;
    } fields[] = {{"syslog-header", &arguments->style.header},
                  {"framing", &arguments->style.framing},
                  {"oversize", &arguments->style.oversize},
                  {"max-message", &arguments->style.max_message},
                  {"output-ca-file", &arguments->output_ca_file}};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (same_name(name, fields[i].name))
            return fields[i].field;
    }
    return NULL;
}

static void keep_setting(struct parser *parser, const char *name, const char *value)
{
    struct arguments *arguments = parser->arguments;
    arguments->settings[arguments->setting_count++] = (struct setting){name, value};
}

/* The value of a named option: behind '=', or the next argument. NULL where there is none. */
static const char *take_value(struct parser *parser, const char *name, const char *attached)
{
    if (attached != NULL)
        return attached;
    if (*parser->next != NULL)
        return *parser->next++;
    console_say("--%s: needs a value", name);
    parser->good = false;
    return NULL;
}

static void read_boolean(struct parser *parser, const char *name, const char *attached)
{
    static const char *const values[] = {"true", "false", "yes", "no"};
    const char *next = attached == NULL ? *parser->next : NULL;
    for (size_t i = 0; next != NULL && i < sizeof values / sizeof values[0]; i++) {
        if (strcasecmp(next, values[i]) == 0)
            attached = *parser->next++;
    }
    keep_setting(parser, name, attached == NULL ? "true" : attached);
}

static void read_flag(struct parser *parser, const char *name, const char *attached, bool *flag)
{
    *flag = true;
    if (attached == NULL)
        return;
    console_say("--%s: takes no value", name);
    parser->good = false;
}

static void read_long(struct parser *parser, char *name)
{
    char *attached = strchr(name, '=');
    const char *value = NULL;
    if (attached != NULL)
        *attached++ = '\0';
    if (same_name(name, "quiet")) {
        read_flag(parser, name, attached, &parser->arguments->quiet);
        return;
    }
    if (same_name(name, "help")) {
        read_flag(parser, name, attached, &parser->arguments->help);
        return;
    }
    if (is_boolean_option(name)) {
        read_boolean(parser, name, attached);
        return;
    }
    value = take_value(parser, name, attached);
    if (value == NULL)
        return;
    if (same_name(name, "format"))
        read_format(parser, value);
    else if (same_name(name, "output"))
        read_output(parser, value);
    else if (same_name(name, "delimiter"))
        read_delimiter(parser, value);
    else if (same_name(name, "metrics-listen"))
        read_metrics(parser, value);
    else if (syslog_field(parser->arguments, name) != NULL)
        *syslog_field(parser->arguments, name) = value;
    else
        keep_setting(parser, name, value);
}

static void read_argument(struct parser *parser, char *argument)
{
    if (strcmp(argument, "-c") == 0) {
        parser->arguments->file = *parser->next;
        if (*parser->next != NULL) {
            parser->next++;
            return;
        }
        console_say("-c: needs a file");
    } else if (strcmp(argument, "-h") == 0) {
        parser->arguments->help = true;
        return;
    } else if (strncmp(argument, "--", 2) == 0 && argument[2] != '\0') {
        read_long(parser, argument + 2);
        return;
    } else if (parser->takes_word && parser->arguments->word == NULL && argument[0] != '-') {
        parser->arguments->word = argument;
        return;
    } else {
        console_say("\"%s\" is not an option: options begin with --", argument);
    }
    parser->good = false;
}

/* Datagrams have no framing; streams are counted in octets, RFC 6587 and RFC 5425. Receivers of
 * LEEF want their own header, and lines. */
static void complete_syslog(struct arguments *arguments)
{
    struct event_style *style = &arguments->style;
    bool datagrams = arguments->destination.kind == DESTINATION_UDP;
    bool leef = style->record != NULL && strcmp(style->record, "leef") == 0;
    style->syslog = true;
    if (style->header == NULL)
        style->header = leef ? "short" : "rfc5424";
    if (style->framing == NULL && datagrams)
        style->framing = "none";
    if (style->framing == NULL)
        style->framing = leef ? "lf" : "octet";
    if (datagrams && style->max_message == NULL)
        style->max_message = LARGEST_DATAGRAM;
    if (style->oversize == NULL)
        style->oversize = "truncate";
}

/* A larger one would never leave this machine. */
static bool fits_datagram(const char *text)
{
    char *end = NULL;
    long size = strtol(text, &end, 10);
    return *end == '\0' && size > 0 && size <= strtol(LARGEST_DATAGRAM, NULL, 10);
}

/* JSON is lines by itself. */
static void check_delimiter(struct parser *parser, bool syslog)
{
    struct event_style *style = &parser->arguments->style;
    bool ends = style->format == EVENT_FORMAT_PAYLOAD ||
                (style->record != NULL && strcmp(style->record, "leef") == 0) ||
                (style->record != NULL && strcmp(style->record, "cef") == 0);
    if (parser->delimiter == NULL)
        return;
    style->nul = strcmp(parser->delimiter, "nul") == 0;
    if (ends && !syslog)
        return;
    console_say("--delimiter: goes with --format payload, leef and cef%s",
                syslog ? ", and not with syslog outputs: see --framing" : "");
    parser->good = false;
}

/* Options that go with one another. */
static void check_together(struct parser *parser)
{
    struct arguments *arguments = parser->arguments;
    struct event_style *style = &arguments->style;
    bool syslog = destination_is_syslog(&arguments->destination);
    check_delimiter(parser, syslog);
    if (!syslog && (style->header != NULL || style->framing != NULL || style->oversize != NULL ||
                    style->max_message != NULL || arguments->output_ca_file != NULL)) {
        console_say("--syslog-header, --framing, --oversize, --max-message, --output-ca-file: go "
                    "with syslog outputs");
        parser->good = false;
    }
    if (arguments->destination.kind == DESTINATION_UDP && style->framing != NULL &&
        strcmp(style->framing, "none") != 0) {
        console_say("--framing: goes with streams; a datagram is a message");
        parser->good = false;
    }
    if (arguments->destination.kind == DESTINATION_UDP && style->max_message != NULL &&
        !fits_datagram(style->max_message)) {
        console_say("--max-message: \"%s\" is no number from 1 to " LARGEST_DATAGRAM
                    ", which a datagram holds",
                    style->max_message);
        parser->good = false;
    }
    if (syslog)
        complete_syslog(arguments);
}

static bool parse(int argc, char **argv, bool takes_word, struct arguments *arguments)
{
    struct parser parser = {
        .next = argv, .arguments = arguments, .takes_word = takes_word, .good = true};
    *arguments = (struct arguments){0};
    (void)destination_parse("-", &arguments->destination);
    arguments->settings = calloc((size_t)argc + 1, sizeof *arguments->settings);
    if (arguments->settings == NULL) {
        console_say("out of memory");
        return false;
    }
    while (*parser.next != NULL)
        read_argument(&parser, *parser.next++);
    check_together(&parser);
    return parser.good;
}

bool arguments_parse(int argc, char **argv, struct arguments *arguments)
{
    return parse(argc, argv, false, arguments);
}

bool arguments_parse_word(int argc, char **argv, struct arguments *arguments)
{
    return parse(argc, argv, true, arguments);
}

void arguments_clear(struct arguments *arguments)
{
    free(arguments->settings);
    *arguments = (struct arguments){0};
}
