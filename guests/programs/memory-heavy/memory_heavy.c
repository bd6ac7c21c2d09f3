/*
 * Touches several MiB in strides, so that a run has many memory words and long gaps between
 * accesses to one word. All widths of load and store are used, aligned.
 *
 *   input   u64 bytes of memory (4 MiB when absent), u64 accesses (20000 when absent)
 *   output  u64 checksum
 *   exit    0; 1 if a word read back is not what was written; 2 if there are fewer than 64 bytes
 */
#include "words.h"

/* Odd, so that it walks through all of a power-of-two memory, and long: over 80 KB. */
#define STRIDE_WORDS 10131

static uint64_t mix_widths(uint8_t *at, uint64_t x)
{
    at[1] = x;
    ((uint16_t *)at)[1] = x >> 8;
    ((uint32_t *)at)[1] = x >> 16;
    return *(int8_t *)(at + 1) + ((int16_t *)at)[1] + ((int32_t *)at)[1] + at[6] +
           ((uint16_t *)at)[2] + ((uint32_t *)at)[0];
}

int main(void)
{
    uint64_t words = input_word(0, 4 << 20) / 8, accesses = input_word(1, 20000);
    if (words < 8)
        return 2;
    uint64_t *memory = proofloom_alloc(words * 8, 8);
    uint64_t checksum = 0, at = 0;
    for (uint64_t i = 0; i < accesses; i++) {
        uint64_t before = memory[at];
        memory[at] = before + i + 1;
        if (i % 8 == 0)
            checksum += mix_widths((uint8_t *)&memory[at], i * 0x9e3779b97f4a7c15);
        else if (memory[at] - before != i + 1)
            return 1;
        checksum = checksum * 31 + memory[at];
        at += STRIDE_WORDS;
        while (at >= words)
            at -= words;
    }
    write_output((const uint8_t *)&checksum, sizeof checksum);
    return 0;
}
