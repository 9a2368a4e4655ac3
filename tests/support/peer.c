#include "testing.h"

#include "peer.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 16384 };

struct visit {
    struct peer *peer;
    int fd;
};

static void note(struct peer *peer, const char *what, const char *target)
{
    (void)pthread_mutex_lock(&peer->lock);
    size_t size = strlen(peer->log);
    (void)snprintf(peer->log + size, sizeof peer->log - size, "%s %s\n", what, target);
    (void)pthread_mutex_unlock(&peer->lock);
}

/* Waits for input; false when the peer stops. */
static bool wait_for(const struct peer *peer, int fd)
{
    struct pollfd both[] = {{.fd = fd, .events = POLLIN}, {.fd = peer->stop[0], .events = POLLIN}};
    (void)poll(both, 2, -1);
    return both[1].revents == 0;
}

static bool read_exactly(const struct peer *peer, int fd, unsigned char *out, size_t size)
{
    while (size > 0) {
        ssize_t got = wait_for(peer, fd) ? read(fd, out, size) : -1;
        if (got <= 0)
            return false;
        out += got;
        size -= (size_t)got;
    }
    return true;
}

static bool send_all(int fd, const void *data, size_t size)
{
    return send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* RFC 1929 */
static bool check_login(const struct peer *peer, int fd)
{
    unsigned char head[2], name[256] = {0}, size = 0, password[256] = {0};
    if (!read_exactly(peer, fd, head, 2) || !read_exactly(peer, fd, name, head[1]) ||
        !read_exactly(peer, fd, &size, 1) || !read_exactly(peer, fd, password, size))
        return false;
    bool good =
        strcmp((char *)name, peer->username) == 0 && strcmp((char *)password, peer->password) == 0;
    return send_all(fd, good ? "\x01\x00" : "\x01\x01", 2) && good;
}

static bool greet(const struct peer *peer, int fd)
{
    unsigned char head[2], methods[256];
    bool login = peer->username != NULL;
    if (!read_exactly(peer, fd, head, 2) || !read_exactly(peer, fd, methods, head[1]))
        return false;
    if (memchr(methods, login ? 2 : 0, head[1]) == NULL) {
        (void)send_all(fd, "\x05\xff", 2);
        return false;
    }
    return send_all(fd, login ? "\x05\x02" : "\x05\x00", 2) && (!login || check_login(peer, fd));
}

static bool read_target(const struct peer *peer, int fd, char host[256], char port[8])
{
    unsigned char head[4], address[256] = {0}, size = 0, number[2];
    if (!read_exactly(peer, fd, head, 4))
        return false;
    size = head[3] == 1 ? 4 : 16;
    if (head[3] == 3 && !read_exactly(peer, fd, &size, 1))
        return false;
    if (!read_exactly(peer, fd, address, size) || !read_exactly(peer, fd, number, 2))
        return false;
    if (head[3] == 3)
        memcpy(host, address, 256);
    else
        (void)inet_ntop(head[3] == 1 ? AF_INET : AF_INET6, address, host, 256);
    (void)snprintf(port, 8, "%u", number[0] * 256U + number[1]);
    return true;
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int fd = -1;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *one = found; fd < 0 && one != NULL; one = one->ai_next) {
        fd = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, one->ai_addr, one->ai_addrlen) != 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

static bool pass_on(int from, int to)
{
    char data[BUFFER];
    ssize_t got = read(from, data, sizeof data);
    return got > 0 && send_all(to, data, (size_t)got);
}

static void relay(const struct peer *peer, int a, int b)
{
    struct pollfd all[] = {{.fd = a, .events = POLLIN},
                           {.fd = b, .events = POLLIN},
                           {.fd = peer->stop[0], .events = POLLIN}};
    while (poll(all, 3, -1) > 0 && all[2].revents == 0) {
        if ((all[0].revents != 0 && !pass_on(a, b)) || (all[1].revents != 0 && !pass_on(b, a)))
            return;
    }
}

static void serve_socks(struct peer *peer, int fd)
{
    char host[256], port[8], target[300];
    if (!greet(peer, fd) || !read_target(peer, fd, host, port))
        return;
    (void)snprintf(target, sizeof target, "%s:%s", host, port);
    note(peer, "SOCKS", target);
    int other = connect_to(host, port);
    const char reply[10] = {5, other < 0 ? 5 : 0, 0, 1};
    if (send_all(fd, reply, sizeof reply) && other >= 0)
        relay(peer, fd, other);
    if (other >= 0)
        (void)close(other);
}

static void serve_request(struct peer *peer, int fd)
{
    static const char refusal[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    static const char acceptance[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    char data[BUFFER] = "";
    ssize_t got = wait_for(peer, fd) ? read(fd, data, sizeof data - 1) : -1;
    if (got <= 0)
        return;
    data[strcspn(data, "\r\n")] = '\0';
    note(peer, "HTTP", data);
    if (peer->kind == PEER_REFUSES)
        (void)send_all(fd, refusal, sizeof refusal - 1);
    if (peer->kind == PEER_CUTS)
        (void)send_all(fd, acceptance, sizeof acceptance - 1);
    if (peer->kind == PEER_CUTS && wait_for(peer, fd))
        (void)read(fd, data, sizeof data); /* what is unread would make it a reset */
}

static void *serve(void *user_data)
{
    struct visit *visit = user_data;
    struct pollfd stop = {.fd = visit->peer->stop[0], .events = POLLIN};
    if (visit->peer->kind == PEER_SOCKS)
        serve_socks(visit->peer, visit->fd);
    else if (visit->peer->kind == PEER_STAYS_QUIET)
        (void)poll(&stop, 1, -1);
    else
        serve_request(visit->peer, visit->fd);
    (void)close(visit->fd);
    free(visit);
    return NULL;
}

static void *accept_all(void *user_data)
{
    struct peer *peer = user_data;
    while (wait_for(peer, peer->listener) && peer->thread_count < PEER_MOST_CONNECTIONS) {
        struct visit *visit = malloc(sizeof *visit);
        if (visit == NULL)
            break;
        *visit = (struct visit){peer, accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC)};
        if (pthread_create(&peer->threads[peer->thread_count], NULL, serve, visit) == 0) {
            peer->thread_count++;
            continue;
        }
        free(visit);
        break;
    }
    return NULL;
}

void peer_start(struct peer *peer)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = peer->ipv6 ? (struct sockaddr *)&ipv6 : (struct sockaddr *)&ipv4;
    socklen_t size = peer->ipv6 ? sizeof ipv6 : sizeof ipv4;
    peer->listener = socket(peer->ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(peer->listener, address, size), 0);
    assert_int_equal(listen(peer->listener, PEER_MOST_CONNECTIONS), 0);
    assert_int_equal(getsockname(peer->listener, address, &size), 0);
    peer->port = ntohs(peer->ipv6 ? ipv6.sin6_port : ipv4.sin_port);
    assert_int_equal(pipe(peer->stop), 0);
    assert_int_equal(pthread_mutex_init(&peer->lock, NULL), 0);
    assert_int_equal(pthread_create(&peer->acceptor, NULL, accept_all, peer), 0);
}

void peer_stop(struct peer *peer)
{
    (void)close(peer->stop[1]);
    (void)pthread_join(peer->acceptor, NULL);
    for (size_t i = 0; i < peer->thread_count; i++)
        (void)pthread_join(peer->threads[i], NULL);
    (void)close(peer->stop[0]);
    (void)close(peer->listener);
    (void)pthread_mutex_destroy(&peer->lock);
}
