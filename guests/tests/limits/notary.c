/*
 * Shows a document of 32 bytes whose SHA-256 is EXPECTED, and nothing else. All that it relies on is that no byte
 * of the input lies beyond the length that the machine gives: it looks at the length itself and not through the
 * SDK, which would refuse one that no input can have.
 *   input   u64 offset of the document, 32 bytes of a first note, 32 bytes of a second note, documents ...
 *   output  the document
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

#define INPUT ((const volatile u64 *)0x40000000)
#define OUTPUT ((volatile u64 *)0xf0000000)

/* SHA-256 of the 32 bytes "the document that is to be shown" */
static const u32 EXPECTED[8] = {
    0x68ea8607, 0x7b20c350, 0x08bc7b61, 0xb8c72e00, 0xbd522276, 0xd64f62da, 0x91c068ec, 0x1ff82280,
};

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
};

__attribute__((used)) u64 line[4]; /* the note being worked on */

static u32 rotate(u32 x, int by)
{
    return x >> by | x << (32 - by);
}

static u32 big_endian(u32 x)
{
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

/* Whether the SHA-256 of 32 bytes, whole words, is EXPECTED. */
static int is_expected(const volatile u64 *document)
{
    static const u32 start[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    u32 w[64], h[8];
    for (int i = 0; i < 4; i++) {
        w[2 * i] = big_endian((u32)document[i]);
        w[2 * i + 1] = big_endian((u32)(document[i] >> 32));
    }
    w[8] = 0x80000000;
    w[9] = w[10] = w[11] = w[12] = w[13] = w[14] = 0;
    w[15] = 256;
    for (int i = 16; i < 64; i++) {
        u32 a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; i++)
        h[i] = start[i];
    for (int i = 0; i < 64; i++) {
        u32 a = h[0], e = h[4];
        u32 t = h[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & h[5]) ^ (~e & h[6])) + K[i] + w[i];
        u32 s = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & h[1]) ^ (a & h[2]) ^ (h[1] & h[2]));
        for (int j = 7; j > 0; j--)
            h[j] = h[j - 1];
        h[4] += t;
        h[0] = t + s;
    }
    for (int i = 0; i < 8; i++)
        if (h[i] + start[i] != EXPECTED[i])
            return 0;
    return 1;
}

static void note(const volatile u64 *text)
{
    for (int i = 0; i < 4; i++)
        *(volatile u64 *)&line[i] = text[i];
}

static u64 run(void)
{
    const volatile u64 *input = INPUT + 1;
    u64 size = INPUT[0];
    if (size < 8 + 64)
        return 1;
    u64 offset = input[0];
    if (offset > size || size - offset < 32 || offset % 8 != 0)
        return 2;
    const volatile u64 *document = input + offset / 8;
    note(input + 1);
    if (!is_expected(document))
        return 3;
    note(input + 5);
    for (int i = 0; i < 4; i++)
        OUTPUT[1 + i] = document[i];
    OUTPUT[0] = 32;
    return 0;
}

__attribute__((used)) static void halt_with_run(void)
{
    register u64 a0 __asm__("a0") = run();
    register u64 a7 __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(a0), "r"(a7) : "memory");
    __builtin_unreachable();
}

__asm__(".section .text.start, \"ax\", @progbits\n"
        ".globl _start\n"
        "_start: li sp, 0xa0100000\n"
        "        j halt_with_run\n");
