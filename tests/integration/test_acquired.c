/* Certificates that are acquired: when, from whom, and what they are worth afterwards. */
#include "testing.h"

#include "proxy.h"
#include "tls_request.h"

#include <sys/stat.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"
#include "net/trust.h"
#include "source/context.h"

static int64_t in_ten_years(void *self)
{
    (void)self;
    return sim_server_now(0) + 3653LL * DAY * 1000;
}

static void test_acquired__whole_chain_out_of_date__points_at_the_clock(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    const struct als_http_settings settings = tls_request_settings(NULL);
    (void)state;
    tls_scene_serve_order(&(struct order){.issuer = &authority}, fingerprint);
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    request.context->loop->clock.wall_ms = in_ten_years;
    tls_request_send(&request, &settings, false);
    awslogsrc_context_free(request.context);
    assert_int_equal(request.code, AWSLOGSRC_E_TLS);
    assert_non_null(strstr(request.message, "the clock of this machine may be wrong"));
    assert_non_null(strstr(request.message, fingerprint));
}

static void test_acquired__metadata__acquires_nothing(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    const struct als_http_settings settings = tls_request_settings(store);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    tls_request_send(&request, &settings, true);
    awslogsrc_context_free(request.context);
    assert_int_equal(request.code, AWSLOGSRC_E_TLS);
    assert_int_equal(access(store, F_OK), -1);
}

/* Connections are kept open, and would be there to be taken. */
static void test_acquired__acquired_by_one__is_not_trusted_by_another(void **state)
{
    struct tls_request request = {0};
    char fingerprint[FINGERPRINT];
    const struct als_http_settings with = tls_request_settings(store),
                                   without = tls_request_settings(NULL);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    assert_int_equal(awslogsrc_context_new(&request.context, NULL), 0);
    tls_request_send(&request, &with, false);
    assert_int_equal(request.code, 0);
    tls_request_send(&request, &without, false);
    assert_int_equal(request.code, AWSLOGSRC_E_TLS);
    tls_request_send(&request, &with, false);
    assert_int_equal(request.code, 0);
    awslogsrc_context_free(request.context);
}

/* --- acquired certificates --- */

static void collect_acquiring(void)
{
    network_collect(url,
                    LIST("ca_file", ca_file, "automatically_acquire_server_certificates", "true",
                         "trust_store", store),
                    &outcome);
}

static void acquire(const struct order *order, char fingerprint[FINGERPRINT])
{
    tls_scene_serve_order(order, fingerprint);
    collect_acquiring();
    tls_scene_expect_all_events();
}

static void test_acquired__self_signed__is_acquired(void **state)
{
    char fingerprint[FINGERPRINT], host[TLS_TEXT];
    (void)state;
    acquire(&(struct order){0}, fingerprint);
    (void)snprintf(host, sizeof host, "# host: 127.0.0.1:%u\n", port);
    tls_scene_expect_in_store(host, true);
    tls_scene_expect_in_store(fingerprint, true);
    tls_scene_expect_in_store("# subject: CN = server\n", true);
}

static void test_acquired__acquired__is_told_in_the_log(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    acquire(&(struct order){0}, fingerprint);
    assert_non_null(strstr(outcome.log, "acquired its certificate"));
    assert_non_null(strstr(outcome.log, fingerprint));
}

static void test_acquired__acquired__file_is_the_owners_alone(void **state)
{
    struct stat status;
    char fingerprint[FINGERPRINT];
    (void)state;
    acquire(&(struct order){0}, fingerprint);
    assert_int_equal(stat(store, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_acquired__acquired__is_trusted_from_then_on(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    acquire(&(struct order){.issuer = &other_authority}, fingerprint);
    network_collect(url, LIST("ca_file", ca_file, "trust_store", store), &outcome);
    tls_scene_expect_all_events();
}

static void test_acquired__known_to_the_system__is_acquired_too(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    acquire(&(struct order){.issuer = &authority}, fingerprint);
    tls_scene_expect_in_store(fingerprint, true);
    tls_scene_expect_in_store(authority.fingerprint, true);
}

static void refuse_to_acquire(const struct order *order, const char *says)
{
    char fingerprint[FINGERPRINT];
    tls_scene_serve_order(order, fingerprint);
    collect_acquiring();
    tls_scene_expect_refused(says, fingerprint);
    tls_scene_expect_in_store(fingerprint, false);
}

static void test_acquired__expired__is_not_acquired(void **state)
{
    (void)state;
    refuse_to_acquire(&(struct order){.from_s = -3 * DAY, .to_s = -DAY}, "has expired");
}

static void test_acquired__not_yet_valid__is_not_acquired(void **state)
{
    (void)state;
    refuse_to_acquire(&(struct order){.from_s = DAY, .to_s = 3 * DAY}, "is not valid yet");
}

static void test_acquired__wrong_name__is_not_acquired(void **state)
{
    (void)state;
    refuse_to_acquire(&(struct order){.names = "DNS:else"}, "but for DNS:else");
}

static void test_acquired__weak_key__is_not_acquired(void **state)
{
    (void)state;
    refuse_to_acquire(&(struct order){.rsa_bits = 1024}, "too weak");
}

static void test_acquired__interception_by_a_second_authority__is_refused_with_both_fingerprints(
    void **state)
{
    char genuine[FINGERPRINT], forged[FINGERPRINT];
    struct issued second;
    (void)state;
    acquire(&(struct order){0}, genuine);
    certificates_make(&second, &(struct order){.subject = "Interceptor", .authority = true});
    tls_scene_serve_order(&(struct order){.issuer = &second}, forged);
    certificates_clear(&second);
    collect_acquiring();
    tls_scene_expect_refused(
        "it is another certificate than the one that was acquired and has not expired", forged);
    tls_scene_expect_says(genuine);
    tls_scene_expect_says("awslogsrc trust 127.0.0.1:");
    tls_scene_expect_in_store(genuine, true);
    tls_scene_expect_in_store(forged, false);
}

static void test_acquired__interception_of_a_known_server__is_refused(void **state)
{
    char genuine[FINGERPRINT], forged[FINGERPRINT];
    (void)state;
    acquire(&(struct order){.issuer = &authority}, genuine);
    tls_scene_serve_order(&(struct order){.issuer = &other_authority}, forged);
    collect_acquiring();
    tls_scene_expect_refused("it is another certificate", forged);
    tls_scene_expect_says(genuine);
}

static void test_acquired__changed_to_one_the_system_knows__is_followed(void **state)
{
    char before[FINGERPRINT], after[FINGERPRINT];
    (void)state;
    acquire(&(struct order){0}, before);
    acquire(&(struct order){.issuer = &authority}, after);
    tls_scene_expect_in_store(after, true);
    tls_scene_expect_in_store(before, false);
}

/* As if it had been acquired while it was valid. */
static void put_expired(char fingerprint[FINGERPRINT])
{
    char host[TLS_TEXT];
    struct issued expired;
    struct als_certificates certificates = {0};
    (void)snprintf(host, sizeof host, "127.0.0.1:%u", port);
    certificates_make(&expired, &(struct order){.from_s = -3 * DAY, .to_s = -DAY});
    assert_int_equal(als_certificates_parse(&certificates, als_text_of(expired.chain)), 0);
    const struct als_trust_entry entry = {
        .path = store, .host = host, .certificates = &certificates};
    assert_int_equal(als_trust_put(&entry, NULL), 0);
    memcpy(fingerprint, expired.fingerprint, sizeof expired.fingerprint);
    als_certificates_clear(&certificates);
    certificates_clear(&expired);
}

static void test_acquired__stored_one_has_expired__is_renewed(void **state)
{
    char before[FINGERPRINT], after[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, after);
    put_expired(before);
    collect_acquiring();
    tls_scene_expect_all_events();
    tls_scene_expect_in_store(after, true);
    tls_scene_expect_in_store(before, false);
}

static void test_acquired__trust_store_alone__acquires_and_renews_nothing(void **state)
{
    char before[FINGERPRINT], after[FINGERPRINT];
    const char *const *options = LIST("ca_file", ca_file, "trust_store", store);
    (void)state;
    tls_scene_serve_order(&(struct order){0}, after);
    network_collect(url, options, &outcome);
    tls_scene_expect_refused("signed by itself", after);
    put_expired(before);
    network_collect(url, options, &outcome);
    tls_scene_expect_refused("it is another certificate", before);
}

static void test_acquired__entry_of_another_host__does_not_count(void **state)
{
    char fingerprint[FINGERPRINT];
    struct issued issued;
    (void)state;
    certificates_make(&issued, &(struct order){0});
    tls_scene_serve(&issued);
    collect_acquiring();
    tls_scene_expect_all_events();
    memcpy(fingerprint, issued.fingerprint, sizeof issued.fingerprint);
    port = 0;
    tls_scene_serve(&issued); /* on another port */
    certificates_clear(&issued);
    network_collect(url, LIST("ca_file", ca_file, "trust_store", store), &outcome);
    tls_scene_expect_refused("signed by itself", fingerprint);
}

static void test_acquired__damaged_file__trusts_nobody(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    tls_scene_write_file(store, "-----BEGIN CERTIFICATE-----\n");
    collect_acquiring();
    tls_scene_expect_refused(store, fingerprint);
    tls_scene_expect_says("has no \"# host:\" in front of it");
}

static void test_acquired__folder_that_cannot_be_written__refuses(void **state)
{
    char fingerprint[FINGERPRINT];
    (void)state;
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    network_collect(url,
                    LIST("automatically_acquire_server_certificates", "true", "trust_store",
                         "/nowhere/acquired.pem"),
                    &outcome);
    tls_scene_expect_refused("trust_store: /nowhere/acquired.pem: No such file or directory",
                             fingerprint);
}

static void test_acquired__behind_a_proxy__is_acquired_through_it(void **state)
{
    char fingerprint[FINGERPRINT], proxy_port[16], target[TLS_TEXT];
    struct proxy proxy;
    (void)state;
    proxy_start(&proxy, network.folder);
    tls_scene_serve_order(&(struct order){0}, fingerprint);
    (void)snprintf(proxy_port, sizeof proxy_port, "%u", proxy.port);
    network_collect(url,
                    LIST("automatically_acquire_server_certificates", "true", "trust_store", store,
                         "use_proxy", "true", "proxy_server", "127.0.0.1", "proxy_port",
                         proxy_port),
                    &outcome);
    char *log = proxy_stop(&proxy);
    (void)snprintf(target, sizeof target, "CONNECT 127.0.0.1:%u", port);
    bool found = strstr(log, target) != NULL;
    free(log);
    tls_scene_expect_all_events();
    tls_scene_expect_in_store(fingerprint, true);
    assert_true(found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tls_scene_begin, tls_scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_acquired__whole_chain_out_of_date__points_at_the_clock),
        TEST(test_acquired__metadata__acquires_nothing),
        TEST(test_acquired__acquired_by_one__is_not_trusted_by_another),
        TEST(test_acquired__self_signed__is_acquired),
        TEST(test_acquired__acquired__is_told_in_the_log),
        TEST(test_acquired__acquired__file_is_the_owners_alone),
        TEST(test_acquired__acquired__is_trusted_from_then_on),
        TEST(test_acquired__known_to_the_system__is_acquired_too),
        TEST(test_acquired__expired__is_not_acquired),
        TEST(test_acquired__not_yet_valid__is_not_acquired),
        TEST(test_acquired__wrong_name__is_not_acquired),
        TEST(test_acquired__weak_key__is_not_acquired),
        TEST(test_acquired__interception_by_a_second_authority__is_refused_with_both_fingerprints),
        TEST(test_acquired__interception_of_a_known_server__is_refused),
        TEST(test_acquired__changed_to_one_the_system_knows__is_followed),
        TEST(test_acquired__stored_one_has_expired__is_renewed),
        TEST(test_acquired__trust_store_alone__acquires_and_renews_nothing),
        TEST(test_acquired__entry_of_another_host__does_not_count),
        TEST(test_acquired__damaged_file__trusts_nobody),
        TEST(test_acquired__folder_that_cannot_be_written__refuses),
        TEST(test_acquired__behind_a_proxy__is_acquired_through_it),
    };
    return cmocka_run_group_tests(tests, tls_scene_open, tls_scene_close);
}
