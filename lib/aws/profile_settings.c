#include "aws/profile_settings.h"

const char *als_profile_settings_get(const struct als_profile_file *file, const char *profile,
                                     const char *name)
{
    const char *value = als_profile_file_get(file, ALS_PROFILE_SECTION_PROFILE, profile, name);
    return value == NULL || *value == '\0' ? NULL : value;
}

bool als_profile_settings_ignore_endpoints(const struct als_profile_file *file, const char *profile,
                                           const char *variable)
{
    const char *ignore =
        variable != NULL
            ? variable
            : als_profile_settings_get(file, profile, "ignore_configured_endpoint_urls");
    return als_text_equal_ignoring_case(als_text_of(ignore), ALS_TEXT("true"));
}

int als_profile_settings_endpoint(const struct als_profile_file *file, const char *profile,
                                  const char *service, struct als_buffer *out)
{
    struct als_text url = {"", 0};
    const char *services = als_profile_settings_get(file, profile, "services");
    if (services != NULL) {
        const char *section =
            als_profile_file_get(file, ALS_PROFILE_SECTION_SERVICES, services, service);
        if (section != NULL)
            (void)als_profile_file_get_nested(section, "endpoint_url", &url);
    }
    if (url.size == 0)
        url = als_text_of(als_profile_settings_get(file, profile, "endpoint_url"));
    return als_buffer_append_text(out, url);
}
