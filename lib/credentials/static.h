/* Keys given by the caller. */
#ifndef ALS_CREDENTIALS_STATIC_H
#define ALS_CREDENTIALS_STATIC_H

#include "credentials/provider.h"

int als_static_new(const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                   awslogsrc_error **error);

#endif
