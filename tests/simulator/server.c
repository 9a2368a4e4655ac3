/*
 * HTTP around a service. One thread a connection: a hanging or slow answer then is a thread that
 * waits, and concerns no other connection.
 */
#include "server.h"

#include "buffer.h"

#include <linux/sockios.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { MAX_HEADERS = 64, MAX_REQUEST = 4 << 20, CONNECTIONS = 4096, IDLE_S = 120 };

struct sim_server {
    struct sim_service *service;
    struct MHD_Daemon *daemon;
    struct MHD_Daemon *metadata; /* NULL: without */
    int64_t clock_offset_ms;
    pthread_mutex_t lock; /* of the service */
    atomic_bool stopping;
};

/* One request while it arrives and is answered. */
struct transaction {
    struct sim_server *server;
    struct MHD_Connection *connection;
    char *path;
    bool begun;
    struct sim_buffer body;
    struct sim_response response;
    struct sim_header headers[MAX_HEADERS];
    size_t header_count;
};

int64_t sim_server_now(int64_t clock_offset_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + clock_offset_ms;
}

/* ---- what befalls the connection ---- */

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/* Until the other side's kernel has what was sent: a reset throws away what is under way. */
static void flush(int fd)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    int left = 0;
    for (int i = 0; i < 1000 && ioctl(fd, SIOCOUTQ, &left) == 0 && left > 0; i++)
        nanosleep(&pause, NULL);
}

/* Dissolving the association is a reset on the wire at once, whoever closes the socket later. */
static void reset(struct MHD_Connection *connection)
{
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    int fd = socket_of(connection);
    flush(fd);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)connect(fd, &nobody, sizeof nobody);
}

/* Waits; false when the other side left or the server stops. */
static bool wait_for(const struct transaction *transaction, int64_t ms)
{
    struct pollfd peer = {.fd = socket_of(transaction->connection), .events = POLLRDHUP};
    const int64_t step = 100;
    for (; ms > 0 && !transaction->server->stopping; ms -= step) {
        if (poll(&peer, 1, (int)(ms < step ? ms : step)) > 0)
            return false; /* not on -1: an interrupted wait is only a shorter one */
    }
    return ms <= 0;
}

/* Hands out the body up to the cut. */
static ssize_t read_cut(void *context, uint64_t position, char *out, size_t most)
{
    const struct transaction *transaction = context;
    const struct sim_response *response = &transaction->response;
    if (position >= response->cut_at) {
        if (response->transport == SIM_RESET_BODY)
            reset(transaction->connection);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = response->cut_at - (size_t)position;
    size_t length = left < most ? left : most;
    memcpy(out, response->body + position, length);
    return (ssize_t)length;
}

/* ---- answering ---- */

static struct MHD_Response *make_response(struct transaction *transaction)
{
    struct sim_response *response = &transaction->response;
    struct MHD_Response *answer = NULL;
    if (response->transport == SIM_ANSWERED) {
        answer = MHD_create_response_from_buffer(response->body_length, response->body,
                                                 MHD_RESPMEM_MUST_FREE);
        response->body = NULL;
    } else {
        uint64_t size =
            response->transport == SIM_TRUNCATED_CHUNKED ? MHD_SIZE_UNKNOWN : response->body_length;
        answer = MHD_create_response_from_callback(size, 16384, read_cut, transaction, NULL);
    }
    struct sim_header header;
    for (size_t i = 0; answer && sim_response_header(response, i, &header); i++)
        MHD_add_response_header(answer, header.name, header.value);
    return answer;
}

static enum MHD_Result send_answer(struct transaction *transaction)
{
    struct sim_response *response = &transaction->response;
    int64_t delay = response->transport == SIM_HANG ? INT64_MAX : response->delay_ms;
    if (delay && !wait_for(transaction, delay))
        return MHD_NO;
    if (response->transport == SIM_RESET) {
        reset(transaction->connection);
        return MHD_NO;
    }
    sim_response_finish(response); /* the client may know before this thread does */
    struct MHD_Response *answer = make_response(transaction);
    if (!answer)
        return MHD_NO;
    enum MHD_Result result =
        MHD_queue_response(transaction->connection, (unsigned)response->status, answer);
    MHD_destroy_response(answer);
    return result;
}

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct transaction *transaction = context;
    (void)kind;
    if (transaction->header_count == MAX_HEADERS)
        return MHD_NO;
    transaction->headers[transaction->header_count++] =
        (struct sim_header){name, value ? value : ""};
    return MHD_YES;
}

static enum MHD_Result answer(struct transaction *transaction, const char *method)
{
    struct sim_server *server = transaction->server;
    MHD_get_connection_values(transaction->connection, MHD_HEADER_KIND, add_header, transaction);
    struct sim_request request = {
        .method = method,
        .path = transaction->path,
        .headers = transaction->headers,
        .header_count = transaction->header_count,
        .body = transaction->body.data,
        .body_length = transaction->body.length,
    };
    pthread_mutex_lock(&server->lock);
    sim_service_request(server->service, &request, sim_server_now(server->clock_offset_ms),
                        &transaction->response);
    pthread_mutex_unlock(&server->lock);
    return send_answer(transaction);
}

/* The first call for a request, and the only one with the path as it came, as it was signed. */
static void *begin(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct transaction *transaction = sim_allocate(sizeof *transaction);
    transaction->server = context;
    transaction->connection = connection;
    transaction->path = sim_duplicate(uri);
    return transaction;
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd dictates the parameters */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *length, void **state)
{
    struct transaction *transaction = *state;
    (void)context;
    (void)connection;
    (void)url;
    (void)version;
    if (!transaction->begun) { /* the headers only */
        transaction->begun = true;
        return MHD_YES;
    }
    if (*length) {
        if (transaction->body.length + *length > MAX_REQUEST)
            return MHD_NO;
        sim_buffer_add(&transaction->body, data, *length);
        *length = 0;
        return MHD_YES;
    }
    return answer(transaction, method);
}

static void complete(void *context, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode code)
{
    struct transaction *transaction = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (!transaction)
        return;
    free(transaction->path);
    sim_buffer_clear(&transaction->body);
    sim_response_clear(&transaction->response);
    free(transaction);
    *state = NULL;
}

/* ---- life ---- */

static struct MHD_Daemon *start_daemon(struct sim_server *server, uint16_t port,
                                       const struct sim_server_options *options)
{
    const struct sockaddr_in ipv4 = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 ipv6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const void *address = options->ipv6 ? (const void *)&ipv6 : (const void *)&ipv4;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificate_chain},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK | MHD_USE_ITC;
    if (options->key)
        flags |= MHD_USE_TLS;
    if (options->ipv6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, port, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(128 << 10),
        MHD_OPTION_URI_LOG_CALLBACK, begin, server, MHD_OPTION_NOTIFY_COMPLETED, complete, NULL,
        MHD_OPTION_ARRAY, options->key ? tls : tls + 2, MHD_OPTION_END);
}

struct sim_server *sim_server_start(struct sim_service *service,
                                    const struct sim_server_options *options)
{
    struct sim_server *server = sim_allocate(sizeof *server);
    server->service = service;
    server->clock_offset_ms = options->clock_offset_ms;
    pthread_mutex_init(&server->lock, NULL);
    const struct sim_server_options plain = {0};
    server->daemon = start_daemon(server, options->port, options);
    if (server->daemon && options->metadata)
        server->metadata = start_daemon(server, options->metadata_port, &plain);
    if (server->daemon && (server->metadata || !options->metadata))
        return server;
    sim_server_stop(server);
    return NULL;
}

static uint16_t port_of(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

uint16_t sim_server_port(const struct sim_server *server)
{
    return port_of(server->daemon);
}

uint16_t sim_server_metadata_port(const struct sim_server *server)
{
    return server->metadata ? port_of(server->metadata) : 0;
}

void sim_server_lock(struct sim_server *server)
{
    pthread_mutex_lock(&server->lock);
}

void sim_server_unlock(struct sim_server *server)
{
    pthread_mutex_unlock(&server->lock);
}

int64_t sim_server_clock_offset(const struct sim_server *server)
{
    return server->clock_offset_ms;
}

void sim_server_stop(struct sim_server *server)
{
    server->stopping = true;
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    if (server->metadata)
        MHD_stop_daemon(server->metadata);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
