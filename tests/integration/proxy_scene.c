#include "testing.h"

#include "proxy_scene.h"

#include <time.h>

enum { LOG_LIMIT_MS = 10000, LOG_PAUSE_MS = 20 };

struct proxy_scene proxy_scene;

void proxy_scene_need(bool there, const char *what)
{
    if (there)
        return;
    printf("SKIPPED: there is no %s\n", what);
    skip();
}

const char *proxy_scene_url(enum network_door door)
{
    static char url[PROXY_TEXT];
    (void)snprintf(url, sizeof url, "%s://%s", door >= NETWORK_TLS4 ? "https" : "http",
                   network_host(&proxy_scene.network, door));
    return url;
}

void proxy_scene_expect_no_secret(const char *text)
{
    assert_null(strstr(text, SQUID_PASSWORD));
    assert_null(strstr(text, TINYPROXY_PASSWORD));
    assert_null(strstr(text, WRONG));
}

void proxy_scene_collect(const struct proxy_way *way, const char *url)
{
    char port[16];
    (void)snprintf(port, sizeof port, "%u", way->port);
    bool login = way->username != NULL;
    network_collect(url,
                    LIST("use_proxy", "true", "proxy_server", way->server, "proxy_port", port,
                         "ca_file", proxy_scene.network.ca_file, "connect_timeout", "5s",
                         login ? "proxy_username" : NULL, way->username, "proxy_password",
                         way->password),
                    &proxy_scene.outcome);
    proxy_scene_expect_no_secret(proxy_scene.outcome.message);
    proxy_scene_expect_no_secret(proxy_scene.outcome.log);
}

/* Whether a line has both texts. */
static bool has_line(const char *log, const char *one, const char *other)
{
    for (const char *line = log; *line != '\0'; line += strcspn(line, "\n")) {
        line += strspn(line, "\n");
        size_t size = strcspn(line, "\n");
        if (memmem(line, size, one, strlen(one)) != NULL &&
            memmem(line, size, other, strlen(other)) != NULL)
            return true;
    }
    return false;
}

void proxy_scene_expect_in_log(proxy_scene_log *read, const char *one, const char *other)
{
    const struct timespec pause = {.tv_nsec = LOG_PAUSE_MS * 1000000L};
    for (int waited = 0; waited < LOG_LIMIT_MS; waited += LOG_PAUSE_MS) {
        char *log = read();
        bool found = has_line(log, one, other);
        free(log);
        if (found)
            return;
        (void)nanosleep(&pause, NULL);
    }
    fail_msg("the proxy's log has no line with %s and %s", one, other);
}

void proxy_scene_expect_all_events(void)
{
    if (proxy_scene.outcome.code != 0)
        fail_msg("%s", proxy_scene.outcome.message);
    assert_int_equal(proxy_scene.outcome.events, NETWORK_EVENTS);
}

void proxy_scene_expect_trouble(int code, const char *proxy, const char *says)
{
    if (proxy_scene.outcome.code != code || strstr(proxy_scene.outcome.message, proxy) == NULL ||
        strstr(proxy_scene.outcome.message, says) == NULL)
        fail_msg("%d is not %d, or \"%s\" or \"%s\" is not in: %s", proxy_scene.outcome.code, code,
                 proxy, says, proxy_scene.outcome.message);
}
