/*
 * Loads and stores of every width at every offset within two words, most of them misaligned,
 * checked against byte by byte access.
 *
 *   input   u64 rounds (250 when absent), u64 seed (1 when absent)
 *   output  u64 checksum of everything loaded
 *   exit    0; 1 if a load is wrong; 2 if a store is wrong or touches a neighbour
 */
#include "words.h"

#define SPAN 24 /* bytes looked at: the accessed ones and a word on both sides */
#define OFFSETS 16

/* Compilers for this target avoid misaligned accesses, so each is asked for by name. */
#define LOAD(NAME)                                                          \
    static uint64_t NAME(const uint8_t *p)                                  \
    {                                                                       \
        uint64_t r;                                                         \
        __asm__ volatile(#NAME " %0, 0(%1)" : "=r"(r) : "r"(p) : "memory"); \
        return r;                                                           \
    }
#define STORE(NAME)                                                         \
    static void NAME(uint8_t *p, uint64_t x)                                \
    {                                                                       \
        __asm__ volatile(#NAME " %0, 0(%1)" : : "r"(x), "r"(p) : "memory"); \
    }
LOAD(lh)
LOAD(lhu)
LOAD(lw)
LOAD(lwu)
LOAD(ld)
STORE(sh)
STORE(sw)
STORE(sd)

struct load {
    uint64_t (*access)(const uint8_t *);
    int bytes, is_signed;
};
static const struct load LOADS[] = {{lh, 2, 1}, {lhu, 2, 0}, {lw, 4, 1}, {lwu, 4, 0}, {ld, 8, 0}};

struct store {
    void (*access)(uint8_t *, uint64_t);
    int bytes;
};
static const struct store STORES[] = {{sh, 2}, {sw, 4}, {sd, 8}};

#define COUNT(ARRAY) (int)(sizeof ARRAY / sizeof *ARRAY)

static uint64_t expected_load(const uint8_t *p, const struct load *kind)
{
    uint64_t x = 0;
    for (int i = kind->bytes; i-- > 0;)
        x = x << 8 | p[i];
    int unused = 64 - 8 * kind->bytes;
    return kind->is_signed ? (uint64_t)((int64_t)(x << unused) >> unused) : x;
}

static int loads_right(const uint8_t *p, uint64_t *checksum)
{
    for (int i = 0; i < COUNT(LOADS); i++) {
        uint64_t got = LOADS[i].access(p);
        if (got != expected_load(p, &LOADS[i]))
            return 0;
        *checksum = *checksum * 31 + got;
    }
    return 1;
}

static int store_right(uint8_t *area, int offset, const struct store *kind, uint64_t x)
{
    uint8_t before[SPAN];
    memcpy(before, area, SPAN);
    kind->access(area + offset, x);
    for (int i = 0; i < SPAN; i++) {
        int at = i - offset;
        uint8_t want = at >= 0 && at < kind->bytes ? x >> 8 * at : before[i];
        if (area[i] != want)
            return 0;
    }
    return 1;
}

int main(void)
{
    uint64_t rounds = input_word(0, 250), seed = input_word(1, 1), checksum = 0;
    uint8_t *area = proofloom_alloc(SPAN, 8);
    for (uint64_t i = 0; i < rounds; i++) {
        int offset = (int)(i % OFFSETS);
        uint64_t x = next_random(&seed);
        if (!store_right(area, offset, &STORES[i % 3], x))
            return 2;
        if (!loads_right(area + offset, &checksum))
            return 1;
    }
    write_output((const uint8_t *)&checksum, sizeof checksum);
    return 0;
}
