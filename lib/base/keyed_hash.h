/* SipHash-2-4 with 128 bits of output: short keyed hashes of ids that a peer could choose. Our own,
 * since every event is hashed: through OpenSSL the calls around it took five times what it does. */
#ifndef ALS_BASE_KEYED_HASH_H
#define ALS_BASE_KEYED_HASH_H

#include <stddef.h>

#include "base/text.h"

enum { ALS_KEYED_HASH_KEY_SIZE = 16, ALS_KEYED_HASH_SIZE = 16 };
struct als_keyed_hash;

/* NULL without memory. The key is copied, and wiped by free. free takes NULL. */
struct als_keyed_hash *als_keyed_hash_new(const unsigned char key[ALS_KEYED_HASH_KEY_SIZE]);
void als_keyed_hash_free(struct als_keyed_hash *hash);

/* Hashes the parts one after the other, without separators. */
void als_keyed_hash_sum(const struct als_keyed_hash *hash, const struct als_text *parts,
                        size_t count, unsigned char out[ALS_KEYED_HASH_SIZE]);

#endif
