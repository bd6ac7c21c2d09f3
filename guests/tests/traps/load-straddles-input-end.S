# A load half of which lies after the input.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x40000006
    EXPECT_ADDRESS 0x40000006
    EXPECT UNMAPPED_LOAD
    lw      a1, 0(a0)
    HALT_UNTRAPPED
