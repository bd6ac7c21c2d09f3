# A load that begins in the last word of memory and ends after it.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0xfffffffc
    EXPECT_ADDRESS 0xfffffffc
    EXPECT UNMAPPED_LOAD
    ld      a1, 0(a0)
    HALT_UNTRAPPED
