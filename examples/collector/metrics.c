#include "metrics.h"

#include <limits.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "address.h"
#include "console.h"

enum { CONNECTIONS = 16, IDLE_S = 30 };

struct metrics {
    const awslogsrc_context *context;
    struct MHD_Daemon *daemon;
    int fd;
    char url[ADDRESS_LONGEST_HOST + 32];
};

bool metrics_is_address(const char *address)
{
    struct address parsed;
    return address_parse(address, &parsed);
}

/* --- answers --- */

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void free_text(void *text)
{
    awslogsrc_source_stats_free(text);
}

static enum MHD_Result tell_figures(const struct metrics *metrics,
                                    struct MHD_Connection *connection)
{
    char *text = NULL;
    size_t size = 0;
    if (awslogsrc_context_stats_openmetrics(metrics->context, &text, &size, NULL) != 0)
        return say(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(size, text, free_text);
    if (response == NULL) {
        free_text(text);
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                  "application/openmetrics-text; version=1.0.0; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd dictates the parameters */
static enum MHD_Result answer(void *user_data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **state)
{
    (void)version, (void)data, (void)size, (void)state;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
    if (strcmp(url, "/metrics") != 0)
        return say(connection, MHD_HTTP_NOT_FOUND, "see /metrics\n");
    return tell_figures(user_data, connection);
}

/* --- life --- */

/* No thread: the command's own loop polls. */
static struct MHD_Daemon *start(struct metrics *metrics, const struct addrinfo *at)
{
    unsigned flags = MHD_USE_EPOLL | (at->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0U);
    return MHD_start_daemon(flags, 0, NULL, NULL, answer, metrics, MHD_OPTION_SOCK_ADDR,
                            at->ai_addr, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
}

static void note_url(struct metrics *metrics, const char *host)
{
    const union MHD_DaemonInfo *port =
        MHD_get_daemon_info(metrics->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool colons = strchr(host, ':') != NULL;
    (void)snprintf(metrics->url, sizeof metrics->url, "http://%s%s%s:%u/metrics", colons ? "[" : "",
                   host, colons ? "]" : "", port == NULL ? 0U : port->port);
}

static bool open_at(struct metrics *metrics, const struct address *address)
{
    const struct addrinfo wanted = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(address->host, address->port, &wanted, &found);
    if (code != 0) {
        console_say("--metrics-listen: %s: %s", address->host, gai_strerror(code));
        return false;
    }
    metrics->daemon = start(metrics, found);
    freeaddrinfo(found);
    const union MHD_DaemonInfo *info =
        metrics->daemon == NULL ? NULL
                                : MHD_get_daemon_info(metrics->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL) {
        console_say("--metrics-listen: cannot listen on %s:%s", address->host, address->port);
        return false;
    }
    metrics->fd = info->epoll_fd;
    note_url(metrics, address->host);
    return true;
}

struct metrics *metrics_listen(const char *address, const awslogsrc_context *context)
{
    struct address parsed;
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (metrics == NULL || !address_parse(address, &parsed)) {
        console_say("--metrics-listen: out of memory");
        free(metrics);
        return NULL;
    }
    metrics->context = context;
    if (open_at(metrics, &parsed))
        return metrics;
    metrics_close(metrics);
    return NULL;
}

const char *metrics_url(const struct metrics *metrics)
{
    return metrics->url;
}

int metrics_fd(const struct metrics *metrics)
{
    return metrics->fd;
}

int metrics_timeout_ms(const struct metrics *metrics)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    if (MHD_get_timeout(metrics->daemon, &ms) != MHD_YES)
        return -1;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

void metrics_process(struct metrics *metrics)
{
    (void)MHD_run(metrics->daemon);
}

void metrics_close(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    if (metrics->daemon != NULL)
        MHD_stop_daemon(metrics->daemon);
    free(metrics);
}
