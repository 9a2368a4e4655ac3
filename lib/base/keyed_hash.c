#include "base/keyed_hash.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* J.-P. Aumasson, D. J. Bernstein: "SipHash: a fast short-input PRF", 2012, and its extension to
 * 128 bits: 0xee goes into the second word at the start and into the third before the end, and what
 * is taken at the end is taken twice. */

enum { WORD = 8, ROUNDS_A_WORD = 2, ROUNDS_AT_THE_END = 4 };

struct als_keyed_hash {
    uint64_t key[2];
};

struct state {
    uint64_t a, b, c, d;
    unsigned char rest[WORD]; /* bytes that do not make a word yet */
    size_t rest_size;
    size_t size; /* of everything */
};

static uint64_t read_word(const void *bytes)
{
    uint64_t word = 0;
    memcpy(&word, bytes, sizeof word);
    return le64toh(word);
}

static void write_word(uint64_t word, unsigned char *out)
{
    word = htole64(word);
    memcpy(out, &word, sizeof word);
}

static uint64_t rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static void mix(struct state *state, int rounds)
{
    while (rounds-- > 0) {
        state->a += state->b;
        state->c += state->d;
        state->b = rotate(state->b, 13) ^ state->a;
        state->d = rotate(state->d, 16) ^ state->c;
        state->a = rotate(state->a, 32) + state->d;
        state->c += state->b;
        state->d = rotate(state->d, 21) ^ state->a;
        state->b = rotate(state->b, 17) ^ state->c;
        state->c = rotate(state->c, 32);
    }
}

static void add_word(struct state *state, uint64_t word)
{
    state->d ^= word;
    mix(state, ROUNDS_A_WORD);
    state->a ^= word;
}

static void add(struct state *state, struct als_text text)
{
    state->size += text.size;
    while (text.size > 0) {
        if (state->rest_size == 0 && text.size >= WORD) {
            add_word(state, read_word(text.data));
            text = (struct als_text){text.data + WORD, text.size - WORD};
            continue;
        }
        state->rest[state->rest_size++] = (unsigned char)*text.data;
        text = (struct als_text){text.data + 1, text.size - 1};
        if (state->rest_size == WORD) {
            add_word(state, read_word(state->rest));
            state->rest_size = 0;
        }
    }
}

struct als_keyed_hash *als_keyed_hash_new(const unsigned char key[ALS_KEYED_HASH_KEY_SIZE])
{
    struct als_keyed_hash *hash = als_new(sizeof *hash);
    if (hash != NULL)
        *hash = (struct als_keyed_hash){{read_word(key), read_word(key + WORD)}};
    return hash;
}

void als_keyed_hash_free(struct als_keyed_hash *hash)
{
    if (hash != NULL)
        als_wipe(hash, sizeof *hash);
    als_free(hash);
}

void als_keyed_hash_sum(const struct als_keyed_hash *hash, const struct als_text *parts,
                        size_t count, unsigned char out[ALS_KEYED_HASH_SIZE])
{
    struct state state = {.a = hash->key[0] ^ UINT64_C(0x736f6d6570736575),
                          .b = hash->key[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
                          .c = hash->key[0] ^ UINT64_C(0x6c7967656e657261),
                          .d = hash->key[1] ^ UINT64_C(0x7465646279746573)};
    for (size_t i = 0; i < count; i++)
        add(&state, parts[i]);
    memset(state.rest + state.rest_size, 0, WORD - state.rest_size);
    add_word(&state, read_word(state.rest) | (uint64_t)state.size << 56);
    state.c ^= 0xee;
    mix(&state, ROUNDS_AT_THE_END);
    write_word(state.a ^ state.b ^ state.c ^ state.d, out);
    state.b ^= 0xdd;
    mix(&state, ROUNDS_AT_THE_END);
    write_word(state.a ^ state.b ^ state.c ^ state.d, out + WORD);
}
