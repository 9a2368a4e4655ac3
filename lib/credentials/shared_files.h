/* Where the shared config and credentials files are, and what they say now. */
#ifndef ALS_CREDENTIALS_SHARED_FILES_H
#define ALS_CREDENTIALS_SHARED_FILES_H

#include "aws/profile_file.h"
#include "credentials/environment.h"

struct als_shared_files {
    char *paths[2]; /* by enum als_profile_file_kind; "" where there is no home */
    char *profile;  /* the one to use */
    bool is_chosen; /* somebody named it: it has to be there */
};

/* From AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME; profile: NULL or "" for AWS_PROFILE,
 * else "default". 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_shared_files_find(struct als_shared_files *files, const char *profile, als_getenv *getenv,
                          awslogsrc_error **error);
void als_shared_files_clear(struct als_shared_files *files);

/* Reads both; one that is not there is as good as an empty one. 0, AWSLOGSRC_E_FILE,
 * AWSLOGSRC_E_FILE_SYNTAX, AWSLOGSRC_E_OPTION_VALUE (the chosen profile is not there) or
 * AWSLOGSRC_E_NO_MEMORY; *out is to be cleared in any case. */
int als_shared_files_read(const struct als_shared_files *files, struct als_profile_file *out,
                          awslogsrc_error **error);

/* Others than its owner may read the credentials file. */
bool als_shared_files_are_exposed(const struct als_shared_files *files);

#endif
