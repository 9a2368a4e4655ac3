/* Keys of a role, for a token in a file: AssumeRoleWithWebIdentity. */
#ifndef ALS_CREDENTIALS_WEB_IDENTITY_H
#define ALS_CREDENTIALS_WEB_IDENTITY_H

#include "credentials/environment.h"
#include "credentials/role.h"

/* The file is read again for each attempt. 0, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING
 * (region, ARN, file) or AWSLOGSRC_E_NO_MEMORY. */
int als_web_identity_new(const char *token_file, const struct als_role *role,
                         const struct als_sts_config *sts, awslogsrc_credentials **out,
                         awslogsrc_error **error);

/* The same, with AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME. */
int als_web_identity_new_from_environment(const struct als_sts_config *sts, als_getenv *getenv,
                                          awslogsrc_credentials **out, awslogsrc_error **error);

#endif
