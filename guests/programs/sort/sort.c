/*
 * Sorts pseudo-random u64 numbers in place (heapsort) and checks the order.
 *
 *   input   u64 count (1000 when absent), u64 seed (1 when absent)
 *   output  u64 smallest, u64 largest, u64 sum of value * (rank + 1) mod 2^64
 *   exit    0; 1 if the result is not sorted; 2 if the count is 0
 */
#include "words.h"

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t t = *a;
    *a = *b;
    *b = t;
}

/* Lets v[root] sink until the heap v[0..n) is ordered below it. */
static void sift_down(uint64_t *v, uint64_t root, uint64_t n)
{
    for (uint64_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && v[child] < v[child + 1])
            child++;
        if (v[root] >= v[child])
            return;
        swap(&v[root], &v[child]);
    }
}

static void heapsort(uint64_t *v, uint64_t n)
{
    for (uint64_t i = n / 2; i-- > 0;)
        sift_down(v, i, n);
    for (uint64_t end = n; end-- > 1;) {
        swap(&v[0], &v[end]);
        sift_down(v, 0, end);
    }
}

static int is_sorted(const uint64_t *v, uint64_t n)
{
    for (uint64_t i = 1; i < n; i++)
        if (v[i - 1] > v[i])
            return 0;
    return 1;
}

int main(void)
{
    uint64_t n = input_word(0, 1000), seed = input_word(1, 1);
    if (n == 0)
        return 2;
    uint64_t *v = proofloom_alloc(n * sizeof *v, sizeof *v);
    for (uint64_t i = 0; i < n; i++)
        v[i] = next_random(&seed);
    heapsort(v, n);
    if (!is_sorted(v, n))
        return 1;

    uint64_t result[3] = {v[0], v[n - 1], 0};
    for (uint64_t i = 0; i < n; i++)
        result[2] += v[i] * (i + 1);
    write_output((const uint8_t *)result, sizeof result);
    return 0;
}
