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

/* SipHash-2-4 with 128 bits of output: short keyed hashes of ids that a peer could choose. */
enum { ALS_KEYED_HASH_KEY_SIZE = 16, ALS_KEYED_HASH_SIZE = 16 };
struct als_keyed_hash;

/* NULL without memory. The key is copied, and wiped by free. free takes NULL. */
struct als_keyed_hash *als_keyed_hash_new(const unsigned char key[ALS_KEYED_HASH_KEY_SIZE]);
void als_keyed_hash_free(struct als_keyed_hash *hash);

/* Hashes the parts one after the other, without separators. 0, or AWSLOGSRC_E_NO_MEMORY where
 * OpenSSL fails. */
int als_keyed_hash_sum(struct als_keyed_hash *hash, const struct als_text *parts, size_t count,
                       unsigned char out[ALS_KEYED_HASH_SIZE]);

/* "OpenSSL 3.0.22": what is linked at run time. Borrow, for ever. */
const char *als_crypto_version(void);

#endif
