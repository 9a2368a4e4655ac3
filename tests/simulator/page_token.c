#include "page_token.h"

#include "random.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { WORDS = 6, PLAIN = WORDS * 8, MAC = 15, RAW = PLAIN + MAC, TEXT = RAW / 3 * 4 };
_Static_assert(RAW % 3 == 0 && TEXT < SIM_PAGE_TOKEN_SIZE, "base64 without padding, and its NUL");

static void add_mac(unsigned char raw[RAW], uint64_t secret)
{
    unsigned char digest[32];
    HMAC(EVP_sha256(), &secret, (int)sizeof secret, raw, PLAIN, digest, NULL);
    memcpy(raw + PLAIN, digest, MAC);
}

void sim_page_token_encode(const struct sim_page_token *token, uint64_t secret,
                           char out[SIM_PAGE_TOKEN_SIZE])
{
    const uint64_t words[WORDS] = {
        (uint64_t)token->issued_ms,
        (uint64_t)token->after.timestamp,
        (uint64_t)token->after.ingestion_time,
        token->after.sequence,
        token->page,
        token->parameters,
    };
    unsigned char raw[RAW];
    memcpy(raw, words, sizeof words);
    add_mac(raw, secret);
    EVP_EncodeBlock((unsigned char *)out, raw, RAW);
}

bool sim_page_token_decode(const char *text, uint64_t secret, struct sim_page_token *out)
{
    unsigned char raw[RAW];
    unsigned char expected[RAW];
    if (strlen(text) != TEXT || EVP_DecodeBlock(raw, (const unsigned char *)text, TEXT) != RAW)
        return false;
    memcpy(expected, raw, sizeof raw);
    add_mac(expected, secret);
    if (CRYPTO_memcmp(raw, expected, sizeof raw) != 0)
        return false;
    uint64_t words[WORDS];
    memcpy(words, raw, sizeof words);
    *out = (struct sim_page_token){
        .issued_ms = (int64_t)words[0],
        .after = {(int64_t)words[1], (int64_t)words[2], words[3]},
        .page = words[4],
        .parameters = words[5],
    };
    return true;
}

uint64_t sim_page_token_fold(uint64_t fingerprint, const char *text)
{
    fingerprint = sim_random_mix(fingerprint + (text != NULL));
    for (; text && *text; text++)
        fingerprint = sim_random_mix(fingerprint ^ (unsigned char)*text);
    return fingerprint;
}
