#include "base/crypto.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

struct als_keyed_hash {
    EVP_MAC_CTX *context;
    unsigned char key[ALS_KEYED_HASH_KEY_SIZE];
};

int als_sha256(struct als_text data, unsigned char out[ALS_SHA256_SIZE])
{
    unsigned size = 0;
    if (EVP_Digest(data.data, data.size, out, &size, EVP_sha256(), NULL) != 1)
        return AWSLOGSRC_E_NO_MEMORY;
    return 0;
}

int als_hmac_sha256(const unsigned char *key, size_t key_size, struct als_text data,
                    unsigned char out[ALS_SHA256_SIZE])
{
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)data.data, data.size, out,
             &size) == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    return 0;
}

struct als_keyed_hash *als_keyed_hash_new(const unsigned char key[ALS_KEYED_HASH_KEY_SIZE])
{
    struct als_keyed_hash *hash = als_new(sizeof *hash);
    if (hash == NULL)
        return NULL;
    memcpy(hash->key, key, sizeof hash->key);
    size_t size = ALS_KEYED_HASH_SIZE;
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                               OSSL_PARAM_construct_end()};
    EVP_MAC *siphash = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_SIPHASH, NULL);
    hash->context = siphash != NULL ? EVP_MAC_CTX_new(siphash) : NULL;
    EVP_MAC_free(siphash);
    if (hash->context != NULL && EVP_MAC_CTX_set_params(hash->context, parameters) == 1)
        return hash;
    als_keyed_hash_free(hash);
    return NULL;
}

void als_keyed_hash_free(struct als_keyed_hash *hash)
{
    if (hash == NULL)
        return;
    EVP_MAC_CTX_free(hash->context);
    als_wipe(hash, sizeof *hash);
    als_free(hash);
}

int als_keyed_hash_sum(struct als_keyed_hash *hash, const struct als_text *parts, size_t count,
                       unsigned char out[ALS_KEYED_HASH_SIZE])
{
    size_t size = 0;
    bool ok = EVP_MAC_init(hash->context, hash->key, sizeof hash->key, NULL) == 1;
    for (size_t i = 0; ok && i < count; i++)
        ok =
            EVP_MAC_update(hash->context, (const unsigned char *)parts[i].data, parts[i].size) == 1;
    ok = ok && EVP_MAC_final(hash->context, out, &size, ALS_KEYED_HASH_SIZE) == 1;
    return ok && size == ALS_KEYED_HASH_SIZE ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

const char *als_crypto_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
