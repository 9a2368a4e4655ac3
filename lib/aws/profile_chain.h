/* How a profile comes to keys: a first source of them, and the roles that are assumed with them one
 * after the other.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
 */
#ifndef ALS_AWS_PROFILE_CHAIN_H
#define ALS_AWS_PROFILE_CHAIN_H

#include <stdint.h>

#include "aws/profile_file.h"
#include "aws/sigv4.h"

enum { ALS_PROFILE_CHAIN_LONGEST = 16 }; /* profiles that name one another */

enum als_profile_base {
    ALS_PROFILE_BASE_KEYS,
    ALS_PROFILE_BASE_PROCESS,
    ALS_PROFILE_BASE_WEB_IDENTITY,
    ALS_PROFILE_BASE_ENVIRONMENT,
    ALS_PROFILE_BASE_INSTANCE,
    ALS_PROFILE_BASE_CONTAINER
};

struct als_profile_role {
    const char *profile; /* that names the role; for errors */
    const char *arn;
    const char *session_name; /* NULL: not given */
    const char *external_id;  /* NULL: not given */
    int64_t duration_s;       /* 0: not given */
};

/* All strings are borrowed from the file and from the name of the profile. */
struct als_profile_chain {
    enum als_profile_base base;
    const char *base_profile; /* that names the base; for errors */
    struct als_sigv4_keys keys;
    const char *process;                  /* a command line */
    const char *token_file;               /* web identity */
    struct als_profile_role web_identity; /* the role that goes with the token */
    struct als_profile_role roles[ALS_PROFILE_CHAIN_LONGEST];
    size_t role_count; /* the first is assumed with the base's keys */
};

/* 0; AWSLOGSRC_E_NO_CREDENTIALS where nothing is configured: no such profile, or one that only has
 * settings; AWSLOGSRC_E_NOT_AVAILABLE for what needs a login (IAM Identity Center, aws login);
 * AWSLOGSRC_E_FILE_SYNTAX where what is configured is broken. Errors name the profile. */
int als_profile_chain_resolve(const struct als_profile_file *file, const char *profile,
                              struct als_profile_chain *out, awslogsrc_error **error);

#endif
