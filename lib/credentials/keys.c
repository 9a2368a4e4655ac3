#include "credentials/keys.h"

#include "base/memory.h"
#include "base/text.h"

static int check(const char *origin, const char *what, const char *value, awslogsrc_error **error)
{
    if (value == NULL || *value == '\0')
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: the %s is missing", origin, what);
    /* Keys go into headers; the text itself is never shown. */
    if (als_text_has_control(als_text_of(value)))
        return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: the %s has a control character",
                             origin, what);
    return 0;
}

int als_keys_new(const char *origin, const struct als_sigv4_keys *keys, int64_t expires_ms,
                 struct als_keys **out, awslogsrc_error **error)
{
    int status = check(origin, "access key", keys->access_key, error);
    if (status == 0)
        status = check(origin, "secret key", keys->secret_key, error);
    if (status == 0 && keys->session_token != NULL)
        status = check(origin, "session token", keys->session_token, error);
    if (status != 0)
        return status;
    struct als_keys *copy = als_new(sizeof *copy);
    if (copy == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", origin);
    atomic_init(&copy->references, 1);
    copy->expires_ms = expires_ms;
    copy->access_key = als_copy_string(keys->access_key);
    copy->secret_key = als_copy_string(keys->secret_key);
    if (keys->session_token != NULL)
        copy->session_token = als_copy_string(keys->session_token);
    if (copy->access_key == NULL || copy->secret_key == NULL ||
        (keys->session_token != NULL && copy->session_token == NULL)) {
        als_keys_unref(copy);
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", origin);
    }
    *out = copy;
    return 0;
}

struct als_keys *als_keys_ref(struct als_keys *keys)
{
    atomic_fetch_add(&keys->references, 1);
    return keys;
}

void als_keys_unref(struct als_keys *keys)
{
    if (keys == NULL || atomic_fetch_sub(&keys->references, 1) != 1)
        return;
    als_free_secret(keys->access_key);
    als_free_secret(keys->secret_key);
    als_free_secret(keys->session_token);
    als_free(keys);
}

struct als_sigv4_keys als_keys_sigv4(const struct als_keys *keys)
{
    return (struct als_sigv4_keys){keys->access_key, keys->secret_key, keys->session_token};
}

bool als_keys_same(const struct als_keys *a, const struct als_keys *b)
{
    return als_text_equal(als_text_of(a->access_key), als_text_of(b->access_key)) &&
           als_text_equal(als_text_of(a->secret_key), als_text_of(b->secret_key)) &&
           als_text_equal(als_text_of(a->session_token), als_text_of(b->session_token));
}
