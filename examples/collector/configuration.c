#include "configuration.h"

#include <stdlib.h>
#include <string.h>

#include "console.h"

/* Tells and frees the error. */
static bool refuse(const char *source, awslogsrc_error *error)
{
    console_error(source, error);
    awslogsrc_error_free(error);
    return false;
}

static bool apply(const struct arguments *arguments, awslogsrc_options *options, const char *source)
{
    bool good = true;
    for (size_t i = 0; i < arguments->setting_count; i++) {
        awslogsrc_error *error = NULL;
        const struct setting *setting = &arguments->settings[i];
        if (awslogsrc_options_set(options, setting->name, setting->value, &error) != 0)
            good = refuse(source, error);
    }
    return good;
}

/* Once for all sources, so that a problem of the command line is told once. */
static bool check_command_line(const struct arguments *arguments)
{
    awslogsrc_options *options = NULL;
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_new(&options, &error) != 0)
        return refuse(NULL, error);
    bool good = apply(arguments, options, NULL);
    awslogsrc_options_free(options);
    return good;
}

/* systemd.exec(5): $STATE_DIRECTORY is what StateDirectory= of the unit made, perhaps a list. */
static bool apply_state_directory(awslogsrc_options *options, const char *source)
{
    const char *variable = getenv("STATE_DIRECTORY");
    const char *set = "";
    awslogsrc_error *error = NULL;
    if (variable == NULL || *variable == '\0')
        return true;
    if (awslogsrc_options_get(options, "state_dir", &set, &error) != 0)
        return refuse(source, error);
    if (*set != '\0')
        return true;
    char *folder = strndup(variable, strcspn(variable, ":"));
    int code = awslogsrc_options_set(options, "state_dir", folder == NULL ? "" : folder, &error);
    free(folder);
    return code == 0 || refuse(source, error);
}

/* Events and figures carry the name under which positions are kept: option name, which is the
 * section's unless it is set. */
static bool take_name(struct configuration *configuration, struct configured_source *source)
{
    const char *name = "";
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_get(source->options, "name", &name, &error) != 0)
        return refuse(NULL, error);
    for (size_t i = 0; i + 1 < configuration->count; i++) {
        if (configuration->sources[i].name != NULL &&
            strcmp(configuration->sources[i].name, name) == 0) {
            console_say("name: two sources are called \"%s\"", name);
            return false;
        }
    }
    source->name = strdup(name);
    if (source->name == NULL)
        console_say("out of memory");
    return source->name != NULL;
}

static bool add_source(const struct arguments *arguments, const char *name,
                       struct configuration *configuration)
{
    struct configured_source *source = &configuration->sources[configuration->count++];
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_new(&source->options, &error) != 0)
        return refuse(name, error);
    if (arguments->file != NULL &&
        awslogsrc_options_load(source->options, arguments->file, name, &error) != 0)
        return refuse(name, error);
    if (!apply(arguments, source->options, name) || !apply_state_directory(source->options, name) ||
        !take_name(configuration, source))
        return false;
    return awslogsrc_options_validate(source->options, &error) == 0 || refuse(name, error);
}

static bool add_sources(const struct arguments *arguments, const char *names, size_t count,
                        struct configuration *configuration)
{
    bool good = true;
    configuration->sources = calloc(count, sizeof *configuration->sources);
    if (configuration->sources == NULL) {
        console_say("out of memory");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        good = add_source(arguments, names, configuration) && good;
        names += strlen(names) + 1;
    }
    return good;
}

bool configuration_load(const struct arguments *arguments, struct configuration *configuration)
{
    awslogsrc_error *error = NULL;
    char *names = NULL;
    *configuration = (struct configuration){0};
    bool good = check_command_line(arguments);
    if (arguments->file == NULL)
        return good && add_sources(arguments, "default", 1, configuration);
    int count = awslogsrc_options_sections(arguments->file, &names, &error);
    if (count < 0)
        return refuse(NULL, error);
    if (count == 0) {
        console_say("%s: has no section [source NAME]", arguments->file);
        good = false;
    }
    good = good && add_sources(arguments, names, (size_t)count, configuration);
    awslogsrc_options_sections_free(names);
    return good;
}

void configuration_clear(struct configuration *configuration)
{
    for (size_t i = 0; i < configuration->count; i++) {
        awslogsrc_options_free(configuration->sources[i].options);
        free(configuration->sources[i].name);
    }
    free(configuration->sources);
    *configuration = (struct configuration){0};
}
