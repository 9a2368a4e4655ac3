/* The least IAM policy that sources need. Pure. */
#ifndef ALS_OPTIONS_POLICY_H
#define ALS_OPTIONS_POLICY_H

#include "options/options.h"
#include "options/settings.h"

enum { ALS_POLICY_LIMIT = 1024 * 1024 }; /* bytes; IAM itself takes 6144 characters */

/* Appends a policy document for all of them: JSON, indented. Returns the buffer's status. */
int als_policy_write(const struct als_settings *settings, size_t count, struct als_buffer *out);

/* The same for options, which have to be good. The caller frees *out, a string. 0, or what
 * als_options_resolve() returns, AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. */
int als_policy_of(const awslogsrc_options *const *options, size_t count, char **out, size_t *size,
                  awslogsrc_error **error);

#endif
