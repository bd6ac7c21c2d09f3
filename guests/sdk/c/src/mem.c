/*
 * memcpy, memmove, memset, memcmp. They use whole words where both sides are aligned alike:
 * an aligned word access is by far the cheapest one to prove.
 */

/* Or the compiler may turn the loops below into calls of these very functions. */
#ifdef __GNUC__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

#include "proofloom.h"

#define WORD sizeof(uint64_t)
typedef uint64_t __attribute__((may_alias)) word;

static int aligned_alike(const void *a, const void *b)
{
    return (((uintptr_t)a ^ (uintptr_t)b) & (WORD - 1)) == 0;
}

static int is_aligned(const void *p)
{
    return ((uintptr_t)p & (WORD - 1)) == 0;
}

void *memcpy(void *dst, const void *src, size_t n)
{
    uint8_t *d = dst;
    const uint8_t *s = src;
    if (aligned_alike(d, s)) {
        for (; n && !is_aligned(d); n--)
            *d++ = *s++;
        for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
            *(word *)d = *(const word *)s;
    }
    while (n--)
        *d++ = *s++;
    return dst;
}

static void copy_backwards(uint8_t *d, const uint8_t *s, size_t n)
{
    d += n;
    s += n;
    if (aligned_alike(d, s)) {
        for (; n && !is_aligned(d); n--)
            *--d = *--s;
        for (; n >= WORD; n -= WORD) {
            d -= WORD;
            s -= WORD;
            *(word *)d = *(const word *)s;
        }
    }
    while (n--)
        *--d = *--s;
}

void *memmove(void *dst, const void *src, size_t n)
{
    if ((uintptr_t)dst - (uintptr_t)src >= n)
        return memcpy(dst, src, n);
    copy_backwards(dst, src, n);
    return dst;
}

void *memset(void *dst, int byte, size_t n)
{
    uint8_t *d = dst;
    uint64_t pattern = (uint8_t)byte * 0x0101010101010101ull;
    for (; n && !is_aligned(d); n--)
        *d++ = (uint8_t)byte;
    for (; n >= WORD; n -= WORD, d += WORD)
        *(word *)d = pattern;
    while (n--)
        *d++ = (uint8_t)byte;
    return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *p = a, *q = b;
    if (aligned_alike(p, q)) {
        for (; n && !is_aligned(p) && *p == *q; n--, p++, q++)
            ;
        if (is_aligned(p))
            for (; n >= WORD && *(const word *)p == *(const word *)q; n -= WORD)
                p += WORD, q += WORD;
    }
    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
