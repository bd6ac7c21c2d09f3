# A load after the input, which is empty.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x40000008
    EXPECT_ADDRESS 0x40000008
    EXPECT UNMAPPED_LOAD
    ld      a1, 0(a0)
    HALT_UNTRAPPED
