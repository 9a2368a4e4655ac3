#include "wire.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "console.h"

struct wire_trust {
    SSL_CTX *context;
};

struct wire {
    int fd;
    bool datagrams;
    SSL *tls; /* NULL without */
    enum wire_state state;
    bool connected; /* TLS: the handshake is what goes on */
    short events;
    uint64_t sent, arrived;
    char error[256];
};

/* --- trust --- */

struct wire_trust *wire_trust_new(const char *ca_file)
{
    struct wire_trust *trust = calloc(1, sizeof *trust);
    if (trust != NULL)
        trust->context = SSL_CTX_new(TLS_client_method());
    if (trust == NULL || trust->context == NULL) {
        console_say("--output: out of memory");
        wire_trust_free(trust);
        return NULL;
    }
    (void)SSL_CTX_set_min_proto_version(trust->context, TLS1_2_VERSION);
    SSL_CTX_set_verify(trust->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(trust->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    int loaded = ca_file == NULL ? SSL_CTX_set_default_verify_paths(trust->context)
                                 : SSL_CTX_load_verify_locations(trust->context, ca_file, NULL);
    if (loaded == 1)
        return trust;
    console_say("--output-ca-file: %s: holds no certificates, or cannot be read",
                ca_file == NULL ? "the system's store" : ca_file);
    wire_trust_free(trust);
    return NULL;
}

void wire_trust_free(struct wire_trust *trust)
{
    if (trust == NULL)
        return;
    SSL_CTX_free(trust->context);
    free(trust);
}

/* --- connecting --- */

static void break_off(struct wire *wire, const char *why)
{
    wire->state = WIRE_BROKEN;
    (void)snprintf(wire->error, sizeof wire->error, "%s", why);
}

static void begin(struct wire *wire, const struct addrinfo *to)
{
    wire->fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (wire->fd < 0 || (connect(wire->fd, to->ai_addr, to->ai_addrlen) != 0 &&
                         errno != EINPROGRESS && errno != EINTR))
        break_off(wire, strerror(errno));
}

static bool begin_tls(struct wire *wire, const struct wire_trust *trust, const char *host)
{
    wire->tls = SSL_new(trust->context);
    if (wire->tls == NULL || SSL_set_fd(wire->tls, wire->fd) != 1)
        return false;
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(wire->tls), host) == 1)
        return true;
    return SSL_ctrl(wire->tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    (void *)(uintptr_t)host) == 1 &&
           SSL_set1_host(wire->tls, host) == 1;
}

struct wire *wire_open(const struct destination *destination, const struct addrinfo *to,
                       const struct wire_trust *trust)
{
    struct wire *wire = calloc(1, sizeof *wire);
    if (wire == NULL)
        return NULL;
    wire->fd = -1;
    wire->datagrams = destination->kind == DESTINATION_UDP;
    wire->events = POLLOUT;
    begin(wire, to);
    if (wire->state != WIRE_BROKEN && destination->kind == DESTINATION_TLS &&
        !begin_tls(wire, trust, destination->address.host))
        break_off(wire, "TLS: out of memory");
    return wire;
}

void wire_close(struct wire *wire)
{
    if (wire == NULL)
        return;
    if (wire->tls != NULL && wire->state == WIRE_READY)
        (void)SSL_shutdown(wire->tls);
    SSL_free(wire->tls);
    if (wire->fd >= 0)
        (void)close(wire->fd);
    free(wire);
}

int wire_fd(const struct wire *wire)
{
    return wire->fd;
}

short wire_events(const struct wire *wire)
{
    return wire->events;
}

const char *wire_error(const struct wire *wire)
{
    return wire->error;
}

/* Whether TLS only waits for the socket; for what is noted. */
static bool tls_waits(struct wire *wire, int result)
{
    int kind = SSL_get_error(wire->tls, result);
    wire->events = kind == SSL_ERROR_WANT_WRITE ? POLLIN | POLLOUT : POLLIN;
    return kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE;
}

static void break_tls(struct wire *wire)
{
    long verified = SSL_get_verify_result(wire->tls);
    unsigned long code = ERR_get_error();
    char reason[160] = "the receiver closed the connection";
    if (verified != X509_V_OK)
        (void)snprintf(reason, sizeof reason, "%s", X509_verify_cert_error_string(verified));
    else if (code != 0)
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    char why[200];
    (void)snprintf(why, sizeof why, "TLS: %s", reason);
    break_off(wire, why);
}

static void shake_hands(struct wire *wire)
{
    ERR_clear_error();
    int result = SSL_connect(wire->tls);
    if (result == 1)
        wire->state = WIRE_READY;
    else if (!tls_waits(wire, result))
        break_tls(wire);
}

static void go_on_connecting(struct wire *wire)
{
    struct pollfd ready = {.fd = wire->fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    if (!wire->connected) {
        if (poll(&ready, 1, 0) <= 0)
            return;
        if (getsockopt(wire->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
            break_off(wire, strerror(error));
            return;
        }
        wire->connected = true;
    }
    if (wire->tls != NULL)
        shake_hands(wire);
    else
        wire->state = WIRE_READY;
}

/* --- sending --- */

/* Receivers say nothing: there is something to read when they leave, or to TLS alone. */
static void listen_to(struct wire *wire)
{
    char bytes[256];
    if (wire->tls != NULL) {
        ERR_clear_error();
        int result = SSL_read(wire->tls, bytes, sizeof bytes);
        if (result <= 0 && !tls_waits(wire, result))
            break_tls(wire);
        return;
    }
    ssize_t result = recv(wire->fd, bytes, sizeof bytes, 0);
    if (result == 0 && !wire->datagrams)
        break_off(wire, "the receiver closed the connection");
    else if (result < 0 && errno != EAGAIN && errno != EINTR)
        break_off(wire, strerror(errno));
}

enum wire_state wire_process(struct wire *wire)
{
    if (wire->state == WIRE_CONNECTING)
        go_on_connecting(wire);
    if (wire->state == WIRE_READY) {
        wire->events = POLLIN;
        listen_to(wire);
    }
    return wire->state;
}

static ptrdiff_t send_tls(struct wire *wire, const char *data, size_t size)
{
    size_t sent = 0;
    ERR_clear_error();
    int result = SSL_write_ex(wire->tls, data, size, &sent);
    if (result == 1)
        return (ptrdiff_t)sent;
    if (tls_waits(wire, result))
        return 0;
    break_tls(wire);
    return -1;
}

static ptrdiff_t send_plain(struct wire *wire, const char *data, size_t size)
{
    ssize_t sent = 0;
    do
        sent = send(wire->fd, data, size, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return sent;
    if (errno == EAGAIN || errno == ENOBUFS) {
        wire->events |= POLLOUT;
        return 0;
    }
    break_off(wire, strerror(errno));
    return -1;
}

ptrdiff_t wire_send(struct wire *wire, const char *data, size_t size)
{
    ptrdiff_t sent = wire->tls != NULL ? send_tls(wire, data, size) : send_plain(wire, data, size);
    if (sent > 0)
        wire->sent += (uint64_t)sent;
    return sent;
}

/* What the other machine has acknowledged is no longer in the socket's queue (tcp(7), SIOCOUTQ).
 * TLS makes other bytes of ours: then nothing counts before all has gone. */
uint64_t wire_arrived(struct wire *wire)
{
    int queued = 0;
    if (wire->datagrams)
        return wire->sent;
    if (ioctl(wire->fd, SIOCOUTQ, &queued) != 0)
        return wire->arrived;
    if (wire->tls == NULL && (uint64_t)queued <= wire->sent)
        wire->arrived = wire->sent - (uint64_t)queued;
    else if (queued == 0)
        wire->arrived = wire->sent;
    return wire->arrived;
}
