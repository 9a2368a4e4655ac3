/* The version of libawslogsrc, and of what it is linked with. */
#ifndef AWSLOGSRC_VERSION_H
#define AWSLOGSRC_VERSION_H

#include "awslogsrc/types.h"

AWSLOGSRC_BEGIN

#define AWSLOGSRC_VERSION "0.9.0"

/* "0.9.0 (libcurl ..., OpenSSL ..., cJSON ..., PCRE2 ...)", followed by what the linked versions
 * cannot do. Returns: borrow, for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_version(void);

AWSLOGSRC_END

#endif
