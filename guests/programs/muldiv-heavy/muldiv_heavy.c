/*
 * All thirteen instructions of the M extension, over pseudo-random operands of all sizes and
 * the edge cases (zero divisor, most negative number by -1).
 *
 *   input   u64 rounds (4000 when absent), u64 seed (1 when absent)
 *   output  u64 checksum
 *   exit    0; 1 if quotient * divisor + remainder is not the dividend, or the high and low
 *           halves of a product do not fit together
 */
#include "words.h"

/* The compiler would fold or reshape plain C, so each instruction is asked for by name. */
#define BINARY(NAME)                                                                    \
    static inline uint64_t NAME(uint64_t a, uint64_t b)                                 \
    {                                                                                   \
        uint64_t r;                                                                     \
        __asm__(#NAME " %0, %1, %2" : "=r"(r) : "r"(a), "r"(b));                        \
        return r;                                                                       \
    }
BINARY(mul)
BINARY(mulh)
BINARY(mulhu)
BINARY(mulhsu)
BINARY(mulw)
BINARY(div)
BINARY(divu)
BINARY(rem)
BINARY(remu)
BINARY(divw)
BINARY(divuw)
BINARY(remw)
BINARY(remuw)

static const uint64_t EDGES[] = {0, 1, -1ull, 1ull << 63, 0x80000000, 0xffffffff80000000, 0xffffffff,
                                 0x7fffffffffffffff};
#define EDGE_COUNT (sizeof EDGES / sizeof *EDGES)

/* Now an edge case, now a number of random size. */
static uint64_t operand(uint64_t *seed)
{
    uint64_t x = next_random(seed);
    return x % 4 == 0 ? EDGES[x >> 8 & (EDGE_COUNT - 1)] : x >> (x >> 2 & 63);
}

/* 1 if the instructions agree with each other on (a, b). */
static int consistent(uint64_t a, uint64_t b)
{
    int64_t sign_fix = mulhu(a, b) - ((int64_t)a < 0 ? b : 0); /* mulhsu from mulhu */
    return mul(div(a, b), b) + rem(a, b) == a && mul(divu(a, b), b) + remu(a, b) == a &&
           mulhsu(a, b) == (uint64_t)sign_fix &&
           mulh(a, b) == mulhsu(a, b) - ((int64_t)b < 0 ? a : 0) &&
           (uint32_t)(mulw(divw(a, b), b) + remw(a, b)) == (uint32_t)a &&
           (uint32_t)(mulw(divuw(a, b), b) + remuw(a, b)) == (uint32_t)a;
}

int main(void)
{
    uint64_t rounds = input_word(0, 4000), seed = input_word(1, 1), checksum = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        uint64_t a = operand(&seed), b = operand(&seed);
        if (!consistent(a, b))
            return 1;
        checksum = checksum * 31 + mulh(a, b) + div(a, b) + rem(a, b) + divuw(a, b) + remw(a, b);
    }
    write_output((const uint8_t *)&checksum, sizeof checksum);
    return 0;
}
