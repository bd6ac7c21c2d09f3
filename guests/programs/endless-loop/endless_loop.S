# Never halts. Counts in memory, so that the run is not just one instruction again and again.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    li      s0, 0xa0000000
1:  ld      t0, 0(s0)
    addi    t0, t0, 1
    sd      t0, 0(s0)
    EXPECT CYCLE_LIMIT
    j       1b
