/*
 * Thread-locals with and without a first value and with an alignment of their own, and constructors.
 *
 *   exit  0, or the number of the check that failed
 */
#include "proofloom.h"

static _Thread_local int counter = 7;
static _Thread_local uint64_t zero[5];
static _Thread_local _Alignas(64) uint64_t aligned = 9;
static uint64_t bss[4];
static int order;

__attribute__((constructor(101))) static void first(void)
{
    order = order * 10 + 1;
}

__attribute__((constructor)) static void second(void)
{
    order = order * 10 + 2;
}

__attribute__((section(".preinit_array"), used)) static void (*const before)(void) = second;

int main(void)
{
    volatile uint64_t *zeros = zero;
    if (counter++ != 7 || counter != 8)
        return 1;
    for (int i = 0; i < 5; i++)
        if (zeros[i]++ != 0)
            return 2;
    if (aligned != 9 || ((uintptr_t)&aligned & 63) != 0)
        return 3;
    for (volatile uint64_t *word = bss; word < bss + 4; word++)
        if (*word != 0) /* what follows the thread-locals is not under them */
            return 4;
    return order == 212 ? 0 : 5;
}
