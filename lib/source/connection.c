#include "source/connection.h"

#include <stdlib.h>
#include <unistd.h>

#include "awslogsrc/version.h"
#include "base/memory.h"

enum { USER_AGENT_LIMIT = 512 };

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

static int check_readable(const char *option, const char *path, awslogsrc_error **error)
{
    if (path != NULL && access(path, R_OK) != 0)
        return als_error_set(error, AWSLOGSRC_E_FILE, "%s: %s cannot be read", option, path);
    return 0;
}

static int name_agent(struct als_connection *connection, const char *suffix,
                      awslogsrc_error **error)
{
    struct als_buffer agent;
    als_buffer_init(&agent, USER_AGENT_LIMIT);
    als_buffer_format(&agent, "libawslogsrc/%s%s%s", AWSLOGSRC_VERSION, *suffix == '\0' ? "" : " ",
                      suffix);
    if (agent.status != 0) {
        als_buffer_clear(&agent);
        return als_error_set(error, agent.status, "user_agent_suffix: too long, or out of memory");
    }
    connection->user_agent = als_buffer_take(&agent);
    return 0;
}

static int choose_proxy(struct als_connection *connection, const struct als_settings *settings,
                        als_getenv_fn environment, awslogsrc_error **error)
{
    struct als_proxy_options options = {settings->proxy_server, settings->proxy_port,
                                        settings->proxy_username, settings->proxy_password,
                                        settings->no_proxy};
    if (settings->use_proxy)
        return als_proxy_init(&connection->proxy, &options, error);
    if (!settings->proxy_by_environment)
        return 0;
    return als_proxy_init_by_environment(&connection->proxy,
                                         environment == NULL ? secure_getenv : environment,
                                         settings->no_proxy, error);
}

int als_connection_init(struct als_connection *connection, const struct als_settings *settings,
                        als_getenv_fn environment, awslogsrc_error **error)
{
    *connection = (struct als_connection){0};
    int status = name_agent(connection, settings->user_agent_suffix, error);
    if (status == 0)
        status = choose_proxy(connection, settings, environment, error);
    if (status != 0)
        return status;
    connection->http =
        (struct als_http_settings){.ca_file = or_null(settings->ca_file),
                                   .ca_path = or_null(settings->ca_path),
                                   .proxy = &connection->proxy,
                                   .user_agent = connection->user_agent,
                                   .tls_minimum = settings->tls_minimum == ALS_TLS_1_3 ? 13 : 12,
                                   .connect_timeout_ms = settings->connect_timeout,
                                   .request_timeout_ms = settings->request_timeout};
    status = check_readable("ca_file", connection->http.ca_file, error);
    return status != 0 ? status : check_readable("ca_path", connection->http.ca_path, error);
}

void als_connection_clear(struct als_connection *connection)
{
    als_proxy_clear(&connection->proxy);
    als_free(connection->user_agent);
    *connection = (struct als_connection){0};
}
