/* What the sample programs share: their input as u64 words, and pseudo-random numbers. */
#ifndef WORDS_H
#define WORDS_H

#include "proofloom.h"

/* The input's little-endian u64 number `index`; `fallback` when the input is shorter. */
static inline uint64_t input_word(size_t index, uint64_t fallback)
{
    const uint8_t *bytes;
    size_t size;
    read_input(&bytes, &size);
    return size / sizeof(uint64_t) > index ? ((const uint64_t *)bytes)[index] : fallback;
}

/* splitmix64: the next of a sequence of well-mixed numbers. */
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

#endif
