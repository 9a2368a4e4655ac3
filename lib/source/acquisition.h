/* The certificates of one server, acquired by hand: fetched, to be shown, then stored. */
#ifndef ALS_SOURCE_ACQUISITION_H
#define ALS_SOURCE_ACQUISITION_H

#include "aws/endpoint.h"
#include "awslogsrc/trust.h"
#include "net/certificates.h"
#include "source/connection.h"
#include "source/context.h"

struct awslogsrc_trust {
    awslogsrc_context *context;
    struct als_settings settings;
    struct als_connection connection;
    struct als_endpoint endpoint;
    char place[ALS_ENDPOINT_HOST_SIZE + 4]; /* "localhost:443": the entry's name */
    enum { ALS_ACQUISITION_NEW, ALS_ACQUISITION_FETCHING, ALS_ACQUISITION_OVER } state;
    struct als_http_call *call; /* while it is fetching */
    awslogsrc_trust_fn fn;
    void *user_data;
    awslogsrc_user_data_free user_data_free;
    struct als_certificates certificates;
    char *problem; /* NULL: none, or not fetched */
    bool acquirable;
    int references; /* the host's, and that of a callback that runs */
};

/* options may be NULL. Errors as awslogsrc_trust_new() has them. */
int als_acquisition_new(awslogsrc_context *context, const awslogsrc_options *options,
                        const char *host, awslogsrc_trust **out, awslogsrc_error **error);
void als_acquisition_free(awslogsrc_trust *trust);

/* Takes the user data in any case. */
int als_acquisition_fetch(awslogsrc_trust *trust, awslogsrc_trust_fn fn, void *user_data,
                          awslogsrc_user_data_free user_data_free, awslogsrc_error **error);

/* NULL where there is none. */
const struct als_certificate *als_acquisition_certificate(const awslogsrc_trust *trust, int index);

/* path: NULL means the option. */
int als_acquisition_store(const awslogsrc_trust *trust, const char *path, awslogsrc_error **error);

#endif
