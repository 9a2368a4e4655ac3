#ifndef SIM_SIGV4_H
#define SIM_SIGV4_H

#include "http.h"

/* What the Authorization and X-Amz-Date headers say. */
struct sim_authorization {
    char access_key[129];
    char date[9];
    char region[65];
    char service[65];
    char signed_headers[1025];
    char signature[65];
    char amz_date[17];
};

/* False when a part is missing or malformed. */
bool sim_sigv4_parse(const struct sim_request *request, struct sim_authorization *out);

/* Whether a header is among the signed ones. */
bool sim_sigv4_signs(const struct sim_authorization *authorization, const char *header);

/* The signature that the request should carry, as 64 hexadecimal digits. */
void sim_sigv4_signature(const struct sim_request *request,
                         const struct sim_authorization *authorization, const char *secret_key,
                         char out[65]);

#endif
