#ifndef SIM_KEY_DOCUMENT_H
#define SIM_KEY_DOCUMENT_H

#include "identity.h"

/* Members are named as IMDS names them. */
struct sim_member {
    const char *name;
    const char *value;
};

/* A JSON object of texts as IMDS and the container endpoint answer; NULL values are left out. */
bool sim_key_document(struct sim_operation *operation, const struct sim_member *members,
                      size_t count);

/* "Code":"AssumeRoleUnauthorizedAccess" in an answer that looks like success. */
bool sim_key_document_failed(struct sim_operation *operation);

/* The value, or NULL when the fault wants this member missing. */
const char *sim_key_member(const struct sim_operation *operation, const char *name,
                           const char *value);

#endif
