/* Servers whose certificates are good or bad in every way: who is accepted, who is refused, and
 * what is said then. */
#include "testing.h"

#include "tls_peer.h"
#include "tls_scene.h"

#include <openssl/ssl.h>

#include "awslogsrc/awslogsrc.h"

static void refuse_order(const struct order *order, const char *says)
{
    char fingerprint[FINGERPRINT];
    tls_scene_serve_order(order, fingerprint);
    network_collect(url, LIST("ca_file", ca_file), &outcome);
    tls_scene_expect_refused(says, fingerprint);
}

static void test_tls__good__is_accepted(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){.issuer = &authority}, fingerprint);
    network_collect(url, LIST("ca_file", ca_file), &outcome);
    tls_scene_expect_all_events();
}

static void test_tls__self_signed__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){0}, "the certificate is signed by itself, and not known");
}

static void test_tls__expired__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &authority, .from_s = -3 * DAY, .to_s = -DAY},
                 "a certificate has expired: it is ");
}

static void test_tls__not_yet_valid__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &authority, .from_s = DAY, .to_s = 3 * DAY},
                 "a certificate is not valid yet: it is ");
}

static void test_tls__wrong_name__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &authority, .names = "DNS:logs.example,IP:127.0.0.2"},
                 "the certificate is not for 127.0.0.1, but for DNS:logs.example, "
                 "IP Address:127.0.0.2");
}

static void test_tls__unknown_authority__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &other_authority},
                 "the issuer of the certificate is not known");
}

static void test_tls__system_store__knows_no_authority_of_ours(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){.issuer = &authority}, fingerprint);
    network_collect(url, LIST(NULL), &outcome);
    tls_scene_expect_refused("the issuer of the certificate is not known", fingerprint);
}

static void test_tls__weak_key__is_refused(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &authority, .rsa_bits = 1024},
                 "a key or signature is too weak");
}

static void test_tls__several_problems__all_are_told(void **state)
{
    (void)state;
    refuse_order(&(struct order){.names = "DNS:else", .from_s = -3 * DAY, .to_s = -DAY},
                 "has expired");
    tls_scene_expect_says("but for DNS:else");
    tls_scene_expect_says("signed by itself");
}

static void test_tls__refusal__names_every_certificate_of_the_chain(void **state)
{
    (void)state;
    refuse_order(&(struct order){.issuer = &other_authority},
                 "1. CN = server, issued by CN = Other");
    tls_scene_expect_says("2. CN = Other, issued by CN = Other, valid 20");
    tls_scene_expect_says(other_authority.fingerprint);
}

static void refuse_version(int newest, const char *minimum, const char *says)
{
    struct issued issued;
    struct tls_peer peer;
    certificates_make(&issued, &(struct order){.issuer = &authority, .rsa_bits = 2048});
    tls_peer_start(&peer, newest, issued.key, issued.chain);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", peer.port);
    network_collect(url, LIST("ca_file", ca_file, "tls_minimum", minimum), &outcome);
    tls_peer_stop(&peer);
    certificates_clear(&issued);
    tls_scene_expect_refused(says, "127.0.0.1");
}

static void test_tls__version_1_0_alone__is_refused(void **state)
{
    (void)state;
    refuse_version(TLS1_VERSION, "1.2", "the server speaks no TLS 1.2 or newer");
}

static void test_tls__older_than_tls_minimum__is_refused(void **state)
{
    (void)state;
    refuse_version(TLS1_2_VERSION, "1.3", "the server speaks no TLS 1.3 or newer");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_scene_begin, tls_scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tls__good__is_accepted),
        TEST(test_tls__self_signed__is_refused),
        TEST(test_tls__expired__is_refused),
        TEST(test_tls__not_yet_valid__is_refused),
        TEST(test_tls__wrong_name__is_refused),
        TEST(test_tls__unknown_authority__is_refused),
        TEST(test_tls__system_store__knows_no_authority_of_ours),
        TEST(test_tls__weak_key__is_refused),
        TEST(test_tls__several_problems__all_are_told),
        TEST(test_tls__refusal__names_every_certificate_of_the_chain),
        TEST(test_tls__version_1_0_alone__is_refused),
        TEST(test_tls__older_than_tls_minimum__is_refused),
    };
    return cmocka_run_group_tests(tests, tls_scene_open, tls_scene_close);
}
