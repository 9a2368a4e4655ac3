/* A provider at work on one loop: fetches keys, one attempt at a time, and remembers nothing of
 * them. How often to try, and what to do until keys are there, is als_cached's business. */
#ifndef ALS_CREDENTIALS_FETCHER_H
#define ALS_CREDENTIALS_FETCHER_H

#include "aws/key_document.h"
#include "awslogsrc/types.h"
#include "credentials/keys.h"
#include "net/loop.h"

struct als_caches;

/* Where a fetcher works. Fetchers that use others hand their own place on to them. */
struct als_fetcher_place {
    struct als_loop *loop;
    const struct als_http_settings *http; /* of the source in whose name the attempt is made; valid
                                             from fetch to its end */
    struct als_caches *caches;            /* of the context */
};

/* What comes of an attempt. The callbacks may run inside als_fetcher_fetch(). */
struct als_fetcher_listener {
    void (*done)(void *self, struct als_keys *keys); /* keys: take */
    /* error: take. AWSLOGSRC_E_NO_CREDENTIALS: the provider is not configured, and a chain asks the
     * next one; what is configured but broken has another code. The next attempt shall wait at
     * least so long; 0: no wish. */
    void (*failed)(void *self, awslogsrc_error *error, int64_t least_wait_ms);
    /* Optional: the attempt goes on, but something it waits for has failed. error: borrow;
     * retry_at_ms: wall time of its next attempt. */
    void (*troubled)(void *self, const awslogsrc_error *error, int64_t retry_at_ms);
    void *self;
};

struct als_fetcher {
    awslogsrc_credentials *provider; /* a reference */
    const struct als_fetcher_place *place;
    struct als_fetcher_listener listener;
    bool busy;
};

/* place: borrow, for the fetcher's life. 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_fetcher_open(awslogsrc_credentials *provider, const struct als_fetcher_place *place,
                     const struct als_fetcher_listener *listener, struct als_fetcher **out);
void als_fetcher_close(struct als_fetcher *fetcher); /* cancels; NULL is fine */

void als_fetcher_fetch(struct als_fetcher *fetcher);  /* only while it is not busy */
void als_fetcher_cancel(struct als_fetcher *fetcher); /* no callback comes any more */

/* What an attempt is to end with: keys that came with an answer at the time server_ms, by the clock
 * of whoever gave them (0: not known, this machine's counts). */
struct als_fetcher_find {
    const char *origin;                      /* for errors */
    const struct als_key_document *document; /* borrow */
    int64_t server_ms;
    bool outlive; /* as in struct als_keys */
};

/* For providers; the fetcher may be closed inside. */
void als_fetcher_deliver(struct als_fetcher *fetcher, const struct als_fetcher_find *find);
void als_fetcher_done(struct als_fetcher *fetcher, struct als_keys *keys);
void als_fetcher_fail(struct als_fetcher *fetcher, awslogsrc_error *error, int64_t least_wait_ms);
void als_fetcher_trouble(struct als_fetcher *fetcher, const awslogsrc_error *error,
                         int64_t retry_at_ms);

#endif
