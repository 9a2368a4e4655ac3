/* Certificates made to order, good and bad. */
#ifndef CERTIFICATES_H
#define CERTIFICATES_H

#include <stdbool.h>

enum { CERTIFICATES_DAY = 24 * 3600 };

struct issued {
    char *key;                /* PEM */
    char *chain;              /* PEM: its own, then its issuer's */
    char *own;                /* PEM */
    char fingerprint[32 * 3]; /* "AB:CD:...", SHA-256 */
};

struct order {
    const char *subject;         /* of CN; NULL: "server" */
    const char *names;           /* "DNS:localhost,IP:127.0.0.1"; NULL: that */
    long from_s, to_s;           /* relative to now; both 0: from yesterday for 30 days */
    int rsa_bits;                /* 0: an EC key of 256 bits */
    bool authority;              /* may issue */
    const struct issued *issuer; /* NULL: itself */
};

void certificates_make(struct issued *out, const struct order *order);
void certificates_clear(struct issued *issued);

#endif
