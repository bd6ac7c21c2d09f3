/* How the library leaves work to the machine. */
#ifndef ACCELERATE_H
#define ACCELERATE_H

#include <stdbool.h>

#include "proofloom.h"

/** Keccak-f[1600]: 25 lanes, lane (x, y) at index x + 5 y. */
#define CALL_KECCAK_F 1600
/** The compression of SHA-256: eight 32-bit numbers of the hash, then the 64 bytes of the block. */
#define CALL_SHA256 1256

/**
 * Asks the machine to replace the words at `words`, 8-byte aligned. False where it cannot: Linux
 * answers -ENOSYS, the machine leaves a0 as it is.
 */
static inline bool accelerate(long call, void *words)
{
    if (!proofloom_accelerate)
        return false;
    register long a7 __asm__("a7") = call;
    register void *a0 __asm__("a0") = words;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
    return a0 == words;
}

#endif
