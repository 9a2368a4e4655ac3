/* An endpoint given as a URL by an option. */
#ifndef ALS_AWS_OVERRIDE_URL_H
#define ALS_AWS_OVERRIDE_URL_H

#include "aws/endpoint.h"

/* Fills in scheme, host and path. name: the option, for errors. */
int als_override_url_parse(struct als_text url, const char *name, struct als_endpoint *out,
                           awslogsrc_error **error);

#endif
