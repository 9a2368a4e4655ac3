#include "identity.h"

#include "random.h"

#include <stdlib.h>
#include <string.h>

static const struct sim_role anyone = {.max_duration_s = 0};

const struct sim_role *sim_identity_role(const struct sim_identity *identity, const char *arn)
{
    for (size_t i = 0; i < identity->role_count; i++)
        if (strcmp(identity->roles[i].arn, arn) == 0)
            return &identity->roles[i];
    return identity->role_count ? NULL : &anyone;
}

static void fill(char *out, size_t size, const char *prefix, const char *alphabet, uint64_t *random)
{
    size_t count = strlen(alphabet);
    size_t at = strlen(prefix);
    memcpy(out, prefix, at);
    while (at < size - 1)
        out[at++] = alphabet[sim_random_next(random) % count];
    out[at] = '\0';
}

void sim_identity_role_arn(const struct sim_operation *operation, const char *name,
                           struct sim_buffer *out)
{
    sim_buffer_printf(out, "arn:aws:iam::%s:role/%s", operation->world->account, name);
    sim_buffer_add(out, "", 1);
}

void sim_identity_session_arn(const char *role_arn, const char *session_name,
                              struct sim_buffer *out)
{
    const char *partition = strchr(role_arn, ':');
    const char *account = partition ? strstr(partition, ":iam::") : NULL;
    const char *name = strrchr(role_arn, '/');
    if (account && name) {
        account += strlen(":iam::");
        partition++;
        sim_buffer_printf(out, "arn:%.*s:sts::%.*s:assumed-role/%s/%s",
                          (int)strcspn(partition, ":"), partition, (int)strcspn(account, ":"),
                          account, name + 1, session_name);
    }
    sim_buffer_add(out, "", 1);
}

struct sim_session sim_identity_issue(struct sim_operation *operation, const char *role_arn,
                                      const char *session_name, int64_t expires_ms)
{
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sim_identity *identity = operation->identity;
    struct sim_session session = {.issued_ms = operation->now_ms, .expires_ms = expires_ms};
    struct sim_buffer arn = {0};
    fill(session.access_key, sizeof session.access_key, "ASIA", base32, &identity->random);
    fill(session.secret_key, sizeof session.secret_key, "", base64, &identity->random);
    fill(session.token, sizeof session.token - 2, "IQoJb3JpZ2luX2Vj", base64, &identity->random);
    memcpy(session.token + sizeof session.token - 3, "==", 3);
    sim_identity_session_arn(role_arn, session_name, &arn);
    struct sim_key_owner owner = {arn.data, role_arn, true};
    sim_key_ring_add(&identity->keys, session.access_key, session.secret_key, session.token);
    sim_key_ring_own(&identity->keys, session.access_key, &owner);
    sim_key_ring_expire(&identity->keys, session.access_key, expires_ms);
    sim_buffer_clear(&arn);
    return session;
}

/* In an outage the endpoint goes on handing out what it has, and has nothing but expired keys when
 * it starts in one. */
const struct sim_session *sim_identity_current(struct sim_operation *operation,
                                               struct sim_session *session, const char *role_name)
{
    const struct sim_settings *settings = operation->settings;
    int64_t lifetime = settings->key_lifetime_ms;
    int64_t renewal = settings->key_renewal_ms;
    bool stale = operation->fault == SIM_FAULT_STALE_KEYS;
    bool some = session->access_key[0] != '\0';
    if (renewal > lifetime / 2)
        renewal = lifetime / 2;
    if (some && (stale || session->expires_ms - operation->now_ms > renewal))
        return session;
    struct sim_buffer arn = {0};
    sim_identity_role_arn(operation, role_name, &arn);
    *session = sim_identity_issue(operation, arn.data, "i-0123456789abcdef0",
                                  operation->now_ms + (stale ? -lifetime : lifetime));
    sim_buffer_clear(&arn);
    return session;
}

void sim_identity_clear(struct sim_identity *identity)
{
    sim_key_ring_clear(&identity->keys);
    free(identity->roles);
    identity->roles = NULL;
    identity->role_count = 0;
}
