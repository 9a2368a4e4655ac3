/* Keys that are given, and never change. */
#ifndef ALS_CREDENTIALS_STATIC_H
#define ALS_CREDENTIALS_STATIC_H

#include "credentials/provider.h"

int als_static_new(const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                   awslogsrc_error **error);

/* The same under another provider's name. origin: as in als_keys_new(). */
int als_static_new_from(const struct als_provider_type *type, const char *origin,
                        const struct als_sigv4_keys *keys, awslogsrc_credentials **out,
                        awslogsrc_error **error);

/* For the types of such providers. */
void als_static_fetch(struct als_fetcher *fetcher);
void als_static_free(awslogsrc_credentials *provider);

#endif
