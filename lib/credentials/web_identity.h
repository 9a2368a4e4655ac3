/* Keys of a role, for a token in a file: AssumeRoleWithWebIdentity. */
#ifndef ALS_CREDENTIALS_WEB_IDENTITY_H
#define ALS_CREDENTIALS_WEB_IDENTITY_H

#include "credentials/environment.h"
#include "credentials/sts.h"

/* The file is read again for each attempt. 0, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING
 * (region, ARN, file) or AWSLOGSRC_E_NO_MEMORY. */
int als_web_identity_new(const char *token_file, const struct als_sts_role *role,
                         const struct als_sts_config *sts, awslogsrc_credentials **out,
                         awslogsrc_error **error);

#endif
