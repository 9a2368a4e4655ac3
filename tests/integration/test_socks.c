/* SOCKS proxies, a real one (Dante) and one of our own that also wants a login: with and without
 * TLS behind them, over IPv4 and IPv6; what went through is proven by their own logs. */
#include "testing.h"

#include "dante.h"
#include "loopback.h"
#include "peer.h"
#include "proxy.h"
#include "proxy_scene.h"

#include "awslogsrc/awslogsrc.h"

static struct dante dante;
static bool has_dante;
static struct peer socks4 = {.kind = PEER_SOCKS}, socks6 = {.kind = PEER_SOCKS, .ipv6 = true};
static struct peer socks_login = {
    .kind = PEER_SOCKS, .username = SQUID_USERNAME, .password = SQUID_PASSWORD};

static int open_all(void **state)
{
    (void)state;
    network_open(&proxy_scene.network);
    has_dante = dante_start(&dante, proxy_scene.network.folder);
    peer_start(&socks4);
    if (loopback_has_ipv6())
        peer_start(&socks6);
    peer_start(&socks_login);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    peer_stop(&socks4);
    if (loopback_has_ipv6())
        peer_stop(&socks6);
    peer_stop(&socks_login);
    if (has_dante)
        dante_stop(&dante);
    network_close(&proxy_scene.network);
    return 0;
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

static char *log_of_dante(void)
{
    return dante_log(&dante);
}

/* --- Dante --- */

/* "info: pass(1): tcp/connect [: 127.0.0.1.36248 127.0.0.1.1080 -> 127.0.0.1.45655 127.0.0.1.443",
 * client and target at either end: the way is proven from one to the other. */
static void reach_by_dante(const char *server, const char *inside)
{
    char from[PROXY_TEXT], target[PROXY_TEXT];
    proxy_scene_need(has_dante, "Dante");
    (void)snprintf(from, sizeof from, " %s.%u -> ", inside, dante.port);
    for (int door = 0; door < NETWORK_DOORS; door++) {
        const struct proxy_way way = {.server = server, .port = dante.port};
        bool ipv6 = door == NETWORK_PLAIN6 || door == NETWORK_TLS6;
        if (!network_has(&proxy_scene.network, (enum network_door)door))
            continue;
        proxy_scene_collect(&way, proxy_scene_url((enum network_door)door));
        proxy_scene_expect_all_events();
        (void)snprintf(target, sizeof target, " %s.%u", ipv6 ? "::1" : "127.0.0.1",
                       network_port(&proxy_scene.network, (enum network_door)door));
        proxy_scene_expect_in_log(log_of_dante, from, target);
    }
}

static void test_socks__dante__reaches_everything(void **state)
{
    (void)state;
    reach_by_dante("socks5h://127.0.0.1", "127.0.0.1");
}

static void test_socks__dante_over_ipv6__reaches_everything(void **state)
{
    (void)state;
    if (!loopback_has_ipv6())
        skip();
    reach_by_dante("socks5h://[::1]", "::1");
}

static void test_socks__dante__resolves_the_name_itself(void **state)
{
    char url[PROXY_TEXT], target[PROXY_TEXT];
    unsigned port = network_port(&proxy_scene.network, NETWORK_TLS4);
    (void)state;
    proxy_scene_need(has_dante, "Dante");
    (void)snprintf(url, sizeof url, "https://localhost:%u", port);
    proxy_scene_collect(&(struct proxy_way){.server = "socks5h://127.0.0.1", .port = dante.port},
                        url);
    proxy_scene_expect_all_events();
    (void)snprintf(target, sizeof target, ".%u", port);
    proxy_scene_expect_in_log(log_of_dante, "tcp/connect", target);
}

static void test_socks__dante_refuses__is_the_proxys_error(void **state)
{
    char url[PROXY_TEXT];
    (void)state;
    proxy_scene_need(has_dante, "Dante");
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", dante.refused_port);
    proxy_scene_collect(&(struct proxy_way){.server = "socks5h://127.0.0.1", .port = dante.port},
                        url);
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY,
                               "socks5h://127.0.0.1:", "gave no way to 127.0.0.1:");
}

static void test_socks__nobody_behind_dante__is_no_error_of_aws(void **state)
{
    char url[PROXY_TEXT];
    (void)state;
    proxy_scene_need(has_dante, "Dante");
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", proxy_free_port());
    proxy_scene_collect(&(struct proxy_way){.server = "socks5h://127.0.0.1", .port = dante.port},
                        url);
    proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "socks5h://127.0.0.1:", "127.0.0.1:");
}

/* --- one of our own --- */

static void reach_by_socks(const char *server, const struct peer *peer)
{
    char target[PROXY_TEXT];
    for (int door = 0; door < NETWORK_DOORS; door++) {
        struct proxy_way way = {server, peer->port, peer->username, peer->password, false};
        if (!network_has(&proxy_scene.network, (enum network_door)door))
            continue;
        proxy_scene_collect(&way, proxy_scene_url((enum network_door)door));
        proxy_scene_expect_all_events();
        (void)snprintf(target, sizeof target, ":%u",
                       network_port(&proxy_scene.network, (enum network_door)door));
        proxy_scene_expect_in_log(log_of_socks, "SOCKS", target);
    }
}

static void test_socks__ours__reaches_everything(void **state)
{
    (void)state;
    reach_by_socks("socks5h://127.0.0.1", &socks4);
}

static void test_socks__ours_over_ipv6__reaches_everything(void **state)
{
    (void)state;
    if (!loopback_has_ipv6())
        skip();
    reach_by_socks("socks5h://[::1]", &socks6);
}

static void test_socks__ours_with_login__reaches_everything(void **state)
{
    (void)state;
    reach_by_socks("socks5h://127.0.0.1", &socks_login);
}

static void test_socks__ours__resolves_the_name_itself(void **state)
{
    char url[PROXY_TEXT];
    (void)state;
    (void)snprintf(url, sizeof url, "https://localhost:%u",
                   network_port(&proxy_scene.network, NETWORK_TLS4));
    proxy_scene_collect(&(struct proxy_way){.server = "socks5h://127.0.0.1", .port = socks4.port},
                        url);
    proxy_scene_expect_all_events();
    proxy_scene_expect_in_log(log_of_socks, "SOCKS localhost:", url + strlen("https://"));
}

static void test_socks__wrong_password__is_the_proxys_error(void **state)
{
    static const enum network_door doors[] = {NETWORK_PLAIN4, NETWORK_TLS4};
    const struct proxy_way way = {"socks5h://127.0.0.1", socks_login.port, SQUID_USERNAME, WRONG,
                                  false};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        proxy_scene_collect(&way, proxy_scene_url(doors[i]));
        proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY,
                                   "socks5h://127.0.0.1:", "gave no way to 127.0.0.1:");
    }
}

static void test_socks__nobody_behind_it__is_no_error_of_aws(void **state)
{
    static const char *const schemes[] = {"http", "https"};
    char url[PROXY_TEXT];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(url, sizeof url, "%s://127.0.0.1:%u", schemes[i], proxy_free_port());
        proxy_scene_collect(
            &(struct proxy_way){.server = "socks5h://127.0.0.1", .port = socks4.port}, url);
        proxy_scene_expect_trouble(AWSLOGSRC_E_PROXY, "socks5h://127.0.0.1:", "127.0.0.1:");
    }
}

/* Of plain HTTP, too, a SOCKS proxy sees nothing that it could answer. */
static void test_socks__service_refuses__is_no_error_of_the_proxy(void **state)
{
    struct peer service = {.kind = PEER_REFUSES};
    char url[PROXY_TEXT];
    (void)state;
    peer_start(&service);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u", service.port);
    proxy_scene_collect(&(struct proxy_way){.server = "socks5h://127.0.0.1", .port = socks4.port},
                        url);
    peer_stop(&service);
    proxy_scene_expect_trouble(AWSLOGSRC_E_ACCESS_DENIED, "HTTP 403", "");
    assert_null(strstr(proxy_scene.outcome.message, "proxy"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_socks__dante__reaches_everything),
        cmocka_unit_test(test_socks__dante_over_ipv6__reaches_everything),
        cmocka_unit_test(test_socks__dante__resolves_the_name_itself),
        cmocka_unit_test(test_socks__dante_refuses__is_the_proxys_error),
        cmocka_unit_test(test_socks__nobody_behind_dante__is_no_error_of_aws),
        cmocka_unit_test(test_socks__ours__reaches_everything),
        cmocka_unit_test(test_socks__ours_over_ipv6__reaches_everything),
        cmocka_unit_test(test_socks__ours_with_login__reaches_everything),
        cmocka_unit_test(test_socks__ours__resolves_the_name_itself),
        cmocka_unit_test(test_socks__wrong_password__is_the_proxys_error),
        cmocka_unit_test(test_socks__nobody_behind_it__is_no_error_of_aws),
        cmocka_unit_test(test_socks__service_refuses__is_no_error_of_the_proxy),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
