/* SHA-256 (FIPS 180-4). */
#include "accelerate.h"
#include "proofloom.h"
#include "zkvm_accelerators.h"

#define BLOCK 64
#define LENGTH_AT (BLOCK - 8)

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotr(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static uint32_t load_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_be32(uint8_t *p, uint32_t x)
{
    p[0] = x >> 24;
    p[1] = x >> 16;
    p[2] = x >> 8;
    p[3] = x;
}

static void expand(uint32_t w[64], const uint8_t *block)
{
    for (int i = 0; i < 16; i++)
        w[i] = load_be32(block + 4 * i);
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

/* The hash so far and a block, as the machine wants them. */
typedef struct {
    _Alignas(8) uint32_t h[8];
    uint8_t block[BLOCK];
} state;

static void compress(state *s)
{
    if (accelerate(CALL_SHA256, s))
        return;
    uint32_t w[64], v[8];
    expand(w, s->block);
    memcpy(v, s->h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25);
        uint32_t choose = v[6] ^ (v[4] & (v[5] ^ v[6]));
        uint32_t t1 = v[7] + s1 + choose + K[i] + w[i];
        uint32_t s0 = rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22);
        uint32_t majority = (v[0] & v[1]) | (v[2] & (v[0] | v[1]));
        v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t1;
        v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; i++)
        s->h[i] += v[i];
}

/* The last one or two blocks: the rest of the data, a one bit, zeros, the length in bits. */
static void finish(state *s, const uint8_t *rest, size_t rest_len, uint64_t total_len)
{
    memset(s->block, 0, BLOCK);
    memcpy(s->block, rest, rest_len);
    s->block[rest_len] = 0x80;
    if (rest_len >= LENGTH_AT) {
        compress(s);
        memset(s->block, 0, BLOCK);
    }
    store_be32(s->block + LENGTH_AT, total_len >> 29);
    store_be32(s->block + LENGTH_AT + 4, total_len << 3);
    compress(s);
}

void zkvm_sha256(const uint8_t *data, const size_t len, uint8_t output[ZKVM_HASH_SHA256_LEN])
{
    state s = {.h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    size_t done = 0;
    for (; len - done >= BLOCK; done += BLOCK) {
        memcpy(s.block, data + done, BLOCK);
        compress(&s);
    }
    finish(&s, data + done, len - done, len);
    for (int i = 0; i < 8; i++)
        store_be32(output + 4 * i, s.h[i]);
}
