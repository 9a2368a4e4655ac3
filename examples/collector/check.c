#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector.h"
#include "console.h"
#include "json_writer.h"

enum { SHOWN_DETAIL = 200, SHOWN_CAUSE = 2000, NAME_WIDTH = 13, REGION_WIDTH = 15 }; /* bytes */

struct checked {
    awslogsrc_source *source;
    awslogsrc_check *report;
    size_t *pending;
};

static const char *const results[] = {"ok", "failed", "skipped"};

/* --- the command line --- */

static bool read_format(const char *value, enum check_format *format)
{
    if (value != NULL && strcmp(value, "table") == 0) {
        *format = CHECK_FORMAT_TABLE;
    } else if (value != NULL && strcmp(value, "json") == 0) {
        *format = CHECK_FORMAT_JSON;
    } else {
        console_say("--format: \"%s\" is none of table, json", value == NULL ? "" : value);
        return false;
    }
    return true;
}

bool check_take_format(int *argc, char **argv, enum check_format *format)
{
    static const char name[] = "--format";
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        const char *value = argv[i] + sizeof name - 1;
        if (strncmp(argv[i], name, sizeof name - 1) != 0 || (*value != '=' && *value != '\0'))
            argv[kept++] = argv[i];
        else if (!read_format(*value == '=' ? value + 1 : argv[++i], format))
            return false;
    }
    argv[kept] = NULL;
    *argc = kept;
    return true;
}

/* --- the table --- */

static void write_padded(struct output *output, const char *text, size_t width)
{
    output_text(output, text);
    for (size_t size = strlen(text); size < width; size++)
        output_char(output, ' ');
    output_char(output, ' ');
}

static void write_duration(struct output *output, int64_t ms)
{
    enum { WIDTH = 8 };
    char text[32];
    if (ms < 0)
        (void)snprintf(text, sizeof text, "%*s", WIDTH, "");
    else
        (void)snprintf(text, sizeof text, "%*lld ms", WIDTH - 3, (long long)ms);
    write_padded(output, text, WIDTH);
}

/* What a terminal may obey: C0, DEL, and C1 as UTF-8 has it. Returns its size, or 0. */
static size_t control_size(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    if (first < ' ' || first == 127)
        return 1;
    return first == 0xc2 && size > 1 && (unsigned char)text[1] < 0xa0 ? 2 : 0;
}

/* On one line of a terminal: no control characters, and not all of a long message. */
static void write_shown(struct output *output, const char *text, size_t size, size_t most)
{
    size_t shown = size < most ? size : most;
    while (shown < size && shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
        shown--; /* not in the middle of a character */
    for (size_t i = 0; i < shown; i++) {
        size_t control = control_size(text + i, shown - i);
        output_char(output, control > 0 ? ' ' : text[i]);
        i += control > 1;
    }
    if (shown < size)
        output_text(output, " ...");
}

static void write_row(struct output *output, const awslogsrc_step *step)
{
    size_t size = 0;
    const char *detail = awslogsrc_step_detail(step, &size);
    int result = awslogsrc_step_result(step);
    output_text(output, "  ");
    write_padded(output, result == AWSLOGSRC_STEP_FAILED ? "FAILED" : results[result], 7);
    write_padded(output, awslogsrc_step_region(step), REGION_WIDTH);
    write_padded(output, awslogsrc_step_name(step), NAME_WIDTH);
    write_duration(output, awslogsrc_step_duration_ms(step));
    write_shown(output, detail, size, result == AWSLOGSRC_STEP_FAILED ? SHOWN_CAUSE : SHOWN_DETAIL);
    output_char(output, '\n');
    if (result == AWSLOGSRC_STEP_FAILED && *awslogsrc_step_remedy(step) != '\0') {
        output_text(output, "          -> ");
        output_text(output, awslogsrc_step_remedy(step));
        output_char(output, '\n');
    }
}

static void write_table(struct output *output, const char *name, const awslogsrc_check *report)
{
    output_text(output, "source ");
    output_text(output, name);
    output_char(output, '\n');
    for (size_t i = 0; i < awslogsrc_check_count(report); i++)
        write_row(output, awslogsrc_check_step(report, i));
}

/* --- JSON: an object a line for each source --- */

static void write_member(struct output *output, const char *name, const char *text, size_t size)
{
    output_text(output, name);
    json_writer_string(output, text, size);
}

static void write_step(struct output *output, const awslogsrc_step *step)
{
    size_t size = 0;
    const char *name = awslogsrc_step_name(step), *region = awslogsrc_step_region(step);
    const char *result = results[awslogsrc_step_result(step)];
    const char *remedy = awslogsrc_step_remedy(step);
    write_member(output, "{\"step\":", name, strlen(name));
    write_member(output, ",\"region\":", region, strlen(region));
    write_member(output, ",\"result\":", result, strlen(result));
    output_text(output, ",\"duration_ms\":");
    if (awslogsrc_step_duration_ms(step) < 0)
        output_text(output, "null");
    else
        json_writer_integer(output, awslogsrc_step_duration_ms(step));
    const char *detail = awslogsrc_step_detail(step, &size);
    write_member(output, ",\"detail\":", detail, size);
    write_member(output, ",\"remedy\":", remedy, strlen(remedy));
    output_char(output, '}');
}

static void write_json(struct output *output, const char *name, const awslogsrc_check *report)
{
    write_member(output, "{\"source\":", name, strlen(name));
    output_text(output, ",\"failures\":");
    json_writer_integer(output, (int64_t)awslogsrc_check_failures(report));
    output_text(output, ",\"steps\":[");
    for (size_t i = 0; i < awslogsrc_check_count(report); i++) {
        output_text(output, i == 0 ? "" : ",");
        write_step(output, awslogsrc_check_step(report, i));
    }
    output_text(output, "]}\n");
}

/* --- running --- */

static void take_report(void *user_data, awslogsrc_source *source, awslogsrc_check *report)
{
    struct checked *checked = user_data;
    (void)source;
    checked->report = report;
    --*checked->pending;
}

static bool begin(awslogsrc_context *context, const struct configured_source *configured,
                  struct checked *checked)
{
    awslogsrc_error *error = NULL;
    int status = awslogsrc_source_new(context, configured->options, &checked->source, &error);
    if (status == 0)
        status = awslogsrc_source_check(checked->source, take_report, checked, NULL, &error);
    if (status == 0)
        ++*checked->pending;
    else
        console_error(configured->name, error);
    awslogsrc_error_free(error);
    return status == 0;
}

static int print_reports(const struct configuration *configuration, const struct checked *checked,
                         enum check_format format)
{
    struct output output;
    size_t failures = 0;
    output_init(&output, STDOUT_FILENO);
    for (size_t i = 0; i < configuration->count; i++) {
        const char *name = configuration->sources[i].name;
        failures += awslogsrc_check_failures(checked[i].report);
        if (format == CHECK_FORMAT_JSON)
            write_json(&output, name, checked[i].report);
        else
            write_table(&output, name, checked[i].report);
    }
    bool written = output_flush(&output);
    if (!written)
        console_say("standard output: %s", strerror(output.error));
    output_clear(&output);
    return written && failures == 0 ? EXIT_DONE : EXIT_FAILED;
}

int check_run(const struct configuration *configuration, enum check_format format)
{
    awslogsrc_context *context = NULL;
    struct checked *checked = calloc(configuration->count, sizeof *checked);
    size_t pending = 0;
    int code = EXIT_DONE;
    if (checked == NULL || awslogsrc_context_new(&context, NULL) != 0) {
        console_say("out of memory");
        free(checked);
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < configuration->count; i++) {
        checked[i].pending = &pending;
        if (!begin(context, &configuration->sources[i], &checked[i]))
            code = EXIT_USAGE;
    }
    while (code == EXIT_DONE && pending > 0) {
        if (awslogsrc_context_poll(context, -1) < 0)
            code = EXIT_FAILED;
    }
    if (code == EXIT_DONE)
        code = print_reports(configuration, checked, format);
    for (size_t i = 0; i < configuration->count; i++) {
        awslogsrc_source_free(checked[i].source);
        awslogsrc_check_free(checked[i].report);
    }
    awslogsrc_context_free(context);
    free(checked);
    return code;
}
