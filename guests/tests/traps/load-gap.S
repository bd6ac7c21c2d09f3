# A load between text and data.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0x90000000
    EXPECT_ADDRESS 0x90000000
    EXPECT UNMAPPED_LOAD
    lw      a1, 0(a0)
    HALT_UNTRAPPED
