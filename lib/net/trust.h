/* The file of acquired certificates: what a server showed when it was met first, and is trusted by
 * from then on. One readable PEM file; an entry counts for its host and port alone. */
#ifndef ALS_NET_TRUST_H
#define ALS_NET_TRUST_H

#include <stdbool.h>

#include "base/error.h"
#include "net/certificates.h"

enum als_trust_answer {
    ALS_TRUST_UNKNOWN, /* the host has no entry */
    ALS_TRUST_SAME,    /* the very certificate that is stored */
    ALS_TRUST_CHANGED, /* another one, and the stored one has not expired */
    ALS_TRUST_RENEWED  /* another one, and the stored one has expired */
};

struct als_trust_query {
    const char *path;                   /* of the file; where it is not there it is empty */
    const char *host;                   /* "localhost:443" */
    const struct als_certificate *leaf; /* what the server showed of itself */
    int64_t now_ms;
};

/* stored: the fingerprint of the host's entry, or "". 0, or AWSLOGSRC_E_NO_MEMORY,
 * AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX: then nothing is known, and nobody may be trusted. */
int als_trust_look_up(const struct als_trust_query *query, enum als_trust_answer *answer,
                      char stored[ALS_FINGERPRINT_SIZE], awslogsrc_error **error);

struct als_trust_entry {
    const char *path;
    const char *host;
    const struct als_certificates *certificates;
    int64_t now_ms;
    const char *former; /* the fingerprint of what it is to replace, "" for nothing; NULL: whatever
                           is there */
};

enum { ALS_TRUST_OVERTAKEN = 1 };

/* Writes the host's entry, in place of the one it had. Other entries stay as they are. The file
 * is replaced in one step, on disk when this returns, with mode 0600 and the owner it had. 0;
 * ALS_TRUST_OVERTAKEN: the host has another entry than the former one by now, which stays; errors
 * as above, and AWSLOGSRC_E_LOCKED (another process is writing it). Waits for the disk, twice. */
int als_trust_put(const struct als_trust_entry *entry, awslogsrc_error **error);

#endif
