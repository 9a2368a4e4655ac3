#ifndef SIM_PAGE_TOKEN_H
#define SIM_PAGE_TOKEN_H

#include "event_store.h"

#define SIM_PAGE_TOKEN_SIZE 96

/* A place in a chain of pages. The token is the whole state: the service remembers nothing. */
struct sim_page_token {
    int64_t issued_ms;
    struct sim_key after; /* the last event looked at */
    uint64_t page;        /* pages answered before */
    uint64_t parameters;  /* fingerprint of what must not change within the chain */
};

void sim_page_token_encode(const struct sim_page_token *token, uint64_t secret,
                           char out[SIM_PAGE_TOKEN_SIZE]);
/* False for anything that sim_page_token_encode() has not made with the same secret. */
bool sim_page_token_decode(const char *text, uint64_t secret, struct sim_page_token *out);

/* Folds a text into a fingerprint; NULL and "" differ. */
uint64_t sim_page_token_fold(uint64_t fingerprint, const char *text);

#endif
