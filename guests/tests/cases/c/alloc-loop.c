/*
 * 10,000 blocks of 1 KB, one after the other, through each of the heap's doors; never more than two in use.
 *
 *   output  bytes of the heap between the lowest and the highest block (u64)
 *   exit    0, or the number of the check that failed
 */
#include "proofloom.h"

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

#define SIZE 1024

static uint8_t *lowest = (uint8_t *)UINTPTR_MAX, *highest;

static uint8_t *noted(void *block)
{
    uint8_t *bytes = block;
    lowest = bytes < lowest ? bytes : lowest;
    highest = bytes + SIZE > highest ? bytes + SIZE : highest;
    return bytes;
}

static bool is_zero(const uint8_t *bytes)
{
    for (size_t i = 0; i < SIZE; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

int main(void)
{
    for (int i = 0; i < 2500; i++) {
        uint8_t *a = noted(proofloom_alloc(SIZE, 64));
        if (((uintptr_t)a & 63) != 0 || !is_zero(a))
            return 1;
        memset(a, i | 1, SIZE);
        proofloom_free(a);
        uint8_t *b = noted(calloc(SIZE / 8, 8));
        if (!is_zero(b))
            return 2;
        memset(b, 5, SIZE);
        free(b);
        uint8_t *c = noted(malloc(SIZE)), *kept = noted(malloc(SIZE));
        memset(c, 3, SIZE);
        if (realloc(c, 17) != c || (c = realloc(c, 2 * SIZE)) == NULL || c[SIZE - 1] != 3)
            return 3;
        free(kept);
        free(c);
    }
    uint64_t span = (uint64_t)(highest - lowest);
    write_output((const uint8_t *)&span, sizeof span);
    return 0;
}
