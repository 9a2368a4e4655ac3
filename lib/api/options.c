#include "awslogsrc/options.h"

#include "base/error.h"
#include "base/memory.h"
#include "options/option_table.h"
#include "options/options.h"
#include "options/options_file.h"
#include "options/policy.h"

static int refuse_null(awslogsrc_error **error, const char *function)
{
    return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: an argument is NULL", function);
}

int awslogsrc_options_new(awslogsrc_options **out, awslogsrc_error **error)
{
    return out == NULL ? refuse_null(error, __func__) : als_options_new(out, error);
}

void awslogsrc_options_free(awslogsrc_options *options)
{
    als_options_free(options);
}

int awslogsrc_options_copy(const awslogsrc_options *options, awslogsrc_options **out,
                           awslogsrc_error **error)
{
    if (options == NULL || out == NULL)
        return refuse_null(error, __func__);
    return als_options_copy(options, out, error);
}

int awslogsrc_options_set(awslogsrc_options *options, const char *name, const char *value,
                          awslogsrc_error **error)
{
    if (options == NULL || name == NULL || value == NULL)
        return refuse_null(error, __func__);
    return als_options_set(options, name, value, error);
}

int awslogsrc_options_get(awslogsrc_options *options, const char *name, const char **out,
                          awslogsrc_error **error)
{
    if (options == NULL || name == NULL || out == NULL)
        return refuse_null(error, __func__);
    return als_options_get(options, name, out, error);
}

int awslogsrc_options_load(awslogsrc_options *options, const char *path, const char *section,
                           awslogsrc_error **error)
{
    if (options == NULL || path == NULL)
        return refuse_null(error, __func__);
    return als_options_file_load(options, path, section == NULL ? "default" : section, error);
}

int awslogsrc_options_sections(const char *path, char **out, awslogsrc_error **error)
{
    if (path == NULL || out == NULL)
        return refuse_null(error, __func__);
    return als_options_file_sections(path, out, error);
}

void awslogsrc_options_sections_free(char *sections)
{
    als_free(sections);
}

int awslogsrc_options_validate(const awslogsrc_options *options, awslogsrc_error **error)
{
    if (options == NULL)
        return refuse_null(error, __func__);
    return als_options_validate(options, NULL, error);
}

int awslogsrc_options_policy(const awslogsrc_options *const *options, size_t count, char **out,
                             size_t *size, awslogsrc_error **error)
{
    size_t length = 0;
    if (options == NULL || count == 0 || out == NULL)
        return refuse_null(error, __func__);
    for (size_t i = 0; i < count; i++) {
        if (options[i] == NULL)
            return refuse_null(error, __func__);
    }
    return als_policy_of(options, count, out, size == NULL ? &length : size, error);
}

void awslogsrc_options_policy_free(char *policy)
{
    als_free(policy);
}

int awslogsrc_option_count(void)
{
    return als_option_table_count();
}

const char *awslogsrc_option_name(int index)
{
    const struct als_option *option = als_option_table_row(index);
    return option == NULL ? NULL : option->name;
}

const char *awslogsrc_option_type(int index)
{
    const struct als_option *option = als_option_table_row(index);
    return option == NULL ? NULL : als_option_table_type_name(option->type);
}

const char *awslogsrc_option_default(int index)
{
    const struct als_option *option = als_option_table_row(index);
    if (option == NULL)
        return NULL;
    return option->standard == NULL ? "" : option->standard;
}

const char *awslogsrc_option_help(int index)
{
    const struct als_option *option = als_option_table_row(index);
    return option == NULL ? NULL : option->help;
}

int awslogsrc_option_flags(int index)
{
    const struct als_option *option = als_option_table_row(index);
    return option == NULL ? 0 : option->flags;
}
