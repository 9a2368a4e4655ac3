#include "base/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "awslogsrc/error.h"

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

const char *als_crypto_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
