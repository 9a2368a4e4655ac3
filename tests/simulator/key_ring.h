#ifndef SIM_KEY_RING_H
#define SIM_KEY_RING_H

#include "operation.h"
#include "sigv4.h"

/* The access keys a service knows. */
struct sim_key_ring {
    struct sim_access_key *keys;
    size_t count;
};

void sim_key_ring_add(struct sim_key_ring *ring, const char *access_key, const char *secret_key,
                      const char *session_token);
/* Without this a key belongs to the user "simulated". Copied. */
void sim_key_ring_own(struct sim_key_ring *ring, const char *access_key,
                      const struct sim_key_owner *owner);
void sim_key_ring_expire(struct sim_key_ring *ring, const char *access_key, int64_t at_ms);

/* Judges a request's signature for a service as AWS does and finds the caller; false after setting
 * the operation's error. */
bool sim_key_ring_check(const struct sim_key_ring *ring, struct sim_operation *operation,
                        const struct sim_authorization *authorization, const char *service);
void sim_key_ring_clear(struct sim_key_ring *ring);

#endif
