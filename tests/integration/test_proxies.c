/* Every kind of HTTP proxy, with and without TLS behind it, over IPv4 and IPv6; what went through
 * is proven by the proxy's own log. */
#include "testing.h"

#include "loopback.h"
#include "peer.h"
#include "proxy.h"
#include "proxy_scene.h"

#include "awslogsrc/awslogsrc.h"

enum { NOBODYS_PORT = 9 };

static struct proxy tinyproxy, tinyproxy_login;
static struct squid squid;
static bool has_squid;

static int open_all(void **state)
{
    (void)state;
    network_open(&proxy_scene.network);
    has_squid =
        squid_start(&squid, proxy_scene.network.folder, proxy_scene.network.certificate.chain,
                    proxy_scene.network.certificate.key, NOBODYS_PORT);
    if (proxy_is_installed()) {
        proxy_start(&tinyproxy, proxy_scene.network.folder);
        proxy_start_with_login(&tinyproxy_login, proxy_scene.network.folder, SQUID_USERNAME,
                               TINYPROXY_PASSWORD);
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    if (proxy_is_installed()) {
        free(proxy_stop(&tinyproxy));
        free(proxy_stop(&tinyproxy_login));
    }
    if (has_squid)
        squid_stop(&squid);
    network_close(&proxy_scene.network);
    return 0;
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

/* --- through HTTP proxies --- */

static void reach_everything(const struct proxy_way *way, proxy_scene_log *read, const char *tunnel,
                             const char *request)
{
    static const char *const hosts[] = {"127.0.0.1", "::1"};
    char target[PROXY_TEXT];
    for (int door = 0; door < NETWORK_DOORS; door++) {
        if (!network_has(&proxy_scene.network, (enum network_door)door))
            continue;
        for (size_t i = 0; i < (loopback_has_ipv6() ? 2 : 1); i++) {
            struct proxy_way one = *way;
            if (way->slow && loopback_has_ipv6() && i != (size_t)door % 2)
                continue;
            one.server = way->server == NULL ? hosts[i] : way->server;
            proxy_scene_collect(&one, proxy_scene_url((enum network_door)door));
            proxy_scene_expect_all_events();
        }
        (void)snprintf(target, sizeof target,
                       door >= NETWORK_TLS4 ? "CONNECT %s" : "POST http://%s",
                       network_host(&proxy_scene.network, (enum network_door)door));
        proxy_scene_expect_in_log(read, door >= NETWORK_TLS4 ? tunnel : request, target);
    }
}

static void test_proxies__tinyproxy__reaches_everything(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    reach_everything(&(struct proxy_way){.port = tinyproxy.port}, log_of_tinyproxy, "Request",
                     "Request");
}

static void test_proxies__tinyproxy_with_login__reaches_everything(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    reach_everything(&(struct proxy_way){.port = tinyproxy_login.port,
                                         .username = SQUID_USERNAME,
                                         .password = TINYPROXY_PASSWORD,
                                         .slow = true},
                     log_of_tinyproxy_login, "Request", "Request");
}

static void test_proxies__squid__reaches_everything(void **state)
{
    (void)state;
    proxy_scene_need(has_squid, "squid");
    reach_everything(&(struct proxy_way){.port = squid.open_port}, log_of_squid, "TCP_TUNNEL/200",
                     "TCP_MISS/200");
}

static struct proxy_way squid_login(unsigned port, const char *password)
{
    return (struct proxy_way){"127.0.0.1", port, SQUID_USERNAME, password, false};
}

static void reach_with_login(unsigned port)
{
    proxy_scene_need(has_squid, "squid");
    struct proxy_way way = squid_login(port, SQUID_PASSWORD);
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
    proxy_scene_need(has_squid, "squid");
    reach_everything(&(struct proxy_way){.server = "https://localhost", .port = squid.tls_port},
                     log_of_squid, "TCP_TUNNEL/200", "TCP_MISS/200");
}

/* --- logins --- */

static void expect_login_trouble(const struct proxy_way *way, const char *proxy, const char *says)
{
    static const enum network_door doors[] = {NETWORK_PLAIN4, NETWORK_TLS4};
    char name[PROXY_TEXT];
    (void)snprintf(name, sizeof name, "%s:%u", proxy, way->port);
    for (size_t i = 0; i < 2; i++) {
        proxy_scene_collect(way, proxy_scene_url(doors[i]));
        proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, name, says);
    }
}

static void test_proxies__wrong_password__is_the_proxys_error(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    expect_login_trouble(
        &(struct proxy_way){"127.0.0.1", tinyproxy_login.port, SQUID_USERNAME, WRONG, false},
        "http://127.0.0.1", "HTTP 401"); /* not 407, as others say */
}

static void test_proxies__wrong_password_by_basic__is_the_proxys_error(void **state)
{
    (void)state;
    proxy_scene_need(has_squid, "squid");
    struct proxy_way way = squid_login(squid.basic_port, WRONG);
    expect_login_trouble(&way, "http://127.0.0.1",
                         "refuses proxy_username and proxy_password (HTTP 407)");
}

static void test_proxies__wrong_password_by_digest__is_the_proxys_error(void **state)
{
    (void)state;
    proxy_scene_need(has_squid, "squid");
    struct proxy_way way = squid_login(squid.digest_port, WRONG);
    expect_login_trouble(&way, "http://127.0.0.1",
                         "refuses proxy_username and proxy_password (HTTP 407)");
}

static void test_proxies__no_login_where_one_is_wanted__says_which_options_to_set(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    proxy_scene_need(has_squid, "squid");
    const unsigned ports[] = {squid.basic_port, squid.digest_port};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
        expect_login_trouble(&(struct proxy_way){.server = "127.0.0.1", .port = ports[i]},
                             "http://127.0.0.1",
                             "asks for proxy_username and proxy_password (HTTP 407)");
    proxy_scene_collect(&(struct proxy_way){.server = "127.0.0.1", .port = tinyproxy_login.port},
                        proxy_scene_url(NETWORK_TLS4));
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "asks for");
}

/* --- proxies in trouble --- */

static void expect_everywhere(const char *server, unsigned port, const char *plain, const char *tls)
{
    char name[PROXY_TEXT];
    const struct proxy_way way = {.server = server, .port = port};
    (void)snprintf(name, sizeof name, "%s:%u", server, port);
    proxy_scene_collect(&way, proxy_scene_url(NETWORK_PLAIN4));
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, name, plain);
    proxy_scene_collect(&way, proxy_scene_url(NETWORK_TLS4));
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, name, tls);
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
    proxy_scene_collect(&(struct proxy_way){.server = "127.0.0.1", .port = peer.port},
                        proxy_scene_url(NETWORK_TLS4));
    peer_stop(&peer);
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "was cut before TLS stood");
}

static void test_proxies__stays_quiet__is_the_proxys_error(void **state)
{
    struct peer peer = {.kind = PEER_STAYS_QUIET};
    char port[16];
    (void)state;
    peer_start(&peer);
    (void)snprintf(port, sizeof port, "%u", peer.port);
    network_collect(proxy_scene_url(NETWORK_TLS4),
                    LIST("use_proxy", "true", "proxy_server", "127.0.0.1", "proxy_port", port,
                         "connect_timeout", "300ms"),
                    &proxy_scene.outcome);
    peer_stop(&peer);
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "gave no way to 127.0.0.1:");
}

static void test_proxies__squid_refuses__is_the_proxys_error(void **state)
{
    struct proxy_way way = {.server = "127.0.0.1", .port = squid.open_port};
    (void)state;
    proxy_scene_need(has_squid, "squid");
    proxy_scene_collect(&way, "https://127.0.0.1:9");
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY,
                               "http://127.0.0.1:", "refuses the way to 127.0.0.1:9 (HTTP 403)");
    proxy_scene_collect(&way, "http://127.0.0.1:9");
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "http://127.0.0.1:", "HTTP 403");
}

static void test_proxies__nobody_behind_it__is_no_error_of_aws(void **state)
{
    char url[PROXY_TEXT];
    unsigned port = proxy_free_port();
    const struct proxy_way ways[] = {{.server = "http://127.0.0.1", .port = squid.open_port},
                                     {.server = "http://127.0.0.1", .port = tinyproxy.port}};
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    proxy_scene_need(has_squid, "squid");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", port);
        proxy_scene_collect(&ways[i], url);
        proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, ways[i].server, "127.0.0.1:");
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", port);
        proxy_scene_collect(&ways[i], url);
        proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, ways[i].server, "");
    }
}

static void test_proxies__untrusted_certificate_of_the_proxy__is_the_proxys_error(void **state)
{
    char port[16];
    (void)state;
    proxy_scene_need(has_squid, "squid");
    (void)snprintf(port, sizeof port, "%u", squid.tls_port);
    network_collect(
        proxy_scene_url(NETWORK_PLAIN4),
        LIST("use_proxy", "true", "proxy_server", "https://localhost", "proxy_port", port),
        &proxy_scene.outcome);
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "https://localhost:", "certificate");
}

/* --- which proxy, if any --- */

static void with_environment(const char *const *options)
{
    char url[PROXY_TEXT];
    (void)snprintf(url, sizeof url, "http://%s:%s@127.0.0.1:%u", SQUID_USERNAME, "plain%70ass",
                   tinyproxy_login.port);
    assert_int_equal(setenv("HTTPS_PROXY", url, 1), 0);
    network_collect(proxy_scene_url(NETWORK_TLS4), options, &proxy_scene.outcome);
    assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
    proxy_scene_expect_no_secret(proxy_scene.outcome.message);
    proxy_scene_expect_no_secret(proxy_scene.outcome.log);
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
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    size_t before = size_of_log();
    with_environment(LIST("ca_file", proxy_scene.network.ca_file));
    proxy_scene_expect_all_events();
    assert_true(size_of_log() > before);
}

static void expect_direct(const char *const *options)
{
    size_t before = size_of_log();
    with_environment(options);
    proxy_scene_expect_all_events();
    assert_int_equal(size_of_log(), before);
}

static void test_proxies__use_proxy_false__no_proxy_of_the_environment_either(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    expect_direct(LIST("ca_file", proxy_scene.network.ca_file, "use_proxy", "false"));
}

static void test_proxies__no_proxy__goes_past_it(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    expect_direct(
        LIST("ca_file", proxy_scene.network.ca_file, "no_proxy", "example.com, 127.0.0.0/8"));
}

static void test_proxies__no_proxy_of_the_environment__goes_past_it(void **state)
{
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    assert_int_equal(setenv("NO_PROXY", "127.0.0.1", 1), 0);
    expect_direct(LIST("ca_file", proxy_scene.network.ca_file));
    assert_int_equal(unsetenv("NO_PROXY"), 0);
}

/* The instance's metadata is asked for keys, which is nobody else's business. */
static void test_proxies__metadata__is_reached_past_it(void **state)
{
    char port[16], metadata[PROXY_TEXT];
    (void)state;
    proxy_scene_need(proxy_is_installed(), "tinyproxy");
    sim_service_settings(proxy_scene.network.service)->role = "reader";
    (void)snprintf(port, sizeof port, "%u", tinyproxy.port);
    (void)snprintf(metadata, sizeof metadata, "http://%s",
                   network_host(&proxy_scene.network, NETWORK_PLAIN4));
    network_collect(proxy_scene_url(NETWORK_TLS4),
                    LIST("use_proxy", "true", "proxy_server", "127.0.0.1", "proxy_port", port,
                         "ca_file", proxy_scene.network.ca_file, "access_key", "", "secret_key", "",
                         "authentication_method", "ec2_instance_role", "ec2_metadata_endpoint",
                         metadata),
                    &proxy_scene.outcome);
    sim_service_settings(proxy_scene.network.service)->role = NULL;
    proxy_scene_expect_all_events();
    proxy_scene_expect_in_log(log_of_tinyproxy, "CONNECT",
                              network_host(&proxy_scene.network, NETWORK_TLS4));
    char *log = log_of_tinyproxy();
    bool seen = strstr(log, "/latest/") != NULL;
    free(log);
    assert_false(seen);
}

static void test_proxies__bad_url_in_the_environment__names_the_variable_alone(void **state)
{
    (void)state;
    assert_int_equal(setenv("HTTPS_PROXY", "gopher://me:" WRONG "@127.0.0.1", 1), 0);
    network_collect(proxy_scene_url(NETWORK_TLS4), LIST(NULL), &proxy_scene.outcome);
    assert_int_equal(unsetenv("HTTPS_PROXY"), 0);
    proxy_scene_expect_trouble(AWSLOGSRC_E_OPTION_VALUE, "HTTPS_PROXY", "scheme");
    proxy_scene_expect_no_secret(proxy_scene.outcome.message);
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
        cmocka_unit_test(test_proxies__wrong_password__is_the_proxys_error),
        cmocka_unit_test(test_proxies__wrong_password_by_basic__is_the_proxys_error),
        cmocka_unit_test(test_proxies__wrong_password_by_digest__is_the_proxys_error),
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
        cmocka_unit_test(test_proxies__metadata__is_reached_past_it),
        cmocka_unit_test(test_proxies__bad_url_in_the_environment__names_the_variable_alone),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
