/* What a profile says beside its keys.
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
#ifndef ALS_AWS_PROFILE_SETTINGS_H
#define ALS_AWS_PROFILE_SETTINGS_H

#include "aws/profile_file.h"

/* The value of a setting, or NULL where it is not set or empty. Borrow from the file. */
const char *als_profile_settings_get(const struct als_profile_file *file, const char *profile,
                                     const char *name);

/* Whether no URL of the environment or of the profile counts: variable, which
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS has (NULL: is not set), goes before the profile.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
bool als_profile_settings_ignore_endpoints(const struct als_profile_file *file, const char *profile,
                                           const char *variable);

/* Appends where a service answers: the URL of the profile's [services ...] section for it ("sts",
 * "cloudwatch_logs"), else the profile's endpoint_url; nothing where there is none. Returns the
 * buffer's status. */
int als_profile_settings_endpoint(const struct als_profile_file *file, const char *profile,
                                  const char *service, struct als_buffer *out);

#endif
