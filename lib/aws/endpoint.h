/* Where a service answers: by the rules of AWS for its region, or where an option says. */
#ifndef ALS_AWS_ENDPOINT_H
#define ALS_AWS_ENDPOINT_H

#include <stdbool.h>

#include "aws/region.h"
#include "base/error.h"
#include "base/text.h"

enum {
    ALS_ENDPOINT_LONGEST_HOST = 253, /* RFC 1035, 2.3.4, without the root's dot */
    ALS_ENDPOINT_LONGEST_PATH = 1024,
    ALS_ENDPOINT_HOST_SIZE = ALS_ENDPOINT_LONGEST_HOST + sizeof "[]:65535",
    ALS_ENDPOINT_URL_SIZE = sizeof "https://" + ALS_ENDPOINT_HOST_SIZE + ALS_ENDPOINT_LONGEST_PATH,
};

struct als_endpoint_query {
    struct als_text service; /* "logs" or "sts" */
    struct als_text region;  /* may be empty where override_url is not */
    bool use_fips;
    bool use_dualstack;
    bool use_global_sts; /* AWS_STS_REGIONAL_ENDPOINTS=legacy: old regions share one endpoint */
    struct als_text override_url; /* empty: none */
    const char *override_name;    /* the option it came from, for errors; NULL: "endpoint_url" */
};

struct als_endpoint {
    const char *scheme; /* "http" or "https"; borrow, for ever */
    /* As sent and signed in the Host header: lower case, IPv6 in brackets, a port only where it is
     * not the scheme's own. */
    char host[ALS_ENDPOINT_HOST_SIZE];
    char path[ALS_ENDPOINT_LONGEST_PATH + 1]; /* "/" or the override's path */
    char url[ALS_ENDPOINT_URL_SIZE];          /* the three above in one */
    char signing_region[ALS_REGION_LONGEST_NAME + 1];
};

/* On failure *out is undefined. Errors never quote the override: it may hold a password. */
int als_endpoint_resolve(const struct als_endpoint_query *query, struct als_endpoint *out,
                         awslogsrc_error **error);

#endif
