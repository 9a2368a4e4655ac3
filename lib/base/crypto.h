/* Digests: the only user of OpenSSL beside net/trust. */
#ifndef ALS_BASE_CRYPTO_H
#define ALS_BASE_CRYPTO_H

#include <stddef.h>

#include "base/text.h"

enum { ALS_SHA256_SIZE = 32 };

/* 0, or AWSLOGSRC_E_NO_MEMORY where OpenSSL fails. */
int als_sha256(struct als_text data, unsigned char out[ALS_SHA256_SIZE]);
int als_hmac_sha256(const unsigned char *key, size_t key_size, struct als_text data,
                    unsigned char out[ALS_SHA256_SIZE]);

/* "OpenSSL 3.0.22": what is linked at run time. Borrow, for ever. */
const char *als_crypto_version(void);

#endif
