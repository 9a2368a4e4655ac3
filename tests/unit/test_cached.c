/* The cache of a provider's keys, with a provider that does as it is told. */
#include "testing.h"

#include "base/memory.h"
#include "credentials/cached.h"
#include "net/proxy.h"
#include "scripted_loop.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, WAITERS = 8 };

struct fake {
    awslogsrc_credentials head;
    int64_t life_ms; /* of the keys it gives; 0: it fails; below 0: expired already */
    int64_t delay_ms;
    int error;
    int64_t least_wait_ms;
    bool same; /* the same keys each time */
    bool outlive;
    int attempts, busy, most_busy;
    int64_t last_end_ms, least_rest_ms;
};

struct fake_fetcher {
    struct als_fetcher head;
    struct als_timer timer;
};

static void answer(void *user_data)
{
    struct fake_fetcher *fetcher = user_data;
    struct fake *fake = (struct fake *)fetcher->head.provider;
    int64_t now = als_loop_now_ms(fetcher->head.place->loop);
    char name[16];
    struct als_keys *keys = NULL;
    awslogsrc_error *error = NULL;
    fake->busy--;
    fake->last_end_ms = now;
    if (fake->life_ms == 0) {
        als_error_set(&error, fake->error, "fake: out of order");
        als_fetcher_fail(&fetcher->head, error, fake->least_wait_ms);
        return;
    }
    (void)snprintf(name, sizeof name, "AKID%d", fake->same ? 0 : fake->attempts);
    struct als_sigv4_keys pair = {name, "secret", "token"};
    assert_int_equal(als_keys_new("fake", &pair, now + fake->life_ms, &keys, NULL), 0);
    keys->outlive = fake->outlive;
    als_fetcher_done(&fetcher->head, keys);
}

static void fetch(struct als_fetcher *head)
{
    struct fake_fetcher *fetcher = (struct fake_fetcher *)head;
    struct fake *fake = (struct fake *)head->provider;
    int64_t now = als_loop_now_ms(head->place->loop);
    if (fake->attempts++ > 0 && now - fake->last_end_ms < fake->least_rest_ms)
        fake->least_rest_ms = now - fake->last_end_ms;
    if (++fake->busy > fake->most_busy)
        fake->most_busy = fake->busy;
    fetcher->timer.fn = answer;
    fetcher->timer.user_data = fetcher;
    als_loop_arm(head->place->loop, &fetcher->timer, now + fake->delay_ms);
}

static void cancel(struct als_fetcher *head)
{
    struct fake *fake = (struct fake *)head->provider;
    als_loop_disarm(head->place->loop, &((struct fake_fetcher *)head)->timer);
    fake->busy--;
}

static void free_fake(awslogsrc_credentials *provider)
{
    (void)provider;
}

static const struct als_provider_type type = {.name = "fake",
                                              .fetcher_size = sizeof(struct fake_fetcher),
                                              .fetch = fetch,
                                              .cancel = cancel,
                                              .free = free_fake};

struct listener {
    struct als_cached_waiter waiter;
    struct als_keys *keys;
    int answers, troubles, code;
};

struct fixture {
    struct scripted_loop script;
    struct als_caches caches;
    struct fake fake;
    struct als_cached *cached;
    struct als_http_settings http[2];
    struct listener listeners[WAITERS];
};

static void answered(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                     int64_t retry_at_ms)
{
    struct listener *listener = user_data;
    (void)retry_at_ms;
    if (keys == NULL) {
        listener->troubles++;
        listener->code = error->code;
        return;
    }
    listener->answers++;
    als_keys_unref(listener->keys);
    listener->keys = keys;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    scripted_loop_init(&fixture->script, NULL, NULL);
    fixture->caches.loop = &fixture->script.loop;
    als_provider_init(&fixture->fake.head, &type);
    fixture->fake.life_ms = HOUR;
    fixture->fake.delay_ms = 100;
    fixture->fake.error = AWSLOGSRC_E_SERVICE;
    fixture->fake.least_rest_ms = INT64_MAX;
    assert_int_equal(
        als_cached_open(&fixture->caches, &fixture->fake.head, &fixture->http[0], &fixture->cached),
        0);
    for (size_t i = 0; i < WAITERS; i++)
        fixture->listeners[i].waiter = (struct als_cached_waiter){
            .answer = answered, .user_data = &fixture->listeners[i], .http = &fixture->http[i % 2]};
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < WAITERS; i++) {
        als_cached_forget(fixture->cached, &fixture->listeners[i].waiter);
        als_keys_unref(fixture->listeners[i].keys);
    }
    als_cached_close(fixture->cached);
    assert_null(fixture->caches.first);
    assert_int_equal(fixture->fake.head.references, 1);
    free(fixture);
    return 0;
}

/* Asks; keys at once count as an answer. */
static bool ask(struct fixture *fixture, size_t i)
{
    struct als_keys *keys = als_cached_ask(fixture->cached, &fixture->listeners[i].waiter);
    if (keys != NULL)
        answered(&fixture->listeners[i], keys, NULL, 0);
    return keys != NULL;
}

static void run(struct fixture *fixture, int64_t ms)
{
    scripted_loop_run(&fixture->script, ms);
}

/* Asks every ten seconds, as readers do. Whether there were keys each time. */
static bool poll(struct fixture *fixture, int64_t ms)
{
    bool always = true;
    for (; ms > 0; ms -= 10 * SECOND) {
        if (!fixture->listeners[0].waiter.waits)
            always = ask(fixture, 0) && always;
        run(fixture, 10 * SECOND);
    }
    return always;
}

static void test_cached__many_ask__one_attempt_answers_all(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < WAITERS; i++)
        assert_false(ask(fixture, i));
    run(fixture, SECOND);
    for (size_t i = 0; i < WAITERS; i++)
        assert_int_equal(fixture->listeners[i].answers, 1);
    assert_int_equal(fixture->fake.attempts, 1);
    assert_true(ask(fixture, 0));
}

static void test_cached__same_provider_and_way__has_one_cache(void **state)
{
    struct fixture *fixture = *state;
    struct als_cached *other = NULL;
    assert_int_equal(
        als_cached_open(&fixture->caches, &fixture->fake.head, &fixture->http[1], &other), 0);
    assert_ptr_equal(other, fixture->cached);
    als_cached_close(other);
}

static void expect_one_of_its_own(struct fixture *fixture, const struct als_http_settings *http)
{
    struct als_cached *other = NULL;
    assert_int_equal(als_cached_open(&fixture->caches, &fixture->fake.head, http, &other), 0);
    assert_ptr_not_equal(other, fixture->cached);
    als_cached_close(other);
}

static void test_cached__other_way_to_servers__has_a_cache_of_its_own(void **state)
{
    static char a[] = "http://a:1", b[] = "http://b:1", text[] = "text";
    const struct als_proxy proxies[] = {{.for_http = {.url = a}},
                                        {.for_https = {.url = a}},
                                        {.for_https = {.url = b}},
                                        {.for_https = {.url = a, .username = text}},
                                        {.for_https = {.url = a, .password = text}},
                                        {.no_proxy = text}};
    const struct als_http_settings ways[] = {
        {.ca_file = "a"},          {.ca_path = "a"},
        {.trust_store = "a"},      {.trust_store = "a", .acquire = true},
        {.tls_minimum = 13},       {.connect_timeout_ms = 1},
        {.request_timeout_ms = 1}, {.proxy = &proxies[0]},
        {.proxy = &proxies[1]},    {.proxy = &proxies[2]},
        {.proxy = &proxies[3]},    {.proxy = &proxies[4]},
        {.proxy = &proxies[5]}};
    enum { WAYS = sizeof ways / sizeof ways[0] };
    unsigned char digests[WAYS][ALS_HTTP_WAY_SIZE];
    for (size_t i = 0; i < WAYS; i++) {
        expect_one_of_its_own(*state, &ways[i]);
        assert_int_equal(als_http_way(&ways[i], digests[i]), 0);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(digests[i], digests[j], ALS_HTTP_WAY_SIZE);
    }
}

static void test_cached__advisory_window__keys_are_renewed_and_nobody_waits(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    run(fixture, 43 * MINUTE);
    assert_true(poll(fixture, MINUTE));
    assert_int_equal(fixture->fake.attempts, 1);
    assert_true(poll(fixture, 3 * MINUTE));
    assert_int_equal(fixture->fake.attempts, 2);
    assert_true(poll(fixture, 24 * HOUR));
}

static void test_cached__renewing_fails__old_keys_serve_as_long_as_they_live(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    run(fixture, MINUTE);
    fixture->fake.life_ms = 0;
    assert_true(poll(fixture, 58 * MINUTE));
    assert_false(poll(fixture, 2 * MINUTE));
    assert_int_equal(fixture->listeners[0].code, AWSLOGSRC_E_SERVICE);
    fixture->fake.life_ms = HOUR;
    run(fixture, 6 * SECOND);
    assert_true(ask(fixture, 1));
}

static void test_cached__failing_for_ever__a_second_of_rest_and_one_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = 0;
    for (size_t i = 0; i < WAITERS; i++)
        (void)ask(fixture, i);
    run(fixture, HOUR);
    assert_true(fixture->fake.attempts > HOUR / (6 * SECOND));
    assert_true(fixture->fake.least_rest_ms >= SECOND);
    assert_int_equal(fixture->fake.most_busy, 1);
    assert_int_equal(fixture->listeners[WAITERS - 1].troubles, fixture->fake.attempts);
}

static void test_cached__provider_wishes_a_longer_rest__it_is_kept(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = 0;
    fixture->fake.least_wait_ms = 30 * SECOND;
    (void)ask(fixture, 0);
    run(fixture, 10 * MINUTE);
    assert_true(fixture->fake.least_rest_ms >= 30 * SECOND);
    assert_in_range(fixture->fake.attempts, 18, 21);
}

static void test_cached__late_waiter__is_told_the_trouble_at_once(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = 0;
    fixture->fake.least_wait_ms = 30 * SECOND;
    (void)ask(fixture, 0);
    run(fixture, SECOND);
    (void)ask(fixture, 1);
    assert_int_equal(fixture->listeners[1].troubles, 0); /* not from inside */
    run(fixture, 0);
    assert_int_equal(fixture->listeners[1].troubles, 1);
}

static void test_cached__called_expired__newer_keys_are_fetched(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    run(fixture, 10 * SECOND);
    assert_true(als_cached_expired(fixture->cached, fixture->listeners[0].keys));
    assert_false(ask(fixture, 0));
    assert_false(ask(fixture, 1));
    run(fixture, SECOND);
    assert_string_equal(fixture->listeners[0].keys->access_key, "AKID2");
    assert_ptr_equal(fixture->listeners[0].keys, fixture->listeners[1].keys);
    assert_int_equal(fixture->fake.attempts, 2);
}

static void test_cached__old_keys_called_expired__the_new_ones_stay(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    run(fixture, 10 * SECOND);
    (void)als_cached_expired(fixture->cached, fixture->listeners[0].keys);
    (void)ask(fixture, 1);
    run(fixture, 10 * SECOND);
    assert_true(als_cached_expired(fixture->cached, fixture->listeners[0].keys));
    assert_true(ask(fixture, 2));
    assert_int_equal(fixture->fake.attempts, 2);
}

static void test_cached__same_keys_again__expired_and_tried_again_after_a_while(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.same = true;
    (void)ask(fixture, 0);
    run(fixture, 10 * SECOND);
    (void)als_cached_expired(fixture->cached, fixture->listeners[0].keys);
    assert_false(ask(fixture, 0));
    run(fixture, 20 * SECOND);
    assert_int_equal(fixture->listeners[0].answers, 1);
    assert_int_equal(fixture->listeners[0].code, AWSLOGSRC_E_CREDENTIALS_EXPIRED);
    run(fixture, 11 * SECOND);
    assert_int_equal(fixture->listeners[0].answers, 2);
}

static void test_cached__rejected_keys_end_while_fetching_fails__nothing_spins(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = 20 * SECOND;
    (void)ask(fixture, 0);
    run(fixture, 10 * SECOND);
    (void)als_cached_expired(fixture->cached, fixture->listeners[0].keys);
    fixture->fake.life_ms = 0;
    fixture->fake.least_wait_ms = MINUTE;
    assert_false(ask(fixture, 0));
    uint64_t before = fixture->script.loop.timers.armings;
    run(fixture, 2 * MINUTE);
    assert_in_range(fixture->script.loop.timers.armings - before, 1, 50);
    assert_int_equal(fixture->listeners[0].answers, 1);
}

static void test_cached__expired_keys_handed_out__are_no_keys(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = -SECOND;
    (void)ask(fixture, 0);
    run(fixture, SECOND);
    assert_int_equal(fixture->listeners[0].answers, 0);
    assert_int_equal(fixture->listeners[0].code, AWSLOGSRC_E_CREDENTIALS_EXPIRED);
}

/* Static stability. */
static void test_cached__expired_keys_of_ec2__are_used_and_looked_after(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.life_ms = -SECOND;
    fixture->fake.outlive = true;
    (void)ask(fixture, 0);
    run(fixture, SECOND);
    assert_int_equal(fixture->listeners[0].answers, 1);
    assert_true(poll(fixture, 9 * MINUTE));
    assert_int_equal(fixture->fake.attempts, 1);
    assert_true(poll(fixture, 8 * MINUTE));
    assert_int_equal(fixture->fake.attempts, 2);
}

static void test_cached__expired_keys_while_the_old_ones_live__do_not_replace_them(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.outlive = true;
    (void)ask(fixture, 0);
    run(fixture, MINUTE);
    fixture->fake.life_ms = -SECOND;
    assert_true(poll(fixture, 50 * MINUTE));
    assert_string_equal(fixture->listeners[0].keys->access_key, "AKID1");
    assert_true(fixture->fake.attempts > 2);
}

static void test_cached__rejected_keys__are_looked_at_again_once_a_minute(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    run(fixture, 10 * SECOND);
    for (int i = 0; i < 60; i++) {
        als_cached_doubt(fixture->cached, fixture->listeners[0].keys);
        assert_true(ask(fixture, 0));
        run(fixture, 2 * SECOND);
    }
    assert_in_range(fixture->fake.attempts, 2, 4);
}

static void test_cached__settings_leave__who_is_left_begins_anew(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    (void)ask(fixture, 1);
    als_cached_forget(fixture->cached, &fixture->listeners[0].waiter);
    als_cached_leave(&fixture->caches, &fixture->http[0]);
    assert_int_equal(fixture->fake.busy, 0);
    run(fixture, SECOND);
    assert_int_equal(fixture->listeners[0].answers, 0);
    assert_int_equal(fixture->listeners[1].answers, 1);
    assert_int_equal(fixture->fake.attempts, 2);
}

static void test_cached__closed_while_fetching__no_answer_comes(void **state)
{
    struct fixture *fixture = *state;
    (void)ask(fixture, 0);
    als_cached_forget(fixture->cached, &fixture->listeners[0].waiter);
    als_cached_close(fixture->cached);
    run(fixture, SECOND);
    assert_int_equal(fixture->fake.busy, 0);
    assert_int_equal(
        als_cached_open(&fixture->caches, &fixture->fake.head, &fixture->http[0], &fixture->cached),
        0);
}

#define CACHED_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CACHED_TEST(test_cached__many_ask__one_attempt_answers_all),
        CACHED_TEST(test_cached__same_provider_and_way__has_one_cache),
        CACHED_TEST(test_cached__other_way_to_servers__has_a_cache_of_its_own),
        CACHED_TEST(test_cached__advisory_window__keys_are_renewed_and_nobody_waits),
        CACHED_TEST(test_cached__renewing_fails__old_keys_serve_as_long_as_they_live),
        CACHED_TEST(test_cached__failing_for_ever__a_second_of_rest_and_one_at_a_time),
        CACHED_TEST(test_cached__provider_wishes_a_longer_rest__it_is_kept),
        CACHED_TEST(test_cached__late_waiter__is_told_the_trouble_at_once),
        CACHED_TEST(test_cached__called_expired__newer_keys_are_fetched),
        CACHED_TEST(test_cached__old_keys_called_expired__the_new_ones_stay),
        CACHED_TEST(test_cached__same_keys_again__expired_and_tried_again_after_a_while),
        CACHED_TEST(test_cached__rejected_keys_end_while_fetching_fails__nothing_spins),
        CACHED_TEST(test_cached__expired_keys_handed_out__are_no_keys),
        CACHED_TEST(test_cached__expired_keys_of_ec2__are_used_and_looked_after),
        CACHED_TEST(test_cached__expired_keys_while_the_old_ones_live__do_not_replace_them),
        CACHED_TEST(test_cached__rejected_keys__are_looked_at_again_once_a_minute),
        CACHED_TEST(test_cached__settings_leave__who_is_left_begins_anew),
        CACHED_TEST(test_cached__closed_while_fetching__no_answer_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
