# A load before the input.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x3fffffff
    EXPECT_ADDRESS 0x3fffffff
    EXPECT UNMAPPED_LOAD
    lb      a1, 0(a0)
    HALT_UNTRAPPED
