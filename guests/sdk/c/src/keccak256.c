/* Keccak-256: the sponge over Keccak-f[1600] with a rate of 136 bytes and padding 0x01 ... 0x80. */

/*
 * With 50 lanes and 31 registers the order of instructions decides how much is spilled. GCC's
 * scheduler makes it worse: 9,200 instructions for one permutation with it, 6,200 without,
 * 21,900 without unrolling.
 */
#ifdef __GNUC__
#pragma GCC optimize("O3", "no-schedule-insns")
#endif

#include "accelerate.h"
#include "proofloom.h"
#include "zkvm_accelerators.h"

#define LANES 25
#define ROUNDS 24
#define RATE 136
#define RATE_LANES (RATE / 8)

typedef uint64_t __attribute__((may_alias)) lane;

static const uint64_t ROUND_CONSTANTS[ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline uint64_t rotl(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

/* theta: d[x] is what every lane of column x is changed by. */
static inline void column_parities(const uint64_t a[LANES], uint64_t d[5])
{
    uint64_t c[5];
    for (int x = 0; x < 5; x++)
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++)
        d[x] = c[(x + 4) % 5] ^ rotl(c[(x + 1) % 5], 1);
}

/* chi over one row of five lanes. */
static inline void chi(uint64_t out[5], const uint64_t b[5])
{
    for (int x = 0; x < 5; x++)
        out[x] = b[x] ^ (~b[(x + 1) % 5] & b[(x + 2) % 5]);
}

/* Lane FROM after theta, rotated by N: rho. Where it lands in the row is pi. */
#define MOVED(FROM, N) rotl(a[FROM] ^ d[(FROM) % 5], N)

/* One round from a to e. Written out lane by lane so that every index and shift is a constant. */
static inline void round_of(uint64_t e[LANES], const uint64_t a[LANES], uint64_t constant)
{
    uint64_t d[5];
    column_parities(a, d);
    uint64_t row0[5] = {a[0] ^ d[0], MOVED(6, 44), MOVED(12, 43), MOVED(18, 21), MOVED(24, 14)};
    chi(e, row0);
    e[0] ^= constant;
    uint64_t row1[5] = {MOVED(3, 28), MOVED(9, 20), MOVED(10, 3), MOVED(16, 45), MOVED(22, 61)};
    chi(e + 5, row1);
    uint64_t row2[5] = {MOVED(1, 1), MOVED(7, 6), MOVED(13, 25), MOVED(19, 8), MOVED(20, 18)};
    chi(e + 10, row2);
    uint64_t row3[5] = {MOVED(4, 27), MOVED(5, 36), MOVED(11, 10), MOVED(17, 15), MOVED(23, 56)};
    chi(e + 15, row3);
    uint64_t row4[5] = {MOVED(2, 62), MOVED(8, 55), MOVED(14, 39), MOVED(15, 41), MOVED(21, 2)};
    chi(e + 20, row4);
}

/* Works on a copy whose address nobody else has: what the machine may change stays in memory. */
static void permute_in_software(uint64_t state[LANES])
{
    uint64_t a[LANES], e[LANES];
    for (int i = 0; i < LANES; i++)
        a[i] = state[i];
    for (int i = 0; i < ROUNDS; i += 2) {
        round_of(e, a, ROUND_CONSTANTS[i]);
        round_of(a, e, ROUND_CONSTANTS[i + 1]);
    }
    for (int i = 0; i < LANES; i++)
        state[i] = a[i];
}

static void permute(uint64_t a[LANES])
{
    if (!accelerate(CALL_KECCAK_F, a))
        permute_in_software(a);
}

/* GCC would load byte by byte, because it does not know that misaligned loads work. */
static inline uint64_t load_lane(const uint8_t *p)
{
    uint64_t x;
    __asm__("ld %0, %1" : "=r"(x) : "m"(*(const lane *)p));
    return x;
}

static void absorb(uint64_t a[LANES], const uint8_t *block)
{
    for (int i = 0; i < RATE_LANES; i++)
        a[i] ^= load_lane(block + 8 * i);
    permute(a);
}

void zkvm_keccak256(const uint8_t *data, const size_t len, uint8_t output[ZKVM_HASH_KECCAK256_LEN])
{
    uint64_t a[LANES] = {0};
    uint64_t last[RATE_LANES] = {0};
    size_t done = 0;
    for (; len - done >= RATE; done += RATE)
        absorb(a, data + done);
    memcpy(last, data + done, len - done);
    ((uint8_t *)last)[len - done] ^= 0x01;
    ((uint8_t *)last)[RATE - 1] ^= 0x80;
    absorb(a, (const uint8_t *)last);
    memcpy(output, a, ZKVM_HASH_KECCAK256_LEN);
}
