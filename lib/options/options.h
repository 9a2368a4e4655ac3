/* The options of a source, as they were set. */
#ifndef ALS_OPTIONS_OPTIONS_H
#define ALS_OPTIONS_OPTIONS_H

#include "awslogsrc/options.h"
#include "options/settings.h"

enum { ALS_OPTION_COUNT = 58, ALS_OPTIONS_LONGEST_VALUE = 128 * 1024 };

struct awslogsrc_options {
    char *values[ALS_OPTION_COUNT];  /* in the table's order; NULL: not set; file: and env: are
                                        replaced */
    char *exposed[ALS_OPTION_COUNT]; /* files that held secrets for everybody to read; NULL: none */
};

/* Looks a variable of the environment up; secure_getenv() is one. */
typedef char *(*als_getenv_fn)(const char *name);

int als_options_new(awslogsrc_options **out, awslogsrc_error **error);
void als_options_free(awslogsrc_options *options);
int als_options_copy(const awslogsrc_options *options, awslogsrc_options **out,
                     awslogsrc_error **error);
int als_options_set(awslogsrc_options *options, const char *name, const char *value,
                    awslogsrc_error **error);
int als_options_get(const awslogsrc_options *options, const char *name, const char **out,
                    awslogsrc_error **error);

/* Option > environment > default, checked as a whole. The error has one line for every problem.
 * environment: NULL means secure_getenv(). On success the caller clears the settings; after a
 * failure there is nothing to clear. */
int als_options_resolve(const awslogsrc_options *options, als_getenv_fn environment,
                        struct als_settings *out, awslogsrc_error **error);

/* The same without what only a source needs: no option is required, and only those of the way
 * to servers are compared with others. */
int als_options_read(const awslogsrc_options *options, als_getenv_fn environment,
                     struct als_settings *out, awslogsrc_error **error);

/* As als_options_resolve(), for the verdict alone. */
int als_options_validate(const awslogsrc_options *options, als_getenv_fn environment,
                         awslogsrc_error **error);

#endif
