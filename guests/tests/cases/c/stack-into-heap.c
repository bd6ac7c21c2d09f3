/*
 * Recursion deeper than the stack, beside a heap that is full to its end. Must end as a stack
 * overflow and never write to the heap's block.
 *
 *   output  how many words of the block were overwritten (u64), if the run came so far
 */
#include "proofloom.h"

#define FRAME 4096
#define DEPTH 4200 /* 17 MiB of frames, the stack has 16 */
#define MARK 0x1122334455667788ull
#define MARKS 1024

extern uint8_t _heap_start[], _heap_end[];

static uint64_t dive(uint64_t depth)
{
    volatile uint8_t frame[FRAME];
    frame[0] = frame[FRAME - 1] = (uint8_t)depth;
    return depth == 0 ? frame[0] : dive(depth - 1) + frame[FRAME - 1];
}

int main(void)
{
    /* The largest class that the heap has room for ends near it; what matters are its two ends. */
    size_t size = 384ul << 20;
    volatile uint64_t *block = proofloom_alloc(size, 8);
    volatile uint64_t *last = block + size / sizeof *block - MARKS;
    for (size_t i = 0; i < MARKS; i++)
        block[i] = last[i] = MARK;
    volatile uint64_t depths = dive(DEPTH);
    uint64_t overwritten = 0;
    for (size_t i = 0; i < MARKS; i++)
        overwritten += (block[i] != MARK) + (last[i] != MARK);
    write_output((const uint8_t *)&overwritten, sizeof overwritten);
    return depths == 0;
}
