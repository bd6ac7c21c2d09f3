# A store half of which lies before the data.
    .include "trap.inc"
    .section .text.start, "ax", @progbits
    .globl  _start
_start:
    li      a0, 0xa002fffc
    EXPECT_ADDRESS 0xa002fffc
    EXPECT UNMAPPED_STORE
    sd      a1, 0(a0)
    HALT_UNTRAPPED
