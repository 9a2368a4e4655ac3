/* What a profile of the shared AWS files says of options that are set nowhere else. */
#ifndef ALS_OPTIONS_PROFILE_DEFAULTS_H
#define ALS_OPTIONS_PROFILE_DEFAULTS_H

#include "credentials/shared_files.h"
#include "options/option_table.h"

struct als_profile_defaults {
    struct als_shared_files places;
    struct als_profile_file file;
    bool ignores_endpoints; /* those of the environment and of the profile */
};

/* profile: NULL for the environment's. A profile that is not there says nothing: whoever needs its
 * keys will tell. 0, AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX or AWSLOGSRC_E_NO_MEMORY; to be
 * closed in any case. */
int als_profile_defaults_open(struct als_profile_defaults *defaults, const char *profile,
                              als_getenv *getenv, awslogsrc_error **error);
void als_profile_defaults_close(struct als_profile_defaults *defaults);

/* Appends the value for an option, and says whether there is one. *name: of the setting, for
 * errors; borrow, for ever. */
bool als_profile_defaults_get(const struct als_profile_defaults *defaults,
                              const struct als_option *option, struct als_buffer *value,
                              const char **name);

#endif
