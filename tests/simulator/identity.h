#ifndef SIM_IDENTITY_H
#define SIM_IDENTITY_H

#include "key_ring.h"

/*
 * A role that STS knows; texts are borrowed. Once there is one, all others are denied; without
 * any, everyone may assume whatever ARN they name.
 */
struct sim_role {
    const char *arn;
    const char *external_id; /* that must be sent; NULL: none */
    const char *principal;   /* ARN of the user or role that may assume it; NULL: anyone */
    int64_t max_duration_s;  /* 0: 12 h */
};

/* Keys handed out for a time. */
struct sim_session {
    char access_key[21];
    char secret_key[41];
    char token[401];
    int64_t issued_ms;
    int64_t expires_ms;
};

/* Who is who: keys, roles, and what the metadata endpoints hand out at the moment. */
struct sim_identity {
    struct sim_key_ring keys;
    struct sim_role *roles;
    size_t role_count;
    struct sim_session instance;
    struct sim_session container;
    uint64_t random;
    uint64_t secret; /* of the IMDS tokens */
};

/* The role called so; NULL when there are roles, but not this one. */
const struct sim_role *sim_identity_role(const struct sim_identity *identity, const char *arn);

/* New keys for a session of a role, which the services accept until `expires_ms`. */
struct sim_session sim_identity_issue(struct sim_operation *operation, const char *role_arn,
                                      const char *session_name, int64_t expires_ms);

/* What an endpoint hands out now: the same keys until they are due for renewal. */
const struct sim_session *sim_identity_current(struct sim_operation *operation,
                                               struct sim_session *session, const char *role_name);

/* "arn:aws:iam::123456789012:role/NAME" */
void sim_identity_role_arn(const struct sim_operation *operation, const char *name,
                           struct sim_buffer *out);
/* "arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION" */
void sim_identity_session_arn(const char *role_arn, const char *session_name,
                              struct sim_buffer *out);

void sim_identity_clear(struct sim_identity *identity);

#endif
