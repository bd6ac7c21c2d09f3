# A load from a negative address.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, -8
    EXPECT_ADDRESS -8
    EXPECT UNMAPPED_LOAD
    ld      a1, 0(a0)
    HALT_UNTRAPPED
