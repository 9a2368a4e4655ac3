#include "credentials/cached.h"

#include <string.h>

#include "base/memory.h"
#include "net/retry.h"

enum {
    JITTER_MS = 60000,         /* machines that got their keys together shall not renew together */
    STALE_REFRESH_MS = 600000, /* keys that are used though expired: botocore and others wait
                                  10 to 15 minutes before they look again */
    STALE_JITTER_MS = 300000,
    DOUBT_INTERVAL_MS = 60000
};

struct als_cached {
    struct als_cached *next, *previous;
    int references;
    struct als_caches *caches;
    struct als_loop *loop;
    unsigned char way[ALS_HTTP_WAY_SIZE];
    struct als_fetcher_place place;
    struct als_fetcher *fetcher;
    struct als_cached_waiter *first_waiter, *last_waiter;
    struct als_timer timer; /* runs turn() */

    struct als_keys *keys;   /* the last that came, or NULL */
    int64_t refresh_ms;      /* when to look for newer ones */
    int64_t hurry_ms;        /* from then on failures are repeated in a hurry */
    bool rejected;           /* called expired by a service */
    int64_t rejected_end_ms; /* until then */
    int64_t doubt_ms;        /* not before that on a mere suspicion */

    int64_t not_before_ms; /* of the next attempt */
    struct als_retry retry;
    awslogsrc_error *trouble; /* of the last attempt, NULL where it went well */
    int64_t retry_at_ms;      /* wall time */
    unsigned troubles;        /* counts them */
};

static void turn(void *user_data);

static int64_t now_of(const struct als_cached *cached)
{
    return als_loop_now_ms(cached->loop);
}

static void turn_at(struct als_cached *cached, int64_t due_ms)
{
    if (!cached->timer.armed || due_ms < cached->timer.due_ms)
        als_loop_arm(cached->loop, &cached->timer, due_ms);
}

/* --- keys --- */

static bool are_usable(const struct als_cached *cached, int64_t now)
{
    const struct als_keys *keys = cached->keys;
    if (keys == NULL || (cached->rejected && now < cached->rejected_end_ms))
        return false;
    return now < keys->expires_ms || keys->outlive;
}

static void clear_trouble(struct als_cached *cached)
{
    als_error_free(cached->trouble);
    cached->trouble = NULL;
    cached->retry.failures = 0;
}

static void replace_keys(struct als_cached *cached, struct als_keys *keys)
{
    als_keys_unref(cached->keys);
    cached->keys = keys;
    cached->rejected = false;
    cached->not_before_ms = now_of(cached) + ALS_CACHED_LEAST_INTERVAL_MS;
    clear_trouble(cached);
}

/* Keys of a short life have windows of their own size; those that come out of the provider's cache,
 * already old, are looked at again when half of what is left has gone by. */
static void plan_refresh(struct als_cached *cached, int64_t now)
{
    int64_t expires = cached->keys->expires_ms;
    cached->refresh_ms = cached->hurry_ms = INT64_MAX;
    if (expires == ALS_KEYS_FOREVER)
        return;
    int64_t left = expires - now;
    int64_t jitter = als_random_below(&cached->loop->random, JITTER_MS);
    int64_t hurry = left / 3 < ALS_CACHED_MANDATORY_MS ? left / 3 : ALS_CACHED_MANDATORY_MS;
    cached->refresh_ms = expires - ALS_CACHED_ADVISORY_MS - jitter;
    if (cached->refresh_ms < now + left / 2)
        cached->refresh_ms = now + left / 2;
    cached->hurry_ms = expires - hurry;
}

static void plan_refresh_of_stale(struct als_cached *cached, int64_t now)
{
    cached->refresh_ms =
        now + STALE_REFRESH_MS + als_random_below(&cached->loop->random, STALE_JITTER_MS);
    cached->hurry_ms = now;
}

/* --- attempts --- */

static void fail(struct als_cached *cached, awslogsrc_error *error, int64_t least_wait_ms)
{
    int64_t now = now_of(cached);
    bool hurry = !are_usable(cached, now) || now >= cached->hurry_ms;
    int64_t wait = als_retry_wait_ms(&cached->retry, &cached->loop->random,
                                     ALS_CACHED_LEAST_INTERVAL_MS, least_wait_ms);
    if (hurry && wait > ALS_CACHED_LONGEST_WAIT_MS && wait > least_wait_ms)
        wait = ALS_CACHED_LONGEST_WAIT_MS;
    bool news = cached->trouble == NULL || cached->trouble->code != error->code;
    als_log_write(&cached->loop->log, news ? AWSLOGSRC_LOG_INFO : AWSLOGSRC_LOG_DEBUG, "%s",
                  als_error_message(error));
    if (wait < ALS_CACHED_LEAST_INTERVAL_MS)
        wait = ALS_CACHED_LEAST_INTERVAL_MS;
    cached->not_before_ms = now + wait;
    als_error_free(cached->trouble);
    cached->trouble = error;
    cached->troubles++;
    cached->retry_at_ms = als_clock_wall_ms(&cached->loop->clock) + wait;
    turn_at(cached, now);
}

static void fail_with(struct als_cached *cached, const char *message)
{
    awslogsrc_error *error = NULL;
    als_error_set(&error, AWSLOGSRC_E_CREDENTIALS_EXPIRED, "%s credentials: %s",
                  als_cached_name(cached), message);
    fail(cached, error, 0);
}

static void keys_came(void *self, struct als_keys *keys)
{
    struct als_cached *cached = self;
    int64_t now = now_of(cached);
    bool expired = keys->expires_ms <= now;
    if (cached->rejected && als_keys_same(keys, cached->keys)) {
        als_keys_unref(keys);
        fail_with(cached, "AWS calls these keys expired, and there are no newer ones yet");
    } else if (expired &&
               (!keys->outlive || (are_usable(cached, now) && now < cached->keys->expires_ms))) {
        als_keys_unref(keys);
        fail_with(cached, "the keys handed out have expired already");
    } else {
        replace_keys(cached, keys);
        if (expired) {
            als_log_write(&cached->loop->log, AWSLOGSRC_LOG_WARNING,
                          "%s credentials: the keys handed out have expired; they are tried all "
                          "the same",
                          als_cached_name(cached));
            plan_refresh_of_stale(cached, now);
        } else {
            plan_refresh(cached, now);
        }
        turn_at(cached, now);
    }
}

static void attempt_failed(void *self, awslogsrc_error *error, int64_t least_wait_ms)
{
    fail(self, error, least_wait_ms);
}

static void attempt_in_trouble(void *self, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct als_cached *cached = self;
    als_error_free(cached->trouble);
    cached->trouble = als_error_copy(error);
    cached->retry_at_ms = retry_at_ms;
    cached->troubles++;
    turn_at(cached, now_of(cached));
}

/* Begins an attempt where one is due. */
static void attempt(struct als_cached *cached, const struct als_http_settings *http)
{
    int64_t now = now_of(cached);
    bool due = !are_usable(cached, now) || now >= cached->refresh_ms;
    if (!due || cached->fetcher->busy || now < cached->not_before_ms)
        return;
    cached->place.http = http;
    als_fetcher_fetch(cached->fetcher);
}

/* --- who waits --- */

static void add_waiter(struct als_cached *cached, struct als_cached_waiter *waiter)
{
    waiter->next = NULL;
    waiter->previous = cached->last_waiter;
    if (waiter->previous != NULL)
        waiter->previous->next = waiter;
    else
        cached->first_waiter = waiter;
    cached->last_waiter = waiter;
    waiter->waits = true;
    waiter->told = cached->trouble == NULL ? cached->troubles : cached->troubles - 1;
}

static void remove_waiter(struct als_cached *cached, struct als_cached_waiter *waiter)
{
    if (waiter->previous != NULL)
        waiter->previous->next = waiter->next;
    else
        cached->first_waiter = waiter->next;
    if (waiter->next != NULL)
        waiter->next->previous = waiter->previous;
    else
        cached->last_waiter = waiter->previous;
    waiter->waits = false;
}

static void hand_out(struct als_cached *cached)
{
    struct als_cached_waiter *waiter = NULL;
    while ((waiter = cached->first_waiter) != NULL && are_usable(cached, now_of(cached))) {
        remove_waiter(cached, waiter);
        waiter->answer(waiter->user_data, als_keys_ref(cached->keys), NULL, 0);
    }
}

static struct als_cached_waiter *first_untold(const struct als_cached *cached)
{
    struct als_cached_waiter *waiter = cached->first_waiter;
    while (waiter != NULL && waiter->told == cached->troubles)
        waiter = waiter->next;
    return waiter;
}

/* A callback may do anything, with other waiters too. */
static void tell_trouble(struct als_cached *cached)
{
    struct als_cached_waiter *waiter = NULL;
    while (cached->trouble != NULL && (waiter = first_untold(cached)) != NULL) {
        awslogsrc_error *error = als_error_copy(cached->trouble);
        waiter->told = cached->troubles;
        waiter->answer(waiter->user_data, NULL, error, cached->retry_at_ms);
        als_error_free(error);
    }
}

static void turn(void *user_data)
{
    struct als_cached *cached = als_cached_ref(user_data);
    hand_out(cached);
    tell_trouble(cached);
    if (cached->first_waiter != NULL)
        attempt(cached, cached->first_waiter->http);
    if (cached->first_waiter != NULL && !cached->fetcher->busy) {
        int64_t again = cached->not_before_ms;
        /* Then they are tried again, where they live as long: what has passed wakes nobody. */
        if (cached->rejected && cached->rejected_end_ms < again &&
            now_of(cached) < cached->rejected_end_ms)
            again = cached->rejected_end_ms;
        turn_at(cached, again);
    }
    als_cached_close(cached);
}

struct als_keys *als_cached_ask(struct als_cached *cached, struct als_cached_waiter *waiter)
{
    attempt(cached, waiter->http);
    int64_t now = now_of(cached);
    if (are_usable(cached, now))
        return als_keys_ref(cached->keys);
    add_waiter(cached, waiter);
    if (!cached->fetcher->busy || cached->trouble != NULL)
        turn_at(cached, now);
    return NULL;
}

void als_cached_forget(struct als_cached *cached, struct als_cached_waiter *waiter)
{
    if (waiter->waits)
        remove_waiter(cached, waiter);
}

/* --- what services say --- */

bool als_cached_expired(struct als_cached *cached, const struct als_keys *keys)
{
    if (cached->fetcher->provider->type->fixed)
        return false;
    if (keys == cached->keys) {
        cached->rejected = true;
        cached->rejected_end_ms = now_of(cached) + ALS_CACHED_REJECTED_MS;
    }
    return true;
}

void als_cached_doubt(struct als_cached *cached, const struct als_keys *keys)
{
    int64_t now = now_of(cached);
    if (keys != cached->keys || now < cached->doubt_ms || cached->refresh_ms <= now)
        return;
    cached->refresh_ms = now;
    cached->doubt_ms = now + DOUBT_INTERVAL_MS;
}

/* --- life --- */

static struct als_cached *find(const struct als_caches *caches,
                               const awslogsrc_credentials *provider,
                               const unsigned char way[ALS_HTTP_WAY_SIZE])
{
    struct als_cached *cached = caches->first;
    while (cached != NULL && (cached->fetcher->provider != provider ||
                              memcmp(cached->way, way, ALS_HTTP_WAY_SIZE) != 0))
        cached = cached->next;
    return cached;
}

int als_cached_open(struct als_caches *caches, awslogsrc_credentials *provider,
                    const struct als_http_settings *http, struct als_cached **out)
{
    unsigned char way[ALS_HTTP_WAY_SIZE];
    int status = als_http_way(provider->type->offline ? NULL : http, way);
    if (status != 0)
        return status;
    struct als_cached *cached = find(caches, provider, way);
    if (cached != NULL) {
        *out = als_cached_ref(cached);
        return 0;
    }
    cached = als_new(sizeof *cached);
    if (cached == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    cached->references = 1;
    memcpy(cached->way, way, sizeof way);
    cached->caches = caches;
    cached->loop = caches->loop;
    cached->place = (struct als_fetcher_place){.loop = caches->loop, .caches = caches};
    cached->timer.fn = turn;
    cached->timer.user_data = cached;
    cached->not_before_ms = INT64_MIN;
    struct als_fetcher_listener listener = {keys_came, attempt_failed, attempt_in_trouble, cached};
    status = als_fetcher_open(provider, &cached->place, &listener, &cached->fetcher);
    if (status != 0) {
        als_free(cached);
        return status;
    }
    cached->next = caches->first;
    if (cached->next != NULL)
        cached->next->previous = cached;
    caches->first = cached;
    *out = cached;
    return 0;
}

struct als_cached *als_cached_ref(struct als_cached *cached)
{
    cached->references++;
    return cached;
}

void als_cached_close(struct als_cached *cached)
{
    if (cached == NULL || --cached->references > 0)
        return;
    if (cached->previous != NULL)
        cached->previous->next = cached->next;
    else
        cached->caches->first = cached->next;
    if (cached->next != NULL)
        cached->next->previous = cached->previous;
    als_loop_disarm(cached->loop, &cached->timer);
    als_fetcher_close(cached->fetcher);
    als_keys_unref(cached->keys);
    als_error_free(cached->trouble);
    als_free(cached);
}

static bool works_with(const struct als_cached *cached, const struct als_http_settings *http)
{
    return cached->fetcher->busy && !cached->fetcher->provider->type->offline &&
           cached->place.http == http;
}

void als_cached_leave(struct als_caches *caches, const struct als_http_settings *http)
{
    for (struct als_cached *cached = caches->first, *next = NULL; cached != NULL; cached = next) {
        als_cached_ref(cached); /* to cancel may close others */
        if (works_with(cached, http)) {
            als_fetcher_cancel(cached->fetcher);
            turn_at(cached, now_of(cached));
        }
        next = cached->next;
        als_cached_close(cached);
    }
}

const char *als_cached_name(const struct als_cached *cached)
{
    return cached->fetcher->provider->type->name;
}
