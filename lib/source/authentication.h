/* What the options say of where keys come from, made into a provider. */
#ifndef ALS_SOURCE_AUTHENTICATION_H
#define ALS_SOURCE_AUTHENTICATION_H

#include "credentials/environment.h"
#include "credentials/sts.h"
#include "options/settings.h"

/* As authentication_method says, with assume_role_arn on top where it is set. getenv:
 * secure_getenv() is one. 0, or what the providers' functions return. */
int als_authentication_new(const struct als_settings *settings, als_getenv *getenv,
                           awslogsrc_credentials **out, awslogsrc_error **error);

/* As method says, without a role. */
int als_authentication_new_base(const struct als_settings *settings, enum als_authentication method,
                                als_getenv *getenv, awslogsrc_credentials **out,
                                awslogsrc_error **error);

/* The role of assume_role_arn and its companions, over base (ref). */
int als_authentication_new_role(const struct als_settings *settings, awslogsrc_credentials *base,
                                awslogsrc_credentials **out, awslogsrc_error **error);

/* Of several regions the first one's STS serves all: its keys are good everywhere. Borrows. */
struct als_sts_config als_authentication_sts(const struct als_settings *settings);

/* Whether both come to the same keys, so that one provider serves both. */
bool als_authentication_is_same(const struct als_settings *a, const struct als_settings *b);

#endif
