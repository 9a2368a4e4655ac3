#include "options/options.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/version.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "options/option_secret.h"
#include "options/option_table.h"
#include "options/option_value.h"
#include "options/profile_defaults.h"

enum { LONGEST_REASON = 1024 };

int als_options_new(awslogsrc_options **out, awslogsrc_error **error)
{
    *out = als_new(sizeof **out);
    return *out == NULL ? als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "options: out of memory") : 0;
}

void als_options_free(awslogsrc_options *options)
{
    if (options == NULL)
        return;
    for (int i = 0; i < ALS_OPTION_COUNT; i++)
        als_free_secret(options->values[i]);
    for (int i = 0; i < ALS_OPTION_COUNT; i++)
        als_free(options->exposed[i]);
    als_free(options);
}

static bool copy_optional(const char *string, char **out)
{
    *out = string == NULL ? NULL : als_copy_string(string);
    return string == NULL || *out != NULL;
}

int als_options_copy(const awslogsrc_options *options, awslogsrc_options **out,
                     awslogsrc_error **error)
{
    awslogsrc_options *copy = NULL;
    int code = als_options_new(&copy, error);
    if (copy == NULL)
        return code;
    for (int i = 0; code == 0 && i < ALS_OPTION_COUNT; i++) {
        if (!copy_optional(options->values[i], &copy->values[i]) ||
            !copy_optional(options->exposed[i], &copy->exposed[i]))
            code = als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "options: out of memory");
    }
    if (code == 0)
        *out = copy;
    else
        als_options_free(copy);
    return code;
}

static int refuse_name(const char *name, awslogsrc_error **error)
{
    struct als_buffer message;
    int nearest = als_option_table_nearest(name);
    als_buffer_init(&message, LONGEST_REASON);
    als_option_value_quote(&message, als_text_of(name));
    als_buffer_append_string(&message, " is not an option");
    if (nearest >= 0)
        als_buffer_format(&message, "; did you mean %s?", als_option_table_row(nearest)->name);
    als_error_set(error, AWSLOGSRC_E_OPTION_UNKNOWN, "%s", als_buffer_string(&message));
    als_buffer_clear(&message);
    return AWSLOGSRC_E_OPTION_UNKNOWN;
}

/* Reads the value for the verdict alone. */
static int check(const struct als_option *option, const char *value, awslogsrc_error **error)
{
    struct als_settings scratch = {0};
    struct als_buffer why;
    als_buffer_init(&why, LONGEST_REASON);
    int code = als_option_table_read(option, als_text_of(value), &scratch, &why);
    if (code == AWSLOGSRC_E_NO_MEMORY)
        als_error_set(error, code, "%s: out of memory", option->name);
    else if (code != 0)
        als_error_set(error, code, "%s: %s", option->name, als_buffer_string(&why));
    als_buffer_clear(&why);
    als_settings_clear(&scratch);
    return code;
}

/* The value as it is to be kept: a secret in place of its file: or env:, a line behind the lines
 * that are there. */
static int compose(const struct als_option *option, const char *before, const char *value,
                   char **out, awslogsrc_error **error)
{
    struct als_buffer joined;
    if (option->type == ALS_OPTION_SECRET)
        return als_option_secret_read(option->name, value, out, error);
    if ((option->flags & AWSLOGSRC_OPTION_APPENDS) == 0)
        before = NULL;
    als_buffer_init(&joined, ALS_OPTIONS_LONGEST_VALUE);
    if (before != NULL)
        als_buffer_format(&joined, "%s\n", before);
    als_buffer_append_string(&joined, value);
    int status = joined.status;
    *out = als_buffer_take(&joined);
    if (status == AWSLOGSRC_E_TOO_LARGE)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "%s: is longer than %d bytes",
                             option->name, ALS_OPTIONS_LONGEST_VALUE);
    if (status != 0)
        return als_error_set(error, status, "%s: out of memory", option->name);
    return 0;
}

static bool is_empty(const char *value)
{
    return als_text_trim(als_text_of(value)).size == 0;
}

/* Without memory there is no warning. */
static void note_exposure(awslogsrc_options *options, int index, const char *value)
{
    bool secret = als_option_table_row(index)->type == ALS_OPTION_SECRET;
    als_free(options->exposed[index]);
    options->exposed[index] = NULL;
    if (secret && strncmp(value, "file:", 5) == 0 && als_file_is_exposed(value + 5))
        options->exposed[index] = als_copy_string(value + 5);
}

int als_options_set(awslogsrc_options *options, const char *name, const char *value,
                    awslogsrc_error **error)
{
    int index = als_option_table_find(name);
    char *kept = NULL;
    int code = 0;
    if (index < 0)
        return refuse_name(name, error);
    const struct als_option *option = als_option_table_row(index);
    if (is_empty(value) && option->empty_is_value)
        value = "";
    if (!is_empty(value) || option->empty_is_value)
        code = compose(option, options->values[index], value, &kept, error);
    if (code == 0 && kept != NULL)
        code = check(option, kept, error);
    if (code != 0) {
        als_free_secret(kept);
        return code;
    }
    als_free_secret(options->values[index]);
    options->values[index] = kept;
    note_exposure(options, index, value);
    return 0;
}

static const char *standard_of(const struct als_option *option)
{
    return option->standard == NULL ? "" : option->standard;
}

int als_options_get(const awslogsrc_options *options, const char *name, const char **out,
                    awslogsrc_error **error)
{
    int index = als_option_table_find(name);
    if (index < 0)
        return refuse_name(name, error);
    const struct als_option *option = als_option_table_row(index);
    *out = options->values[index] == NULL ? standard_of(option) : options->values[index];
    if (option->type == ALS_OPTION_SECRET && options->values[index] != NULL)
        *out = "****";
    return 0;
}

/* An empty variable counts as not set, as the AWS SDKs have it. */
static const char *look_up(als_getenv_fn environment, const char *variable)
{
    const char *value = environment(variable);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static bool is_set(const awslogsrc_options *options, const char *name)
{
    return options->values[als_option_table_find(name)] != NULL;
}

/* regions of the environment or a profile count where neither of its two options is set. */
static bool is_settled(const awslogsrc_options *options, const struct als_option *option)
{
    return option->offset == offsetof(struct als_settings, regions) &&
           is_set(options, "other_regions");
}

/* Where values come from. */
struct origins {
    const awslogsrc_options *options;
    als_getenv_fn environment;
    struct als_profile_defaults defaults;
    struct als_buffer value; /* a profile's */
    struct als_buffer name;  /* of what the value at hand is called there, for errors */
};

/* The variable that stands in for an option that is not set, or NULL. */
static const char *find_variable(const struct origins *origins, const struct als_option *option)
{
    if (is_settled(origins->options, option) ||
        (option->service != NULL && origins->defaults.ignores_endpoints))
        return NULL;
    for (int i = 0; i < ALS_OPTION_MOST_VARIABLES && option->variables[i] != NULL; i++) {
        if (look_up(origins->environment, option->variables[i]) != NULL)
            return option->variables[i];
    }
    return NULL;
}

static const char *find_value(struct origins *origins, int index)
{
    const struct als_option *option = als_option_table_row(index);
    const char *setting = NULL;
    als_buffer_reset(&origins->value);
    als_buffer_reset(&origins->name);
    als_buffer_append_string(&origins->name, option->name);
    if (origins->options->values[index] != NULL)
        return origins->options->values[index];
    const char *variable = find_variable(origins, option);
    if (variable != NULL) {
        als_buffer_reset(&origins->name);
        als_buffer_append_string(&origins->name, variable);
        return look_up(origins->environment, variable);
    }
    if (is_settled(origins->options, option) ||
        !als_profile_defaults_get(&origins->defaults, option, &origins->value, &setting))
        return standard_of(option);
    als_buffer_reset(&origins->name);
    als_buffer_format(&origins->name, "profile %s: %s", origins->defaults.places.profile, setting);
    return als_buffer_string(&origins->value);
}

static void read_option(struct origins *origins, int index, struct als_settings *settings,
                        struct als_problems *problems)
{
    const struct als_option *option = als_option_table_row(index);
    const char *value = find_value(origins, index);
    struct als_buffer why;
    als_buffer_init(&why, LONGEST_REASON);
    int code = als_option_table_read(option, als_text_of(value), settings, &why);
    if (code != 0)
        als_problems_add(problems, code, "%s: %s", als_buffer_string(&origins->name),
                         code == AWSLOGSRC_E_NO_MEMORY ? "out of memory" : als_buffer_string(&why));
    /* The checks that follow expect strings; an empty one is what an option not set has. */
    if (code == AWSLOGSRC_E_OPTION_VALUE)
        (void)als_option_table_read(option, ALS_TEXT(""), settings, &why);
    als_buffer_clear(&why);
}

static void check_required(const awslogsrc_options *options, struct als_problems *problems)
{
    for (int i = 0; i < ALS_OPTION_COUNT; i++) {
        const struct als_option *option = als_option_table_row(i);
        if ((option->flags & AWSLOGSRC_OPTION_REQUIRED) != 0 && options->values[i] == NULL)
            als_problems_add(problems, AWSLOGSRC_E_OPTION_MISSING, "%s: missing", option->name);
    }
}

static void read_all(const awslogsrc_options *options, als_getenv_fn environment,
                     struct als_settings *settings, struct als_problems *problems)
{
    struct origins origins = {.options = options, .environment = environment};
    awslogsrc_error *error = NULL;
    int code = als_profile_defaults_open(
        &origins.defaults, options->values[als_option_table_find("profile")], environment, &error);
    if (code != 0)
        als_problems_add(problems, code, "%s", als_error_message(error));
    als_error_free(error);
    als_buffer_init(&origins.value, ALS_OPTIONS_LONGEST_VALUE);
    als_buffer_init(&origins.name, LONGEST_REASON);
    for (int i = 0; i < ALS_OPTION_COUNT; i++)
        read_option(&origins, i, settings, problems);
    als_buffer_wipe(&origins.value);
    als_buffer_clear(&origins.name);
    als_profile_defaults_close(&origins.defaults);
    if (settings->use_as_gateway_log_source && !is_set(options, "eps_throttle"))
        settings->eps_throttle = 0;
    settings->proxy_by_environment = !is_set(options, "use_proxy");
    /* Whoever names a profile wants its keys, as with the AWS CLI; AWS_PROFILE only says which one
     * the default chain is to look at. */
    if (settings->authentication_method == ALS_AUTHENTICATION_DEFAULT_CHAIN &&
        is_set(options, "profile") && !is_set(options, "access_key") &&
        !is_set(options, "credential_process"))
        settings->authentication_method = ALS_AUTHENTICATION_PROFILE;
}

/* whole: a source; otherwise the way to servers alone. */
static int resolve(const awslogsrc_options *options, als_getenv_fn environment, bool whole,
                   struct als_settings *out, awslogsrc_error **error)
{
    struct als_problems problems;
    *out = (struct als_settings){0};
    als_problems_init(&problems);
    read_all(options, environment == NULL ? secure_getenv : environment, out, &problems);
    if (whole)
        check_required(options, &problems);
    if (problems.code != AWSLOGSRC_E_NO_MEMORY && whole)
        als_settings_complete(out, &problems);
    else if (problems.code != AWSLOGSRC_E_NO_MEMORY)
        als_settings_complete_connection(out, &problems);
    int code = als_problems_finish(&problems, error);
    if (code != 0)
        als_settings_clear(out);
    return code;
}

int als_options_resolve(const awslogsrc_options *options, als_getenv_fn environment,
                        struct als_settings *out, awslogsrc_error **error)
{
    return resolve(options, environment, true, out, error);
}

int als_options_read(const awslogsrc_options *options, als_getenv_fn environment,
                     struct als_settings *out, awslogsrc_error **error)
{
    return resolve(options, environment, false, out, error);
}

int als_options_validate(const awslogsrc_options *options, als_getenv_fn environment,
                         awslogsrc_error **error)
{
    struct als_settings settings;
    int code = als_options_resolve(options, environment, &settings, error);
    als_settings_clear(&settings);
    return code;
}
