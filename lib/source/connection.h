/* How a source reaches servers, made of its settings: proxy, trust, time limits. */
#ifndef ALS_SOURCE_CONNECTION_H
#define ALS_SOURCE_CONNECTION_H

#include "base/error.h"
#include "net/http.h"
#include "net/proxy.h"
#include "options/options.h"

struct als_connection {
    struct als_http_settings http; /* borrows from the settings and from what follows */
    struct als_proxy proxy;
    char *user_agent;
};

/* settings: borrow, for the connection's life. environment: for the proxies that are not set; NULL
 * means secure_getenv(). 0, AWSLOGSRC_E_FILE, AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY;
 * the caller clears in any case. */
int als_connection_init(struct als_connection *connection, const struct als_settings *settings,
                        als_getenv_fn environment, awslogsrc_error **error);
void als_connection_clear(struct als_connection *connection);

#endif
