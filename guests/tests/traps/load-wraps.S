# A load that begins at the end of the 64-bit addresses and ends at null.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, -4
    EXPECT_ADDRESS -4
    EXPECT UNMAPPED_LOAD
    ld      a1, 0(a0)
    HALT_UNTRAPPED
