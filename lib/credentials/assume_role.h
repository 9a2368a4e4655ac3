/* Keys of a role, for keys that may assume it: AssumeRole. */
#ifndef ALS_CREDENTIALS_ASSUME_ROLE_H
#define ALS_CREDENTIALS_ASSUME_ROLE_H

#include "credentials/role.h"

/* base: ref; everything else is copied. 0, AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_OPTION_MISSING
 * (region, ARN) or AWSLOGSRC_E_NO_MEMORY. */
int als_assume_role_new(awslogsrc_credentials *base, const struct als_role *role,
                        const struct als_sts_config *sts, awslogsrc_credentials **out,
                        awslogsrc_error **error);

#endif
