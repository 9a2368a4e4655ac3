#include "testing.h"

#include "proxy.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { START_LIMIT_MS = 10000, PAUSE_MS = 20 };

static const char *find_program(void)
{
    static const char *const paths[] = {"/usr/bin/tinyproxy", "/usr/sbin/tinyproxy",
                                        "/usr/local/bin/tinyproxy", "/usr/local/sbin/tinyproxy"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (access(paths[i], X_OK) == 0)
            return paths[i];
    return NULL;
}

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* No proxy takes port 0. */
unsigned proxy_free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

bool proxy_answers(unsigned port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    (void)close(fd);
    return good;
}

static void start(struct proxy *proxy, const char *folder, const char *login)
{
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    const char *program = find_program();
    if (program == NULL) {
        printf("SKIPPED: tinyproxy is not installed\n");
        skip();
    }
    *proxy = (struct proxy){.port = proxy_free_port()};
    (void)snprintf(proxy->configuration, PROXY_PATH_SIZE, "%s/tinyproxy-%u.conf", folder,
                   proxy->port);
    (void)snprintf(proxy->log, PROXY_PATH_SIZE, "%s/tinyproxy-%u.log", folder, proxy->port);
    FILE *file = fopen(proxy->configuration, "w");
    assert_non_null(file);
    (void)fprintf(
        file,
        "Port %u\nListen 127.0.0.1\nListen ::1\nTimeout 60\nLogFile \"%s\"\nLogLevel Connect\n%s",
        proxy->port, proxy->log, login);
    assert_int_equal(fclose(file), 0);
    const char *const arguments[] = {program, "-d", "-c", proxy->configuration, NULL};
    process_start(&proxy->process, &(struct process_options){.arguments = arguments});
    for (int waited = 0; !proxy_answers(proxy->port); waited += PAUSE_MS) {
        assert_true(waited < START_LIMIT_MS);
        (void)nanosleep(&pause, NULL);
    }
}

void proxy_start(struct proxy *proxy, const char *folder)
{
    start(proxy, folder, "");
}

void proxy_start_with_login(struct proxy *proxy, const char *folder, const char *username,
                            const char *password)
{
    char login[PROXY_PATH_SIZE];
    (void)snprintf(login, sizeof login, "BasicAuth %s %s\n", username, password);
    start(proxy, folder, login);
}

char *proxy_stop(struct proxy *proxy)
{
    process_signal(&proxy->process, SIGTERM);
    (void)process_finish(&proxy->process);
    process_clear(&proxy->process);
    return test_read_file(proxy->log, NULL);
}
