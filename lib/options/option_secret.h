/* Secrets that the options name instead of holding them: file:PATH and env:NAME. */
#ifndef ALS_OPTIONS_OPTION_SECRET_H
#define ALS_OPTIONS_OPTION_SECRET_H

#include "awslogsrc/error.h"

enum { ALS_OPTION_SECRET_LONGEST = 64 * 1024 };

/* The secret that value names, or is. name: of the option, for the error. Answers 0 and a copy that
 * the caller frees with als_free_secret(), or AWSLOGSRC_E_FILE, AWSLOGSRC_E_NO_MEMORY. */
int als_option_secret_read(const char *name, const char *value, char **out,
                           awslogsrc_error **error);

#endif
