/* What a context keeps of a provider: its keys, when to look for newer ones, and who waits for
 * them. There is one for each provider and, where it asks servers, way to reach them
 * (als_http_way()), however many sources, regions and other providers ask: one attempt at a time,
 * and a second of rest behind each, whatever fails. */
#ifndef ALS_CREDENTIALS_CACHED_H
#define ALS_CREDENTIALS_CACHED_H

#include "credentials/provider.h"

enum {
    ALS_CACHED_LEAST_INTERVAL_MS = 1000,  /* from the end of an attempt to the next */
    ALS_CACHED_LONGEST_WAIT_MS = 5000,    /* between attempts, when keys are needed now or soon */
    ALS_CACHED_ADVISORY_MS = 15 * 60000,  /* before they expire: the first look for newer ones */
    ALS_CACHED_MANDATORY_MS = 10 * 60000, /* before they expire: from here on, in a hurry */
    ALS_CACHED_REJECTED_MS = 30000        /* for so long keys stay unused that AWS calls expired */
};

struct als_cached;

/* All of a context. Zero-initialise but for the loop; it ends empty. */
struct als_caches {
    struct als_loop *loop;
    struct als_cached *first;
    int64_t sts_ahead_ms; /* as in struct als_sts_call */
};

/* Somebody who wants keys. Zero-initialise, then set the first three. */
struct als_cached_waiter {
    /* keys: ref, and the waiting is over; or NULL, and it goes on: error (borrow) says why, and
     * retry_at_ms is the wall time of the next attempt. Runs from the loop's timers only. */
    void (*answer)(void *user_data, struct als_keys *keys, const awslogsrc_error *error,
                   int64_t retry_at_ms);
    void *user_data;
    const struct als_http_settings *http; /* to fetch with */
    struct als_cached_waiter *next, *previous;
    bool waits;
    unsigned told; /* the last trouble it was told */
};

/* Finds or makes the one for a provider (which is then ref'd), and for settings of the same way:
 * those of all its waiters. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_cached_open(struct als_caches *caches, awslogsrc_credentials *provider,
                    const struct als_http_settings *http, struct als_cached **out);
struct als_cached *als_cached_ref(struct als_cached *cached);
void als_cached_close(struct als_cached *cached); /* gives the reference back; NULL is fine */

/* Keys to use now (a reference), or NULL: then the waiter is answered later. A waiter waits for one
 * answer at a time. Newer keys are fetched in the background once it is time. */
struct als_keys *als_cached_ask(struct als_cached *cached, struct als_cached_waiter *waiter);
void als_cached_forget(struct als_cached *cached, struct als_cached_waiter *waiter);

/* A service said that these keys have expired: true, and ask again, or false where the provider has
 * no others. */
bool als_cached_expired(struct als_cached *cached, const struct als_keys *keys);
/* A service did not want these keys, which need not be their fault: looks for newer ones before
 * long. */
void als_cached_doubt(struct als_cached *cached, const struct als_keys *keys);

/* The settings are about to go: whoever waits with them has to be gone already, and what is under
 * way with them for others begins anew with theirs, but for what asks no server. */
void als_cached_leave(struct als_caches *caches, const struct als_http_settings *http);

const char *als_cached_name(const struct als_cached *cached); /* the provider's */

#endif
