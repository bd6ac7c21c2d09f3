/*
 * An array whose length is the input's, laid over everything below the stack, or, as the length is
 * taken modulo 2^64, above it: the compiler's probes must meet the end of the stack.
 *
 *   input   bytes of the array (u64)
 *   output  1 (u64) if what lies above the stack was overwritten
 */
/* What guest.flags refuses, as nothing here bounds the size: the pages are what this is about. */
#pragma GCC diagnostic ignored "-Walloca-larger-than="

#include "proofloom.h"

static volatile uint64_t sealed = 7;

static void fill(volatile uint8_t *array)
{
    for (size_t i = 0; i < 4096; i++)
        array[i] = 1;
}

int main(void)
{
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    uint64_t bytes = size >= sizeof bytes ? *(const uint64_t *)input : -(1ul << 24);
    fill(__builtin_alloca(bytes));
    uint64_t overwritten = sealed != 7;
    write_output((const uint8_t *)&overwritten, sizeof overwritten);
    return 0;
}
