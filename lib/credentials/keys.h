/* Keys that sign requests: they never change, are counted, and are wiped when the last reference
 * goes. */
#ifndef ALS_CREDENTIALS_KEYS_H
#define ALS_CREDENTIALS_KEYS_H

#include <stdatomic.h>

#include "aws/sigv4.h"
#include "base/error.h"

#define ALS_KEYS_FOREVER INT64_MAX

struct als_keys {
    atomic_int references;
    char *access_key;
    char *secret_key;
    char *session_token; /* NULL where there is none */
    int64_t expires_ms;  /* on the monotonic clock; ALS_KEYS_FOREVER: never */
    bool outlive;        /* better than nothing even when expired: during an outage EC2 hands out
                            old keys, which AWS goes on to accept */
};

/* origin: "static credentials", for errors, which show nothing of the keys. 0, AWSLOGSRC_E_INVALID
 * (one is missing or has a control character) or AWSLOGSRC_E_NO_MEMORY. */
int als_keys_new(const char *origin, const struct als_sigv4_keys *keys, int64_t expires_ms,
                 struct als_keys **out, awslogsrc_error **error);
struct als_keys *als_keys_ref(struct als_keys *keys);
void als_keys_unref(struct als_keys *keys); /* NULL is fine */

/* Borrow, as long as the keys live. */
struct als_sigv4_keys als_keys_sigv4(const struct als_keys *keys);
bool als_keys_same(const struct als_keys *a, const struct als_keys *b);

#endif
