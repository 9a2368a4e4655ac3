/* Credential providers. An awslogsrc_credentials says where keys come from; it is counted, never
 * changes, and any number of contexts on any threads may share it. The work is done by fetchers,
 * which belong to one loop, and what they bring is kept by als_cached. */
#ifndef ALS_CREDENTIALS_PROVIDER_H
#define ALS_CREDENTIALS_PROVIDER_H

#include <stdatomic.h>

#include "awslogsrc/credentials.h"
#include "credentials/fetcher.h"

/* One for each kind of provider, static. */
struct als_provider_type {
    const char *name;    /* "imds": for messages and statistics */
    bool fixed;          /* the keys are what they are: there are no newer ones to fetch */
    bool offline;        /* asks no server: it does not matter how they are reached */
    size_t fetcher_size; /* of its state on a loop, zeroed, which begins with a struct als_fetcher;
                            0: needs none of its own */
    /* Begins to look for keys; ends with als_fetcher_done() or als_fetcher_fail(), once, during the
     * call or later from the loop, and never again for this call once it was cancelled. */
    void (*fetch)(struct als_fetcher *fetcher);
    void (*cancel)(struct als_fetcher *fetcher); /* what is under way; NULL: never anything */
    void (*close)(struct als_fetcher *fetcher);  /* frees what its state holds; NULL: nothing */
    void (*free)(awslogsrc_credentials *provider);
};

/* Every provider's own struct begins with one. */
struct awslogsrc_credentials {
    const struct als_provider_type *type;
    atomic_int references;
};

void als_provider_init(awslogsrc_credentials *provider, const struct als_provider_type *type);
awslogsrc_credentials *als_provider_ref(awslogsrc_credentials *provider);
void als_provider_unref(awslogsrc_credentials *provider); /* NULL is fine */

#endif
