/* Every kind of proxy, with and without TLS behind it, over IPv4 and IPv6; what went through is
 * proven by the proxy's own log. */
#include "testing.h"

#include "network.h"
#include "peer.h"
#include "proxy.h"
#include "squid.h"

#include <time.h>

#include "awslogsrc/awslogsrc.h"

#define LIST(...)          ((const char *const[]){__VA_ARGS__, NULL})
#define WRONG              "wr0ng-p@ss"
#define TINYPROXY_PASSWORD "plainpass" /* its configuration takes no quotes */

enum { LOG_LIMIT_MS = 10000, LOG_PAUSE_MS = 20, TEXT = 128, NOBODYS_PORT = 9 };

static struct network network;
static struct proxy tinyproxy, tinyproxy_login;
static struct squid squid;
static bool has_squid;
static struct peer socks4 = {.kind = PEER_SOCKS}, socks6 = {.kind = PEER_SOCKS, .ipv6 = true};
static struct peer socks_login = {
    .kind = PEER_SOCKS, .username = SQUID_USERNAME, .password = SQUID_PASSWORD};
static struct network_outcome outcome;

static int open_all(void **state)
{
    (void)state;
    network_open(&network);
    has_squid = squid_start(&squid, network.folder, network.certificate.chain,
                            network.certificate.key, NOBODYS_PORT);
    proxy_start(&tinyproxy, network.folder);
    proxy_start_with_login(&tinyproxy_login, network.folder, SQUID_USERNAME, TINYPROXY_PASSWORD);
    peer_start(&socks4);
    peer_start(&socks6);
    peer_start(&socks_login);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    peer_stop(&socks4);
    peer_stop(&socks6);
    peer_stop(&socks_login);
    free(proxy_stop(&tinyproxy));
    free(proxy_stop(&tinyproxy_login));
    if (has_squid)
        squid_stop(&squid);
    network_close(&network);
    return 0;
}

static void need_squid(void)
{
    if (has_squid)
        return;
    printf("SKIPPED: squid is not installed\n");
    skip();
}

/* --- one reading through one proxy --- */

struct way {
    const char *server; /* of proxy_server */
    unsigned port;
    const char *username, *password; /* NULL: none */
};

static const char *url_of(enum network_door door)
{
    static char url[TEXT];
    (void)snprintf(url, sizeof url, "%s://%s", door >= NETWORK_TLS4 ? "https" : "http",
                   network_host(&network, door));
    return url;
}

static void expect_no_secret(const char *text)
{
    assert_null(strstr(text, SQUID_PASSWORD));
    assert_null(strstr(text, TINYPROXY_PASSWORD));
    assert_null(strstr(text, WRONG));
}

static void collect_from(const struct way *way, const char *url)
{
    char port[16];
    (void)snprintf(port, sizeof port, "%u", way->port);
    bool login = way->username != NULL;
    network_collect(url,
                    LIST("use_proxy", "true", "proxy_server", way->server, "proxy_port", port,
                         "ca_file", network.ca_file, "connect_timeout", "5s",
                         login ? "proxy_username" : NULL, way->username, "proxy_password",
                         way->password),
                    &outcome);
    expect_no_secret(outcome.message);
    expect_no_secret(outcome.log);
}

static void collect(const struct way *way, enum network_door door)
{
    collect_from(way, url_of(door));
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

typedef char *read_log(void);

/* Some proxies write when the connection has ended. */
static void expect_in_log(read_log *read, const char *one, const char *other)
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

static char *log_of_squid(void)
{
    return squid_log(&squid);
}

static char *log_of_tinyproxy(void)
{
    return test_read_file(tinyproxy.log, NULL);
}

static char *log_of_tinyproxy_login(void)
{
    return test_read_file(tinyproxy_login.log, NULL);
}

static char *log_of_socks(void)
{
    struct peer *peers[] = {&socks4, &socks6, &socks_login};
    char *all = calloc(3, PEER_LOG_SIZE);
    assert_non_null(all);
    for (size_t i = 0; i < 3; i++) {
        (void)pthread_mutex_lock(&peers[i]->lock);
        (void)snprintf(all + strlen(all), PEER_LOG_SIZE, "%s", peers[i]->log);
        (void)pthread_mutex_unlock(&peers[i]->lock);
    }
    return all;
}

static void expect_all_events(void)
{
    if (outcome.code != 0)
        fail_msg("%s", outcome.message);
    assert_int_equal(outcome.events, NETWORK_EVENTS);
}

static void expect_trouble(int code, const char *proxy, const char *says)
{
    if (outcome.code != code || strstr(outcome.message, proxy) == NULL ||
        strstr(outcome.message, says) == NULL)
        fail_msg("%d is not %d, or \"%s\" or \"%s\" is not in: %s", outcome.code, code, proxy, says,
                 outcome.message);
}

/* --- through HTTP proxies --- */

static void reach_everything(const struct way *way, read_log *read, const char *tunnel,
                             const char *request)
{
    static const char *const hosts[] = {"127.0.0.1", "::1"};
    char target[TEXT];
    for (int door = 0; door < NETWORK_DOORS; door++) {
        for (size_t i = 0; i < 2; i++) {
            struct way one = *way;
            one.server = way->server == NULL ? hosts[i] : way->server;
            collect(&one, (enum network_door)door);
            expect_all_events();
        }
        (void)snprintf(target, sizeof target,
                       door >= NETWORK_TLS4 ? "CONNECT %s" : "POST http://%s",
                       network_host(&network, (enum network_door)door));
        expect_in_log(read, door >= NETWORK_TLS4 ? tunnel : request, target);
    }
}

static void test_proxies__tinyproxy__reaches_everything(void **state)
{
    (void)state;
    reach_everything(&(struct way){.port = tinyproxy.port}, log_of_tinyproxy, "Request", "Request");
}

static void test_proxies__tinyproxy_with_login__reaches_everything(void **state)
{
    (void)state;
    reach_everything(&(struct way){.port = tinyproxy_login.port,
                                   .username = SQUID_USERNAME,
                                   .password = TINYPROXY_PASSWORD},
                     log_of_tinyproxy_login, "Request", "Request");
}

static void test_proxies__squid__reaches_everything(void **state)
{
    (void)state;
    need_squid();
    reach_everything(&(struct way){.port = squid.open_port}, log_of_squid, "TCP_TUNNEL/200",
                     "TCP_MISS/200");
}

static struct way squid_login(unsigned port, const char *password)
{
    return (struct way){"127.0.0.1", port, SQUID_USERNAME, password};
}

static void reach_with_login(unsigned port)
{
    need_squid();
    struct way way = squid_login(port, SQUID_PASSWORD);
    way.server = NULL;
    reach_everything(&way, log_of_squid, " " SQUID_USERNAME " ", " " SQUID_USERNAME " ");
}

static void test_proxies__squid_basic__reaches_everything(void **state)
{
    (void)state;
    reach_with_login(squid.basic_port);
}

static void test_proxies__squid_digest__reaches_everything(void **state)
{
    (void)state;
    reach_with_login(squid.digest_port);
}

static void test_proxies__squid_over_tls__reaches_everything(void **state)
{
    (void)state;
    need_squid();
    reach_everything(&(struct way){.server = "https://localhost", .port = squid.tls_port},
                     log_of_squid, "TCP_TUNNEL/200", "TCP_MISS/200");
}

/* --- through SOCKS proxies --- */

static void reach_by_socks(const char *server, const struct peer *peer)
{
    char target[TEXT];
    for (int door = 0; door < NETWORK_DOORS; door++) {
        struct way way = {server, peer->port, peer->username, peer->password};
        collect(&way, (enum network_door)door);
        expect_all_events();
        (void)snprintf(target, sizeof target, ":%u",
                       network_port(&network, (enum network_door)door));
        expect_in_log(log_of_socks, "SOCKS", target);
    }
}

static void test_proxies__socks__reaches_everything(void **state)
{
    (void)state;
    reach_by_socks("socks5h://127.0.0.1", &socks4);
}

static void test_proxies__socks_over_ipv6__reaches_everything(void **state)
{
    (void)state;
    reach_by_socks("socks5h://[::1]", &socks6);
}

static void test_proxies__socks_with_login__reaches_everything(void **state)
{
    (void)state;
    reach_by_socks("socks5h://127.0.0.1", &socks_login);
}

static void test_proxies__socks__resolves_the_name_itself(void **state)
{
    char url[TEXT];
    (void)state;
    (void)snprintf(url, sizeof url, "https://localhost:%u", network_port(&network, NETWORK_TLS4));
    collect_from(&(struct way){.server = "socks5h://127.0.0.1", .port = socks4.port}, url);
    expect_all_events();
    expect_in_log(log_of_socks, "SOCKS localhost:", url + strlen("https://"));
}

/* --- logins --- */

static void expect_login_trouble(const struct way *way, const char *proxy, const char *says)
{
    static const enum network_door doors[] = {NETWORK_PLAIN4, NETWORK_TLS4};
    char name[TEXT];
    (void)snprintf(name, sizeof name, "%s:%u", proxy, way->port);
    for (size_t i = 0; i < 2; i++) {
        collect(way, doors[i]);
        expect_trouble(AWSLOGSRC_E_PROXY, name, says);
    }
}

static void test_proxies__wrong_password__is_the_proxys_error(void **state)
{
    (void)state;
    expect_login_trouble(&(struct way){"127.0.0.1", tinyproxy_login.port, SQUID_USERNAME, WRONG},
                         "http://127.0.0.1", "HTTP 401"); /* not 407, as others say */
}

static void test_proxies__wrong_password_by_basic__is_the_proxys_error(void **state)
{
    (void)state;
    need_squid();
    struct way way = squid_login(squid.basic_port, WRONG);
    expect_login_trouble(&way, "http://127.0.0.1",
                         "refuses proxy_username and proxy_password (HTTP 407)");
}

static void test_proxies__wrong_password_by_digest__is_the_proxys_error(void **state)
{
    (void)state;
    need_squid();
    struct way way = squid_login(squid.digest_port, WRONG);
    expect_login_trouble(&way, "http://127.0.0.1",
                         "refuses proxy_username and proxy_password (HTTP 407)");
}

static void test_proxies__wrong_password_for_socks__is_the_proxys_error(void **state)
{
    (void)state;
    expect_login_trouble(
        &(struct way){"socks5h://127.0.0.1", socks_login.port, SQUID_USERNAME, WRONG},
        "socks5h://127.0.0.1", "gave no way to 127.0.0.1:");
}

static void test_proxies__no_login_where_one_is_wanted__says_which_options_to_set(void **state)
{
    (void)state;
    need_squid();
    const unsigned ports[] = {squid.basic_port, squid.digest_port};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
        expect_login_trouble(&(struct way){.server = "127.0.0.1", .port = ports[i]},
                             "http://127.0.0.1",
                             "asks for proxy_username and proxy_password (HTTP 407)");
    collect(&(struct way){.server = "127.0.0.1", .port = tinyproxy_login.port}, NETWORK_TLS4);
    expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "asks for");
}

/* --- proxies in trouble --- */

static void expect_everywhere(const char *server, unsigned port, const char *plain, const char *tls)
{
    char name[TEXT];
    const struct way way = {.server = server, .port = port};
    (void)snprintf(name, sizeof name, "%s:%u", server, port);
    collect(&way, NETWORK_PLAIN4);
    expect_trouble(AWSLOGSRC_E_PROXY, name, plain);
    collect(&way, NETWORK_TLS4);
    expect_trouble(AWSLOGSRC_E_PROXY, name, tls);
}

static void test_proxies__dead__is_the_proxys_error(void **state)
{
    static const char *const servers[] = {"http://127.0.0.1", "https://127.0.0.1",
                                          "socks5h://127.0.0.1", "http://[::1]"};
    (void)state;
    unsigned port = proxy_free_port();
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
        expect_everywhere(servers[i], port, "connect", "connect");
}

static void expect_of_peer(enum peer_kind kind, const char *plain, const char *tls)
{
    struct peer peer = {.kind = kind};
    peer_start(&peer);
    expect_everywhere("http://127.0.0.1", peer.port, plain, tls);
    peer_stop(&peer);
}

static void test_proxies__closes_at_once__is_the_proxys_error(void **state)
{
    (void)state;
    expect_of_peer(PEER_CLOSES, "gave no answer", "gave no way to 127.0.0.1:");
}

static void test_proxies__refuses__is_the_proxys_error(void **state)
{
    (void)state;
    expect_of_peer(PEER_REFUSES, "HTTP 403", "refuses the way to 127.0.0.1:");
}

static void test_proxies__cuts_the_tunnel__is_the_proxys_error(void **state)
{
    struct peer peer = {.kind = PEER_CUTS};
    (void)state;
    peer_start(&peer);
    collect(&(struct way){.server = "127.0.0.1", .port = peer.port}, NETWORK_TLS4);
    peer_stop(&peer);
    expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "was cut before TLS stood");
}

static void test_proxies__stays_quiet__is_the_proxys_error(void **state)
{
    struct peer peer = {.kind = PEER_STAYS_QUIET};
    char port[16];
    (void)state;
    peer_start(&peer);
    (void)snprintf(port, sizeof port, "%u", peer.port);
    network_collect(url_of(NETWORK_TLS4),
                    LIST("use_proxy", "true", "proxy_server", "127.0.0.1", "proxy_port", port,
                         "connect_timeout", "300ms"),
                    &outcome);
    peer_stop(&peer);
    expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "gave no way to 127.0.0.1:");
}

static void test_proxies__squid_refuses__is_the_proxys_error(void **state)
{
    struct way way = {.server = "127.0.0.1", .port = squid.open_port};
    (void)state;
    need_squid();
    collect_from(&way, "https://127.0.0.1:9");
    expect_trouble(AWSLOGSRC_E_PROXY,
                   "http://127.0.0.1:", "refuses the way to 127.0.0.1:9 (HTTP 403)");
    collect_from(&way, "http://127.0.0.1:9");
    expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "HTTP 403");
}

static void test_proxies__nobody_behind_it__is_no_error_of_aws(void **state)
{
    char url[TEXT];
    unsigned port = proxy_free_port();
    const struct way ways[] = {{.server = "http://127.0.0.1", .port = squid.open_port},
                               {.server = "http://127.0.0.1", .port = tinyproxy.port},
                               {.server = "socks5h://127.0.0.1", .port = socks4.port}};
    (void)state;
    need_squid();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", port);
        collect_from(&ways[i], url);
        expect_trouble(AWSLOGSRC_E_PROXY, ways[i].server, "127.0.0.1:");
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", port);
        collect_from(&ways[i], url);
        expect_trouble(AWSLOGSRC_E_PROXY, ways[i].server, "");
    }
}

static void test_proxies__untrusted_certificate_of_the_proxy__is_the_proxys_error(void **state)
{
    char port[16];
    (void)state;
    need_squid();
    (void)snprintf(port, sizeof port, "%u", squid.tls_port);
    network_collect(
        url_of(NETWORK_PLAIN4),
        LIST("use_proxy", "true", "proxy_server", "https://localhost", "proxy_port", port),
        &outcome);
    expect_trouble(AWSLOGSRC_E_PROXY, "https://localhost:", "certificate");
}

/* --- which proxy, if any --- */

static void with_environment(const char *const *options)
{
    char url[TEXT];
    (void)snprintf(url, sizeof url, "http://%s:%s@127.0.0.1:%u", SQUID_USERNAME, "plain%70ass",
                   tinyproxy_login.port);
    assert_int_equal(setenv("HTTPS_PROXY", url, 1), 0);
    network_collect(url_of(NETWORK_TLS4), options, &outcome);
    assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
    expect_no_secret(outcome.message);
    expect_no_secret(outcome.log);
}

static size_t size_of_log(void)
{
    char *log = log_of_tinyproxy_login();
    size_t size = strlen(log);
    free(log);
    return size;
}

static void test_proxies__environment__counts_where_use_proxy_is_not_set(void **state)
{
    (void)state;
    size_t before = size_of_log();
    with_environment(LIST("ca_file", network.ca_file));
    expect_all_events();
    assert_true(size_of_log() > before);
}

static void expect_direct(const char *const *options)
{
    size_t before = size_of_log();
    with_environment(options);
    expect_all_events();
    assert_int_equal(size_of_log(), before);
}

static void test_proxies__use_proxy_false__no_proxy_of_the_environment_either(void **state)
{
    (void)state;
    expect_direct(LIST("ca_file", network.ca_file, "use_proxy", "false"));
}

static void test_proxies__no_proxy__goes_past_it(void **state)
{
    (void)state;
    expect_direct(LIST("ca_file", network.ca_file, "no_proxy", "example.com, 127.0.0.0/8"));
}

static void test_proxies__no_proxy_of_the_environment__goes_past_it(void **state)
{
    (void)state;
    assert_int_equal(setenv("NO_PROXY", "127.0.0.1", 1), 0);
    size_t before = size_of_log();
    with_environment(LIST("ca_file", network.ca_file));
    assert_int_equal(unsetenv("NO_PROXY"), 0);
    expect_all_events();
    assert_int_equal(size_of_log(), before);
}

static void test_proxies__bad_url_in_the_environment__names_the_variable_alone(void **state)
{
    (void)state;
    assert_int_equal(setenv("HTTPS_PROXY", "gopher://me:" WRONG "@127.0.0.1", 1), 0);
    network_collect(url_of(NETWORK_TLS4), LIST(NULL), &outcome);
    assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
    expect_trouble(AWSLOGSRC_E_OPTION_VALUE, "HTTPS_PROXY", "scheme");
    expect_no_secret(outcome.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxies__tinyproxy__reaches_everything),
        cmocka_unit_test(test_proxies__tinyproxy_with_login__reaches_everything),
        cmocka_unit_test(test_proxies__squid__reaches_everything),
        cmocka_unit_test(test_proxies__squid_basic__reaches_everything),
        cmocka_unit_test(test_proxies__squid_digest__reaches_everything),
        cmocka_unit_test(test_proxies__squid_over_tls__reaches_everything),
        cmocka_unit_test(test_proxies__socks__reaches_everything),
        cmocka_unit_test(test_proxies__socks_over_ipv6__reaches_everything),
        cmocka_unit_test(test_proxies__socks_with_login__reaches_everything),
        cmocka_unit_test(test_proxies__socks__resolves_the_name_itself),
        cmocka_unit_test(test_proxies__wrong_password__is_the_proxys_error),
        cmocka_unit_test(test_proxies__wrong_password_by_basic__is_the_proxys_error),
        cmocka_unit_test(test_proxies__wrong_password_by_digest__is_the_proxys_error),
        cmocka_unit_test(test_proxies__wrong_password_for_socks__is_the_proxys_error),
        cmocka_unit_test(test_proxies__no_login_where_one_is_wanted__says_which_options_to_set),
        cmocka_unit_test(test_proxies__dead__is_the_proxys_error),
        cmocka_unit_test(test_proxies__closes_at_once__is_the_proxys_error),
        cmocka_unit_test(test_proxies__refuses__is_the_proxys_error),
        cmocka_unit_test(test_proxies__cuts_the_tunnel__is_the_proxys_error),
        cmocka_unit_test(test_proxies__stays_quiet__is_the_proxys_error),
        cmocka_unit_test(test_proxies__squid_refuses__is_the_proxys_error),
        cmocka_unit_test(test_proxies__nobody_behind_it__is_no_error_of_aws),
        cmocka_unit_test(test_proxies__untrusted_certificate_of_the_proxy__is_the_proxys_error),
        cmocka_unit_test(test_proxies__environment__counts_where_use_proxy_is_not_set),
        cmocka_unit_test(test_proxies__use_proxy_false__no_proxy_of_the_environment_either),
        cmocka_unit_test(test_proxies__no_proxy__goes_past_it),
        cmocka_unit_test(test_proxies__no_proxy_of_the_environment__goes_past_it),
        cmocka_unit_test(test_proxies__bad_url_in_the_environment__names_the_variable_alone),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
