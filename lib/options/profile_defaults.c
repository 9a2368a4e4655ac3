#include "options/profile_defaults.h"

#include "aws/profile_settings.h"

int als_profile_defaults_open(struct als_profile_defaults *defaults, const char *profile,
                              als_getenv *getenv, awslogsrc_error **error)
{
    *defaults = (struct als_profile_defaults){0};
    int status = als_shared_files_find(&defaults->places, profile, getenv, error);
    if (status != 0)
        return status;
    defaults->places.is_chosen = false;
    status = als_shared_files_read(&defaults->places, &defaults->file, error);
    defaults->ignores_endpoints = als_profile_settings_ignore_endpoints(
        &defaults->file, defaults->places.profile,
        als_environment_get(getenv, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));
    return status;
}

void als_profile_defaults_close(struct als_profile_defaults *defaults)
{
    als_shared_files_clear(&defaults->places);
    als_profile_file_clear(&defaults->file);
}

bool als_profile_defaults_get(const struct als_profile_defaults *defaults,
                              const struct als_option *option, struct als_buffer *value,
                              const char **name)
{
    const char *profile = defaults->places.profile;
    if (profile == NULL)
        return false;
    *name = option->setting;
    if (option->setting != NULL) {
        const char *text = als_profile_settings_get(&defaults->file, profile, option->setting);
        als_buffer_append_string(value, text == NULL ? "" : text);
    } else if (option->service != NULL && !defaults->ignores_endpoints) {
        *name = "endpoint_url";
        (void)als_profile_settings_endpoint(&defaults->file, profile, option->service, value);
    }
    return value->size > 0;
}
