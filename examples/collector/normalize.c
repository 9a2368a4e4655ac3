#include "normalize.h"

#include <awslogsrc/awslogsrc.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector.h"
#include "console.h"
#include "help.h"
#include "output.h"

struct normalizer {
    awslogsrc_encoder *encoder;
    awslogsrc_options *options; /* how messages are to be parsed */
    awslogsrc_record *record;
    struct output output;
    char delimiter; /* of messages on both sides: LF or NUL */
    bool quiet;
    bool help;
    bool refused; /* a record was too large */
    unsigned long messages, invalid;
    const char *name;    /* of what is read, */
    unsigned long place; /* and the message in it */
};

/* --- Arguments --- */

static bool refuse(awslogsrc_error *error)
{
    console_error(NULL, error);
    awslogsrc_error_free(error);
    return false;
}

/* "record" is what collect calls the format json has here. */
static bool set_format(struct normalizer *normalizer, const char *value)
{
    awslogsrc_error *error = NULL;
    const char *format = strcmp(value, "record") == 0 ? "json" : value;
    return awslogsrc_encoder_set(normalizer->encoder, "format", format, &error) == 0 ||
           refuse(error);
}

static bool set_delimiter(struct normalizer *normalizer, const char *value)
{
    normalizer->delimiter = strcmp(value, "nul") == 0 ? '\0' : '\n';
    if (strcmp(value, "lf") == 0 || strcmp(value, "nul") == 0)
        return true;
    console_say("--delimiter: \"%s\" is none of lf, nul", value);
    return false;
}

static bool set_limit(struct normalizer *normalizer, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    return awslogsrc_encoder_set(normalizer->encoder, name, value, &error) == 0 || refuse(error);
}

static bool set_option(struct normalizer *normalizer, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    return awslogsrc_options_set(normalizer->options, name, value, &error) == 0 || refuse(error);
}

static bool read_value(struct normalizer *normalizer, const char *name, const char *value)
{
    if (strcmp(name, "format") == 0)
        return set_format(normalizer, value);
    if (strcmp(name, "delimiter") == 0)
        return set_delimiter(normalizer, value);
    if (strcmp(name, "max-message") == 0 || strcmp(name, "oversize") == 0)
        return set_limit(normalizer, name, value);
    if (strcmp(name, "log-source-type") == 0 || strcmp(name, "vpc-flow-format") == 0)
        return set_option(normalizer, name, value);
    console_say("--%s is not an option of normalize: try 'awslogsrc normalize --help'", name);
    return false;
}

/* Takes the option at the place, and its value; *index goes on to the next argument. */
static bool read_option(struct normalizer *normalizer, int argc, char **argv, int *index)
{
    char *name = argv[(*index)++];
    char *value = strchr(name, '=');
    if (strcmp(name, "--quiet") == 0)
        return normalizer->quiet = true;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return normalizer->help = true;
    if (strcmp(name, "--original") == 0)
        return awslogsrc_encoder_set(normalizer->encoder, "original", "true", NULL) == 0;
    if (strncmp(name, "--", 2) != 0) {
        console_say("\"%s\" is not an option: options begin with --", name);
        return false;
    }
    if (value != NULL)
        *value++ = '\0';
    else if (*index < argc)
        value = argv[(*index)++];
    if (value != NULL)
        return read_value(normalizer, name + 2, value);
    console_say("%s: needs a value", name);
    return false;
}

/* --- Messages --- */

/* One that is too large does not stop the others. */
static int write_record(struct normalizer *normalizer)
{
    const char *data = NULL;
    size_t size = 0;
    int code = awslogsrc_encode(normalizer->encoder, normalizer->record, &data, &size, NULL);
    if (code == 0) {
        output_write(&normalizer->output, data, size);
        output_char(&normalizer->output, normalizer->delimiter);
    }
    if (code != AWSLOGSRC_E_TOO_LARGE)
        return code;
    normalizer->refused = true;
    console_say("%s: message %lu is too large, and left out", normalizer->name, normalizer->place);
    return 0;
}

/* Returns 0, or AWSLOGSRC_E_*. */
static int write_records(struct normalizer *normalizer, const char *text, size_t size)
{
    int code =
        awslogsrc_record_parse_text(&normalizer->record, text, size, normalizer->options, NULL);
    for (int more = 1; code == 0 && more == 1;) {
        size_t kind_size = 0;
        const char *kind =
            awslogsrc_record_get(normalizer->record, AWSLOGSRC_FIELD_KIND, &kind_size);
        normalizer->invalid += kind_size == strlen("invalid") && memcmp(kind, "invalid", 7) == 0;
        code = write_record(normalizer);
        more = awslogsrc_record_next(normalizer->record);
    }
    normalizer->messages++;
    return code;
}

static bool complain(const char *name, const char *cause)
{
    console_say("%s: %s", name, cause);
    return false;
}

static bool read_stream(struct normalizer *normalizer, const char *name, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size = 0;
    int code = 0;
    normalizer->name = name;
    normalizer->place = 0;
    while (code == 0 && (size = getdelim(&line, &room, normalizer->delimiter, file)) > 0) {
        if (line[size - 1] == normalizer->delimiter)
            size--;
        normalizer->place++;
        code = write_records(normalizer, line, (size_t)size);
        if (normalizer->output.error != 0)
            break;
    }
    free(line);
    if (code != 0)
        return complain(name, awslogsrc_strerror(code));
    return ferror(file) == 0 || complain(name, strerror(errno));
}

static bool read_file(struct normalizer *normalizer, const char *name)
{
    if (strcmp(name, "-") == 0)
        return read_stream(normalizer, "standard input", stdin);
    FILE *file = fopen(name, "re");
    if (file == NULL)
        return complain(name, strerror(errno));
    bool good = read_stream(normalizer, name, file);
    (void)fclose(file);
    return good;
}

static int read_files(struct normalizer *normalizer, char **names, int count)
{
    static char standard_input[] = "-";
    bool good = true;
    if (count == 0)
        good = read_file(normalizer, standard_input);
    for (int i = 0; i < count; i++)
        good = read_file(normalizer, names[i]) && good;
    if (!output_flush(&normalizer->output))
        good = complain("standard output", strerror(normalizer->output.error));
    if (normalizer->invalid > 0 && !normalizer->quiet)
        console_say("%lu of %lu messages could not be parsed", normalizer->invalid,
                    normalizer->messages);
    return good && !normalizer->refused ? EXIT_DONE : EXIT_FAILED;
}

static int run(struct normalizer *normalizer, int argc, char **argv)
{
    bool good = true;
    int index = 0, files = 0;
    while (index < argc) {
        if (argv[index][0] == '-' && argv[index][1] != '\0')
            good = read_option(normalizer, argc, argv, &index) && good;
        else
            argv[files++] = argv[index++];
    }
    if (!good)
        return EXIT_USAGE;
    if (!normalizer->help)
        return read_files(normalizer, argv, files);
    help_print_normalize();
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}

int normalize_run(int argc, char **argv)
{
    static struct normalizer normalizer = {.delimiter = '\n'};
    awslogsrc_error *error = NULL;
    int code = EXIT_FAILED;
    output_init(&normalizer.output, STDOUT_FILENO);
    if (awslogsrc_encoder_new(&normalizer.encoder, &error) != 0 ||
        awslogsrc_encoder_set(normalizer.encoder, "oversize", "truncate", &error) != 0 ||
        awslogsrc_options_new(&normalizer.options, &error) != 0)
        (void)refuse(error);
    else
        code = run(&normalizer, argc, argv);
    awslogsrc_encoder_free(normalizer.encoder);
    awslogsrc_options_free(normalizer.options);
    awslogsrc_record_free(normalizer.record);
    return code;
}
